package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// twoMembers is a catalog with a pattern of two members, which serve the same or do
// not.
func twoMembers(t *testing.T, same bool) *endpoints.Catalog {
	t.Helper()
	added := []endpoints.Endpoint{
		endpoint(t, endpoints.ServiceWindowsUpdate, "*.example.com", func(e *endpoints.Endpoint) {
			e.Members = []string{"a.example.com", "b.example.com"}
			if same {
				e.Traits = append(e.Traits, endpoints.TraitInterchangeable)
			}
		}, "tcp/443 https"),
	}
	for _, name := range added[0].Members { // so that a source gives their port
		added = append(added, endpoint(t, endpoints.ServiceDefender, name, nil, "tcp/443 https"))
	}
	return own(t, added...)
}

// Members of a pattern are excused for one another only if the catalog marks them
// as interchangeable.
func TestInterchangeableMembers(t *testing.T) {
	tests := []struct {
		name   string
		marked bool
		op     string
		code   probe.Code
		hosts  []string
		want   readiness.Verdict
	}{
		{"one of two that serve the same is gone", true, probe.OpResolve, probe.DNSNXDomain, []string{"a.example.com"}, readiness.Ready},
		{"one of two that serve the same does not answer", true, probe.OpConnect, probe.TCPTimeout, []string{"a.example.com"}, readiness.Ready},
		{"both are gone", true, probe.OpResolve, probe.DNSNXDomain, []string{"a.example.com", "b.example.com"}, readiness.Degraded},
		{"one is filtered", true, probe.OpResolve, probe.DNSSinkhole, []string{"a.example.com"}, readiness.Degraded},
		{"one of two shards is gone", false, probe.OpResolve, probe.DNSNXDomain, []string{"a.example.com"}, readiness.Degraded},
		{"one of two shards does not answer", false, probe.OpConnect, probe.TCPTimeout, []string{"a.example.com"}, readiness.Degraded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := planOn(t, autopilot(), twoMembers(t, tt.marked), probe.Network{})
			r := judge(t, p, fail(reached(p), tt.op, tt.code, host(tt.hosts...)), readiness.Policy{})
			if got := serviceOf(t, r, endpoints.ServiceWindowsUpdate).Verdict; got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// A member that was not measured replaces none.
func TestUnmeasuredMember(t *testing.T) {
	p := planOn(t, autopilot(), twoMembers(t, true), probe.Network{})
	for _, tt := range []struct {
		name  string
		cut   []string
		spare bool // the failed member is excused
	}{
		{"the other was reached", nil, true},
		{"the other was not measured", []string{"b.example.com"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("a.example.com"))
			r := judge(t, p, fail(obs, probe.OpConnect, probe.Canceled, host(tt.cut...)), readiness.Policy{})
			for f := range r.Failures() {
				if f.Service == endpoints.ServiceWindowsUpdate && (f.Impact == readiness.Informational) != tt.spare {
					t.Errorf("%s: %v, %q", f.Check.ID(), f.Impact, f.Loss)
				}
			}
		})
	}
}
