package probe_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A proxy's certificate can be wrong in all the ways that a host's can.
func TestSecureProxyCertificates(t *testing.T) {
	tests := []struct {
		name  string
		fault probetest.Fault
		want  probe.Code // "" if the proxy is accepted
		text  string
	}{
		{"public", nil, "", ""},
		{"of a CA that the machine trusts", probetest.Inspect{}, "", ""},
		{"of an unknown CA", probetest.Untrusted, probe.TLSUntrusted, "this machine does not trust the proxy's certificate, which CN=Probetest Unknown Issuing CA 01,O=Probetest Unknown issued: "},
		{"for another name", probetest.WrongName, probe.TLSNameMismatch, "the proxy's certificate"},
		{"expired", probetest.Expired, probe.TLSExpired, "the proxy's certificate was valid until 1999-12-31"},
		{"of tomorrow", probetest.Certificate{From: 1e15, Until: 2e15}, probe.TLSNotYetValid, "the proxy's certificate is valid from 2000-01-12"},
		{"and a version that is too old", probetest.TLSVersions{Max: 0x0302}, probe.TLSVersion, ""},
		{"and no TLS", probetest.Garbage{}, probe.TLSNotTLS, ""},
		{"and an alert", probetest.Alert{}, probe.TLSAlert, "handshake failure"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.At{Port: 3129, Fault: test.fault})}
				n := i.Network()
				through(secureProxy)(i, &n)
				o := secure(n).Probe(t.Context(), httpsTarget)
				if test.want == "" {
					f := o.Proxy.TLS
					if !o.OK() || f.VerifiedBy != "machine" || o.TLS.VerifiedBy != "public" || !f.NameMatches || f.ValidUntil.IsZero() || !f.ValidFrom.Before(f.ValidUntil) {
						t.Errorf("error %v, the proxy is %+v", o.Error, f)
					}
					if f.ServerName != "proxy.example" || f.Version != "TLS 1.3" || f.CipherSuite == "" || len(f.Chain) != 2 {
						t.Errorf("the proxy is %+v", f)
					}
					return
				}
				if o.Code() != probe.ProxyUnreachable || !errors.Is(o.Error, test.want) || !strings.Contains(o.Error.Error(), test.text) {
					t.Errorf("error %v\nwant %s because of %s: %s", o.Error, probe.ProxyUnreachable, test.want, test.text)
				}
				if o.TLS != nil || o.Proxy.TLS == nil {
					t.Errorf("the handshake is taken for the target's: %+v, %+v", o.TLS, o.Proxy.TLS)
				}
				for _, e := range i.Log() {
					if e.Kind == probetest.EventRequest {
						t.Errorf("a proxy that is not trusted was asked for %s", e.Detail)
					}
				}
			})
		})
	}
}

// The response itself tells whether a proxy or the host refused.
func TestWhoDenied(t *testing.T) {
	header := func(name, value string) http.Header { return http.Header{name: {value}} }
	tests := []struct {
		name   string
		status int
		header http.Header
		want   probe.Code // "" if the host answered
	}{
		{"403", 403, nil, ""},
		{"403 that the proxy passed on", 403, header("Via", "1.1 proxy.example (squid/6.13)"), ""},
		{"403 and how the proxy cached it", 403, header("X-Cache", "MISS from proxy.example"), ""},
		{"403 that Squid made", 403, header("X-Squid-Error", "ERR_ACCESS_DENIED 0"), probe.ProxyDenied},
		{"403 of a proxy's software", 403, header("Server", "tinyproxy/1.11.1"), probe.ProxyDenied},
		{"403 of a proxy's software without a version", 403, header("Server", "squid"), probe.ProxyDenied},
		{"403 of a web server", 403, header("Server", "squidguardian/1"), ""},
		{"403 that the proxy owns up to", 403, header("Proxy-Status", `other.example; error=http_request_denied, Proxy.Example; error=http_request_denied; details="a; b, c"`), probe.ProxyDenied},
		{"403 that the proxy owns up to with its port", 403, header("Proxy-Status", `"proxy.example:3128";error=http_request_denied`), probe.ProxyDenied},
		{"403 of a proxy before the host", 403, header("Proxy-Status", `cdn.example; error=http_request_denied`), ""},
		{"403 of a proxy before the host, passed on", 403, header("Proxy-Status", `cdn.example; error=http_request_denied, proxy.example; received-status=403`), ""},
		{"451 that names who blocks", 451, header("Link", "<http://law.example>; rel=blocked-by"), probe.ProxyDenied},
		{"502", 502, nil, probe.ProxyTargetUnreachable},
		{"503", 503, nil, ""},
		{"503 that Squid made of a rule", 503, header("X-Squid-Error", "ERR_ACCESS_DENIED 0"), probe.ProxyDenied},
		{"503 of a proxy before the host that was denied", 503, header("Proxy-Status", `cdn.example; error=http_request_denied`), ""},
		{"503 that the proxy owns up to as denied", 503, header("Proxy-Status", `proxy.example; error=http_request_denied`), probe.ProxyDenied},
		{"403 that the proxy owns up to as not reached", 403, header("Proxy-Status", `proxy.example; error=connection_timeout`), probe.ProxyTargetUnreachable},
		{"503 that the proxy owns up to", 503, header("Proxy-Status", `proxy.example; error=connection_refused`), probe.ProxyTargetUnreachable},
		{"504", 504, nil, probe.ProxyTargetUnreachable},
		{"407", 407, nil, probe.ProxyAuthRequired},
		{"401 with a scheme", 401, header("Www-Authenticate", "Negotiate"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.Page{Status: test.status, Header: test.header})}
				n := i.Network()
				proxied(i, &n)
				o := plain(n).Probe(t.Context(), httpTarget)
				if o.Code() != test.want || o.HTTP.Status != test.status {
					t.Errorf("error %v, status %d, want %q and %d", o.Error, o.HTTP.Status, test.want, test.status)
				}
			})
		})
	}
}

// Squid's name of the page gives the reason, whatever status the administrator
// set. Source: src/error/forward.h of Squid 6.
func TestSquidSaysWhy(t *testing.T) {
	const denied, failed = probe.ProxyDenied, probe.ProxyTargetUnreachable
	tests := []struct {
		name   string
		page   string
		status int
		want   probe.Code
	}{
		{"a rule", "ERR_ACCESS_DENIED", 403, denied},
		{"a rule with the status of a failure", "ERR_ACCESS_DENIED", 503, denied},
		{"a rule with the status of success", "ERR_ACCESS_DENIED", 200, denied},
		{"a rule for those who have not logged in", "ERR_CACHE_ACCESS_DENIED", 403, denied},
		{"a challenge to log in", "ERR_CACHE_ACCESS_DENIED", 407, probe.ProxyAuthRequired},
		{"a rule for what is not in the cache", "ERR_FORWARDING_DENIED", 403, denied},
		{"no relaying", "ERR_NO_RELAY", 501, denied},
		{"too large", "ERR_TOO_BIG", 403, denied},
		{"a protocol that it does not speak", "ERR_UNSUP_REQ", 501, denied},
		{"a host that has another address", "ERR_CONFLICT_HOST", 409, denied},
		{"an administrator's page", "ERR_CONTOSO_BLOCKED", 503, denied},
		{"an administrator's redirect", "302 Access Denied", 302, denied},
		{"no way", "ERR_CANNOT_FORWARD", 503, failed},
		{"no connection", "ERR_CONNECT_FAIL", 503, failed},
		{"no connection, with the status of a rule", "ERR_CONNECT_FAIL", 403, failed},
		{"no TLS", "ERR_SECURE_CONNECT_FAIL", 503, failed},
		{"no such name", "ERR_DNS_FAIL", 503, failed},
		{"no answer in time", "ERR_READ_TIMEOUT", 504, failed},
		{"no answer", "ERR_ZERO_SIZE_OBJECT", 502, failed},
		{"no answer over HTTP", "ERR_INVALID_RESP", 502, failed},
		{"a scanner that is down", "ERR_ICAP_FAILURE", 500, failed},
		{"going down", "ERR_SHUTTING_DOWN", 503, failed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				refused := probetest.At{Port: 3128, Fault: probetest.ProxyDeny{Status: test.status, Error: test.page}}
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(refused)}
				n := i.Network()
				proxied(i, &n)
				for _, o := range []probe.Observation{secure(n).Probe(t.Context(), httpsTarget), plain(n).Probe(t.Context(), httpTarget)} {
					if o.Target == httpsTarget && test.status == 200 {
						continue // it is a tunnel
					}
					if o.Code() != test.want {
						t.Errorf("%s: error %v, want %s", o.Target, o.Error, test.want)
					}
					quoted := map[string]bool{}
					for name := range o.Proxy.Header {
						quoted[name+": "+o.Proxy.Header.Get(name)] = true
					}
					for _, field := range []string{"Via: 1.1 proxy.example", "X-Squid-Error: " + test.page + " 0"} {
						if !quoted[field] && test.status != 407 {
							t.Errorf("%s: no %q in %v", o.Target, field, o.Proxy.Header)
						}
					}
				}
			})
		})
	}
}

// A middlebox other than the proxy can answer like this too.
func TestSquidInterceptsAndSaysWhy(t *testing.T) {
	page := func(status int, reason string) []probetest.Fault {
		return fault(probetest.Page{Status: status, Header: http.Header{"X-Squid-Error": {reason}, "Via": {"1.1 filter.example (squid/6.13)"}}})
	}
	tests := []situation{
		{name: "a rule", faults: page(403, "ERR_ACCESS_DENIED 0"), code: probe.HTTPBlockPage},
		{name: "a rule with the status of a failure", faults: page(503, "ERR_ACCESS_DENIED 0"), code: probe.HTTPBlockPage},
		{name: "an administrator's page", faults: page(503, "ERR_CONTOSO_BLOCKED 0"), code: probe.HTTPBlockPage},
		{name: "no connection", faults: page(503, "ERR_CONNECT_FAIL 110"), code: probe.ProxyTargetUnreachable},
		{name: "no connection, with the status of a rule", faults: page(403, "ERR_CONNECT_FAIL 110"), code: probe.ProxyTargetUnreachable},
	}
	for _, s := range tests {
		t.Run(s.name, func(t *testing.T) {
			s.prober, s.target, s.op = plain, httpTarget, probe.OpRequest
			s.test(t)
		})
	}
}

// Of a proxy's challenge, only the scheme is kept.
func TestChallengesAreNotKept(t *testing.T) {
	const secret = "Kxq7realm"
	answer := "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"" + secret + "\"\r\nProxy-Authenticate: NTLM " + secret +
		"\r\nProxy-Authenticate: Negotiate\r\nVia: 1.1 gateway\r\n\r\n"
	n := webScripted([]byte(answer))
	want := probe.Header{"Proxy-Authenticate": {"Basic, NTLM, Negotiate"}, "Via": {"1.1 gateway"}}
	direct := plain(n).Probe(t.Context(), probe.Target{Host: "203.0.113.1"})
	if diff := cmp.Diff(want, direct.HTTP.Header); diff != "" || direct.Code() != probe.ProxyAuthRequired {
		t.Errorf("error %v, header (-want +got):\n%s", direct.Error, diff)
	}
	n.Proxy = func(probe.Target) (*url.URL, error) { return url.Parse("http://203.0.113.2:3128") }
	for _, p := range []bound{plain(n), secure(n)} {
		o := p.Probe(t.Context(), probe.Target{Host: "203.0.113.1"})
		if diff := cmp.Diff(want, o.Proxy.Header); diff != "" {
			t.Errorf("%s: header (-want +got):\n%s", p.protocol, diff)
		}
		if diff := cmp.Diff([]string{"Basic", "NTLM", "Negotiate"}, o.Proxy.Schemes); diff != "" {
			t.Errorf("%s: schemes (-want +got):\n%s", p.protocol, diff)
		}
		mustNotHold(t, o, secret)
	}
}

// Bytes from the host that arrive with the proxy's response are not lost.
func TestTunnelBeginsAtOnce(t *testing.T) {
	const alert = "\x15\x03\x03\x00\x02\x02\x46" // protocol_version
	n := webScripted([]byte("HTTP/1.1 200 Connection established\r\n\r\n" + alert))
	n.Proxy = func(probe.Target) (*url.URL, error) { return url.Parse("http://203.0.113.2:3128") }
	if o := secure(n).Probe(t.Context(), probe.Target{Host: "203.0.113.1"}); o.Code() != probe.TLSVersion {
		t.Errorf("error %v, want %s", o.Error, probe.TLSVersion)
	}
}
