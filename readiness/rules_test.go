package readiness_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// azure is who answers for microsoft.com.
func azure() *probe.SOARecord {
	return &probe.SOARecord{Owner: "microsoft.com", MName: "ns1-39.azure-dns.com", RName: "azuredns-hostmaster.microsoft.com"}
}

// denied is the answer that a name does not exist, with a SOA record.
func denied(soa *probe.SOARecord) probetest.DNSAnswer { return probetest.DNSAnswer{RCode: 3, SOA: soa} }

// atPort happens to a host on a TCP port.
func atPort(host string, port uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Host: host, Network: "tcp", Port: port, Fault: f}
}

// drop happens to hosts on every TCP port.
func drop(hosts ...string) []probetest.Fault {
	var out []probetest.Fault
	for _, h := range hosts {
		out = append(out, probetest.At{Host: h, Network: "tcp", Fault: probetest.Drop})
	}
	return out
}

// A rule is a network in the ideal world that an excuse is for, or that it must not
// wave through.
type rule struct {
	name     string
	scenario endpoints.Scenario
	faults   []probetest.Fault
	verdict  readiness.Verdict
	causes   causes
}

// judgeAll runs each network.
func judgeAll(t *testing.T, tests []rule) {
	t.Helper()
	for _, tt := range sampletest.Of(tests) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := assess(t, endpoints.Scope{Scenario: tt.scenario}, &probetest.Internet{Faults: tt.faults})
				got := codes(r)
				if r.Verdict != tt.verdict || !slices.Equal(got, tt.causes) {
					t.Errorf("%v, want %v; causes (-want +got):\n%s", r.Verdict, tt.verdict, cmp.Diff(tt.causes, got))
					for _, c := range r.Causes {
						t.Logf("%s (%s): %s %q", c.Code, c.Impact, c.Title, c.Evidence)
					}
					for _, s := range r.Services {
						if s.Verdict != readiness.Ready {
							t.Logf("%s: %s", s.Service, s.Verdict)
						}
					}
				}
			})
		})
	}
}

// A report says of each failure what is known of it.
func TestNotes(t *testing.T) {
	p := plan(t, autopilot())
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("settings-win.data.microsoft.com", "slscr.update.microsoft.com", "tas02.sls.update.microsoft.com", "licensing.mp.microsoft.com"))
	r := judge(t, p, obs, readiness.Policy{})
	notes := make(map[string]string)
	for f := range r.Failures() {
		notes[f.Check.ID()] = f.Known.String() + ": " + f.Note
	}
	for check, want := range map[string]string{
		"https settings-win.data.microsoft.com:443": "unknown: No record shows that it answers on any network. Compare with a network that works.",
		"https slscr.update.microsoft.com:443":      "unknown: No record shows that it answers on any network. Compare with a network that works.",
		"https licensing.mp.microsoft.com:443":      "confirmed: ",
		"http licensing.mp.microsoft.com:80":        "contradicted: Known from networks with nothing wrong: no answer (",
	} {
		if !strings.HasPrefix(notes[check], want) || strings.HasSuffix(want, ": ") && notes[check] != want {
			t.Errorf("%s: %q, want %q", check, notes[check], want)
		}
	}
	want := []string{"settings-win.data.microsoft.com", "slscr.update.microsoft.com", "tas02.sls.update.microsoft.com"}
	for _, name := range want {
		if !slices.Contains(r.Unconfirmed, name) {
			t.Errorf("%s is not among %q", name, r.Unconfirmed)
		}
	}
	if slices.Contains(r.Unconfirmed, "licensing.mp.microsoft.com") {
		t.Errorf("licensing.mp.microsoft.com is known, and among %q", r.Unconfirmed)
	}
}

// A core host is not excused, whatever the facts say; a member of a core pattern is,
// and the pattern as a whole is not.
func TestCoreIsNotExcused(t *testing.T) {
	foreign := func(host string) endpoints.Fact {
		h, err := endpoints.ParseHost(host)
		if err != nil {
			t.Fatal(err)
		}
		return endpoints.Fact{
			Host: h, Port: 443, Known: endpoints.Contradicted, How: endpoints.HowSilent, Basis: endpoints.BasisSeen,
			Source: endpoints.Source{Title: "a capture", Ref: "here", Date: "2026-11-01"}, Date: "2026-11-01", Confidence: "several",
		}
	}
	core := func(host string, members ...string) endpoints.Endpoint {
		return endpoint(t, endpoints.ServiceActivation, host, func(e *endpoints.Endpoint) { e.Decisive, e.Members = true, members }, "tcp/443 https")
	}
	listed := func(host string) endpoints.Endpoint {
		return endpoint(t, endpoints.ServiceDefender, host, nil, "tcp/443 https")
	}
	catalog, err := own(t, core("core.example.com"), core("*.example.net", "a.example.net", "b.example.net"), listed("a.example.net"), listed("b.example.net")).
		WithFacts(foreign("core.example.com"), foreign("a.example.net"), foreign("b.example.net"))
	if err != nil {
		t.Fatal(err)
	}
	policy := readiness.DocumentedPolicy().With(readiness.Fatal, endpoints.ServiceActivation)
	for _, tt := range []struct {
		name  string
		hosts []string
		want  readiness.Verdict
	}{
		{"a core host", []string{"core.example.com"}, readiness.Blocked},
		{"a member of a core pattern", []string{"a.example.net"}, readiness.Ready},
		{"every member of a core pattern", []string{"a.example.net", "b.example.net"}, readiness.Blocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := planOn(t, autopilot(), catalog, probe.Network{})
			r := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host(tt.hosts...)), policy)
			cause := readiness.CauseHostUnreachable
			if tt.want == readiness.Ready {
				cause = readiness.CauseHostContradicted
			}
			if r.Verdict != tt.want || len(r.Causes) == 0 || r.Causes[0].Code != cause {
				t.Errorf("%v, want %v; causes %v", r.Verdict, tt.want, codes(r))
			}
		})
	}
}
