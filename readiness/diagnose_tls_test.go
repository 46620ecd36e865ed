package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestCausesInTLS(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"inspection by an authority that the machine trusts",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{Organization: "Contoso Gateway"}}},
			summary{blocked, causes{readiness.CauseTLSInspection}, endpoints.PhaseDeviceIdentity},
		},
		{
			"inspection that spares what Microsoft exempts",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{Except: []string{
				"*.manage.microsoft.com", "manage.microsoft.com", "device.login.microsoftonline.com",
				"login.live.com", "*.dds.microsoft.com", "*.microsoftaik.azure.net", "enterpriseregistration.windows.net",
				"licensing.mp.microsoft.com", "displaycatalog.mp.microsoft.com", "purchase.md.mp.microsoft.com",
			}}}},
			summary{degraded, causes{readiness.CauseTLSInspection}, ""},
		},
		{
			"certificates of an authority that nobody knows",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Untrusted}},
			summary{blocked, causes{readiness.CauseTLSInspection}, endpoints.PhaseDeviceIdentity},
		},
		{
			"no host speaks TLS 1.2",
			&probetest.Internet{Faults: []probetest.Fault{probetest.TLSVersions{Max: 0x0302}}},
			summary{blocked, causes{readiness.CauseTLSVersion}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a host that leaves out its intermediate certificate",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOnly)}},
			summary{ready, nil, ""},
		},
		{
			"a host whose certificate is for another name",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.WrongName)}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseProfileDownload},
		},
		{
			"a middlebox ends every TLS handshake with an alert",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Alert{})}},
			summary{blocked, causes{readiness.CauseHTTPSBlocked}, endpoints.PhaseDeviceIdentity},
		},
		{
			"one host ends TLS handshakes with an alert",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.Alert{})}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseProfileDownload},
		},
		{
			"a host that leaves out its intermediate certificate, and port 80 is closed",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOnly), onPort("tcp", 80, probetest.Drop)}},
			summary{blocked, causes{readiness.CauseHTTPBlocked}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a host that leaves out its intermediate certificate, which is nowhere to be had",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOnly), at("aia.probetest.example", probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseTLSUntrusted}, endpoints.PhaseDeviceIdentity},
		},
		{
			"inspection, and IPv6 that leads nowhere",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{
				probetest.Inspect{}, probetest.At{Network: "tcp", Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Drop},
			}},
			summary{blocked, causes{readiness.CauseTLSInspection, readiness.CauseIPv6Broken}, endpoints.PhaseDeviceIdentity},
		},
		{
			"one of two addresses is dead, and the host shows a certificate for another name",
			&probetest.Internet{
				Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")}},
				Faults: []probetest.Fault{
					probetest.At{Addrs: netip.MustParsePrefix("203.0.113.1/32"), Fault: probetest.Drop}, at("login.live.com", probetest.WrongName),
				},
			},
			summary{blocked, causes{readiness.CauseHostUnreachable, readiness.CauseAddressPartial}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a stranger answers for one host at a published address, with a certificate for another name",
			&probetest.Internet{
				Addresses: map[string][]netip.Addr{"login.microsoftonline.com": {netip.MustParseAddr("20.190.160.14")}},
				Faults:    []probetest.Fault{at("login.microsoftonline.com", probetest.Untrusted), at("login.microsoftonline.com", probetest.WrongName)},
			},
			summary{blocked, causes{readiness.CauseTLSUntrusted}, endpoints.PhaseEntraSignIn},
		},
		{
			"a stranger answers for one host whose addresses nobody publishes",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.Untrusted), at("ztd.dds.microsoft.com", probetest.WrongName)}},
			summary{blocked, causes{readiness.CauseTLSUntrusted}, endpoints.PhaseProfileDownload},
		},
		{
			"a stranger answers for every host, with one certificate",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Untrusted, probetest.WrongName}},
			summary{blocked, causes{readiness.CauseTLSUntrusted}, endpoints.PhaseDeviceIdentity},
		},
	})
}
