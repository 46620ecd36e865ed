package readiness_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A service that loses little and of which nothing can be tested is not applicable
// only if it is for a network that is not there.
func TestServicesThatCannotBeTested(t *testing.T) {
	p := planOn(t, autopilot(), own(t, endpoint(t, "mail", "*.contoso.com", nil, "tcp/443 https")), probe.Network{})
	r := judge(t, p, reached(p), readiness.DocumentedPolicy().With(readiness.Degrading, "mail"))
	if got := serviceOf(t, r, "mail").Verdict; got != readiness.Unproven {
		t.Errorf("a pattern: %v, want %v", got, readiness.Unproven)
	}
	if got := serviceOf(t, r, endpoints.ServiceProxy).Verdict; got != readiness.NotApplicable {
		t.Errorf("proxy discovery without a domain: %v, want %v", got, readiness.NotApplicable)
	}
}

// A service is lost with a decisive host, or else with all hosts that are required, or
// else with more than half of all.
func TestLimitsOfServices(t *testing.T) {
	for _, tt := range []struct {
		name   string
		hosts  string // of each: D for decisive, R for required and o for optional
		failed string // by host: x for failed, = for failed as in a baseline, and ? for not measured
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
		{"one of two that work elsewhere", "RRR", "=x ", readiness.Degraded},
		{"both that work elsewhere", "RRR", "=xx", readiness.Blocked},
		{"all of those that work elsewhere", "oooo", "=xxx", readiness.Blocked},
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
			obs, elsewhere := reached(p), reached(p)
			for k, how := range tt.failed {
				switch how {
				case '=':
					elsewhere = fail(elsewhere, probe.OpConnect, probe.TCPTimeout, host(list[k].Host.String()))
					fallthrough
				case 'x':
					obs = fail(obs, probe.OpConnect, probe.TCPTimeout, host(list[k].Host.String()))
				case '?':
					obs = fail(obs, probe.OpConnect, probe.Canceled, host(list[k].Host.String()))
				}
			}
			if got := serviceOf(t, judge(t, p, obs, fatal().Against(judge(t, p, elsewhere, fatal()))), "mail").Verdict; got != tt.want {
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

// What losing a service means is told by the endpoint that matters most: the first of
// the gravest, or the first of these that decides.
func TestTheEndpointThatMattersMost(t *testing.T) {
	for _, tt := range []struct{ name, hosts, want string }{ // as above; want is the host's number
		{"two that are alike", "RR", "0"},
		{"the second decides", "RD", "1"},
		{"the first decides", "DR", "0"},
		{"two that decide", "RDD", "1"},
		{"the second is graver", "oR", "1"},
		{"the first is graver", "Ro", "0"},
		{"the third is graver, and decides", "ooD", "2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, len(tt.hosts), false, "tcp/443 https").Endpoints()
			for k, kind := range tt.hosts {
				list[k].Decisive, list[k].Loss = kind == 'D', strconv.Itoa(k)
				if kind == 'o' {
					list[k].Need = endpoints.Optional
				}
			}
			p := planOn(t, autopilot(), dated(t, list), probe.Network{})
			if got := serviceOf(t, judge(t, p, reached(p), readiness.Policy{}), "mail").Loss; got != tt.want {
				t.Errorf("host %s, want %s", got, tt.want)
			}
		})
	}
}

// A plain port decides only where there is no secure one.
func TestLimitsOfPlainPorts(t *testing.T) {
	for _, tt := range []struct {
		name   string
		ports  []string
		failed uint16
		want   readiness.Verdict
	}{
		{"the only port was reached", []string{"tcp/80 http"}, 0, readiness.Ready},
		{"the only port failed", []string{"tcp/80 http"}, 80, readiness.Blocked},
		{"the plain port failed", []string{"tcp/80 http", "tcp/443 https"}, 80, readiness.Degraded},
		{"the secure port failed", []string{"tcp/80 http", "tcp/443 https"}, 443, readiness.Blocked},
		{"another port failed", []string{"tcp/8443 tcp", "tcp/443 https"}, 8443, readiness.Blocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := planOn(t, autopilot(), ownHosts(t, 1, false, tt.ports...), probe.Network{})
			obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool { return t.Port == tt.failed })
			if got := serviceOf(t, judge(t, p, obs, fatal()), "mail").Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// A rule that excuses failures because they lose nothing excuses no loss.
func TestFailuresThatLoseNothing(t *testing.T) {
	lenient := fatal().OnFailure(func(_ endpoints.Scope, _ endpoints.Endpoint, _ readiness.Finding, soFar readiness.Ruling) readiness.Ruling {
		if soFar.Impact == readiness.Degrading {
			soFar.Impact = readiness.Informational
		}
		return soFar
	})
	for _, tt := range []struct {
		failed int // of two
		want   readiness.Verdict
	}{{0, readiness.Ready}, {1, readiness.Degraded}, {2, readiness.Blocked}} {
		list := ownHosts(t, 2, false, "tcp/443 https").Endpoints()
		p := planOn(t, autopilot(), dated(t, list), probe.Network{})
		obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(target probe.Target) bool {
			return slices.ContainsFunc(list[:tt.failed], func(e endpoints.Endpoint) bool { return e.Host.String() == target.Host })
		})
		if got := serviceOf(t, judge(t, p, obs, lenient), "mail").Verdict; got != tt.want {
			t.Errorf("%d of 2 failed: %s, want %s", tt.failed, got, tt.want)
		}
	}
}
