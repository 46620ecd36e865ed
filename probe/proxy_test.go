package probe_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestProxyFacts(t *testing.T) {
	deny := func(status int) probetest.Fault {
		return probetest.At{Port: 3128, Fault: probetest.ProxyDeny{Status: status, Error: "-"}}
	}
	tests := []struct {
		name    string
		fault   probetest.Fault
		https   probe.Code
		http    probe.Code
		status  int
		schemes []string
	}{
		{"authentication", probetest.ProxyAuth{Schemes: []string{"Negotiate", "NTLM"}}, probe.ProxyAuthRequired, probe.ProxyAuthRequired, 407, []string{"Negotiate", "NTLM"}},
		{"403", deny(403), probe.ProxyDenied, probe.ProxyDenied, 403, nil},
		{"405", deny(405), probe.ProxyDenied, probe.ProxyDenied, 405, nil},
		{"302", deny(302), probe.ProxyDenied, probe.ProxyDenied, 302, nil},
		{"501", deny(501), probe.ProxyDenied, probe.ProxyDenied, 501, nil},
		{"500", deny(500), probe.ProxyTargetUnreachable, probe.ProxyTargetUnreachable, 500, nil},
		{"502", deny(502), probe.ProxyTargetUnreachable, probe.ProxyTargetUnreachable, 502, nil},
		{"503", deny(503), probe.ProxyTargetUnreachable, probe.ProxyTargetUnreachable, 503, nil},
		{"504", deny(504), probe.ProxyTargetUnreachable, probe.ProxyTargetUnreachable, 504, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(test.fault)}
				n := i.Network()
				proxied(i, &n)
				for _, o := range []probe.Observation{secure(n).Probe(t.Context(), httpsTarget), plain(n).Probe(t.Context(), httpTarget)} {
					want := test.http
					if o.Target == httpsTarget {
						want = test.https
					}
					if o.Code() != want || o.Error.Addr != "http://proxy.example:3128" {
						t.Errorf("error %v, want %s of the proxy", o.Error, want)
					}
					if o.Proxy.URL != "http://proxy.example:3128" || o.Proxy.Status != test.status {
						t.Errorf("proxy %q, status %d, want %d", o.Proxy.URL, o.Proxy.Status, test.status)
					}
					if diff := cmp.Diff(test.schemes, o.Proxy.Schemes); diff != "" {
						t.Errorf("schemes (-want +got):\n%s", diff)
					}
					if len(o.Proxy.Header) == 0 {
						t.Error("no header that says who answered")
					}
				}
			})
		})
	}
}

// The proxy resolves the target's name.
func TestProxyResolves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}}
		n := i.Network()
		proxied(i, &n)
		for _, p := range []bound{plain(n), secure(n), ncsi(n)} {
			target := httpTarget
			if p.protocol == probe.NCSI {
				target = webTarget
			}
			o := p.Probe(t.Context(), target)
			if !o.OK() || o.DNS.Name != "proxy.example" || o.TCP.Remote.String() != "192.0.2.80:3128" {
				t.Errorf("%s: %v, looked up %q, connected to %s", p.protocol, o.Error, o.DNS.Name, o.TCP.Remote)
			}
		}
		for _, e := range i.Log() {
			if e.Kind == probetest.EventQuery && e.Host != "proxy.example" {
				t.Errorf("%s was looked up", e.Host)
			}
			if e.Kind == probetest.EventConnect && !e.Proxied {
				t.Errorf("connected to %s directly", e.Host)
			}
		}
	})
}

// TCP and DNS probes use no proxy.
func TestProxyIsForHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}}
		n := i.Network()
		var asked []probe.Target
		n.Proxy = func(t probe.Target) (*url.URL, error) {
			asked = append(asked, t)
			return nil, nil
		}
		tcp(n).Probe(t.Context(), tcpTarget)
		ncsi(n).Probe(t.Context(), dnsTarget)
		if len(asked) > 0 {
			t.Errorf("asked for %v", asked)
		}
		plain(n).Probe(t.Context(), probe.Target{Host: host})
		secure(n).Probe(t.Context(), probe.Target{Host: host})
		want := []probe.Target{{Protocol: "http", Host: host, Port: 80, Path: "/"}, {Protocol: "https", Host: host, Port: 443, Path: "/", NoRevocation: true}}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("asked for (-want +got):\n%s", diff)
		}
	})
}

// Credentials are sent, and stay secret whatever happens.
func TestProxyCredentials(t *testing.T) {
	const user, password = "alice@example.com", "s3cr:t/"
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	faults := map[string][]probetest.Fault{
		"accepted":    fault(probetest.ProxyAuth{Basic: basic}),
		"refused":     fault(probetest.ProxyAuth{}),
		"denied":      fault(probetest.ProxyDeny{}),
		"unreachable": fault(ofProxy(probetest.Refuse)),
		"garbage":     fault(ofProxy(probetest.Garbage{})),
		"silent":      fault(ofProxy(probetest.Silence)),
		"unresolved":  fault(probetest.At{Port: 53, Fault: probetest.NXDomain}),
	}
	for name, faults := range faults {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: faults}
				n := i.Network()
				for _, u := range []*url.URL{i.ProxyURL(), i.SecureProxyURL(), i.SOCKSURL()} {
					u.User = url.UserPassword(user, password)
					u.Path, u.RawQuery = "/"+password, password
					n.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
					for _, p := range []bound{plain(n), secure(n), ncsi(n)} {
						target := httpTarget
						if p.protocol == probe.NCSI {
							target = webTarget
						}
						o := p.Probe(t.Context(), target)
						if o.OK() != (name == "accepted") {
							t.Errorf("%s through %s: error %v", p.protocol, u.Scheme, o.Error)
						}
						mustNotHold(t, o, user, password, basic, url.UserPassword(user, password).String())
					}
				}
			})
		})
	}
}

// The facts and the text say how the connection to a proxy failed.
func TestWayToProxy(t *testing.T) {
	at := func(port uint16, f probetest.Fault) []probetest.Fault {
		return fault(probetest.At{Host: "proxy.example", Port: port, Fault: f})
	}
	tests := []struct {
		name    string
		machine func(*probetest.Internet, *probe.Network)
		faults  []probetest.Fault
		op      string
		code    probe.Code
		text    string
	}{
		{"reached", proxied, nil, "", "", ""},
		{"a name that does not exist", proxied, at(53, probetest.NXDomain), probe.OpResolve, probe.DNSNXDomain, "resolve proxy.example: dns.nxdomain: resolver 192.0.2.53:53: NXDOMAIN"},
		{"refused", proxied, at(3128, probetest.Refuse), probe.OpConnect, probe.TCPRefused, "connect 192.0.2.80:3128: tcp.refused"},
		{"silent", proxied, at(3128, probetest.Drop), probe.OpConnect, probe.TCPTimeout, "connect 192.0.2.80:3128: tcp.timeout"},
		{"no way", proxied, at(3128, probetest.Unreachable{}), probe.OpConnect, probe.TCPUnreachable, "connect 192.0.2.80:3128: tcp.unreachable"},
		{"SOCKS refused", through(socksProxy), at(1080, probetest.Refuse), probe.OpConnect, probe.TCPRefused, "connect 192.0.2.80:1080: tcp.refused"},
		{"TLS closed", through(secureProxy), at(3129, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Close}), probe.OpHandshake, probe.TLSClosed, "handshake proxy.example:3129: tls.closed: EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{machine: test.machine, faults: test.faults, prober: secure, target: httpsTarget}
				o := s.observe(t.Context(), s.internet())
				if o.Proxy.Op != test.op || o.Proxy.Code != test.code {
					t.Errorf("failed at %q with %q, want %q, %q", o.Proxy.Op, o.Proxy.Code, test.op, test.code)
				}
				if test.code == "" {
					return
				}
				want := "proxy " + o.Proxy.URL + ": proxy.unreachable: " + test.text
				if o.Error == nil || o.Error.Error() != want || !errors.Is(o.Error, test.code) {
					t.Errorf("error %v\nwant %s, which is %s too", o.Error, want, test.code)
				}
			})
		})
	}
}

// ofProxy limits a fault to the conversation with the proxy.
func ofProxy(f probetest.Fault) probetest.Fault {
	return probetest.At{Addrs: netip.MustParsePrefix("192.0.2.80/32"), Fault: f}
}

// mustNotHold checks that an observation contains no secrets.
func mustNotHold(t *testing.T, o probe.Observation, secrets ...string) {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data) + fmt.Sprintf("%+v", o)
	if o.Error != nil {
		text += o.Error.Error()
	}
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("holds %q: %s", s, text)
		}
	}
}

func TestProxyThatCannotBeUsed(t *testing.T) {
	parse := func(s string) func(probe.Target) (*url.URL, error) {
		return func(probe.Target) (*url.URL, error) { return url.Parse(s) }
	}
	failed := errors.New("no such script: http://alice:secret@proxy")
	tests := []struct {
		name  string
		proxy func(probe.Target) (*url.URL, error)
	}{
		{"SOCKS version 4", parse("socks4://alice:secret@proxy.example:1080")},
		{"SOCKS with a password alone", parse("socks5://:secret@proxy.example:1080")},
		{"SOCKS with a user name that is too long", parse("socks5://alice" + strings.Repeat("x", 251) + ":secret@proxy.example:1080")},
		{"SOCKS with a password that is too long", parse("socks5h://alice:secret" + strings.Repeat("x", 250) + "@proxy.example:1080")},
		{"no scheme", parse("//alice:secret@proxy.example:3128")},
		{"no host", parse("http://alice:secret@:3128")},
		{"no port that exists", parse("http://alice:secret@proxy.example:99999")},
		{"no URL", parse("http://alice:secret@proxy.example:port")},
		{"no answer", func(probe.Target) (*url.URL, error) { return nil, failed }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}}
				n := i.Network()
				n.Proxy = test.proxy
				for _, p := range []bound{plain(n), secure(n), ncsi(n)} {
					target := httpTarget
					if p.protocol == probe.NCSI {
						target = webTarget
					}
					o := p.Probe(t.Context(), target)
					if o.Code() != probe.NotTestable || o.Attempts != 0 || o.Error.Op != probe.OpProxy {
						t.Errorf("%s: %v after %d attempts, want %s of the proxy after none", p.protocol, o.Error, o.Attempts, probe.NotTestable)
					}
					if test.name == "no answer" && !errors.Is(o.Error, failed) {
						t.Errorf("%s: the cause is lost: %v", p.protocol, o.Error)
					}
					mustNotHold(t, o, "secret", "alice")
				}
				if log := i.Log(); len(log) > 0 {
					t.Errorf("contacted %v", log)
				}
			})
		})
	}
}

func TestSchemes(t *testing.T) {
	tests := []struct {
		name   string
		values []string
		want   []string
	}{
		{"none", nil, nil},
		{"one a line", []string{"Negotiate", "NTLM"}, []string{"Negotiate", "NTLM"}},
		{"in one line", []string{`Negotiate, NTLM , Basic realm="a, b", charset="UTF-8"`}, []string{"Negotiate", "NTLM", "Basic"}},
		{"with parameters", []string{`Digest realm="x\"y, Basic", nonce=abc, qop = "auth"`}, []string{"Digest"}},
		{"with a token", []string{"NTLM TlRMTVNTUAAC==, Kerberos"}, []string{"NTLM", "Kerberos"}},
		{"twice", []string{"Basic realm=a", "Basic realm=b"}, []string{"Basic"}},
		{"nothing between commas", []string{",, Basic ,"}, []string{"Basic"}},
		{"not a scheme", []string{"\x00, \"Basic\", é"}, nil},
		{"too many", []string{"a, b, c, d, e, f, g, h, i, j"}, []string{"a", "b", "c", "d", "e", "f", "g", "h"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, probe.Schemes(test.values)); diff != "" {
				t.Errorf("schemes (-want +got):\n%s", diff)
			}
		})
	}
}

// Probes keep their contract through any proxy.
func TestProxiedProbersConform(t *testing.T) {
	for _, proxy := range []string{"http://proxy.example:3128", "https://proxy.example:3129", "socks5://proxy.example:1080"} {
		for _, target := range []probe.Target{httpTarget, httpsTarget} {
			t.Run(string(target.Protocol)+" through "+proxy, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					through := func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
						n.Proxy = func(probe.Target) (*url.URL, error) { return url.Parse(proxy) }
						return n.Probe(ctx, t)
					}
					err := probetest.TestProber(through, target, nil)
					if err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}

// A host that is too slow for its share of the time still shows that it exists.
func TestSlowDirectHost(t *testing.T) {
	for delay, want := range map[time.Duration]probe.Code{700 * time.Millisecond: "", 900 * time.Millisecond: probe.HTTPTimeout, 1200 * time.Millisecond: probe.TLSTimeout} {
		t.Run(delay.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{machine: proxied, faults: fault(probetest.At{Host: host, Network: "tcp", Fault: probetest.Delay{By: delay}}), prober: secure, target: direct(httpsTarget)}
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				o := s.observe(ctx, s.internet())
				if o.Code() != want {
					t.Errorf("error %v, want %q", o.Error, want)
				}
				if o.Proxy != nil || o.TLS == nil || o.TLS.VerifiedBy != "public" || !o.TLS.NameMatches {
					t.Errorf("proxy %v, TLS %+v; want a genuine chain", o.Proxy, o.TLS)
				}
			})
		})
	}
}
