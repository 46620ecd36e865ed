package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A filter on the zone of a pattern is found.
func TestZones(t *testing.T) {
	judgeAll(t, []rule{
		{
			"a filter on the zone of a pattern", endpoints.ScenarioAutopatch,
			[]probetest.Fault{at("webpubsub.azure.com", probetest.NXDomain)},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"an internal zone for a pattern", endpoints.ScenarioAutopatch,
			[]probetest.Fault{probetest.InternalZone{SOA: probe.SOARecord{Owner: "webpubsub.azure.com", MName: "dc1.corp.example", RName: "hostmaster.corp.example"}}},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"the zone above says that there is no such zone", endpoints.ScenarioAutopatch,
			[]probetest.Fault{at("webpubsub.azure.com", denied(&probe.SOARecord{Owner: "azure.com", MName: "ns1-205.azure-dns.com", RName: "azuredns-hostmaster.microsoft.com"}))},
			ready, nil,
		},
		{
			"the same where the operator of the zone above is known", endpoints.ScenarioAutopatch,
			[]probetest.Fault{at("flow.microsoft.com", denied(azure()))},
			ready, nil,
		},
		{
			"a filter denies the zone in the name of the zone above", endpoints.ScenarioAutopatch,
			[]probetest.Fault{at("flow.microsoft.com", denied(&probe.SOARecord{Owner: "microsoft.com", MName: "dns1.corp.example", RName: "hostmaster.corp.example"}))},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"a resolver that answers no question for SOA records", endpoints.ScenarioAutopatch,
			[]probetest.Fault{probetest.DNSAnswer{Type: "SOA", RCode: 5}},
			ready, nil,
		},
	})
}
