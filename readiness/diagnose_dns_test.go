package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestCausesInDNS(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"a resolver that does not answer",
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"nothing listens where the resolver should be",
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that refuses",
			&probetest.Internet{Faults: []probetest.Fault{probetest.DNSAnswer{RCode: 5}}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that denies every name",
			&probetest.Internet{Faults: []probetest.Fault{probetest.DNSAnswer{RCode: 3}}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver without a way to the internet",
			&probetest.Internet{Faults: []probetest.Fault{probetest.DNSAnswer{RCode: 2}}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"the first of two resolvers is dead",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Fault: probetest.Drop}},
			},
			summary{ready, nil, ""},
		},
		{
			"TCP 53 is dropped, and answers do not fit into UDP",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Truncate, probetest.At{Network: "tcp", Port: 53, Fault: probetest.Drop}}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a required name is answered with 0.0.0.0",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.Sinkhole)}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a required name is said not to exist",
			&probetest.Internet{Faults: []probetest.Fault{at("enrollment.manage.microsoft.com", probetest.DNSAnswer{RCode: 3})}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseMDMEnrollment},
		},
		{
			"a name is answered with a private address",
			&probetest.Internet{Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.1.2.3")}}},
			summary{ready, nil, ""},
		},
		{
			"a domain of required names is withheld",
			&probetest.Internet{Faults: []probetest.Fault{at("manage.microsoft.com", probetest.DNSAnswer{RCode: 3}), at("*.manage.microsoft.com", probetest.DNSAnswer{RCode: 3})}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseMDMEnrollment},
		},
		{
			"a router says that the resolver cannot be reached",
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Unreachable{ICMP: true})}},
			summary{blocked, causes{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that makes names up",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Rewrite{}}},
			summary{degraded, causes{readiness.CauseDNSRewriting}, ""},
		},
		{
			"one suffix has an address for every name",
			&probetest.Internet{Hosts: []string{"*.net"}},
			summary{ready, nil, ""},
		},
		{
			"the hosts file overrides a name",
			&probetest.Internet{HostsFile: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.0.0.1")}}},
			summary{ready, causes{readiness.CauseDNSOverridden}, ""},
		},
		{
			"the name of Windows' own test is filtered, and nothing else",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "www.msftconnecttest.com", Port: 53, Fault: probetest.NXDomain}}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseNetworkBringUp},
		},
		{
			"DNS leads a name to a walled garden by an alias",
			&probetest.Internet{
				Aliases: map[string]string{"login.live.com": "garden.example"},
				Hosts:   []string{"garden.example"},
				Faults: []probetest.Fault{
					at("login.live.com", probetest.Untrusted), at("login.live.com", probetest.Certificate{Names: []string{"garden.example"}}),
				},
			},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseDeviceIdentity},
		},
		{
			"DNS leads names of several owners to one address, where a stranger answers",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Host: "login.live.com", Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr("10.9.9.9")}}},
				probetest.At{Host: "ztd.dds.microsoft.com", Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr("10.9.9.9")}}},
				probetest.At{Addrs: netip.MustParsePrefix("10.9.9.9/32"), Fault: probetest.Untrusted},
				probetest.At{Addrs: netip.MustParsePrefix("10.9.9.9/32"), Fault: probetest.WrongName},
			}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseDeviceIdentity},
		},
		{
			"DNS leads a name outside of its published addresses, where a stranger answers",
			&probetest.Internet{Faults: []probetest.Fault{at("login.microsoftonline.com", probetest.Untrusted), at("login.microsoftonline.com", probetest.WrongName)}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseEntraSignIn},
		},
		{
			"the second of two resolvers withholds a name that the first resolves",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.54/32"), Host: "ztd.dds.microsoft.com", Fault: probetest.NXDomain}},
			},
			summary{degraded, causes{readiness.CauseDNSFiltered}, ""},
		},
		{
			"the first of two resolvers withholds a name that the second resolves",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Host: "login.live.com", Fault: probetest.NXDomain}},
			},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseDeviceIdentity},
		},
		{
			"DNS withholds the IPv4 address of a name, and not the IPv6 address",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{at("login.microsoftonline.com", probetest.DNSAnswer{Type: "A", Sinkhole: true})}},
			summary{degraded, causes{readiness.CauseDNSFiltered}, ""},
		},
		{
			"DNS withholds the IPv4 address of a name that has no other",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.DNSAnswer{Type: "A", Sinkhole: true})}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseDeviceIdentity},
		},
		{
			"the first of two resolvers answers with a sinkhole",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Host: "ztd.dds.microsoft.com", Fault: probetest.Sinkhole}},
			},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseProfileDownload},
		},
		{
			"a domain is withheld whose names are required",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "*.dds.microsoft.com", Port: 53, Fault: probetest.NoData}}},
			summary{blocked, causes{readiness.CauseDNSFiltered}, endpoints.PhaseProfileDownload},
		},
		{
			"the first resolver is dead and a host is blocked",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults: []probetest.Fault{
					probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Fault: probetest.Drop},
					probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop},
				},
			},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseDeviceIdentity},
		},
	})
}
