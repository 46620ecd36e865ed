package readiness_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A plan keeps each endpoint once, whatever the number of checks.
func TestPlanKeepsEndpointsOnce(t *testing.T) {
	const n, most = 2_000, 1_000 // bytes; an Endpoint has 656, and a Check 152
	c := manyHosts(t, n)
	before := live()
	p := planOn(t, autopilot(), c, probe.Network{})
	if size := (live() - before) / n; size > most {
		t.Errorf("%d bytes for each check, want at most %d", size, most)
	}
	if len(p.Checks) != n {
		t.Errorf("%d checks, want %d", len(p.Checks), n)
	}
	runtime.KeepAlive(p)
}

// manyHosts returns a catalog of n hosts of a hundred owners, each on TCP 443.
func manyHosts(tb testing.TB, n int) *endpoints.Catalog {
	tb.Helper()
	list := make([]endpoints.Endpoint, n)
	for i := range list {
		list[i] = endpoint(tb, "intranet", fmt.Sprintf("host-%d.contoso-%d.com", i, i%100), nil, "tcp/443 https")
	}
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// live returns the size of what is in use, in bytes.
func live() int {
	runtime.GC()
	runtime.GC() // of what has a finalizer
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
