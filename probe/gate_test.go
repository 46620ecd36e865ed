package probe_test

import (
	"context"
	"runtime"
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
