package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

var comTarget = probe.Target{Protocol: probe.NXDomain, Host: "com"}

// TestNXDomain has one resolver.
func TestNXDomain(t *testing.T) {
	const good = "A udp*1 NXDOMAIN dns.nxdomain"
	rewritten := addrs("203.0.113.80")
	tests := []struct {
		name    string
		faults  []probetest.Fault
		code    probe.Code
		want    []netip.Addr // the invented ones
		queries []string
	}{
		{
			name: "no such name", queries: []string{good, "AAAA udp*1 NXDOMAIN dns.nxdomain"},
		}, {
			name: "no data", faults: fault(probetest.NoData),
			queries: []string{"A udp*1 NOERROR dns.nodata", "AAAA udp*1 NOERROR dns.nodata"},
		}, {
			name: "no data for IPv6 alone", faults: fault(probetest.DNSAnswer{Type: "AAAA", Empty: true}),
			queries: []string{good, "AAAA udp*1 NOERROR dns.nodata"},
		}, {
			name: "rewriting", faults: fault(probetest.Rewrite{}), code: probe.DNSRewritten, want: rewritten,
			queries: []string{"A udp*1 NOERROR dns.rewritten", "AAAA udp*1 NOERROR dns.nodata"},
		}, {
			name: "rewriting over IPv6", faults: fault(probetest.Rewrite{To: netip.MustParseAddr("2001:db8::80")}), code: probe.DNSRewritten, want: addrs("2001:db8::80"),
			queries: []string{"A udp*1 NOERROR dns.nodata", "AAAA udp*1 NOERROR dns.rewritten"},
		}, {
			name: "rewriting to an address that leads nowhere", faults: fault(probetest.Sinkhole), code: probe.DNSRewritten, want: addrs("0.0.0.0", "::"),
			queries: []string{"A udp*1 NOERROR dns.rewritten", "AAAA udp*1 NOERROR dns.rewritten"},
		}, {
			name: "rewriting by a filter that says so", faults: fault(probetest.Rewrite{}, probetest.DNSAnswer{Extended: 17}), code: probe.DNSRewritten, want: rewritten,
			queries: []string{"A udp*1 NOERROR dns.rewritten", "AAAA udp*1 NOERROR dns.blocked"},
		}, {
			name: "a filter that says that the name does not exist", faults: fault(probetest.DNSAnswer{Extended: 15}),
			queries: []string{"A udp*1 NXDOMAIN dns.blocked", "AAAA udp*1 NXDOMAIN dns.blocked"},
		}, {
			name: "a filter that refuses", faults: fault(probetest.Refused, probetest.DNSAnswer{Extended: 15}), code: probe.DNSBlocked,
			queries: []string{"A udp*1 REFUSED dns.blocked", "AAAA udp*1 REFUSED dns.blocked"},
		}, {
			name: "refusal", faults: fault(probetest.Refused), code: probe.DNSRefused,
			queries: []string{"A udp*1 REFUSED dns.refused", "AAAA udp*1 REFUSED dns.refused"},
		}, {
			name: "server failure", faults: fault(probetest.ServFail), code: probe.DNSServFail,
			queries: []string{"A udp*1 SERVFAIL dns.servfail", "AAAA udp*1 SERVFAIL dns.servfail"},
		}, {
			name: "silence", faults: fault(probetest.Drop), code: probe.DNSTimeout,
			queries: []string{"A udp*2  dns.timeout", "AAAA udp*2  dns.timeout"},
		}, {
			name: "a packet lost", faults: fault(probetest.Loss{First: 1}),
			queries: []string{"A udp*2 NXDOMAIN dns.nxdomain", "AAAA udp*2 NXDOMAIN dns.nxdomain"},
		}, {
			name: "nothing listens", faults: fault(probetest.Refuse), code: probe.DNSNotListening,
			queries: []string{"A udp*2  dns.not_listening", "AAAA udp*2  dns.not_listening"},
		}, {
			name: "no route", faults: fault(probetest.Unreachable{}), code: probe.DNSNoRoute,
			queries: []string{"A udp*0  dns.no_route", "AAAA udp*0  dns.no_route"},
		}, {
			name: "a router says unreachable", faults: fault(probetest.Unreachable{ICMP: true}), code: probe.DNSUnreachable,
			queries: []string{"A udp*2  dns.unreachable", "AAAA udp*2  dns.unreachable"},
		}, {
			name: "garbage", faults: fault(probetest.Malformed), code: probe.DNSMalformed,
			queries: []string{"A udp*1  dns.malformed", "AAAA udp*1  dns.malformed"},
		}, {
			name: "rewriting in an answer that has to be fetched", faults: fault(probetest.Rewrite{}, probetest.Truncate), code: probe.DNSRewritten, want: rewritten,
			queries: []string{"A tcp*2 NOERROR truncated dns.rewritten", "AAAA tcp*2 NOERROR truncated dns.nodata"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{dnsHost}, Faults: tt.faults, Latency: 20 * time.Millisecond}
				o := i.Network().Probe(t.Context(), comTarget)
				if o.Code() != tt.code {
					t.Fatalf("code %q, want %q: %v", o.Code(), tt.code, o.Error)
				}
				if diff := cmp.Diff(tt.queries, queryLines(o.DNS.Queries)); diff != "" {
					t.Errorf("queries (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.want, o.DNS.Addresses, equatable); diff != "" {
					t.Errorf("addresses (-want +got):\n%s", diff)
				}
				if o.Target != comTarget || o.Attempts != 1 || !regexp.MustCompile(`^[a-z]{20}\.com$`).MatchString(o.DNS.Name) {
					t.Errorf("observation of %v, %d attempts, name %q", o.Target, o.Attempts, o.DNS.Name)
				}
				if o.Error != nil && (o.Error.Op != probe.OpResolve || o.Error.Addr != o.DNS.Name) {
					t.Errorf("error %+v", o.Error)
				}
				checkSteps(t, o)
				for _, e := range i.Log() {
					if e.Kind != probetest.EventConnect && e.Host != o.DNS.Name {
						t.Errorf("asked for %q, which is not in the facts", e.Host)
					}
				}
			})
		})
	}
}

// TestNXDomainOfEveryResolver: one bad resolver is enough, and one that invents
// addresses is the worst.
func TestNXDomainOfEveryResolver(t *testing.T) {
	tests := []struct {
		name    string
		faults  []probetest.Fault // of the resolvers, in order
		code    probe.Code
		by      string
		steps   []probe.Code
		address []netip.Addr
	}{
		{
			name: "all are honest", faults: fault(nil, nil, probetest.NoData),
			steps: []probe.Code{"", "", ""},
		}, {
			name: "the last makes names up", faults: fault(nil, probetest.Drop, probetest.Rewrite{}),
			code: probe.DNSRewritten, by: "192.0.2.3:53", steps: []probe.Code{"", probe.DNSTimeout, probe.DNSRewritten}, address: addrs("203.0.113.80"),
		}, {
			name:   "two make different names up",
			faults: fault(probetest.ServFail, probetest.Rewrite{To: netip.MustParseAddr("10.9.9.9")}, probetest.Rewrite{}),
			code:   probe.DNSRewritten, by: "192.0.2.2:53", steps: []probe.Code{probe.DNSServFail, probe.DNSRewritten, probe.DNSRewritten}, address: addrs("10.9.9.9"),
		}, {
			name: "one is silent, and one refuses", faults: fault(probetest.Drop, probetest.Refused, nil),
			code: probe.DNSRefused, by: "192.0.2.2:53", steps: []probe.Code{probe.DNSTimeout, probe.DNSRefused, ""},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"),
					Faults: fault(
						atAddr("192.0.2.1", tt.faults[0]), atAddr("192.0.2.2", tt.faults[1]), atAddr("192.0.2.3", tt.faults[2]),
					),
				}
				o := i.Network().Probe(t.Context(), comTarget)
				if o.Code() != tt.code || tt.by != "" && !strings.HasPrefix(o.Error.Err.Error(), "resolver "+tt.by+": ") {
					t.Errorf("error %v, want %q by %s", o.Error, tt.code, tt.by)
				}
				if diff := cmp.Diff(tt.steps, stepCodes(o, probe.OpResolve)); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.address, o.DNS.Addresses, equatable); diff != "" {
					t.Errorf("addresses (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestNXDomainTypes has resolvers that treat A and AAAA differently.
func TestNXDomainTypes(t *testing.T) {
	fail := func(code int) func(*dns.Msg) *dns.Msg {
		return func(q *dns.Msg) *dns.Msg { return rcode(q, code) }
	}
	silence := func(*dns.Msg) *dns.Msg { return nil }
	alias := func(q *dns.Msg) *dns.Msg {
		return answerTo(q, q.Question[0].Name+" 60 IN CNAME search.example.")
	}
	search := func(q *dns.Msg) *dns.Msg {
		return answerTo(q, q.Question[0].Name+" 60 IN CNAME search.example.", "search.example. 60 IN A 203.0.113.80")
	}
	with := func(script func(*dns.Msg) *dns.Msg, code int) func(*dns.Msg) *dns.Msg {
		return func(q *dns.Msg) *dns.Msg {
			m := script(q)
			m.Rcode = code
			return m
		}
	}
	tests := []struct {
		name    string
		a, aaaa func(*dns.Msg) *dns.Msg
		code    probe.Code
		cnames  []string
	}{
		{name: "no such name for A, silence for AAAA", a: fail(dns.RcodeNameError), aaaa: silence},
		{name: "no such name for A, failure for AAAA", a: fail(dns.RcodeNameError), aaaa: fail(dns.RcodeServerFailure)},
		{name: "silence for A, no such name for AAAA", a: silence, aaaa: fail(dns.RcodeNameError)},
		{name: "no data for A, silence for AAAA", a: fail(0), aaaa: silence, code: probe.DNSTimeout},
		{name: "no data for A, failure for AAAA", a: fail(0), aaaa: fail(dns.RcodeServerFailure), code: probe.DNSServFail},
		{name: "failure for A, no data for AAAA", a: fail(dns.RcodeServerFailure), aaaa: fail(0), code: probe.DNSServFail},
		{name: "another name without addresses", a: alias, aaaa: alias},
		{name: "another name with an address", a: search, aaaa: alias, code: probe.DNSRewritten, cnames: []string{"search.example"}},
		{name: "another name that does not exist either", a: with(search, dns.RcodeNameError), aaaa: alias},
		{name: "an address in an answer that is a failure", a: with(search, dns.RcodeServerFailure), aaaa: fail(dns.RcodeServerFailure), code: probe.DNSServFail, cnames: []string{"search.example"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := scriptedResolver(new(probetest.Internet), func(q *dns.Msg) []*dns.Msg {
					script := tt.a
					if q.Question[0].Qtype == dns.TypeAAAA {
						script = tt.aaaa
					}
					if m := script(q); m != nil {
						return []*dns.Msg{m}
					}
					return nil
				})
				o := n.Probe(t.Context(), comTarget)
				if o.Code() != tt.code {
					t.Errorf("error %v, want %q", o.Error, tt.code)
				}
				if diff := cmp.Diff(tt.cnames, o.DNS.CNAMEs); diff != "" {
					t.Errorf("canonical names (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestNXDomainAsksAnew: each probe asks for a new name, in a run too.
func TestNXDomainAsksAnew(t *testing.T) {
	i := new(probetest.Internet)
	p := bound{protocol: probe.NXDomain, network: i.Network().Shared()}
	seen := map[string]bool{}
	for range 20 {
		o := p.Probe(t.Context(), comTarget)
		if !o.OK() || seen[o.DNS.Name] {
			t.Errorf("%s: seen before %v, error %v", o.DNS.Name, seen[o.DNS.Name], o.Error)
		}
		seen[o.DNS.Name] = true
	}
	if len(i.Log()) != 40 {
		t.Errorf("%d questions, want 40", len(i.Log()))
	}
}

// TestNXDomainWithoutResolvers: there is no resolver to ask.
func TestNXDomainWithoutResolvers(t *testing.T) {
	n := new(probetest.Internet).Network()
	n.Resolvers = []netip.AddrPort{}
	if o := n.Probe(t.Context(), comTarget); o.Code() != probe.DNSUnreachable {
		t.Errorf("code %q, want %q", o.Code(), probe.DNSUnreachable)
	}
}

func TestNXDomainWhatCannotBeAsked(t *testing.T) {
	long := strings.Repeat("a23456789.", 23) + "com" // without room for another label
	for _, host := range []string{"", "203.0.113.7", "2001:db8::7", "*.com", ".", "a..b", "a b", long} {
		i := new(probetest.Internet)
		o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.NXDomain, Host: host})
		if o.Code() != probe.NotTestable || o.Attempts != 0 || o.OK() || len(i.Log()) > 0 {
			t.Errorf("host %q: code %q after %d attempts, sent %v", host, o.Code(), o.Attempts, i.Log())
		}
	}
}

func TestNXDomainCanceled(t *testing.T) {
	cause := errors.New("enough")
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{
			Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
			Faults:    fault(atAddr("192.0.2.1", probetest.Rewrite{}), atAddr("192.0.2.2", probetest.Drop)),
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		before := running()
		o := i.Network().Probe(ctx, comTarget)
		if o.Code() != probe.Canceled || !errors.Is(o.Error, cause) || o.Duration > 1100*time.Millisecond {
			t.Errorf("error %v after %v", o.Error, o.Duration)
		}
		if diff := cmp.Diff([]probe.Code{probe.DNSRewritten, probe.Canceled}, stepCodes(o, probe.OpResolve)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		synctest.Wait()
		if after := running(); after > before {
			t.Errorf("%d goroutines before, %d after", before, after)
		}
	})
}

// TestLoopbackNXDomain asks a real server over real sockets.
func TestLoopbackNXDomain(t *testing.T) {
	for _, rewrites := range []bool{false, true} {
		addr := serveDNS(t, func(_ string, q *dns.Msg) []any {
			if rewrites && q.Question[0].Qtype == dns.TypeA {
				return []any{answerTo(q, q.Question[0].Name+" 60 IN A 127.0.0.1")}
			}
			return []any{rcode(q, dns.RcodeNameError)}
		})
		n := probe.Network{Resolvers: []netip.AddrPort{addr}}
		o := n.Probe(t.Context(), comTarget)
		if want := map[bool]probe.Code{true: probe.DNSRewritten}[rewrites]; o.Code() != want {
			t.Errorf("error %v, want %q", o.Error, want)
		}
	}
}

// Nonexistent names have addresses here, whatever their suffix.
func ExampleNXDomain() {
	internet := &probetest.Internet{Faults: []probetest.Fault{probetest.Rewrite{}}}
	p := bound{protocol: probe.NXDomain, network: internet.Network()}

	var found []netip.Addr
	for _, suffix := range []string{"com", "net", "org"} {
		o := p.Probe(context.Background(), probe.Target{Protocol: probe.NXDomain, Host: suffix})
		fmt.Println(suffix, o.Code(), o.DNS.Addresses, len(o.DNS.Name))
		found = append(found, o.DNS.Addresses...)
	}
	fmt.Println(slices.Compact(found))
	// Output:
	// com dns.rewritten [203.0.113.80] 24
	// net dns.rewritten [203.0.113.80] 24
	// org dns.rewritten [203.0.113.80] 24
	// [203.0.113.80]
}
