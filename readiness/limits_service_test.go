package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A service is lost with a decisive host, or else with all hosts that are required, or
// else with more than half of all.
func TestLimitsOfServices(t *testing.T) {
	for _, tt := range []struct {
		name   string
		hosts  string // of each: D for decisive, R for required and o for optional
		failed string // by host: x for failed and ? for not measured
		want   readiness.Verdict
	}{
		{"nothing failed", "RRR", "   ", readiness.Ready},
		{"all but one that are required", "RRR", "xx ", readiness.Degraded},
		{"all that are required", "RRR", "xxx", readiness.Blocked},
		{"all that are required, and no other", "Roo", "x  ", readiness.Blocked},
		{"none that is required", "Roo", " xx", readiness.Degraded},
		{"one that was not measured", "RRR", " ? ", readiness.Unproven},
		{"all that are required, or not measured", "RRR", "xx?", readiness.Unproven},
		{"half", "oooo", "xx  ", readiness.Degraded},
		{"more than half", "oooo", "xxx ", readiness.Blocked},
		{"half, and the others were not measured", "oo", "x?", readiness.Unproven},
		{"more than half, and the others were not measured", "ooo", "xx?", readiness.Blocked},
		{"the decisive one", "DRR", "x  ", readiness.Blocked},
		{"all but the decisive one", "DRR", " xx", readiness.Degraded},
		{"the decisive one was not measured", "DRR", "?  ", readiness.Unproven},
		{"the decisive one, and others were not measured", "DRR", "x??", readiness.Blocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, len(tt.hosts), false, "tcp/443 https").Endpoints()
			for k, kind := range tt.hosts {
				list[k].Decisive = kind == 'D'
				if kind == 'o' {
					list[k].Need = endpoints.Optional
				}
			}
			c, err := new(endpoints.Catalog).With(list...)
			if err != nil {
				t.Fatal(err)
			}
			p := planOn(t, autopilot(), c, probe.Network{})
			obs := reached(p)
			for k, how := range tt.failed {
				switch how {
				case 'x':
					obs = fail(obs, probe.OpConnect, probe.TCPTimeout, host(list[k].Host.String()))
				case '?':
					obs = fail(obs, probe.OpConnect, probe.Canceled, host(list[k].Host.String()))
				}
			}
			if got := serviceOf(t, judge(t, p, obs, fatal()), "mail").Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// A pattern fails with all of its members. If most fail, it counts like that among
// hosts that are optional.
func TestLimitsOfPatterns(t *testing.T) {
	for _, tt := range []struct {
		name   string
		failed int // of four
		unrun  int
		need   endpoints.Need
		want   readiness.Verdict
	}{
		{"half of an optional one", 2, 0, endpoints.Optional, readiness.Degraded},
		{"most of an optional one", 3, 0, endpoints.Optional, readiness.Blocked},
		{"most of a required one", 3, 0, endpoints.Required, readiness.Degraded},
		{"all of a required one", 4, 0, endpoints.Required, readiness.Blocked},
		{"all that were measured", 3, 1, endpoints.Required, readiness.Unproven},
	} {
		t.Run(tt.name, func(t *testing.T) {
			members := []string{"a.contoso.com", "b.contoso.com", "c.contoso.com", "d.contoso.com"}
			list := []endpoints.Endpoint{endpoint(t, "mail", "*.contoso.com", func(e *endpoints.Endpoint) { e.Need, e.Members = tt.need, members }, "tcp/443 https")}
			for _, name := range members { // so that a source gives their port
				list = append(list, endpoint(t, "calendar", name, nil, "tcp/443 https"))
			}
			c, err := new(endpoints.Catalog).With(list...)
			if err != nil {
				t.Fatal(err)
			}
			p := planOn(t, autopilot(), c, probe.Network{})
			obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host(members[:tt.failed]...))
			obs = fail(obs, probe.OpConnect, probe.Canceled, host(members[tt.failed:tt.failed+tt.unrun]...))
			if got := serviceOf(t, judge(t, p, obs, fatal()), "mail").Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
