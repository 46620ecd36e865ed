package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A name that is gone costs nothing, and one that is withheld does.
func TestGoneNames(t *testing.T) {
	authoritative := denied(azure())
	authoritative.Authoritative = true
	owned := denied(&probe.SOARecord{Owner: "microsoft.com", MName: "dc1.corp.example", RName: "hostmaster.corp.example"})
	itself := azure()
	itself.Owner = "go.microsoft.com"
	judgeAll(t, []rule{
		{
			"a name that is known to be gone", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("emdl.ws.microsoft.com", probetest.NXDomain)},
			ready,
			causes{readiness.CauseNameGone},
		},
		{
			"one that died since", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", denied(azure()))},
			ready,
			causes{readiness.CauseNameGone},
		},
		{
			"two that are gone", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", denied(azure())), at("emdl.ws.microsoft.com", probetest.NXDomain)},
			ready,
			causes{readiness.CauseNameGone},
		},
		{
			"the answer for it has no SOA record", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", probetest.NXDomain)},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"the resolver denies it by its own authority", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", authoritative)},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"the SOA record is someone else's", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", owned)},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"the SOA record is of the name itself", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", denied(itself))},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"the answer does not come from a resolver", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("go.microsoft.com", probetest.DNSAnswer{RCode: 3, SOA: azure(), NoRecursion: true})},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"no other name of the zone resolves", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("*.microsoft.com", denied(azure())), at("www.microsoft.com", denied(azure()))},
			blocked,
			causes{readiness.CauseDNSFiltered, readiness.CauseNameGone},
		},
		{
			"a core name seems to be gone", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("ztd.dds.microsoft.com", denied(azure()))},
			blocked,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"an internal zone to keep updates out", endpoints.ScenarioAutopilot,
			[]probetest.Fault{probetest.InternalZone{SOA: probe.SOARecord{Owner: "windowsupdate.com", MName: "dc1.corp.example", RName: "hostmaster.corp.example"}}},
			blocked,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"a sinkhole for a name that is known to be gone", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("provisioningapi.microsoftonline.com", probetest.Sinkhole)},
			ready,
			causes{readiness.CauseDNSFiltered},
		},
	})
}

// That names are gone does not excuse all of a service without which nothing works.
func TestAServiceThatIsGone(t *testing.T) {
	const host = "onlyone.microsoft.com"
	catalog := own(t, endpoint(t, endpoints.ServiceActivation, host, func(e *endpoints.Endpoint) { e.Part = "other" }, "tcp/443 https"))
	degrading := readiness.FieldPolicy().With(readiness.Degrading, endpoints.ServiceActivation)
	for _, tt := range []struct {
		name    string
		policy  readiness.Policy
		witness string // the name of the zone that resolves
		want    readiness.Verdict
	}{
		{"a service without which provisioning continues", degrading, "www.microsoft.com", readiness.Ready},
		{"no name of the zone resolves", degrading, "", readiness.Degraded},
		{"a name of another zone resolves", degrading, "login.live.com", readiness.Degraded},
		{"a fatal service", readiness.FieldPolicy().With(readiness.Fatal, endpoints.ServiceActivation), "www.microsoft.com", readiness.Blocked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := planOn(t, autopilot(), catalog, probe.Network{})
			obs := reached(p)
			for i := range obs {
				o := &obs[i]
				switch o.Target.Host {
				case host:
					o.Error = &probe.Error{Op: probe.OpResolve, Addr: host, Code: probe.DNSNXDomain}
					o.DNS = &probe.DNSFacts{Name: host, Queries: []probe.DNSQuery{{Type: "A", Code: probe.DNSNXDomain, RecursionAvailable: true, SOA: azure()}}}
				case tt.witness:
					o.DNS = &probe.DNSFacts{Name: o.Target.Host, Addresses: []netip.Addr{netip.MustParseAddr("203.0.113.7")}}
				}
			}
			if r := judge(t, p, obs, tt.policy); r.Verdict != tt.want {
				t.Errorf("%v, want %v; causes %v", r.Verdict, tt.want, codes(r))
			}
		})
	}
}
