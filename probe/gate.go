package probe

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// backlog is how many handshakes may wait for a processor while further probes
// begin. Two processors do them in about 20 ms, so that there is work until the
// next ones have connected.
const backlog = 64

// yields is how often a goroutine that begins probes lets others run first. The
// scheduler runs up to 60 of them each time, and none if none is ready.
const yields = 8

// A gate gives each processor to one handshake of a run at a time. Those that
// have begun go first, so that their durations stay those of the network,
// however many checks are in flight. The zero value is ready to use and safe
// for concurrent use.
type gate struct {
	mu    sync.Mutex
	taken int
	begun []turn // waiting
	fresh []turn
	calm  chan struct{} // closed once few wait; nil if nobody waits for that
}

// KeepUp waits while this machine, and not the network, is what the probes of a
// shared network wait for: it lets goroutines that are ready run first, and then
// waits until few handshakes wait for a processor, or ctx ends. If more probes
// began meanwhile, they would only take memory.
func (n Network) KeepUp(ctx context.Context) {
	for range yields {
		runtime.Gosched()
	}
	if n.shared != nil {
		n.shared.gate.keepUp(ctx)
	}
}

func (g *gate) keepUp(ctx context.Context) {
	g.mu.Lock()
	if g.few() {
		g.mu.Unlock()
		return
	}
	if g.calm == nil {
		g.calm = make(chan struct{})
	}
	calm := g.calm
	g.mu.Unlock()
	select {
	case <-calm:
	case <-ctx.Done():
	}
}

func (g *gate) few() bool { return len(g.begun)+len(g.fresh) <= backlog }

// shrunk is called when fewer wait.
func (g *gate) shrunk() {
	if g.calm != nil && g.few() {
		close(g.calm)
		g.calm = nil
	}
}

// A turn receives a value when its waiter gets a processor. Its capacity is 1.
type turn chan struct{}

// enter waits for a processor, at most until ctx ends. It reports whether it
// got one.
func (g *gate) enter(ctx context.Context, t turn, begun bool) bool {
	g.mu.Lock()
	if g.taken < runtime.GOMAXPROCS(0) {
		g.taken++
		g.mu.Unlock()
		return true
	}
	queue := &g.fresh
	if begun {
		queue = &g.begun
	}
	*queue = append(*queue, t)
	g.mu.Unlock()
	select {
	case <-t:
		return true
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(*queue, t); i >= 0 {
		*queue = slices.Delete(*queue, i, i+1)
		g.shrunk()
		return false
	}
	<-t // it came meanwhile
	return true
}

// leave passes the processor on.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, queue := range []*[]turn{&g.begun, &g.fresh} {
		if len(*queue) > 0 {
			(*queue)[0] <- struct{}{}
			*queue = (*queue)[1:]
			g.shrunk()
			return
		}
	}
	g.taken--
}

// A place is one handshake's use of the gate. It gives the processor up while
// the handshake waits for the network. A nil place does nothing.
type place struct {
	gate   *gate
	ctx    context.Context //nolint:containedctx // of the handshake, which Read and Write do not pass
	turn   turn
	held   bool
	waited time.Duration // for a processor, beyond what the network took meanwhile
}

// place waits for a processor for a handshake that has not begun.
func (n Network) place(ctx context.Context) *place {
	if n.shared == nil {
		return nil
	}
	p := &place{gate: &n.shared.gate, ctx: ctx, turn: make(turn, 1)}
	p.held = p.gate.enter(ctx, p.turn, false)
	return p
}

// wait runs f, which waits for the network. If the network still works for a time
// after f, a wait for a processor takes only what exceeds that time.
func (p *place) wait(f func() (int, error), meanwhile time.Duration) (int, error) {
	if p == nil || p.gate == nil {
		return f()
	}
	if p.held {
		p.gate.leave()
	}
	n, err := f()
	ready := time.Now()
	p.held = p.gate.enter(p.ctx, p.turn, true)
	p.waited += max(0, time.Since(ready)-meanwhile)
	return n, err
}

// lost returns how much of a handshake's time was lost waiting for a processor.
func (p *place) lost() time.Duration {
	if p == nil {
		return 0
	}
	return p.waited
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
