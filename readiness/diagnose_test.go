package readiness_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// assess runs the plan of a scope over an internet with faults. It belongs
// into a bubble.
func assess(t *testing.T, s readiness.Scope, net *probetest.Internet, policy readiness.Policy) *readiness.Report {
	t.Helper()
	p := plan(t, s)
	net.Hosts = append(net.Hosts, p.Hosts()...)
	r, err := readiness.Runner{Network: net.Network()}.Assess(t.Context(), p, policy)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func at(host string, f probetest.Fault) probetest.Fault { return probetest.At{Host: host, Fault: f} }

func onPort(network string, port uint16, f probetest.Fault) probetest.Fault {
	return probetest.At{Network: network, Port: port, Fault: f}
}

// summary is what a situation comes to.
type summary struct {
	Verdict readiness.ReportVerdict
	Causes  []readiness.CauseCode
	StopsAt endpoints.Phase
}

func summarize(r *readiness.Report) summary {
	return summary{r.Verdict, codes(r), r.StopsAt}
}

func TestCausesBySituation(t *testing.T) {
	const (
		ready    = readiness.Ready
		degraded = readiness.ReadyDegraded
		blocked  = readiness.Blocked
	)
	causes := func(c ...readiness.CauseCode) []readiness.CauseCode { return c }
	day := 24 * time.Hour
	tests := []struct {
		name string
		net  *probetest.Internet
		want summary
	}{
		{
			"a healthy network", &probetest.Internet{},
			summary{ready, nil, ""},
		},
		{
			"a healthy network over both families, with some latency",
			&probetest.Internet{IPv6: true, Latency: 50 * time.Millisecond},
			summary{ready, nil, ""},
		},
		{
			"a healthy network in which a packet in fifty is lost",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Network: "udp", Fault: probetest.Loss{Rate: 0.02}}}},
			summary{ready, nil, ""},
		},
		{
			"no route to anywhere",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Unreachable{}}},
			summary{blocked, causes(readiness.CauseNetworkDown), endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that does not answer",
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Drop{})}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"nothing listens where the resolver should be",
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Refuse{})}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that refuses",
			&probetest.Internet{Faults: []probetest.Fault{probetest.RCode(5)}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that denies every name",
			&probetest.Internet{Faults: []probetest.Fault{probetest.RCode(3)}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver without a way to the internet",
			&probetest.Internet{Faults: []probetest.Fault{probetest.RCode(2)}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"the first of two resolvers is dead",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Fault: probetest.Drop{}}},
			},
			summary{ready, nil, ""},
		},
		{
			"a portal that redirects",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{Location: "http://portal.example/login"}}},
			summary{blocked, causes(readiness.CauseCaptivePortal), endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that answers with its own page",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.Page{Body: "Welcome to the guest network. Please sign in."})}},
			summary{blocked, causes(readiness.CauseCaptivePortal), endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that drops everything but port 80",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.Portal{Location: "http://portal.example/login"}, onPort("tcp", 443, probetest.Drop{}), onPort("udp", 123, probetest.Drop{}),
			}},
			summary{blocked, causes(readiness.CauseCaptivePortal), endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that answers over TLS too, with a certificate of its own",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{TLS: true}}},
			summary{blocked, causes(readiness.CauseCaptivePortal), endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that says so with status 511",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{Status: 511}}},
			summary{blocked, causes(readiness.CauseCaptivePortal), endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal, and a resolver that makes names up",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{}, probetest.Rewrite{}}},
			summary{blocked, causes(readiness.CauseCaptivePortal, readiness.CauseDNSRewriting), endpoints.PhaseNetworkBringUp},
		},
		{
			"TCP 53 is dropped, and answers do not fit into UDP",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Truncate{}, probetest.At{Network: "tcp", Port: 53, Fault: probetest.Drop{}}}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"TCP 443 is dropped",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Drop{})}},
			summary{blocked, causes(readiness.CauseHTTPSBlocked), endpoints.PhaseDeviceIdentity},
		},
		{
			"TCP 443 is refused",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Refuse{})}},
			summary{blocked, causes(readiness.CauseHTTPSBlocked), endpoints.PhaseDeviceIdentity},
		},
		{
			"TLS is reset after the ClientHello",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Reset{Stage: probetest.AfterHello})}},
			summary{blocked, causes(readiness.CauseHTTPSBlocked), endpoints.PhaseDeviceIdentity},
		},
		{
			"TCP 80 is dropped",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.Drop{})}},
			summary{blocked, causes(readiness.CauseHTTPBlocked), endpoints.PhaseNetworkBringUp},
		},
		{
			"UDP 123 is dropped",
			&probetest.Internet{Faults: []probetest.Fault{onPort("udp", 123, probetest.Drop{})}},
			summary{blocked, causes(readiness.CauseNTPBlocked), endpoints.PhaseNetworkBringUp},
		},
		{
			"nothing but DNS gets out",
			&probetest.Internet{Faults: []probetest.Fault{
				onPort("tcp", 443, probetest.Drop{}), onPort("tcp", 80, probetest.Drop{}), onPort("udp", 123, probetest.Drop{}),
			}},
			summary{blocked, causes(readiness.CauseHTTPSBlocked, readiness.CauseHTTPBlocked, readiness.CauseNTPBlocked), endpoints.PhaseNetworkBringUp},
		},
		{
			"nothing listens on the time server",
			&probetest.Internet{Faults: []probetest.Fault{onPort("udp", 123, probetest.Refuse{})}},
			summary{blocked, causes(readiness.CauseNTPUnusable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that has lost its own time",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Unsynchronized{}}},
			summary{blocked, causes(readiness.CauseNTPUnusable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that denies service",
			&probetest.Internet{Faults: []probetest.Fault{probetest.KissOfDeath{Code: "DENY"}}},
			summary{blocked, causes(readiness.CauseNTPUnusable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that is a day ahead of everyone",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Clock{Ahead: day}}},
			summary{blocked, causes(readiness.CauseNTPUnusable), endpoints.PhaseNetworkBringUp},
		},
		{
			"the local clock is an hour behind",
			&probetest.Internet{Skew: time.Hour},
			summary{ready, causes(readiness.CauseClockWrong), ""},
		},
		{
			"the local clock is years behind",
			&probetest.Internet{Skew: 5 * 365 * day},
			summary{blocked, causes(readiness.CauseClockWrong), endpoints.PhaseNetworkBringUp},
		},
		{
			"inspection by an authority that the machine trusts",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{Organization: "Contoso Gateway"}}},
			summary{blocked, causes(readiness.CauseTLSInspection), endpoints.PhaseDeviceIdentity},
		},
		{
			"inspection that spares what Microsoft exempts",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{Except: []string{
				"*.manage.microsoft.com", "manage.microsoft.com", "device.login.microsoftonline.com",
				"login.live.com", "*.dds.microsoft.com", "*.microsoftaik.azure.net", "enterpriseregistration.windows.net",
				"licensing.mp.microsoft.com", "displaycatalog.mp.microsoft.com", "purchase.md.mp.microsoft.com",
			}}}},
			summary{degraded, causes(readiness.CauseTLSInspection), ""},
		},
		{
			"certificates of an authority that nobody knows",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Untrusted{}}},
			summary{blocked, causes(readiness.CauseTLSInspection), endpoints.PhaseDeviceIdentity},
		},
		{
			"no host speaks TLS 1.2",
			&probetest.Internet{Faults: []probetest.Fault{probetest.TLSVersions{Max: 0x0302}}},
			summary{blocked, causes(readiness.CauseTLSVersion), endpoints.PhaseDeviceIdentity},
		},
		{
			"a filter answers plain HTTP with its page",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "crl3.digicert.com", Port: 80, Fault: probetest.BlockPage{}}}},
			summary{blocked, causes(readiness.CauseBlockPage), endpoints.PhaseNetworkBringUp},
		},
		{
			"a required name is answered with 0.0.0.0",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.Answers{})}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseDeviceIdentity},
		},
		{
			"a required name is said not to exist",
			&probetest.Internet{Faults: []probetest.Fault{at("enrollment.manage.microsoft.com", probetest.RCode(3))}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseMDMEnrollment},
		},
		{
			"a name is answered with a private address",
			&probetest.Internet{Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.1.2.3")}}},
			summary{ready, nil, ""},
		},
		{
			"a domain of required names is withheld",
			&probetest.Internet{Faults: []probetest.Fault{at("manage.microsoft.com", probetest.RCode(3)), at("*.manage.microsoft.com", probetest.RCode(3))}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseMDMEnrollment},
		},
		{
			"a time server that is three hours ahead of everyone",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Clock{Ahead: 3 * time.Hour}}},
			summary{blocked, causes(readiness.CauseNTPUnusable), endpoints.PhaseNetworkBringUp},
		},
		{
			"one of two addresses of a host is dropped",
			&probetest.Internet{
				Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")}},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("203.0.113.1/32"), Fault: probetest.Drop{}}},
			},
			summary{degraded, causes(readiness.CauseAddressPartial), ""},
		},
		{
			"a router says that the resolver cannot be reached",
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Unreachable{ICMP: true})}},
			summary{blocked, causes(readiness.CauseDNSUnreachable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver that makes names up",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Rewrite{}}},
			summary{degraded, causes(readiness.CauseDNSRewriting), ""},
		},
		{
			"one suffix has an address for every name",
			&probetest.Internet{Hosts: []string{"*.net"}},
			summary{ready, nil, ""},
		},
		{
			"the hosts file overrides a name",
			&probetest.Internet{HostsFile: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("10.0.0.1")}}},
			summary{ready, causes(readiness.CauseDNSOverridden), ""},
		},
		{
			"IPv6 is a black hole",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Network: "tcp", Fault: probetest.Drop{}}}},
			summary{degraded, causes(readiness.CauseIPv6Broken), ""},
		},
		{
			"IPv6 of a single host is a black hole",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{probetest.At{
				Host: "login.live.com", Fault: probetest.At{Addrs: netip.MustParsePrefix("2001:db8::/32"), Network: "tcp", Fault: probetest.Drop{}},
			}}},
			summary{degraded, causes(readiness.CauseAddressPartial), ""},
		},
		{
			"revocation lists are dropped",
			&probetest.Internet{Faults: []probetest.Fault{
				at("ocsp.probetest.example", probetest.Drop{}), at("crl.probetest.example", probetest.Drop{}),
			}},
			summary{blocked, causes(readiness.CauseRevocation), endpoints.PhaseNetworkBringUp},
		},
		{
			"revocation lists are refused, but answers are stapled",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.Staple{}, at("ocsp.probetest.example", probetest.Refuse{}),
			}},
			summary{ready, nil, ""},
		},
		{
			"revocation lists of another time",
			&probetest.Internet{Faults: []probetest.Fault{probetest.StaleRevocation{}}},
			summary{blocked, causes(readiness.CauseRevocation), endpoints.PhaseNetworkBringUp},
		},
		{
			"revocation lists that somebody else signed",
			&probetest.Internet{Faults: []probetest.Fault{probetest.ForgedRevocation{}}},
			summary{blocked, causes(readiness.CauseRevocation), endpoints.PhaseNetworkBringUp},
		},
		{
			"certificates without revocation lists",
			&probetest.Internet{Faults: []probetest.Fault{probetest.NoRevocation{}}},
			summary{ready, nil, ""},
		},
		{
			"a host whose certificate is revoked",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.Revoke{})}},
			summary{blocked, causes(readiness.CauseHostUnreachable), endpoints.PhaseProfileDownload},
		},
		{
			"a host that leaves out its intermediate certificate",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOnly{})}},
			summary{ready, nil, ""},
		},
		{
			"something on the way takes byte ranges out",
			&probetest.Internet{Faults: []probetest.Fault{probetest.IgnoreRange{}}},
			summary{degraded, causes(readiness.CauseRangeStripped), ""},
		},
		{
			"something takes byte ranges out of plain HTTP alone",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.IgnoreRange{})}},
			summary{degraded, causes(readiness.CauseRangeStripped), ""},
		},
		{
			"responders that do not know the certificates, and no lists",
			&probetest.Internet{Faults: []probetest.Fault{probetest.UnknownRevocation{}, at("crl.probetest.example", probetest.Refuse{})}},
			summary{blocked, causes(readiness.CauseRevocation), endpoints.PhaseNetworkBringUp},
		},
		{
			"a single host ignores byte ranges",
			&probetest.Internet{Faults: []probetest.Fault{at("officecdn.microsoft.com", probetest.IgnoreRange{})}},
			summary{ready, nil, ""},
		},
		{
			"a host that decides is dropped",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "ztd.dds.microsoft.com", Network: "tcp", Fault: probetest.Drop{}}}},
			summary{blocked, causes(readiness.CauseHostUnreachable), endpoints.PhaseProfileDownload},
		},
		{
			"a host without which provisioning continues is dropped",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "client.wns.windows.com", Network: "tcp", Fault: probetest.Drop{}}}},
			summary{degraded, causes(readiness.CauseHostUnreachable), ""},
		},
		{
			"a host whose certificate is for another name",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.WrongName{})}},
			summary{blocked, causes(readiness.CauseHostUnreachable), endpoints.PhaseProfileDownload},
		},
		{
			"inspection and a blocked time server",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{}, onPort("udp", 123, probetest.Drop{})}},
			summary{blocked, causes(readiness.CauseNTPBlocked, readiness.CauseTLSInspection), endpoints.PhaseNetworkBringUp},
		},
		{
			"what answers on TCP port 80 does not speak HTTP",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.Garbage{Stage: probetest.AfterRequest})}},
			summary{blocked, causes(readiness.CauseHTTPBlocked), endpoints.PhaseNetworkBringUp},
		},
		{
			"a middlebox ends every TLS handshake with an alert",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 443, probetest.Alert{})}},
			summary{blocked, causes(readiness.CauseHTTPSBlocked), endpoints.PhaseDeviceIdentity},
		},
		{
			"one host ends TLS handshakes with an alert",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.Alert{})}},
			summary{blocked, causes(readiness.CauseHostUnreachable), endpoints.PhaseProfileDownload},
		},
		{
			"a portal that also filters the name of Windows' own test",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Host: "www.msftconnecttest.com", Port: 53, Fault: probetest.NXDomain},
				probetest.Portal{Location: "http://portal.example/login"},
			}},
			summary{blocked, causes(readiness.CauseCaptivePortal, readiness.CauseDNSFiltered), endpoints.PhaseNetworkBringUp},
		},
		{
			"the name of Windows' own test is filtered, and nothing else",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "www.msftconnecttest.com", Port: 53, Fault: probetest.NXDomain}}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal, and a time server that is not synchronized",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{}, probetest.Unsynchronized{}}},
			summary{blocked, causes(readiness.CauseCaptivePortal, readiness.CauseNTPUnusable), endpoints.PhaseNetworkBringUp},
		},
		{
			"a host that leaves out its intermediate certificate, and port 80 is closed",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOnly{}), onPort("tcp", 80, probetest.Drop{})}},
			summary{blocked, causes(readiness.CauseHTTPBlocked), endpoints.PhaseNetworkBringUp},
		},
		{
			"a host that leaves out its intermediate certificate, which is nowhere to be had",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOnly{}), at("aia.probetest.example", probetest.Refuse{})}},
			summary{blocked, causes(readiness.CauseTLSUntrusted), endpoints.PhaseDeviceIdentity},
		},
		{
			"inspection, and IPv6 that leads nowhere",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{
				probetest.Inspect{}, probetest.At{Network: "tcp", Addrs: netip.MustParsePrefix("2001:db8::/32"), Fault: probetest.Drop{}},
			}},
			summary{blocked, causes(readiness.CauseTLSInspection, readiness.CauseIPv6Broken), endpoints.PhaseDeviceIdentity},
		},
		{
			"one of two addresses is dead, and the host shows a certificate for another name",
			&probetest.Internet{
				Addresses: map[string][]netip.Addr{"login.live.com": {netip.MustParseAddr("203.0.113.1"), netip.MustParseAddr("203.0.113.2")}},
				Faults: []probetest.Fault{
					probetest.At{Addrs: netip.MustParsePrefix("203.0.113.1/32"), Fault: probetest.Drop{}}, at("login.live.com", probetest.WrongName{}),
				},
			},
			summary{blocked, causes(readiness.CauseHostUnreachable, readiness.CauseAddressPartial), endpoints.PhaseDeviceIdentity},
		},
		{
			"a clock that is a little behind, and revocation lists that are out of date",
			&probetest.Internet{Skew: 2 * time.Hour, Faults: []probetest.Fault{probetest.StaleRevocation{}}},
			summary{blocked, causes(readiness.CauseRevocation, readiness.CauseClockWrong), endpoints.PhaseNetworkBringUp},
		},
		{
			"DNS leads a name to a walled garden by an alias",
			&probetest.Internet{
				Aliases: map[string]string{"login.live.com": "garden.example"},
				Hosts:   []string{"garden.example"},
				Faults: []probetest.Fault{
					at("login.live.com", probetest.Untrusted{}), at("login.live.com", probetest.WrongName{Names: []string{"garden.example"}}),
				},
			},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseDeviceIdentity},
		},
		{
			"DNS leads names of several owners to one address, where a stranger answers",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Host: "login.live.com", Port: 53, Fault: probetest.Answers{Addrs: []netip.Addr{netip.MustParseAddr("10.9.9.9")}}},
				probetest.At{Host: "ztd.dds.microsoft.com", Port: 53, Fault: probetest.Answers{Addrs: []netip.Addr{netip.MustParseAddr("10.9.9.9")}}},
				probetest.At{Addrs: netip.MustParsePrefix("10.9.9.9/32"), Fault: probetest.Untrusted{}},
				probetest.At{Addrs: netip.MustParsePrefix("10.9.9.9/32"), Fault: probetest.WrongName{}},
			}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseDeviceIdentity},
		},
		{
			"DNS leads a name outside of its published addresses, where a stranger answers",
			&probetest.Internet{Faults: []probetest.Fault{at("login.microsoftonline.com", probetest.Untrusted{}), at("login.microsoftonline.com", probetest.WrongName{})}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseEntraSignIn},
		},
		{
			"a stranger answers for one host at a published address, with a certificate for another name",
			&probetest.Internet{
				Addresses: map[string][]netip.Addr{"login.microsoftonline.com": {netip.MustParseAddr("20.190.160.14")}},
				Faults:    []probetest.Fault{at("login.microsoftonline.com", probetest.Untrusted{}), at("login.microsoftonline.com", probetest.WrongName{})},
			},
			summary{blocked, causes(readiness.CauseTLSUntrusted), endpoints.PhaseEntraSignIn},
		},
		{
			"a stranger answers for one host whose addresses nobody publishes",
			&probetest.Internet{Faults: []probetest.Fault{at("cs.dds.microsoft.com", probetest.Untrusted{}), at("cs.dds.microsoft.com", probetest.WrongName{})}},
			summary{blocked, causes(readiness.CauseTLSUntrusted), endpoints.PhaseProfileDownload},
		},
		{
			"a stranger answers for every host, with one certificate",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Untrusted{}, probetest.WrongName{}}},
			summary{blocked, causes(readiness.CauseTLSUntrusted), endpoints.PhaseDeviceIdentity},
		},
		{
			"the second of two resolvers withholds a name that the first resolves",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.54/32"), Host: "ztd.dds.microsoft.com", Fault: probetest.NXDomain}},
			},
			summary{degraded, causes(readiness.CauseDNSFiltered), ""},
		},
		{
			"the first of two resolvers withholds a name that the second resolves",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Host: "login.live.com", Fault: probetest.NXDomain}},
			},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseDeviceIdentity},
		},
		{
			"DNS withholds the IPv4 address of a name, and not the IPv6 address",
			&probetest.Internet{IPv6: true, Faults: []probetest.Fault{at("login.live.com", probetest.Answers{Type: "A"})}},
			summary{degraded, causes(readiness.CauseDNSFiltered), ""},
		},
		{
			"DNS withholds the IPv4 address of a name that has no other",
			&probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.Answers{Type: "A"})}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseDeviceIdentity},
		},
		{
			"the first of two resolvers answers with a sinkhole",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults:    []probetest.Fault{probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Host: "ztd.dds.microsoft.com", Fault: probetest.Answers{}}},
			},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseProfileDownload},
		},
		{
			"a domain is withheld whose names are required",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "*.dds.microsoft.com", Port: 53, Fault: probetest.NoData{}}}},
			summary{blocked, causes(readiness.CauseDNSFiltered), endpoints.PhaseProfileDownload},
		},
		{
			"the first resolver is dead and a host is blocked",
			&probetest.Internet{
				Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53"), netip.MustParseAddrPort("192.0.2.54:53")},
				Faults: []probetest.Fault{
					probetest.At{Addrs: netip.MustParsePrefix("192.0.2.53/32"), Fault: probetest.Drop{}},
					probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop{}},
				},
			},
			summary{blocked, causes(readiness.CauseHostUnreachable), endpoints.PhaseDeviceIdentity},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := assess(t, autopilot(), tt.net, nil)
				if diff := cmp.Diff(tt.want, summarize(r)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
					for _, c := range r.Causes {
						t.Log(c.Code, c.Title, c.Evidence)
					}
				}
			})
		})
	}
}
