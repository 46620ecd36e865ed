package readiness_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// known is what a capture shows of an endpoint's name and port.
func known(e endpoints.Endpoint, port uint16, k endpoints.Known, how string) endpoints.Fact {
	return endpoints.Fact{
		Host: e.Host, Port: port, Known: k, How: how, Basis: endpoints.BasisSeen,
		Source: endpoints.Source{Title: "a capture", Ref: "here", Date: "2026-11-01"}, Date: "2026-11-01", Confidence: "several",
	}
}

// dated returns a catalog of endpoints and facts that has a date. Without one, every
// fact would be too old. The endpoint that it has besides is of no plan here.
func dated(t *testing.T, list []endpoints.Endpoint, facts ...endpoints.Fact) *endpoints.Catalog {
	t.Helper()
	c, err := endpoints.Decode(strings.NewReader(`{
		"format": "netready-endpoints/1", "version": "1", "date": "2026-11-22", "sources": {"book": {"title": "Book"}},
		"services": [{"service": "other", "scenarios": ["autopatch"], "clouds": ["worldwide"], "source": "book", "groups": [
			{"endpoints": [{"host": "other.example.com", "ports": ["tcp/443 https"], "confidence": "documented"}]}
		]}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if c, err = c.With(list...); err != nil {
		t.Fatal(err)
	}
	if c, err = c.WithFacts(facts...); err != nil {
		t.Fatal(err)
	}
	return c
}

// A finding notes why a failure does not count, or that nobody knows whether it
// should.
func TestNotesOfFindings(t *testing.T) {
	const unknown = "No record shows that it answers on any network. Compare with a network that works."
	for _, tt := range []struct {
		name  string
		known endpoints.Known
		how   string
		code  probe.Code
		want  string
	}{
		{"no record", endpoints.Unknown, "", probe.TCPTimeout, unknown},
		{"no record, and it was not measured", endpoints.Unknown, "", probe.Canceled, ""},
		{"no record, and it was reached", endpoints.Unknown, "", "", ""},
		{"it answers elsewhere", endpoints.Confirmed, endpoints.HowAnswers, probe.TCPTimeout, ""},
		{"it is silent elsewhere too", endpoints.Contradicted, endpoints.HowSilent, probe.TCPTimeout, "Known from networks with nothing wrong: no answer (a capture, 2026-11-01)."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, 2, false, "tcp/443 https").Endpoints()
			var facts []endpoints.Fact
			if tt.how != "" {
				facts = append(facts, known(list[0], 443, tt.known, tt.how))
			}
			p := planOn(t, autopilot(), dated(t, list, facts...), probe.Network{})
			obs := reached(p)
			if tt.code != "" {
				obs = fail(obs, probe.OpConnect, tt.code, host(list[0].Host.String()))
			}
			for _, f := range judge(t, p, obs, fatal()).Findings {
				if f.Check.Target.Host == list[0].Host.String() && f.Note != tt.want {
					t.Errorf("note %q, want %q", f.Note, tt.want)
				}
			}
		})
	}
}

// What a catalog contradicts does not count against a pattern that decides, unless
// nothing else of it was reached.
func TestContradictedMembers(t *testing.T) {
	const first, second = "a.contoso.com", "b.contoso.com"
	for _, tt := range []struct {
		name   string
		failed []string
		impact readiness.Impact
		want   readiness.Verdict
	}{
		{"none failed", nil, readiness.Fatal, readiness.Ready},
		{"another was reached", []string{first}, readiness.Informational, readiness.Ready},
		{"it was reached, and another failed", []string{second}, readiness.Fatal, readiness.Degraded},
		{"all failed", []string{first, second}, readiness.Fatal, readiness.Blocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := []endpoints.Endpoint{
				endpoint(t, "mail", "*.contoso.com", func(e *endpoints.Endpoint) { e.Decisive, e.Members = true, []string{first, second} }, "tcp/443 https"),
				endpoint(t, "calendar", first, nil, "tcp/443 https"), endpoint(t, "calendar", second, nil, "tcp/443 https"), // so that a source gives their port
			}
			p := planOn(t, autopilot(), dated(t, list, known(list[1], 443, endpoints.Contradicted, endpoints.HowSilent)), probe.Network{})
			r := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host(tt.failed...)), fatal())
			if got := serviceOf(t, r, "mail").Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			for _, f := range r.Findings {
				if f.Service == "mail" && f.Check.Target.Host == first && f.Impact != tt.impact {
					t.Errorf("%s is %s, want %s", f.Check.ID(), f.Impact, tt.impact)
				}
			}
		})
	}
}

// One of the names that test the resolvers may be gone, unless it is known to exist.
func TestLookupsOfKnownNames(t *testing.T) {
	for _, tt := range []struct {
		name  string
		known endpoints.Known
		code  probe.Code
		want  readiness.Verdict
	}{
		{"one that nobody knows does not exist", endpoints.Unknown, probe.DNSNXDomain, readiness.Ready},
		{"one that exists is said not to", endpoints.Confirmed, probe.DNSNXDomain, readiness.Degraded},
		{"one that nobody knows is blocked", endpoints.Unknown, probe.DNSBlocked, readiness.Degraded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, 3, false, "tcp/443 https").Endpoints()
			for k := range list {
				list[k].Decisive = true
			}
			var facts []endpoints.Fact
			if tt.known == endpoints.Confirmed {
				facts = append(facts, known(list[0], 0, tt.known, endpoints.HowResolves))
			}
			list = append(list, endpoint(t, endpoints.ServiceDNS, "$resolver", nil, "udp/53 dns"))
			p := planOn(t, autopilot(), dated(t, list, facts...), probe.Network{})
			obs := fail(reached(p), probe.OpResolve, tt.code, func(t probe.Target) bool {
				return t.Protocol == probe.DNS && t.Host == list[0].Host.String()
			})
			if got := serviceOf(t, judge(t, p, obs, readiness.Policy{}), endpoints.ServiceDNS).Verdict; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// The zone of a pattern whose members nobody knows counts if DNS withholds it.
func TestWithheldZones(t *testing.T) {
	for _, tt := range []struct {
		name  string
		code  probe.Code
		known bool // that no network has it
		want  readiness.ServiceResult
	}{
		{"it is there", "", false, readiness.ServiceResult{Verdict: readiness.Unproven, Passed: 1, Untested: 1}},
		{"it is blocked", probe.DNSBlocked, false, readiness.ServiceResult{Verdict: readiness.Blocked, Failed: 1, Untested: 1}},
		{"it was not looked up", probe.Canceled, false, readiness.ServiceResult{Verdict: readiness.Unproven, NotRun: 1, Untested: 1}},
		{"no network has it", probe.DNSNXDomain, true, readiness.ServiceResult{Verdict: readiness.Unproven, Failed: 1, Untested: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := []endpoints.Endpoint{endpoint(t, "mail", "*.contoso.com", nil, "tcp/443 https"), endpoint(t, "calendar", "calendar.example", nil, "tcp/443 https")}
			var facts []endpoints.Fact
			if tt.known {
				zone := endpoint(t, "mail", "contoso.com", nil, "tcp/443 https")
				facts = append(facts, known(zone, 0, endpoints.Contradicted, endpoints.HowNoSuchName))
			}
			p := planOn(t, autopilot(), dated(t, list, facts...), probe.Network{})
			obs := reached(p)
			if tt.code != "" {
				obs = fail(obs, probe.OpResolve, tt.code, func(t probe.Target) bool { return t.Protocol == probe.SOA })
			}
			got := serviceOf(t, judge(t, p, obs, fatal()), "mail")
			if diff := cmp.Diff(tt.want, readiness.ServiceResult{Verdict: got.Verdict, Passed: got.Passed, Failed: got.Failed, NotRun: got.NotRun, Untested: got.Untested}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
