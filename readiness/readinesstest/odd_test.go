package readinesstest_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness/readinesstest"
)

// What is odd about the world is there: without it, that networks in it are
// ready would show nothing.
func TestWorldIsOdd(t *testing.T) {
	plan := planOf(t, endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin, Tenant: "contoso.com", ADDomain: "corp.contoso.com"})
	type seen struct {
		Code   probe.Code
		Status int
		Issuer string
		CNAME  string // the first alias
		SOA    string // the zone that an answer without records names, and its server
		No6    bool   // there is an IPv4 address and no IPv6 address
	}
	https := func(host string) probe.Target { return probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443} }
	http := func(host string) probe.Target { return probe.Target{Protocol: probe.HTTP, Host: host, Port: 80} }
	for name, tt := range map[string]struct {
		target probe.Target
		want   seen
	}{
		"a CDN's certificate":           {https("tlu.dl.delivery.mp.microsoft.com"), seen{Code: probe.TLSNameMismatch, Status: 200, Issuer: "Probetest Public Trust"}},
		"a port that is never answered": {http("licensing.mp.microsoft.com"), seen{Code: probe.TCPTimeout}},
		"a name that is gone": {
			http("emdl.ws.microsoft.com"),
			seen{Code: probe.DNSNXDomain, SOA: "microsoft.com ns1-01.azure-dns.com"},
		},
		"a host under a root of Windows'": {https("v10.events.data.microsoft.com"), seen{Status: 404, Issuer: "Probetest Windows Trust", CNAME: "win-global-asimov-leafs-events-data.trafficmanager.net"}},
		"a host under a cross-signed root, with its alias": {
			https("enterpriseregistration.windows.net"),
			seen{Status: 404, Issuer: "Probetest Cross-Signed Trust", CNAME: "na.privatelink.msidentity.com"},
		},
		"a host without an IPv6 address": {https("login.live.com"), seen{Status: 200, Issuer: "Probetest Public Trust", CNAME: "login.msa.msidentity.com", No6: true}},
		"domain controllers":             {probe.Target{Protocol: probe.SRV, Host: "_ldap._tcp.dc._msdcs.corp.contoso.com", Port: 389}, seen{}},
		"a tenant's alias": {
			probe.Target{Protocol: probe.CNAME, Host: "enterpriseenrollment.contoso.com"},
			seen{CNAME: "enterpriseenrollment-s.manage.microsoft.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := readinesstest.World(plan)
				i.IPv6 = true
				o := i.Network().Probe(t.Context(), tt.target)
				got := seen{Code: o.Code()}
				if o.HTTP != nil {
					got.Status = o.HTTP.Status
				}
				if o.TLS != nil && len(o.TLS.Chain) > 0 {
					got.Issuer = o.TLS.Chain[0].Organization
				}
				if o.DNS != nil {
					if len(o.DNS.CNAMEs) > 0 {
						got.CNAME = o.DNS.CNAMEs[0]
					}
					for _, q := range o.DNS.Queries {
						if q.SOA != nil && got.Code != "" {
							got.SOA = q.SOA.Owner + " " + q.SOA.MName
						}
						got.No6 = got.No6 || q.Type == "AAAA" && q.Code == probe.DNSNoData && got.Status != 0
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}
