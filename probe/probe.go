package probe

import "context"

// A Prober measures one target. A failure to reach the target is part of the
// observation, never an error of the call.
//
// Probe returns promptly once ctx ends, leaves nothing running, and keeps the
// facts learned before a failure. It is safe for concurrent use.
type Prober interface {
	Probe(ctx context.Context, t Target) Observation
}

// Func adapts an ordinary function to a [Prober], as http.HandlerFunc does for
// handlers.
type Func func(ctx context.Context, t Target) Observation

// Probe calls f.
func (f Func) Probe(ctx context.Context, t Target) Observation { return f(ctx, t) }
