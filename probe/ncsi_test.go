package probe_test

import (
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestNCSIFacts(t *testing.T) {
	const (
		name4, name6 = "www.msftconnecttest.com", "ipv6.msftconnecttest.com"
		content      = "Microsoft Connect Test"
		failed       = "ActiveHttpProbeFailed"
		failedWeb    = "ActiveHttpProbeFailedButDnsSucceeded"
		hotspot      = "ActiveHttpProbeFailedHotspotDetected"
	)
	good4 := &probe.NCSIAnswer{Host: name4, Status: 200, Body: content}
	good6 := &probe.NCSIAnswer{Host: name6, Status: 200, Body: content}
	bad := func(host string, code probe.Code) *probe.NCSIAnswer {
		return &probe.NCSIAnswer{Host: host, Code: code}
	}
	v4 := func(f probetest.Fault) probetest.Fault { return probetest.At{Host: name4, Fault: f} }
	v6 := func(f probetest.Fault) probetest.Fault { return probetest.At{Host: name6, Fault: f} }
	v4tcp := func(f probetest.Fault) probetest.Fault { return probetest.At{Host: name4, Port: 80, Fault: f} }
	v6tcp := func(f probetest.Fault) probetest.Fault { return probetest.At{Host: name6, Port: 80, Fault: f} }
	tests := []struct {
		name    string
		faults  []probetest.Fault
		machine func(*probetest.Internet, *probe.Network)
		want    probe.NCSIFacts
		code    probe.Code
		took    time.Duration
	}{
		{
			name: "both families",
			want: probe.NCSIFacts{IPv4: good4, IPv6: good6},
		},
		{
			name: "IPv6 refused", faults: fault(v6tcp(probetest.Refuse)),
			want: probe.NCSIFacts{IPv4: good4, IPv6: bad(name6, probe.TCPRefused)},
		},
		{
			name: "IPv6 silent", faults: fault(v6tcp(probetest.Drop)),
			want: probe.NCSIFacts{IPv4: good4, IPv6: bad(name6, probe.TCPTimeout)}, took: 2 * time.Second,
		},
		{
			name: "IPv6 silent after the request", faults: fault(v6tcp(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence})),
			want: probe.NCSIFacts{IPv4: good4, IPv6: bad(name6, probe.HTTPTimeout)}, took: 2 * time.Second,
		},
		{
			name: "IPv4 silent", faults: fault(v4tcp(probetest.Drop)),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.TCPTimeout), IPv6: good6}, took: 2 * time.Second,
		},
		{
			name: "no IPv6 addresses", faults: fault(v6(probetest.NoData)),
			want: probe.NCSIFacts{IPv4: good4},
		},
		{
			name: "no IPv4 addresses", faults: fault(v4(probetest.DNSAnswer{Type: "A", Empty: true})),
			want: probe.NCSIFacts{IPv6: good6},
		},
		{
			name: "IPv4 addresses withheld, and IPv6 open", faults: fault(v4(probetest.DNSAnswer{Type: "A", Sinkhole: true})),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.DNSSinkhole), IPv6: good6},
		},
		{
			name: "IPv6 addresses withheld", faults: fault(v6(probetest.DNSAnswer{Type: "AAAA", Sinkhole: true})),
			want: probe.NCSIFacts{IPv4: good4, IPv6: bad(name6, probe.DNSSinkhole)},
		},
		{
			name: "no addresses at all", faults: fault(probetest.NoData),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.DNSNoData), Reason: failed}, code: probe.DNSNoData,
		},
		{
			name: "no IPv4 addresses on a machine without IPv6", faults: fault(v4(probetest.NoData), v6tcp(probetest.Unreachable{})),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.DNSNoData), IPv6: bad(name6, probe.TCPUnreachable), Reason: failed}, code: probe.DNSNoData,
		},
		{
			name: "no IPv4 addresses, and IPv6 silent", faults: fault(v4(probetest.NoData), v6tcp(probetest.Drop)),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.DNSNoData), IPv6: bad(name6, probe.TCPTimeout), Reason: failed}, code: probe.DNSNoData, took: 10 * time.Second,
		},
		{
			name: "no IPv4 addresses, and someone else on IPv6", faults: fault(v4(probetest.NoData), v6(probetest.Page{Status: 404})),
			want: probe.NCSIFacts{IPv6: &probe.NCSIAnswer{Host: name6, Status: 404, Code: probe.HTTPStatus}, Reason: hotspot}, code: probe.HTTPStatus,
		},
		{
			name: "an IPv4 name that does not exist, on a machine without IPv6", faults: fault(v4(probetest.NXDomain), v6tcp(probetest.Unreachable{})),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.DNSNXDomain), IPv6: bad(name6, probe.TCPUnreachable), Reason: failed}, code: probe.DNSNXDomain,
		},
		{
			name: "names that do not exist", faults: fault(probetest.NXDomain),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.DNSNXDomain), IPv6: bad(name6, probe.DNSNXDomain), Reason: failed}, code: probe.DNSNXDomain,
		},
		{
			name: "a portal on IPv4, and IPv6 open", faults: fault(v4(probetest.Portal{})),
			want: probe.NCSIFacts{
				IPv4: &probe.NCSIAnswer{Host: name4, Status: 302, Location: "http://portal.example/login", Body: "<a href=\"http://portal.example/login\">Found</a>.", Code: probe.HTTPCaptivePortal},
				IPv6: good6,
			},
		},
		{
			name: "a portal on IPv6, and IPv4 refused", faults: fault(v6(probetest.Portal{Status: 511}), v4tcp(probetest.Refuse)),
			want: probe.NCSIFacts{
				IPv4:   bad(name4, probe.TCPRefused),
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 511, Body: "<html><head><meta http-equiv=refresh content=\"0; url=http://portal.example/login\"></head><body>Please sign in.</body></html>", Code: probe.HTTPCaptivePortal},
				Reason: hotspot,
			},
			code: probe.HTTPCaptivePortal,
		},
		{
			name: "a proxy", machine: proxied,
			want: probe.NCSIFacts{Proxied: good4},
		},
		{
			name: "a missing proxy", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Refuse}),
			want: probe.NCSIFacts{Proxied: bad(name4, probe.ProxyUnreachable), Reason: failed}, code: probe.ProxyUnreachable,
		},
		{
			name: "garbage", faults: fault(probetest.At{Port: 80, Fault: probetest.Garbage{}}),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.HTTPMalformed), IPv6: bad(name6, probe.HTTPMalformed), Reason: failedWeb}, code: probe.HTTPMalformed,
		},
		{
			name: "resets", faults: fault(probetest.At{Port: 80, Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}}),
			want: probe.NCSIFacts{IPv4: bad(name4, probe.HTTPReset), IPv6: bad(name6, probe.HTTPReset), Reason: failedWeb}, code: probe.HTTPReset,
		},
		{
			name: "404", faults: fault(probetest.Page{Status: 404}),
			want: probe.NCSIFacts{
				IPv4:   &probe.NCSIAnswer{Host: name4, Status: 404, Code: probe.HTTPStatus},
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 404, Code: probe.HTTPStatus},
				Reason: hotspot,
			},
			code: probe.HTTPStatus,
		},
		{
			name: "204", faults: fault(probetest.Page{Status: 204}),
			want: probe.NCSIFacts{
				IPv4:   &probe.NCSIAnswer{Host: name4, Status: 204, Code: probe.HTTPCaptivePortal},
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 204, Code: probe.HTTPCaptivePortal},
				Reason: hotspot,
			},
			code: probe.HTTPCaptivePortal,
		},
		{
			name: "the right body under another status", faults: fault(probetest.Page{Status: 203, Body: content}),
			want: probe.NCSIFacts{
				IPv4:   &probe.NCSIAnswer{Host: name4, Status: 203, Body: content, Code: probe.HTTPCaptivePortal},
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 203, Body: content, Code: probe.HTTPCaptivePortal},
				Reason: hotspot,
			},
			code: probe.HTTPCaptivePortal,
		},
		{
			name: "the right body and a line break, cut short", faults: raw("HTTP/1.1 200 OK\nContent-Length: 40\n\n" + content + "\r\n"),
			want: probe.NCSIFacts{
				IPv4:   &probe.NCSIAnswer{Host: name4, Status: 200, Body: content, Code: probe.HTTPCaptivePortal},
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 200, Body: content, Code: probe.HTTPCaptivePortal},
				Reason: hotspot,
			},
			code: probe.HTTPCaptivePortal,
		},
		{
			name: "the right body, cut short", faults: raw("HTTP/1.1 200 OK\nContent-Length: 22\n\nMicrosoft C"),
			want: probe.NCSIFacts{
				IPv4:   &probe.NCSIAnswer{Host: name4, Status: 200, Body: "Microsoft C", Code: probe.HTTPTruncated},
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 200, Body: "Microsoft C", Code: probe.HTTPTruncated},
				Reason: failedWeb,
			},
			code: probe.HTTPTruncated,
		},
		{
			name: "another body, cut short", faults: raw("HTTP/1.1 200 OK\nContent-Length: 22\n\nMicrosoft X"),
			want: probe.NCSIFacts{
				IPv4:   &probe.NCSIAnswer{Host: name4, Status: 200, Body: "Microsoft X", Code: probe.HTTPCaptivePortal},
				IPv6:   &probe.NCSIAnswer{Host: name6, Status: 200, Body: "Microsoft X", Code: probe.HTTPCaptivePortal},
				Reason: hotspot,
			},
			code: probe.HTTPCaptivePortal,
		},
		{
			name: "a line break after the body", faults: fault(probetest.Page{Body: content + "\r\n"}),
			want: probe.NCSIFacts{
				IPv4: &probe.NCSIAnswer{Host: name4, Status: 200, Body: content},
				IPv6: &probe.NCSIAnswer{Host: name6, Status: 200, Body: content},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := situation{faults: test.faults, ipv6: true, machine: test.machine, prober: ncsi, target: webTarget}
			synctest.Test(t, func(t *testing.T) {
				i := s.internet()
				i.Latency = 0
				o := s.observe(t.Context(), i)
				if diff := cmp.Diff(&test.want, o.NCSI, cmpopts.IgnoreFields(probe.NCSIAnswer{}, "Addresses")); diff != "" {
					t.Errorf("NCSI facts (-want +got):\n%s", diff)
				}
				if o.Code() != test.code || o.Duration != test.took {
					t.Errorf("error %v after %v, want %q after %v", o.Error, o.Duration, test.code, test.took)
				}
				if o.OK() && (o.HTTP == nil || o.HTTP.Status != 200) {
					t.Errorf("HTTP facts = %+v, want those of the family that decides", o.HTTP)
				}
				checkSteps(t, o)
			})
		})
	}
}

// The steps of both families are told, each once.
func TestNCSISteps(t *testing.T) {
	const name4, name6 = "www.msftconnecttest.com", "ipv6.msftconnecttest.com"
	refused := func(name string) probetest.Fault { return probetest.At{Host: name, Port: 80, Fault: probetest.Refuse} }
	for _, tt := range []struct {
		name   string
		faults []probetest.Fault
		want   []string
	}{
		{"IPv6 is refused", fault(refused(name6)), []string{"body ", "connect IPv4 ", "connect IPv6 tcp.refused", "request "}},
		{"IPv6 is silent, and was waited for no longer", fault(probetest.At{Host: name6, Port: 80, Fault: probetest.Drop}), []string{"body ", "connect IPv4 ", "connect IPv6 canceled", "request "}},
		{
			"IPv6 is silent after the request", fault(probetest.At{Host: name6, Port: 80, Stage: probetest.AfterRequest, Fault: probetest.Silence}),
			[]string{"body ", "connect IPv4 ", "connect IPv6 ", "request ", "request http.timeout"},
		},
		{"IPv4 is refused", fault(refused(name4)), []string{"body ", "connect IPv4 tcp.refused", "connect IPv6 ", "request "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{IPv6: true, Faults: tt.faults}
				var got []string
				for _, s := range i.Network().Probe(t.Context(), webTarget).Steps {
					line := s.Op + " "
					switch addr, err := netip.ParseAddrPort(s.Addr); {
					case s.Op == probe.OpResolve:
						if s.Error != nil {
							t.Errorf("a lookup failed: %v", s.Error)
						}
						continue
					case err == nil && addr.Addr().Is4():
						line += "IPv4 "
					case err == nil:
						line += "IPv6 "
					}
					if s.Error != nil {
						line += string(s.Error.Code)
					}
					got = append(got, line)
				}
				slices.Sort(got) // both families are tried at once
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestNCSIAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{IPv6: true}
		o := ncsi(i.Network()).Probe(t.Context(), webTarget)
		if a := o.NCSI.IPv4.Addresses; len(a) != 1 || !a[0].Is4() {
			t.Errorf("addresses over IPv4 = %v", a)
		}
		if a := o.NCSI.IPv6.Addresses; len(a) != 1 || !a[0].Is6() {
			t.Errorf("addresses over IPv6 = %v", a)
		}
	})
}

func TestNCSIDNS(t *testing.T) {
	list := func(addrs ...string) probetest.Fault {
		var a probetest.DNSAnswer
		for _, s := range addrs {
			a.Addrs = append(a.Addrs, netip.MustParseAddr(s))
		}
		return a
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		code   probe.Code
	}{
		{"as Microsoft has it", nil, ""},
		{"without the private address", fault(probetest.DNSAnswer{Type: "AAAA", Empty: true}), ""},
		{"the private address alone", fault(probetest.DNSAnswer{Type: "A", Empty: true}), ""},
		{"another address", fault(list("203.0.113.9")), probe.NCSIDNSMismatch},
		{"a sinkhole", fault(probetest.Sinkhole), probe.DNSSinkhole},
		{"a name that does not exist", fault(probetest.NXDomain), probe.DNSNXDomain},
		{"a dead resolver", fault(probetest.Drop), probe.DNSTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Faults: test.faults}
				o := i.Network().Probe(t.Context(), dnsTarget)
				reason := ""
				if test.code != "" {
					reason = "ActiveDnsProbeFailed"
				}
				if o.Code() != test.code || o.NCSI.DNS.Code != test.code || o.NCSI.Reason != reason || o.NCSI.IPv4 != nil {
					t.Errorf("error %v, facts %+v, reason %q; want %q, %q", o.Error, o.NCSI.DNS, o.NCSI.Reason, test.code, reason)
				}
				checkSteps(t, o)
			})
		})
	}
}

// A portal that answers for every name is seen by the web probe, and by the
// address that the DNS probe gets, which tells where it is.
func TestNCSIOfPortalInDNS(t *testing.T) {
	portal := netip.MustParseAddr("203.0.113.80")
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Faults: fault(probetest.DNSAnswer{Addrs: []netip.Addr{portal}}, probetest.Portal{})}
		web, dns := ncsi(i.Network()).Probe(t.Context(), webTarget), ncsi(i.Network()).Probe(t.Context(), dnsTarget)
		want := []*probe.NCSIFacts{
			{
				IPv4: &probe.NCSIAnswer{
					Host: "www.msftconnecttest.com", Addresses: []netip.Addr{portal}, Status: 302, Location: "http://portal.example/login",
					Body: "<a href=\"http://portal.example/login\">Found</a>.", Code: probe.HTTPCaptivePortal,
				},
				Reason: "ActiveHttpProbeFailedHotspotDetected",
			},
			{
				DNS:    &probe.NCSIAnswer{Host: "dns.msftncsi.com", Addresses: []netip.Addr{portal}, Code: probe.NCSIDNSMismatch},
				Reason: "ActiveDnsProbeFailed",
			},
		}
		if diff := cmp.Diff(want, []*probe.NCSIFacts{web.NCSI, dns.NCSI}, equatable); diff != "" {
			t.Errorf("NCSI facts (-want +got):\n%s", diff)
		}
		if web.HTTP == nil || web.HTTP.Location == "" || web.Code() != probe.HTTPCaptivePortal || dns.Code() != probe.NCSIDNSMismatch {
			t.Errorf("errors %v, %v; the answer is %+v", web.Error, dns.Error, web.HTTP)
		}
	})
}

// Windows tests with plain HTTP, so that portals can answer, and names itself.
func TestNCSIRequest(t *testing.T) {
	for _, target := range []probe.Target{webTarget, {Protocol: probe.NCSI, Port: 80}, {Protocol: probe.NCSI, Host: "ipv6.msftconnecttest.com"}} {
		synctest.Test(t, func(t *testing.T) {
			got := make(chan string, 2)
			i := &probetest.Internet{IPv6: true, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got <- r.Method + " http://" + r.Host + r.RequestURI + " " + r.Header.Get("User-Agent")
				_, _ = w.Write([]byte("Microsoft Connect Test"))
			})}
			if o := i.Network().Probe(t.Context(), target); !o.OK() || o.Target != target {
				t.Errorf("%v: %v of %v", target, o.Error, o.Target)
			}
			want := []string{
				"GET http://ipv6.msftconnecttest.com/connecttest.txt Microsoft NCSI",
				"GET http://www.msftconnecttest.com/connecttest.txt Microsoft NCSI",
			}
			if diff := cmp.Diff(want, []string{<-got, <-got}, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" {
				t.Errorf("%v: requests (-want +got):\n%s", target, diff)
			}
		})
	}
}
