package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestCausesOnTheWayOut(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"no route to anywhere",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Unreachable{}}},
			summary{blocked, causes{readiness.CauseNetworkDown}, endpoints.PhaseNetworkBringUp},
		},
		{
			"TCP 443 is dropped",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked}, endpoints.PhaseDeviceIdentity},
		},
		{
			"TCP 443 is refused",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked}, endpoints.PhaseDeviceIdentity},
		},
		{
			"TLS is reset after the ClientHello",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset})}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked}, endpoints.PhaseDeviceIdentity},
		},
		{
			"TCP 80 is dropped",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseHTTPBlocked}, endpoints.PhaseNetworkBringUp},
		},
		{
			"UDP 123 is dropped",
			&probetest.Internet{Faults: []probetest.Fault{onPort("udp", 123, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseNTPBlocked}, endpoints.PhaseNetworkBringUp},
		},
		{
			"nothing but DNS gets out",
			&probetest.Internet{Faults: []probetest.Fault{
				onPort("tcp", 443, probetest.Drop), onPort("tcp", 80, probetest.Drop), onPort("udp", 123, probetest.Drop),
			}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked, readiness.CauseHTTPBlocked, readiness.CauseNTPBlocked}, endpoints.PhaseNetworkBringUp},
		},
		{
			"UDP 123 is rejected",
			&probetest.Internet{Faults: []probetest.Fault{onPort("udp", 123, probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseNTPBlocked}, endpoints.PhaseNetworkBringUp},
		},
		{
			"one of two addresses of a host is dropped",
			&probetest.Internet{
				Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")}},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("203.0.113.1/32"), Fault: probetest.Drop}},
			},
			summary{degraded, causes{readiness.CauseAddressPartial}, ""},
		},
		{
			"IPv6 is a black hole",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Network: "tcp", Fault: probetest.Drop}}},
			summary{degraded, causes{readiness.CauseIPv6Broken}, ""},
		},
		{
			"IPv6 of a single host is a black hole",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{probetest.At{
				Host: "login.microsoftonline.com", Fault: probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Network: "tcp", Fault: probetest.Drop},
			}}},
			summary{degraded, causes{readiness.CauseAddressPartial}, ""},
		},
		{
			"a host that decides is dropped",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "ztd.dds.microsoft.com", Network: "tcp", Fault: probetest.Drop}}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseProfileDownload},
		},
		{
			"a host without which provisioning continues is dropped",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "client.wns.windows.com", Network: "tcp", Fault: probetest.Drop}}},
			summary{degraded, causes{readiness.CauseHostUnreachable}, ""},
		},
	})
}
