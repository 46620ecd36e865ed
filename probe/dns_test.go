package probe_test

import (
	"context"
	"errors"
	"fmt"
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

const dnsHost = "login.live.com"

var equatable = cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{})

func addrs(s ...string) []netip.Addr {
	var list []netip.Addr
	for _, a := range s {
		list = append(list, netip.MustParseAddr(a))
	}
	return list
}

func resolvers(s ...string) []netip.AddrPort {
	var list []netip.AddrPort
	for _, a := range s {
		list = append(list, netip.MustParseAddrPort(a))
	}
	return list
}

// queryLines formats each query as a line: what was asked, how often and over
// what, the response code, and how it failed.
func queryLines(queries []probe.DNSQuery) []string {
	var lines []string
	for _, q := range queries {
		s := fmt.Sprintf("%s %s*%d %s", q.Type, q.Transport, q.Attempts, q.RCode)
		if q.Truncated {
			s += " truncated"
		}
		if q.Code != "" {
			s += " " + string(q.Code)
		}
		lines = append(lines, s)
	}
	return lines
}

type dnsSituation struct {
	name   string
	addrs  []netip.Addr // of the name; nil means one in 198.18.0.0/15
	faults []probetest.Fault

	code    probe.Code
	want    []netip.Addr // the usable ones; nil means any if code is ""
	queries []string
}

func dnsSituations() []dnsSituation {
	good := addrs("203.0.113.7")
	const noAAAA = "AAAA udp*1 NOERROR dns.nodata"
	return []dnsSituation{
		{
			name: "IPv4 alone", addrs: good, want: good,
			queries: []string{"A udp*1 NOERROR", noAAAA},
		}, {
			name: "IPv6 alone", addrs: addrs("2001:db8::7"), want: addrs("2001:db8::7"),
			queries: []string{"A udp*1 NOERROR dns.nodata", "AAAA udp*1 NOERROR"},
		}, {
			name: "both, IPv4 first", addrs: addrs("2001:db8::7", "203.0.113.8", "203.0.113.7"), want: addrs("203.0.113.8", "203.0.113.7", "2001:db8::7"),
			queries: []string{"A udp*1 NOERROR", "AAAA udp*1 NOERROR"},
		}, {
			name: "private, shared and unique local addresses", addrs: addrs("10.1.2.3", "100.64.0.1", "fd3e:4f5a:5b81::1"), want: addrs("10.1.2.3", "100.64.0.1", "fd3e:4f5a:5b81::1"),
			queries: []string{"A udp*1 NOERROR", "AAAA udp*1 NOERROR"},
		}, {
			name: "no name", faults: []probetest.Fault{probetest.NXDomain}, code: probe.DNSNXDomain,
			queries: []string{"A udp*1 NXDOMAIN dns.nxdomain", "AAAA udp*1 NXDOMAIN dns.nxdomain"},
		}, {
			name: "a name without addresses", addrs: []netip.Addr{}, code: probe.DNSNoData,
			queries: []string{"A udp*1 NOERROR dns.nodata", noAAAA},
		}, {
			name: "server failure", faults: []probetest.Fault{probetest.ServFail}, code: probe.DNSServFail,
			queries: []string{"A udp*1 SERVFAIL dns.servfail", "AAAA udp*1 SERVFAIL dns.servfail"},
		}, {
			name: "refused", faults: []probetest.Fault{probetest.Refused}, code: probe.DNSRefused,
			queries: []string{"A udp*1 REFUSED dns.refused", "AAAA udp*1 REFUSED dns.refused"},
		}, {
			name: "not an authority, which is no refusal", faults: []probetest.Fault{probetest.DNSAnswer{RCode: 9}}, code: probe.DNSServFail,
			queries: []string{"A udp*1 NOTAUTH dns.servfail", "AAAA udp*1 NOTAUTH dns.servfail"},
		}, {
			name: "a black hole", faults: []probetest.Fault{probetest.Drop}, code: probe.DNSTimeout,
			queries: []string{"A udp*2  dns.timeout", "AAAA udp*2  dns.timeout"},
		}, {
			name: "a resolver that says nothing", faults: []probetest.Fault{probetest.Unanswered}, code: probe.DNSTimeout,
			queries: []string{"A udp*2  dns.timeout", "AAAA udp*2  dns.timeout"},
		}, {
			name: "one packet lost", addrs: good, faults: []probetest.Fault{probetest.Loss{First: 1}}, want: good,
			queries: []string{"A udp*2 NOERROR", "AAAA udp*2 NOERROR dns.nodata"},
		}, {
			name: "nothing listens", faults: []probetest.Fault{probetest.Refuse}, code: probe.DNSNotListening,
			queries: []string{"A udp*2  dns.not_listening", "AAAA udp*2  dns.not_listening"},
		}, {
			name: "a router says unreachable", faults: []probetest.Fault{probetest.Unreachable{ICMP: true}}, code: probe.DNSUnreachable,
			queries: []string{"A udp*2  dns.unreachable", "AAAA udp*2  dns.unreachable"},
		}, {
			name: "no route, so nothing is sent", faults: []probetest.Fault{probetest.Unreachable{}}, code: probe.DNSNoRoute,
			queries: []string{"A udp*0  dns.no_route", "AAAA udp*0  dns.no_route"},
		}, {
			name: "unspecified addresses", faults: []probetest.Fault{probetest.Sinkhole}, code: probe.DNSSinkhole,
			queries: []string{"A udp*1 NOERROR dns.sinkhole", "AAAA udp*1 NOERROR dns.sinkhole"},
		}, {
			name: "loopback", addrs: addrs("127.0.0.1"), code: probe.DNSSinkhole,
			queries: []string{"A udp*1 NOERROR dns.sinkhole", noAAAA},
		}, {
			name: "loopback mapped into IPv6", addrs: addrs("::ffff:127.0.0.1"), code: probe.DNSSinkhole,
			queries: []string{"A udp*1 NOERROR dns.nodata", "AAAA udp*1 NOERROR dns.sinkhole"},
		}, {
			name: "unspecified mapped into IPv6", addrs: addrs("::ffff:0.0.0.0"), code: probe.DNSSinkhole,
			queries: []string{"A udp*1 NOERROR dns.nodata", "AAAA udp*1 NOERROR dns.sinkhole"},
		}, {
			name: "link-local", addrs: addrs("169.254.1.1", "fe80::1"), code: probe.DNSSinkhole,
			queries: []string{"A udp*1 NOERROR dns.sinkhole", "AAAA udp*1 NOERROR dns.sinkhole"},
		}, {
			name: "one address of many is good", addrs: addrs("0.0.0.0", "203.0.113.7", "127.0.0.1", "::1"), want: good,
			queries: []string{"A udp*1 NOERROR", "AAAA udp*1 NOERROR dns.sinkhole"},
		}, {
			name: "a filter that says so", faults: []probetest.Fault{probetest.NXDomain, probetest.DNSAnswer{Extended: 15, Text: "policy"}}, code: probe.DNSBlocked,
			queries: []string{"A udp*1 NXDOMAIN dns.blocked", "AAAA udp*1 NXDOMAIN dns.blocked"},
		}, {
			name: "a censor that says so", faults: []probetest.Fault{probetest.Refused, probetest.DNSAnswer{Extended: 16}}, code: probe.DNSBlocked,
			queries: []string{"A udp*1 REFUSED dns.blocked", "AAAA udp*1 REFUSED dns.blocked"},
		}, {
			name: "a filter with an address of its own", addrs: good, faults: []probetest.Fault{probetest.DNSAnswer{Extended: 17}}, code: probe.DNSBlocked,
			queries: []string{"A udp*1 NOERROR dns.blocked", "AAAA udp*1 NOERROR dns.blocked"},
		}, {
			name: "an extended error that is no block", faults: []probetest.Fault{probetest.ServFail, probetest.DNSAnswer{Extended: 22}}, code: probe.DNSServFail,
			queries: []string{"A udp*1 SERVFAIL dns.servfail", "AAAA udp*1 SERVFAIL dns.servfail"},
		}, {
			name: "a stale answer is an answer", addrs: good, faults: []probetest.Fault{probetest.DNSAnswer{Extended: 3}}, want: good,
			queries: []string{"A udp*1 NOERROR", noAAAA},
		}, {
			name: "garbage", faults: []probetest.Fault{probetest.Malformed}, code: probe.DNSMalformed,
			queries: []string{"A udp*1  dns.malformed", "AAAA udp*1  dns.malformed"},
		}, {
			name: "too short for an id", faults: []probetest.Fault{probetest.DNSAnswer{Raw: []byte{1}}}, code: probe.DNSMalformed,
			queries: []string{"A udp*2  dns.malformed", "AAAA udp*2  dns.malformed"},
		}, {
			name: "another question answered", faults: []probetest.Fault{probetest.OtherQuestion}, code: probe.DNSMalformed,
			queries: []string{"A udp*2  dns.malformed", "AAAA udp*2  dns.malformed"},
		}, {
			name: "truncated", addrs: good, faults: []probetest.Fault{probetest.Truncate}, want: good,
			queries: []string{"A tcp*2 NOERROR truncated", "AAAA tcp*2 NOERROR truncated dns.nodata"},
		}, {
			name: "truncated, and nothing listens on TCP", addrs: good, faults: []probetest.Fault{probetest.Truncate, probetest.At{Network: "tcp", Fault: probetest.Refuse}}, code: probe.DNSNotListening,
			queries: []string{"A tcp*2 NOERROR truncated dns.not_listening", "AAAA tcp*2 NOERROR truncated dns.not_listening"},
		}, {
			name: "truncated, and TCP is a black hole", addrs: good, faults: []probetest.Fault{probetest.Truncate, probetest.At{Network: "tcp", Fault: probetest.Drop}}, code: probe.DNSTimeout,
			queries: []string{"A tcp*2 NOERROR truncated dns.timeout", "AAAA tcp*2 NOERROR truncated dns.timeout"},
		}, {
			name: "truncated, and TCP closes", addrs: good, faults: []probetest.Fault{probetest.Truncate, probetest.At{Network: "tcp", Fault: probetest.Close}}, code: probe.DNSMalformed,
			queries: []string{"A tcp*2 NOERROR truncated dns.malformed", "AAAA tcp*2 NOERROR truncated dns.malformed"},
		},
	}
}

func TestDNS(t *testing.T) {
	produced := map[probe.Code]bool{}
	for _, tt := range dnsSituations() {
		produced[tt.code] = true
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{dnsHost}, Faults: tt.faults, Latency: 20 * time.Millisecond}
				if tt.addrs != nil {
					i.Addresses = map[string][]netip.Addr{dnsHost: tt.addrs}
				}
				target := probe.Target{Protocol: probe.DNS, Host: dnsHost}
				o := bound{protocol: probe.DNS, network: i.Network()}.Probe(t.Context(), target)
				if o.Code() != tt.code {
					t.Fatalf("code %q, want %q: %v", o.Code(), tt.code, o.Error)
				}
				if diff := cmp.Diff(tt.queries, queryLines(o.DNS.Queries)); diff != "" {
					t.Errorf("queries (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.want, o.DNS.Addresses, equatable); diff != "" {
					t.Errorf("addresses (-want +got):\n%s", diff)
				}
				if o.Target != target || o.Attempts != 1 || o.Start.IsZero() || len(o.Steps) != 1 {
					t.Errorf("incomplete: %+v", o)
				}
				if s := o.Steps[0]; s.Op != probe.OpResolve || s.Addr != "192.0.2.53:53" || (s.Error == nil) != (tt.code == "") || s.Duration != o.Duration {
					t.Errorf("step %+v", s)
				}
				if o.Error != nil && (o.Error.Op != probe.OpResolve || o.Error.Addr != dnsHost || o.Error.Err == nil) {
					t.Errorf("error %+v", o.Error)
				}
			})
		})
	}
	for _, c := range []probe.Code{
		"", probe.DNSTimeout, probe.DNSNoRoute, probe.DNSUnreachable, probe.DNSNotListening, probe.DNSRefused, probe.DNSServFail, probe.DNSNXDomain,
		probe.DNSNoData, probe.DNSSinkhole, probe.DNSBlocked, probe.DNSMalformed,
	} {
		if !produced[c] {
			t.Errorf("no situation produces %q", c)
		}
	}
}

func TestDNSAsksEveryResolver(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
		code   probe.Code
		steps  []probe.Code
		took   time.Duration
	}{
		{
			name:  "all well",
			steps: []probe.Code{"", "", ""}, took: 20 * time.Millisecond,
		}, {
			name:   "one is dead",
			faults: []probetest.Fault{atAddr("192.0.2.1", probetest.Drop)},
			steps:  []probe.Code{probe.DNSTimeout, "", ""}, took: 5 * time.Second,
		}, {
			name:   "only the last works",
			faults: []probetest.Fault{atAddr("192.0.2.1", probetest.NXDomain), atAddr("192.0.2.2", probetest.Refused)},
			steps:  []probe.Code{probe.DNSNXDomain, probe.DNSRefused, ""}, took: 20 * time.Millisecond,
		}, {
			name: "the most telling code is that of a decision",
			faults: []probetest.Fault{
				atAddr("192.0.2.1", probetest.Refuse), atAddr("192.0.2.2", probetest.ServFail), atAddr("192.0.2.3", probetest.NoData),
			},
			code:  probe.DNSNoData,
			steps: []probe.Code{probe.DNSNotListening, probe.DNSServFail, probe.DNSNoData}, took: 40 * time.Millisecond,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Hosts:     []string{dnsHost},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"),
					Faults:    tt.faults,
					Latency:   20 * time.Millisecond,
				}
				o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost})
				if o.Code() != tt.code {
					t.Errorf("code %q, want %q", o.Code(), tt.code)
				}
				if diff := cmp.Diff(tt.steps, stepCodes(o, probe.OpResolve)); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if len(o.DNS.Queries) != 6 {
					t.Errorf("%d queries, want 6", len(o.DNS.Queries))
				}
				if o.Duration != tt.took {
					t.Errorf("took %v, want %v", o.Duration, tt.took)
				}
			})
		})
	}
}

// atAddr limits a fault to an address.
func atAddr(addr string, f probetest.Fault) probetest.Fault {
	a := netip.MustParseAddr(addr)
	return probetest.At{Addrs: netip.PrefixFrom(a, a.BitLen()), Fault: f}
}

// stepCodes returns the codes of the steps of one kind.
func stepCodes(o probe.Observation, op string) []probe.Code {
	var codes []probe.Code
	for _, s := range o.Steps {
		switch {
		case s.Op != op:
		case s.Error == nil:
			codes = append(codes, "")
		default:
			codes = append(codes, s.Error.Code)
		}
	}
	return codes
}

func TestDNSWhatCannotBeAsked(t *testing.T) {
	for _, host := range []string{"", "203.0.113.7", "2001:db8::7", "*.example.com", "a..b", "a b", string(make([]byte, 300)), "x" + string(slices.Repeat([]byte("a"), 63)) + ".example"} {
		i := new(probetest.Internet)
		o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: host})
		if o.Code() != probe.NotTestable || o.Attempts != 0 || o.OK() {
			t.Errorf("host %q: code %q after %d attempts", host, o.Code(), o.Attempts)
		}
		if log := i.Log(); len(log) > 0 {
			t.Errorf("host %q: sent %v", host, log)
		}
	}
}

func TestDNSWithoutResolvers(t *testing.T) {
	n := new(probetest.Internet).Network()
	n.Resolvers = []netip.AddrPort{}
	o := n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost})
	if o.Code() != probe.DNSUnreachable {
		t.Errorf("code %q, want %q", o.Code(), probe.DNSUnreachable)
	}
}

func TestDNSCanceled(t *testing.T) {
	cause := errors.New("enough")
	for name, faults := range map[string][]probetest.Fault{
		"before an answer over UDP":  {probetest.Drop},
		"while connecting over TCP":  {probetest.Truncate, probetest.At{Network: "tcp", Fault: probetest.Drop}},
		"after an answer to another": {probetest.OtherQuestion},
		"before an answer over TCP":  {probetest.Truncate, probetest.At{Network: "tcp", Fault: probetest.Unanswered}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{dnsHost}, Faults: faults}
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(cause) })
				before := running()
				o := i.Network().Probe(ctx, probe.Target{Protocol: probe.DNS, Host: dnsHost})
				if o.Code() != probe.Canceled || !errors.Is(o.Error, cause) {
					t.Errorf("error %v, want that it was canceled, and why", o.Error)
				}
				if o.Duration > 1100*time.Millisecond {
					t.Errorf("took %v", o.Duration)
				}
				synctest.Wait()
				if after := running(); after > before {
					t.Errorf("%d goroutines before, %d after", before, after)
				}
			})
		})
	}
}

func TestDNSDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Faults: []probetest.Fault{probetest.Drop}}
		ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
		defer cancel()
		o := i.Network().Probe(ctx, probe.Target{Protocol: probe.DNS, Host: dnsHost})
		if o.Code() != probe.DNSTimeout || o.Duration != 700*time.Millisecond {
			t.Errorf("code %q after %v", o.Code(), o.Duration)
		}
	})
}

func ExampleDNS() {
	internet := &probetest.Internet{
		Addresses: map[string][]netip.Addr{"enrollment.manage.microsoft.com": {netip.MustParseAddr("203.0.113.7")}},
		Aliases:   map[string]string{"enterpriseenrollment.example.com": "enrollment.manage.microsoft.com"},
	}
	o := internet.Network().Probe(context.Background(), probe.Target{
		Protocol: probe.DNS,
		Host:     "enterpriseenrollment.example.com",
	})
	fmt.Println(o.DNS.CNAMEs, o.DNS.Addresses)

	o = internet.Network().Probe(context.Background(), probe.Target{
		Protocol: probe.DNS,
		Host:     "www.example.com",
	})
	fmt.Println(o.Error)
	// Output:
	// [enrollment.manage.microsoft.com] [203.0.113.7]
	// resolve www.example.com: dns.nxdomain: resolver 192.0.2.53:53: NXDOMAIN
}
