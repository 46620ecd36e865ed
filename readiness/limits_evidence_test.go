package readiness_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// evidence returns all evidence of a report.
func evidence(r *readiness.Report) string {
	var out []string
	for _, c := range r.Causes {
		out = append(out, c.Evidence...)
	}
	return strings.Join(out, "\n")
}

// Evidence says where a host failed, how, and what it sent.
func TestWordsOfOneHost(t *testing.T) {
	const proto, at = "https owner0.example:443", "https owner0.example:443 at 203.0.113.1: "
	day := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	chain := func(c probe.Certificate) func(o *probe.Observation) {
		return func(o *probe.Observation) {
			c.NotBefore, c.NotAfter, c.Issuer = day, day.AddDate(1, 0, 0), "CN=CA"
			o.TLS.Chain = []probe.Certificate{c}
		}
	}
	revoked := func(url string) func(o *probe.Observation) {
		return func(o *probe.Observation) {
			o.Revocation = &probe.RevocationFacts{Code: probe.TLSRevoked, Sources: []probe.Document{
				{URL: "http://crl.example", Serial: "0b", Status: "good"}, {URL: url, Serial: "0a", Status: probe.StatusRevoked, RevokedAt: day},
			}}
		}
	}
	for _, tt := range []struct {
		name   string
		op     string
		code   probe.Code
		change func(o *probe.Observation)
		want   string
	}{
		{"a page with a title", probe.OpRequest, probe.HTTPStatus, func(o *probe.Observation) { o.HTTP.Status, o.HTTP.Title = 403, "Blocked" }, at + `an unexpected status, status 403 and a page titled "Blocked" (http.status)`},
		{"a page without one", probe.OpRequest, probe.HTTPStatus, func(o *probe.Observation) { o.HTTP.Status = 404 }, at + `an unexpected status, status 404: "This is owner0.example" (http.status)`},
		{"an alert, and a page of before", probe.OpHandshake, probe.TLSAlert, func(o *probe.Observation) { o.HTTP.Title = "Blocked" }, at + "TLS handshake ended by an alert (tls.alert)"},
		{"an alert that is known", probe.OpHandshake, probe.TLSAlert, func(o *probe.Observation) { o.TLS.Alert = "handshake failure" }, at + `TLS handshake ended by an alert, "handshake failure" (tls.alert)`},
		{"a certificate for others", probe.OpHandshake, probe.TLSNameMismatch, chain(probe.Certificate{Subject: "CN=a", DNSNames: []string{"a.example", "b.example"}}), at + `a certificate for another name; the certificate is for "a.example, b.example", valid from 2026-10-01 to 2027-10-01, issued by "CN=CA" (tls.name_mismatch)`},
		{"a certificate without names", probe.OpHandshake, probe.TLSNameMismatch, chain(probe.Certificate{Subject: "CN=a"}), at + `a certificate for another name; the certificate is for "CN=a", valid`},
		{"a revoked certificate", probe.OpRevocation, probe.TLSRevoked, revoked("http://ocsp.example"), at + "a revoked certificate; http://ocsp.example says certificate 0a was revoked on 2026-10-01 (tls.revoked)"},
		{"a revoked certificate, as the server says", probe.OpRevocation, probe.TLSRevoked, revoked(""), at + "a revoked certificate; the server itself (OCSP stapling) says certificate 0a was revoked on 2026-10-01 (tls.revoked)"},
		{"a certificate that was revoked, nobody knows by whom", probe.OpRevocation, probe.TLSRevoked, func(*probe.Observation) {}, at + "a revoked certificate (tls.revoked)"},
		{"two addresses", probe.OpConnect, probe.TCPTimeout, func(o *probe.Observation) {
			o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: o.TCP.Remote, Code: probe.TCPTimeout}, {Addr: netip.AddrPortFrom(address4(1), 443), Code: probe.TCPTimeout}}}
		}, proto + " at 203.0.113.1, 203.0.113.2: no answer to the connection request (tcp.timeout)"},
		{"no address", probe.OpConnect, probe.TCPTimeout, func(o *probe.Observation) { o.TCP = nil }, proto + ": no answer to the connection request (tcp.timeout)"},
		{"a proxy that says why", probe.OpProxy, probe.ProxyTargetUnreachable, func(o *probe.Observation) {
			o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128", Status: 503, Header: probe.Header{"Via": {"1.1 squid"}, "Proxy-Status": {"squid; error=dns_error"}}}
		}, proto + " through http://proxy.example:3128: not reached by the proxy, status 503, Proxy-Status: squid; error=dns_error, Via: 1.1 squid (proxy.target_unreachable)"},
		{"a proxy that says nothing", probe.OpProxy, probe.ProxyTargetUnreachable, func(o *probe.Observation) {
			o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"}
		}, proto + " through http://proxy.example:3128: not reached by the proxy (proxy.target_unreachable)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, each(3), over(probe.HTTPS, 1, func(_ int, o *probe.Observation) {
				o.Error = &probe.Error{Op: tt.op, Code: tt.code}
				tt.change(o)
			}))
			if got := evidence(r); !strings.Contains(got, tt.want) {
				t.Errorf("evidence %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Evidence quotes what resolvers said of a name.
func TestWordsOfResolvers(t *testing.T) {
	const by = "192.0.2.53:53 "
	soa := &probe.SOARecord{Owner: "owner0.example", MName: "dc1.corp.example"}
	for _, tt := range []struct {
		name  string
		query probe.DNSQuery
		want  string
	}{
		{"denied", probe.DNSQuery{Code: probe.DNSNXDomain}, by + "reported that the name does not exist (dns.nxdomain): owner0.example"},
		{"denied with a SOA record", probe.DNSQuery{Code: probe.DNSNXDomain, SOA: soa}, by + "reported that the name does not exist (dns.nxdomain): owner0.example"},
		{"denied by its own authority", probe.DNSQuery{Code: probe.DNSNXDomain, Authoritative: true}, by + "reported that the name does not exist (dns.nxdomain): owner0.example"},
		{"denied by its own zone", probe.DNSQuery{Code: probe.DNSNXDomain, Authoritative: true, SOA: soa}, by + "reported that the name does not exist (dns.nxdomain, from its own zone owner0.example on dc1.corp.example): owner0.example"},
		{"denied by a private zone", probe.DNSQuery{Code: probe.DNSNXDomain, SOA: azurePrivate("owner0.example")}, by + "reported that the name does not exist (dns.nxdomain, from the Azure private DNS zone owner0.example): owner0.example"},
		{
			"blocked",
			probe.DNSQuery{Code: probe.DNSBlocked, Addresses: []netip.Addr{address4(65)}, Extended: []probe.ExtendedError{{InfoCode: 15, Text: "Filter"}}},
			by + `reported that the name is blocked (dns.blocked, [203.0.113.66], extended error 15 "Filter"): owner0.example`,
		},
		{"too large an answer", probe.DNSQuery{Code: probe.DNSTimeout, Truncated: true}, by + "sent a truncated answer over UDP, and over TCP port 53 did not answer (dns.timeout): owner0.example"},
		{"no answer", probe.DNSQuery{Code: probe.DNSTimeout}, by + "did not answer (dns.timeout): owner0.example"},
		{"a failure over TCP", probe.DNSQuery{Code: probe.DNSServFail, Truncated: true}, by + "reported a server failure (dns.servfail): owner0.example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.Resolver, tt.query.Type = resolver, "A"
			r := reportOf(t, each(3), func(k int, o *probe.Observation) {
				if k == 0 {
					o.DNS = &probe.DNSFacts{Name: o.Target.Host, Queries: []probe.DNSQuery{tt.query}}
					o.TCP, o.TLS, o.HTTP, o.Error = nil, nil, nil, &probe.Error{Op: probe.OpResolve, Code: tt.query.Code}
				}
			})
			if got := evidence(r); !strings.Contains(got, tt.want) {
				t.Errorf("evidence %s\nwant %s", got, tt.want)
			}
		})
	}
}

// A remedy names what was tested where the document has a blank.
func TestRemediesFillInBlanks(t *testing.T) {
	c, err := new(endpoints.Catalog).With(endpoint(t, "mail", "{tenant}.mail.example", nil, "tcp/443 https"), endpoint(t, "mail", "*.example", nil, "tcp/443 https"))
	if err != nil {
		t.Fatal(err)
	}
	p := planOn(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"}, c, probe.Network{})
	r := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, host("contoso.mail.example")), fatal())
	if len(r.Causes) != 1 || !slices.Equal(r.Causes[0].Names, []string{"contoso.mail.example"}) {
		t.Errorf("causes %+v, want one that names contoso.mail.example", r.Causes)
	}
}

// A query for a proxy is told with the name of the proxy.
func TestWordsOfResolversOfProxies(t *testing.T) {
	r := reportOf(t, each(3), func(_ int, o *probe.Observation) {
		o.Proxy = &probe.ProxyFacts{URL: "http://proxy.corp.example:3128"}
		o.DNS = &probe.DNSFacts{Name: "proxy.corp.example", Queries: []probe.DNSQuery{{Resolver: resolver, Type: "A", Code: probe.DNSServFail}}}
		o.TCP, o.TLS, o.HTTP, o.Error = nil, nil, nil, &probe.Error{Op: probe.OpResolve, Addr: "proxy.corp.example", Code: probe.DNSServFail}
	})
	if got, want := evidence(r), "192.0.2.53:53 reported a server failure (dns.servfail): proxy.corp.example"; !strings.Contains(got, want) {
		t.Errorf("evidence %s\nwant %s", got, want)
	}
}

// A remedy names first what matters most: what decides, then what is needed early.
func TestRemediesNameTheGravestFirst(t *testing.T) {
	list := ownHosts(t, 5, false, "tcp/443 https").Endpoints()
	for k := range list {
		list[k].Phase = endpoints.PhaseDeviceApps
	}
	list[1].Service, list[1].Need = "notes", endpoints.Optional
	list[3].Phase = endpoints.PhaseNetworkBringUp
	list[4].Service, list[4].Decisive = "calendar", true
	p := planOn(t, autopilot(), dated(t, append(list, endpoint(t, "mail", list[4].Host.String(), nil, "tcp/443 https"))), probe.Network{})
	obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(probe.Target) bool { return true })
	for i := range obs {
		obs[i].DNS = &probe.DNSFacts{Name: obs[i].Target.Host, Addresses: []netip.Addr{address4(i)}}
		obs[i].TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: netip.AddrPortFrom(address4(i), 443), Code: probe.TCPTimeout}}}
	}
	const want = "TCP 443 to host.owner4.example, host.owner3.example, host.owner0.example, host.owner2.example, host.owner1.example"
	r := judge(t, p, obs, readiness.Policy{})
	if len(r.Causes) != 1 || !strings.Contains(r.Causes[0].Remedy, want) {
		t.Errorf("causes %+v, want %q in the remedy", r.Causes, want)
	}
}
