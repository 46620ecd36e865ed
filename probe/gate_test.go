package probe_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// A handshake that has begun goes before one that has not, and one that is
// canceled waits no longer.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g probe.Gate
		for range runtime.GOMAXPROCS(0) {
			if !g.Enter(t.Context(), false) {
				t.Fatal("no processor is free")
			}
		}
		var order []string
		enter := func(name string, ctx context.Context, begun bool) {
			go func() {
				if !g.Enter(ctx, begun) {
					name += " gave up"
				}
				order = append(order, name)
			}()
			synctest.Wait()
		}
		ctx, cancel := context.WithCancel(t.Context())
		enter("fresh", t.Context(), false)
		enter("canceled", ctx, true)
		enter("begun", t.Context(), true)
		cancel()
		synctest.Wait()
		for range 2 {
			g.Leave()
			synctest.Wait()
		}
		if diff := cmp.Diff([]string{"canceled gave up", "begun", "fresh"}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// Whoever wants to begin waits until few handshakes wait, because one got a
// processor or gave up.
func TestGateKeepsUp(t *testing.T) {
	for name, end := range map[string]func(g *probe.Gate, cancel func()){
		"one gets a processor": func(g *probe.Gate, _ func()) { g.Leave() },
		"one gives up":         func(_ *probe.Gate, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var g probe.Gate
				for range runtime.GOMAXPROCS(0) {
					g.Enter(t.Context(), false)
				}
				all, cancelAll := context.WithCancel(t.Context())
				defer cancelAll()
				for range probe.Backlog {
					go g.Enter(all, false)
				}
				synctest.Wait()
				g.KeepUp(t.Context()) // returns
				one, cancel := context.WithCancel(t.Context())
				defer cancel()
				go g.Enter(one, true)
				synctest.Wait()
				ended, cancelEnded := context.WithCancel(t.Context())
				cancelEnded()
				g.KeepUp(ended) // returns
				var calm atomic.Int32
				for range 2 {
					go func() {
						g.KeepUp(t.Context())
						calm.Add(1)
					}()
					synctest.Wait()
				}
				if n := calm.Load(); n != 0 {
					t.Errorf("%d began while too many waited", n)
				}
				end(&g, cancel)
				synctest.Wait()
				if n := calm.Load(); n != 2 {
					t.Errorf("%d of 2 began when few waited", n)
				}
			})
		})
	}
	(probe.Network{}).KeepUp(t.Context()) // nothing waits
}
