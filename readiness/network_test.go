package readiness_test

import (
	"net/url"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// What the network is, the network says: setting its proxy is all that it takes for
// the plan to ask what works without it.
func TestTheNetworkSaysWhetherItHasAProxy(t *testing.T) {
	closed := []probetest.Fault{probetest.At{Network: "tcp", Direct: true, Fault: probetest.Drop}}
	tests := []struct {
		name   string
		proxy  bool
		faults []probetest.Fault
		want   summary
	}{
		{"no way out but the proxy", true, closed, summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseProxyRequired}, ""}},
		{"a proxy, and a way out", true, nil, summary{readiness.Ready, nil, ""}},
		{"no proxy, and a way out", false, nil, summary{readiness.Ready, nil, ""}},
	}
	for _, tt := range tests {
		for name, w := range worlds() {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					net := w(plan(t, autopilot()), &probetest.Internet{Faults: tt.faults})
					runner := readiness.Runner{Network: net.Network()}
					if tt.proxy {
						runner.Network.Proxy = func(probe.Target) (*url.URL, error) { return net.ProxyURL(), nil }
					}
					r, err := runner.Assess(t.Context(), autopilot())
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(tt.want, summarize(r).inAnyWorld()); diff != "" || r.Plan.Proxied != tt.proxy {
						t.Errorf("proxied %t (-want +got):\n%s", r.Plan.Proxied, diff)
					}
				})
			})
		}
	}
}

// A plan that was made for another network is not run.
func TestRunRefusesThePlanOfANetworkWithAProxy(t *testing.T) {
	direct, proxied := probe.Network{SearchDomains: []string{}}, through()
	proxied.SearchDomains = []string{}
	for _, tt := range []struct {
		name    string
		planned probe.Network
		run     probe.Network
	}{
		{"planned without, run with", direct, proxied},
		{"planned with, run without", proxied, direct},
	} {
		asked := false
		runner := readiness.Runner{Network: tt.run, Probers: everywhere(takes(0, func() { asked = true }))}
		if _, err := runner.Run(t.Context(), planOn(t, autopilot(), nil, tt.planned)); err == nil || asked {
			t.Errorf("%s: error %v, measured: %t", tt.name, err, asked)
		}
	}
}

// Devices look for a proxy in the domains of the network.
func TestTheNetworkSaysItsDomains(t *testing.T) {
	for _, domains := range [][]string{{}, {"corp.contoso.com", "contoso.com"}} {
		p, err := readiness.Runner{Network: probe.Network{SearchDomains: domains}}.Plan(autopilot())
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, target := range p.Targets() {
			if target.Protocol == probe.WPAD {
				asked = append(asked, target.Host)
			}
		}
		slices.Sort(asked)
		if diff := cmp.Diff(slices.Sorted(slices.Values(domains)), asked); diff != "" || !slices.Equal(p.SearchDomains, domains) {
			t.Errorf("%v: in the plan %v; asked (-want +got):\n%s", domains, p.SearchDomains, diff)
		}
	}
}
