package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// TestSeveralFaults: one fault next to another is reported as it is alone. Each
// situation stands next to one that differs in a single fault.
func TestSeveralFaults(t *testing.T) {
	const entra, lists, windows = "login.microsoftonline.com", "ctldl.windowsupdate.com", "www.msftconnecttest.com"
	two := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")}
	from := func(resolver string, f probetest.Fault) probetest.Fault {
		return probetest.At{Addrs: netip.MustParsePrefix(resolver + "/32"), Port: 53, Fault: f}
	}
	noAAAA := onPort("", 53, probetest.DNSAnswer{Type: "AAAA", Empty: true, Extended: 17})
	sunk := from("192.0.2.54", probetest.At{Host: entra, Fault: probetest.Sinkhole})
	reset := probetest.At{Host: windows, Port: 80, Stage: probetest.AfterRequest, Fault: probetest.Reset}
	led := leads("10.9.9.8", entra, lists)
	spots(t, []spot{
		{
			"the first resolver refuses, and IPv6 addresses are filtered",
			&probetest.Internet{Resolvers: two, Faults: []probetest.Fault{from("192.0.2.53", probetest.DNSAnswer{Type: "A", RCode: 5}), noAAAA}},
			summary{ready, causes{readiness.CauseIPv6Filtered}, ""},
			nil, nil, "",
		},
		{
			"the first resolver refuses",
			&probetest.Internet{Resolvers: two, Faults: []probetest.Fault{from("192.0.2.53", probetest.Refused)}},
			summary{ready, nil, ""},
			nil, nil, "",
		},
		{
			"one resolver filters a name whose first connection is lost",
			&probetest.Internet{Resolvers: two, Faults: []probetest.Fault{sunk, probetest.At{Host: entra, Port: 443, Fault: probetest.Once{Fault: probetest.Drop}}}},
			summary{degraded, causes{readiness.CauseDNSFiltered}, ""},
			[]string{"192.0.2.54:53", "Another DNS server"},
			nil, "",
		},
		{
			"the first connection to a name is lost",
			&probetest.Internet{Resolvers: two, Faults: []probetest.Fault{probetest.At{Host: entra, Port: 443, Fault: probetest.Once{Fault: probetest.Drop}}}},
			summary{ready, nil, ""},
			nil, nil, "",
		},
		{
			"names lead nowhere, and TCP port 443 is closed",
			&probetest.Internet{Addresses: led, Faults: []probetest.Fault{silentAt("10.9.9.8"), onPort("tcp", 443, probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseDNSFiltered, readiness.CauseHTTPSBlocked}, endpoints.PhaseNetworkBringUp},
			[]string{"10.9.9.8", "unrelated organizations"},
			nil, "",
		},
		{
			"names share a private address, and TCP port 443 is closed",
			&probetest.Internet{Addresses: led, Faults: []probetest.Fault{onPort("tcp", 443, probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked}, endpoints.PhaseDeviceIdentity},
			nil,
			[]string{"DNS filtering"},
			"",
		},
		{
			"behind a proxy, DNS denies a name that shows whether it works",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: windows, Port: 53, Fault: probetest.NXDomain}}},
			summary{degraded, causes{readiness.CauseDNSFiltered}, ""},
			[]string{windows},
			nil, "http",
		},
		{
			"behind a proxy, DNS denies another name",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: entra, Port: 53, Fault: probetest.NXDomain}}},
			summary{ready, nil, ""},
			nil, nil, "http",
		},
		{
			"a captive portal, and Windows' own test is reset",
			&probetest.Internet{Faults: []probetest.Fault{reset, probetest.Portal{}}},
			summary{blocked, causes{readiness.CauseCaptivePortal}, endpoints.PhaseNetworkBringUp},
			nil, nil, "",
		},
		{
			"Windows' own test is reset",
			&probetest.Internet{Faults: []probetest.Fault{reset}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseNetworkBringUp},
			[]string{windows},
			nil, "",
		},
	})
}
