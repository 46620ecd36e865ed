package probe

import "context"

// A Gate is a gate.
type Gate struct{ gate }

func (g *Gate) Enter(ctx context.Context, begun bool) bool { return g.enter(ctx, make(turn, 1), begun) }

func (g *Gate) Leave() { g.leave() }

func (g *Gate) KeepUp(ctx context.Context) { g.keepUp(ctx) }

// Backlog is how many may wait.
const Backlog = backlog
