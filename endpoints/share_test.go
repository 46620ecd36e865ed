package endpoints_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/netready/netready/endpoints"
)

// Whoever adds to the lists of one endpoint changes no other, although endpoints
// share them.
func TestSelectedListsCanGrow(t *testing.T) {
	t.Parallel()
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	needed, err := endpoints.Embedded().Select(scope)
	if err != nil {
		t.Fatal(err)
	}
	want, err := endpoints.Embedded().Select(scope)
	if err != nil {
		t.Fatal(err)
	}
	for i := range needed {
		_ = append(needed[i].Ports, endpoints.Port{Number: 1})
		_ = append(needed[i].Clouds, "elsewhere")
		_ = append(needed[i].Scenarios, "another")
	}
	for i := range needed {
		for name, same := range map[string]bool{
			"Ports":     fmt.Sprint(needed[i].Ports) == fmt.Sprint(want[i].Ports),
			"Clouds":    fmt.Sprint(needed[i].Clouds) == fmt.Sprint(want[i].Clouds),
			"Scenarios": fmt.Sprint(needed[i].Scenarios) == fmt.Sprint(want[i].Scenarios),
		} {
			if !same {
				t.Errorf("%s of %v changed", name, needed[i].Host)
			}
		}
	}
}

// A catalog and what is selected from it keep little more than the endpoints
// themselves.
func TestManyEndpointsKeepTheirListsOnce(t *testing.T) {
	const n, most = 2_000, 1_500 // bytes; an Endpoint has 656, once in each
	list := make([]endpoints.Endpoint, n)
	for i := range list {
		e, err := endpoints.New("intranet", fmt.Sprintf("host-%d.example.com", i), "tcp/443 https")
		if err != nil {
			t.Fatal(err)
		}
		list[i] = e
	}
	before := live()
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	needed, err := c.Select(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	if size := (live() - before) / n; size > most {
		t.Errorf("%d bytes for each endpoint, want at most %d", size, most)
	}
	runtime.KeepAlive(list)
	runtime.KeepAlive(c)
	runtime.KeepAlive(needed)
}

// live returns the size of what is in use.
func live() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
