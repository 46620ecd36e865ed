package readiness_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// ownHosts returns a catalog of n hosts of an embedder's own, with the given
// ports. Each is under a zone of its own, or all are under contoso.com.
func ownHosts(tb testing.TB, n int, oneZone bool, ports ...string) *endpoints.Catalog {
	tb.Helper()
	var list []endpoints.Endpoint
	for i := range n {
		host := fmt.Sprintf("host.owner%d.example", i)
		if oneZone {
			host = fmt.Sprintf("host%d.contoso.com", i)
		}
		e, err := endpoints.New("mail", host, ports...)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, e)
	}
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// assessOwn measures the hosts of a catalog, all of which exist.
func assessOwn(t *testing.T, r readiness.Runner, c *endpoints.Catalog, net *probetest.Internet) (*readiness.Report, time.Duration) {
	t.Helper()
	r.Catalog, r.Policy = c, fatal()
	for _, e := range c.Endpoints() {
		net.Hosts = append(net.Hosts, e.Host.String())
	}
	proxy := r.Network.Proxy
	r.Network = net.Network()
	r.Network.Proxy = proxy
	p, err := r.Plan(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	report, err := assessPlan(t.Context(), r, p)
	if err != nil {
		t.Fatal(err)
	}
	return report, time.Since(start)
}

// What fails once may be an accident. What fails again, later and alone, is not.
func TestASecondAttempt(t *testing.T) {
	const first = "host.owner0.example"
	at := func(f probetest.Fault) probetest.Fault {
		return probetest.At{Host: first, Network: "tcp", Port: 443, Fault: f}
	}
	unreachable := []readiness.CauseCode{readiness.CauseHostUnreachable}
	tests := []struct {
		name     string
		fault    probetest.Fault
		once     bool
		causes   []readiness.CauseCode
		attempts int // at the first host
	}{
		{"nothing", nil, true, nil, 1},
		{"dropped once", probetest.Drop, true, nil, 2},
		{"dropped", probetest.Drop, false, unreachable, 2},
		{"refused once", probetest.Refuse, true, nil, 2},
		{"refused", probetest.Refuse, false, unreachable, 2},
		{"an alert once", probetest.Alert{Description: 80}, true, nil, 2},
		{"an alert", probetest.Alert{Description: 80}, false, unreachable, 3},
		{"silent once after accepting", probetest.Silence, true, nil, 2},
		{"slow", probetest.Delay{By: 2 * time.Second}, false, nil, 1}, // needs 8 of 10 s
		{"inspected", probetest.Untrusted, false, []readiness.CauseCode{readiness.CauseTLSUntrusted}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault := tt.fault
				if tt.once {
					fault = probetest.Once{Fault: fault}
				}
				var seen []probe.Observation
				runner := readiness.Runner{OnResult: func(_ readiness.Check, o probe.Observation) { seen = append(seen, o) }}
				net := &probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{at(fault)}}
				r, took := assessOwn(t, runner, ownHosts(t, 3, false, "tcp/443 https"), net)
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" {
					t.Errorf("causes (-want +got):\n%s", diff)
				}
				if len(seen) != 3 {
					t.Errorf("%d results, want 3", len(seen))
				}
				for _, o := range seen {
					if want := tt.attempts; o.Target.Host == first && o.Attempts != want {
						t.Errorf("%d attempts, want %d: %v", o.Attempts, want, o.Steps)
					}
				}
				if most := 2*readiness.DefaultTimeout + 2*time.Second; took > most {
					t.Errorf("took %v, want at most %v", took, most)
				}
			})
		})
	}
}

// An address is not accused for one lost connection, whatever else is wrong with
// the host's chain.
func TestAddressesAreTriedTwice(t *testing.T) {
	dead := netip.MustParsePrefix("203.0.113.1/32")
	unchecked := []probetest.Fault{
		probetest.At{Host: "crl.probetest.example", Network: "tcp", Fault: probetest.Refuse},
		probetest.At{Host: "ocsp.probetest.example", Network: "tcp", Fault: probetest.Refuse},
	}
	for _, tt := range []struct {
		name   string
		fault  probetest.Fault
		others []probetest.Fault
		causes []readiness.CauseCode
	}{
		{"lost once", probetest.Once{Fault: probetest.Drop}, nil, nil},
		{"lost twice", probetest.Drop, nil, []readiness.CauseCode{readiness.CauseAddressPartial}},
		{"refused once, and no chain is checked", probetest.Once{Fault: probetest.Refuse}, unchecked, []readiness.CauseCode{readiness.CauseRevocation}},
		{"refused twice, and no chain is checked", probetest.Refuse, unchecked, []readiness.CauseCode{readiness.CauseAddressPartial, readiness.CauseRevocation}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{
					Addresses: map[string][]netip.Addr{"host.owner0.example": {dead.Addr(), netip.MustParseAddr("203.0.113.2")}},
					Faults:    append([]probetest.Fault{probetest.At{Addrs: dead, Network: "tcp", Port: 443, Fault: tt.fault}}, tt.others...),
				}
				r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 12, false, "tcp/443 https"), net)
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" {
					t.Errorf("causes (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// What one attempt saw of a range, and the other of the chain, belongs together.
func TestTwoAttemptsAddUp(t *testing.T) {
	seen := func(ranged, checked probe.Code) probe.Observation {
		return probe.Observation{
			Attempts: 1, HTTP: &probe.HTTPFacts{Status: 206, Range: &probe.RangeFacts{Supported: ranged == "", Code: ranged}},
			Revocation: &probe.RevocationFacts{Code: checked},
		}
	}
	for _, tt := range []struct {
		name          string
		first, second probe.Observation
		want          probe.Observation
	}{
		{"the range first", seen("", probe.RevocationUnreachable), seen(probe.HTTPTimeout, ""), seen("", "")},
		{"the chain first", seen(probe.HTTPTimeout, ""), seen("", probe.RevocationUnreachable), seen("", "")},
		{"neither", seen(probe.HTTPTimeout, ""), seen(probe.HTTPReset, ""), seen(probe.HTTPReset, "")},
		{"both", seen(probe.HTTPTimeout, probe.RevocationUnreachable), seen("", ""), seen("", "")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := readiness.Merged(tt.first, tt.second)
			if diff := cmp.Diff([]any{tt.want.HTTP, tt.want.Revocation}, []any{got.HTTP, got.Revocation}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Of two attempts, the one counts that a lost packet does not explain, or else that
// came further.
func TestWhichAttemptCounts(t *testing.T) {
	start := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	seen := func(at time.Duration, op string, c probe.Code) probe.Observation {
		o := probe.Observation{
			Attempts: 1, Start: start.Add(at), Duration: time.Second, Steps: []probe.Step{{Op: op, Start: start.Add(at)}},
			TCP: &probe.TCPFacts{Dials: []probe.Dial{{Duration: at}}},
		}
		if c != "" {
			o.Error = &probe.Error{Op: op, Code: c}
		}
		return o
	}
	first := func(op string, c probe.Code) probe.Observation { return seen(0, op, c) }
	second := func(op string, c probe.Code) probe.Observation { return seen(time.Minute, op, c) }
	for _, tt := range []struct {
		name          string
		first, second probe.Observation
		want          probe.Code
	}{
		{"both reach the host", first("", ""), second("", ""), ""},
		{"the first reaches the host", first("", ""), second(probe.OpHandshake, probe.TLSTimeout), ""},
		{"the second reaches the host", first(probe.OpHandshake, probe.TLSTimeout), second("", ""), ""},
		{"they come as far", first(probe.OpConnect, probe.TCPTimeout), second(probe.OpConnect, probe.TCPRefused), probe.TCPTimeout},
		{"the first comes further", first(probe.OpHandshake, probe.TLSTimeout), second(probe.OpConnect, probe.TCPRefused), probe.TLSTimeout},
		{"the second comes further", first(probe.OpConnect, probe.TCPTimeout), second(probe.OpHandshake, probe.TLSReset), probe.TLSReset},
		{"a lost packet does not explain the second", first(probe.OpRequest, probe.HTTPTimeout), second(probe.OpHandshake, probe.TLSUntrusted), probe.TLSUntrusted},
		{"the first was cut off", first(probe.OpRequest, probe.Canceled), second(probe.OpConnect, probe.TCPRefused), probe.TCPRefused},
		{"both were cut off", first(probe.OpRequest, probe.Canceled), second(probe.OpConnect, probe.Canceled), probe.Canceled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := readiness.Merged(tt.first, tt.second)
			if got.Code() != tt.want {
				t.Errorf("%q, want %q", got.Code(), tt.want)
			}
			if got.Attempts != 2 || !got.Start.Equal(start) || got.Duration != time.Minute+time.Second || len(got.Steps) != 2 || len(got.TCP.Dials) != 2 || got.TCP.Dials[1].Duration != time.Minute {
				t.Errorf("not what both saw: %+v, dials %+v", got, got.TCP.Dials)
			}
		})
	}
	lost := readiness.Merged(first(probe.OpConnect, probe.TCPTimeout), second(probe.OpConnect, probe.Canceled))
	if lost.Code() != probe.TCPTimeout || lost.Attempts != 1 {
		t.Errorf("the second was cut off: %q in %d attempts", lost.Code(), lost.Attempts)
	}
}

// Connections and questions of two attempts add up, unless a proxy made those of one.
func TestAttemptsThroughAProxy(t *testing.T) {
	seen := func(proxied bool, server string) probe.Observation {
		o := probe.Observation{TCP: &probe.TCPFacts{Dials: make([]probe.Dial, 1)}, DNS: &probe.DNSFacts{Queries: []probe.DNSQuery{
			{Resolver: resolver, Type: "A"}, {Resolver: netip.MustParseAddrPort(server), Type: "AAAA"},
		}}}
		if proxied {
			o.Proxy = new(probe.ProxyFacts)
		}
		return o
	}
	for _, tt := range []struct {
		name           string
		first, second  bool
		dials, queries int
	}{
		{"neither", false, false, 2, 3}, {"both", true, true, 2, 3}, {"the first", true, false, 1, 2}, {"the second", false, true, 1, 2},
	} {
		got := readiness.Merged(seen(tt.first, "192.0.2.53:53"), seen(tt.second, "192.0.2.54:53"))
		if len(got.TCP.Dials) != tt.dials || len(got.DNS.Queries) != tt.queries {
			t.Errorf("%s through a proxy: %d connections and %d questions, want %d and %d", tt.name, len(got.TCP.Dials), len(got.DNS.Queries), tt.dials, tt.queries)
		}
	}
}

// inTurn opens the first connections to each address and port in one way, and
// the others in another.
func inTurn(first int, one, other func(ctx context.Context, network, address string) (net.Conn, error)) func(ctx context.Context, network, address string) (net.Conn, error) {
	var mu sync.Mutex
	seen := make(map[string]int)
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		seen[address]++
		connect := other
		if seen[address] <= first {
			connect = one
		}
		mu.Unlock()
		return connect(ctx, network, address)
	}
}

// Only addresses that failed are tried again, for two seconds at least.
func TestHowAddressesAreTriedAgain(t *testing.T) {
	dead, good := netip.MustParseAddrPort("203.0.113.1:443"), netip.MustParseAddrPort("203.0.113.2:443")
	for _, tt := range []struct {
		name  string
		again probetest.Fault
		want  probe.Dial
	}{
		{"refused again", probetest.Refuse, probe.Dial{Addr: dead, Code: probe.TCPRefused}},
		{"then silent", probetest.Drop, probe.Dial{Addr: dead, Code: probe.TCPTimeout, Duration: 2 * time.Second}},
		{"then reached", nil, probe.Dial{Addr: dead}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				faulty := func(f probetest.Fault) *probetest.Internet {
					net := &probetest.Internet{Addresses: map[string][]netip.Addr{"host.owner0.example": {dead.Addr(), good.Addr()}}}
					if f != nil {
						net.Faults = []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(dead.Addr(), 32), Network: "tcp", Port: 443, Fault: f}}
					}
					return net
				}
				p := planOn(t, autopilot(), ownHosts(t, 1, false, "tcp/443 https"), probe.Network{})
				n := ideal(p, faulty(probetest.Refuse)).Network()
				n.Connect = inTurn(1, n.Connect, ideal(p, faulty(tt.again)).Network().Connect)
				obs, err := readiness.Runner{Network: n}.Run(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				want := []probe.Dial{{Addr: dead, Code: probe.TCPRefused}, {Addr: good}, tt.want}
				if diff := cmp.Diff(want, obs[0].TCP.Dials, cmpopts.EquateComparable(netip.AddrPort{})); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A host whose file arrives in whole is asked for a part of it in two attempts,
// and twice in each, with a request for the whole between.
func TestRangesAreRequestedAgain(t *testing.T) {
	const inOneAttempt = 3
	for _, tt := range []struct {
		name   string
		first  int
		causes []readiness.CauseCode
	}{
		{"reset in the first attempt", inOneAttempt, nil},
		{"reset in both", 2 * inOneAttempt, []readiness.CauseCode{readiness.CauseRangeStripped}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				list := ownHosts(t, 3, false, "tcp/80 http").Endpoints()
				for k := range list {
					list[k].Traits = []endpoints.Trait{endpoints.TraitByteRange}
				}
				c, err := new(endpoints.Catalog).With(list...)
				if err != nil {
					t.Fatal(err)
				}
				p := planOn(t, autopilot(), c, probe.Network{})
				n := ideal(p, &probetest.Internet{Latency: 20 * time.Millisecond}).Network()
				broken := ideal(p, &probetest.Internet{Latency: 20 * time.Millisecond, Faults: []probetest.Fault{probetest.ResetRange}}).Network()
				n.Connect = inTurn(tt.first, broken.Connect, n.Connect)
				r, err := assessPlan(t.Context(), readiness.Runner{Network: n, Catalog: c, Policy: fatal()}, p)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" {
					t.Errorf("causes (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A chain is not judged by one fetch of its issuer, or of what says whether it
// is revoked.
func TestDocumentsAreFetchedTwice(t *testing.T) {
	const first, issuers, lists, answers = "host.owner0.example", "aia.probetest.example", "crl.probetest.example", "ocsp.probetest.example"
	leaf := probetest.At{Host: first, Port: 443, Fault: probetest.LeafOnly}
	disorder := probetest.At{Host: answers, Fault: probetest.Revocation{Status: 3}}
	refused := func(host string, once bool) probetest.Fault {
		fault := probetest.At{Host: host, Network: "tcp", Fault: probetest.Refuse}
		if once {
			fault.Fault = probetest.Once{Fault: probetest.Refuse}
		}
		return fault
	}
	for _, tt := range []struct {
		name   string
		faults []probetest.Fault
		causes []readiness.CauseCode
	}{
		{"the issuer's certificate is refused once", []probetest.Fault{leaf, refused(issuers, true)}, nil},
		{"the issuer's certificate is refused", []probetest.Fault{leaf, refused(issuers, false)}, []readiness.CauseCode{readiness.CauseTLSUntrusted}},
		{"the list is refused once, and the responder is out of order", []probetest.Fault{disorder, refused(lists, true)}, nil},
		{"the list is refused, and the responder is out of order", []probetest.Fault{disorder, refused(lists, false)}, []readiness.CauseCode{readiness.CauseRevocation}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := &probetest.Internet{Latency: 20 * time.Millisecond, Faults: tt.faults}
				r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 3, false, "tcp/443 https"), net)
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" {
					t.Errorf("causes (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A second attempt is made because no source said whether the certificate is
// revoked. If that attempt is lost, the host was reached all the same.
func TestALostSecondAttemptChangesNothing(t *testing.T) {
	for seed := range uint64(sampletest.Count(40)) {
		synctest.Test(t, func(t *testing.T) {
			net := &probetest.Internet{Latency: 20 * time.Millisecond, Seed: seed, Faults: []probetest.Fault{
				probetest.At{Host: "crl.probetest.example", Network: "tcp", Fault: probetest.Drop},
				probetest.At{Host: "ocsp.probetest.example", Network: "tcp", Fault: probetest.Drop},
				probetest.At{Port: 443, Fault: probetest.Loss{Connections: 0.02}},
			}}
			r, _ := assessOwn(t, readiness.Runner{}, ownHosts(t, 8, false, "tcp/443 https"), net)
			if diff := cmp.Diff([]readiness.CauseCode{readiness.CauseRevocation}, codes(r)); diff != "" {
				t.Errorf("seed %d: causes (-want +got):\n%s", seed, diff)
			}
		})
	}
}
