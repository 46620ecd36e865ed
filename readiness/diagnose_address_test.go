package readiness_test

import (
	"maps"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestSharedAddresses: names of unrelated owners at one address that is none of
// theirs are DNS's doing, whoever is silent or answers there. CDNs share
// addresses too.
func TestSharedAddresses(t *testing.T) {
	const live, dds, entra, cdn, auth = "login.live.com", "ztd.dds.microsoft.com", "login.microsoftonline.com", "aadcdn.msauth.net", "aadcdn.msftauth.net"
	const there = "203.0.113.66"
	at := func(names ...string) map[string][]netip.Addr { return leads(there, names...) }
	here := func(f probetest.Fault) probetest.Fault {
		return probetest.At{Addrs: netip.MustParsePrefix(there + "/32"), Network: "tcp", Fault: f}
	}
	filtered := summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseDeviceIdentity}
	unreached := summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseDeviceIdentity}
	two := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")}
	disputed := func(addrs ...netip.Addr) []probetest.Fault {
		var out []probetest.Fault
		for _, name := range []string{live, dds} {
			out = append(out, probetest.At{Host: name, Port: 53, Addrs: netip.MustParsePrefix("192.0.2.53/32"), Fault: probetest.DNSAnswer{Addrs: addrs}})
		}
		return append(out, here(probetest.Drop))
	}
	spots(t, []spot{
		{
			"two names, one of which has published addresses, and nobody answers",
			&probetest.Internet{Addresses: at(live, entra), Faults: []probetest.Fault{here(probetest.Drop)}}, filtered,
			[]string{"wrong host", "not among the addresses that Microsoft publishes", "unrelated organizations", "DNS filtering"},
			[]string{"TCP port", "Allow devices"},
			"",
		},
		{
			"a stranger with a certificate of an unknown CA",
			&probetest.Internet{Addresses: at(live, entra), Faults: []probetest.Fault{here(probetest.Untrusted), here(probetest.WrongName)}}, filtered,
			[]string{"other.example", "DNS filtering"},
			[]string{"inspection"},
			"",
		},
		{
			"a stranger with a genuine certificate of its own",
			&probetest.Internet{Addresses: at(live, entra), Faults: []probetest.Fault{here(probetest.WrongName)}}, filtered,
			[]string{"other.example", "DNS filtering"},
			[]string{"not a public CA"},
			"",
		},
		{
			"the address refuses", &probetest.Internet{Addresses: at(live, dds, cdn), Faults: []probetest.Fault{here(probetest.Refuse)}}, filtered,
			[]string{"connection refused"},
			nil, "",
		},
		{
			"a private address", &probetest.Internet{Addresses: leads("10.9.9.9", live, dds), Faults: []probetest.Fault{silentAt("10.9.9.9")}}, filtered,
			[]string{"10.9.9.9"},
			nil, "",
		},
		{
			"the other resolver gives them addresses of their own",
			&probetest.Internet{Resolvers: two, Faults: disputed(netip.MustParseAddr(there))}, filtered,
			[]string{there},
			nil, "",
		},
		{
			"all names", &probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Host: "*.com", Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr(there)}}},
				probetest.At{Host: "*.net", Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr(there)}}},
				here(probetest.Drop),
			}},
			summary{blocked, causes{readiness.CauseDNSFiltered, readiness.CauseDNSRewriting}, endpoints.PhaseNetworkBringUp},
			nil, nil, "",
		},

		// Harmless, or another's fault.
		{"a CDN that answers for all of them", &probetest.Internet{Addresses: at(live, dds, cdn)}, summary{ready, nil, ""}, nil, nil, ""},
		{"a private address that answers for all of them", &probetest.Internet{Addresses: leads("10.9.9.9", live, dds, entra, cdn)}, summary{ready, nil, ""}, nil, nil, ""},
		{
			"names of one owner",
			&probetest.Internet{Addresses: at(cdn, "logincdn.msauth.net"), Faults: []probetest.Fault{here(probetest.Drop)}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseEntraSignIn},
			nil,
			[]string{"DNS filtering"},
			"",
		},
		{
			"a node of a CDN that is down",
			&probetest.Internet{
				Aliases:   map[string]string{live: "a.cdn.example", cdn: "b.cdn.example", auth: "c.cdn.example"},
				Addresses: at("a.cdn.example", "b.cdn.example", "c.cdn.example"),
				Faults:    []probetest.Fault{here(probetest.Drop)},
			},
			unreached,
			[]string{"3 hosts at 203.0.113.66 cannot be reached"},
			[]string{"DNS filtering"},
			"",
		},
		{
			"a CDN that answers for one of them", &probetest.Internet{Addresses: at(live, dds, cdn), Faults: []probetest.Fault{probetest.At{Host: live, Port: 443, Stage: probetest.AfterHello, Fault: probetest.Reset}}},
			unreached, nil,
			[]string{"DNS filtering"},
			"",
		},
		{
			"a closed port, and names that share an address", &probetest.Internet{Addresses: at(live, entra), Faults: []probetest.Fault{onPort("tcp", 443, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked}, endpoints.PhaseDeviceIdentity},
			nil,
			[]string{"DNS filtering"},
			"",
		},
	})
}

// TestMisledNames: if nobody answers at an address that cannot be the name's,
// the report says so and points at DNS. It blames DNS only with a second signal.
func TestMisledNames(t *testing.T) {
	const entra = "login.microsoftonline.com"
	to := func(addr string, names ...string) *probetest.Internet {
		return &probetest.Internet{Addresses: leads(addr, names...), Faults: []probetest.Fault{silentAt(addr)}}
	}
	at := func(c readiness.CauseCode, phase endpoints.Phase) summary { return summary{blocked, causes{c}, phase} }
	spots(t, []spot{
		{
			"an address that is not published", to("6.6.0.7", entra), at(readiness.CauseHostUnreachable, endpoints.PhaseEntraSignIn),
			[]string{"6.6.0.7 is not among the addresses that Microsoft publishes", "Compare the DNS servers' answers", "VPN"},
			nil, "",
		},
		{
			"a private address that is not published", to("10.20.30.40", entra), at(readiness.CauseDNSFiltered, endpoints.PhaseEntraSignIn),
			[]string{"10.20.30.40", "VPN"},
			[]string{"TCP"},
			"",
		},
		{
			"an address that operators share among customers", to("100.64.0.7", entra), at(readiness.CauseDNSFiltered, endpoints.PhaseEntraSignIn),
			[]string{"100.64.0.7"},
			nil, "",
		},
		{
			"a private address, and another name of the owner has a public one", to("10.20.30.40", "ztd.dds.microsoft.com"), at(readiness.CauseHostUnreachable, endpoints.PhaseProfileDownload),
			[]string{"10.20.30.40", "private", "microsoft.com have public addresses", "VPN"},
			nil, "",
		},
		{
			"a public address that nobody publishes", to("203.0.113.9", "ztd.dds.microsoft.com"), at(readiness.CauseHostUnreachable, endpoints.PhaseProfileDownload),
			[]string{"Allow devices to reach"},
			[]string{"VPN"},
			"",
		},
		{
			"a private zone that lacks the name",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "sin.notify.windows.com", Port: 53, Fault: probetest.DNSAnswer{RCode: 3, SOA: azurePrivate("notify.windows.com")}}}},
			summary{degraded, causes{readiness.CauseDNSFiltered}, ""},
			[]string{"Azure private DNS zone notify.windows.com", "fall back to the internet"},
			nil, "",
		},
		{"a private address that answers", &probetest.Internet{Addresses: leads("10.20.30.40", entra)}, summary{ready, nil, ""}, nil, nil, ""},
		{
			"a private address where nobody answers, on a network that gives other names such addresses too",
			&probetest.Internet{Addresses: both(leads("10.20.30.40", entra), leads("10.20.30.41", "login.live.com")), Faults: []probetest.Fault{silentAt("10.20.30.40")}},
			at(readiness.CauseHostUnreachable, endpoints.PhaseEntraSignIn),
			[]string{"Compare the DNS servers' answers"},
			nil, "",
		},
		{
			"a private link that answers",
			&probetest.Internet{
				Aliases:   map[string]string{entra: "login.privatelink.example"},
				Addresses: leads("10.20.30.40", "login.privatelink.example"),
				Zones:     []probe.SOARecord{*azurePrivate("privatelink.example")},
			},
			summary{ready, nil, ""},
			nil, nil, "",
		},
	})
}

// TestOwnNames: an organization's own names may share an address, private or not,
// and DNS is not to blame if nobody answers there.
func TestOwnNames(t *testing.T) {
	names := []string{"apps.contoso.com", "apps.fabrikam.com", "apps.tailspintoys.com"}
	var own []endpoints.Endpoint
	for _, name := range names {
		e, err := endpoints.New("apps", name, "tcp/443 https")
		if err != nil {
			t.Fatal(err)
		}
		own = append(own, e)
	}
	c, err := core(t).With(own...)
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"10.1.2.3", "203.0.113.3"} {
		tt := spot{
			addr, &probetest.Internet{Addresses: leads(addr, names...), Faults: []probetest.Fault{silentAt(addr), probetest.At{Host: names[0], Port: 53, Fault: probetest.DNSAnswer{Authoritative: true}}}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, ""},
			[]string{"Allow outbound TCP 443 to apps.contoso.com, apps.fabrikam.com, apps.tailspintoys.com"},
			[]string{"DNS"},
			"",
		}
		t.Run(tt.name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { tt.run(t, c) }) })
	}
}

func both(a, b map[string][]netip.Addr) map[string][]netip.Addr {
	maps.Copy(a, b)
	return a
}

// azurePrivate is the SOA record of a private zone of Azure DNS.
func azurePrivate(owner string) *probe.SOARecord {
	return &probe.SOARecord{Owner: owner, MName: "azureprivatedns.net", RName: "azureprivatedns-host.microsoft.com"}
}

// TestPrivateZones: a private zone in place of a public one is as good as its
// names are.
func TestPrivateZones(t *testing.T) {
	p := planOn(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}, nil, probe.Network{})
	const zone, below = "webpubsub.azure.com", "a.webpubsub.azure.com"
	extra, err := endpoints.New(endpoints.ServiceAutopatch, below, "tcp/443 https")
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Catalog.With(extra)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		plan   *readiness.Plan
		fails  bool
		filter bool
	}{
		{"its names answer", planOn(t, p.Scope, c, probe.Network{}), false, false},
		{"one of its names does not answer", planOn(t, p.Scope, c, probe.Network{}), true, true},
		{"none of its names is tested", p, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obs := reached(tt.plan)
			for i := range obs {
				switch target := obs[i].Target; {
				case target.Protocol == probe.SOA && target.Host == zone:
					obs[i].DNS = &probe.DNSFacts{Name: zone, Queries: []probe.DNSQuery{{
						Resolver: netip.MustParseAddrPort("192.0.2.53:53"), Type: "SOA", Authoritative: true, RecursionAvailable: true, SOA: azurePrivate(zone),
					}}}
				case target.Host == below && tt.fails:
					obs[i].Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
				}
			}
			if got := slices.Contains(codes(judge(t, tt.plan, obs, readiness.Policy{})), readiness.CauseDNSFiltered); got != tt.filter {
				t.Errorf("dns.filtered: %t, want %t", got, tt.filter)
			}
		})
	}
}
