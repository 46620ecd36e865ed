package probe

import (
	"context"
	"runtime"
	"slices"
	"sync"
)

// A gate gives each processor to one handshake of a run at a time. Those that
// have begun go first, so that their durations stay those of the network,
// however many checks are in flight. The zero value is ready to use and safe
// for concurrent use.
type gate struct {
	mu    sync.Mutex
	taken int
	begun []chan struct{} // waiting, and closed when their turn comes
	fresh []chan struct{}
}

// enter waits for a processor, at most until ctx ends. It reports whether it
// got one.
func (g *gate) enter(ctx context.Context, begun bool) bool {
	g.mu.Lock()
	if g.taken < runtime.GOMAXPROCS(0) {
		g.taken++
		g.mu.Unlock()
		return true
	}
	turn := make(chan struct{})
	queue := &g.fresh
	if begun {
		queue = &g.begun
	}
	*queue = append(*queue, turn)
	g.mu.Unlock()
	select {
	case <-turn:
		return true
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(*queue, turn); i >= 0 {
		*queue = slices.Delete(*queue, i, i+1)
		return false
	}
	return true // the turn came meanwhile
}

// leave passes the processor on.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, queue := range []*[]chan struct{}{&g.begun, &g.fresh} {
		if len(*queue) > 0 {
			close((*queue)[0])
			*queue = (*queue)[1:]
			return
		}
	}
	g.taken--
}

// A place is one handshake's use of the gate. It gives the processor up while
// the handshake waits for the network. A nil place does nothing.
type place struct {
	gate *gate
	ctx  context.Context //nolint:containedctx // of the handshake, which Read and Write do not pass
	held bool
}

// place waits for a processor for a handshake that has not begun.
func (n Network) place(ctx context.Context) *place {
	if n.shared == nil {
		return nil
	}
	return &place{&n.shared.gate, ctx, n.shared.gate.enter(ctx, false)}
}

// wait runs f, which waits for the network.
func (p *place) wait(f func() (int, error)) (int, error) {
	if p == nil || p.gate == nil {
		return f()
	}
	if p.held {
		p.gate.leave()
	}
	n, err := f()
	p.held = p.gate.enter(p.ctx, true)
	return n, err
}

// end gives the processor up for good.
func (p *place) end() {
	if p == nil {
		return
	}
	if p.held {
		p.gate.leave()
	}
	p.gate, p.held = nil, false
}
