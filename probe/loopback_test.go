package probe_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// These tests use real sockets on 127.0.0.1, for what only a kernel does. None
// of them waits for time to pass.

// listenUDP returns a socket on a free port, and its address.
func listenUDP(t *testing.T) (*net.UDPConn, netip.AddrPort) {
	t.Helper()
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, netip.MustParseAddrPort(c.LocalAddr().String())
}

// serveDNS runs a DNS server on a free port, over UDP and TCP. It answers a
// question with messages, or with raw bytes.
func serveDNS(t *testing.T, script func(network string, q *dns.Msg) []any) netip.AddrPort {
	t.Helper()
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		for _, answer := range script(w.RemoteAddr().Network(), q) {
			var err error
			switch answer := answer.(type) {
			case *dns.Msg:
				err = w.WriteMsg(answer)
			case []byte:
				_, err = w.Write(answer)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	packets, addr := listenUDP(t)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", addr.String())
	if err != nil {
		t.Skipf("the port is taken over TCP: %v", err)
	}
	for _, s := range []*dns.Server{{PacketConn: packets, Handler: handler}, {Listener: listener, Handler: handler}} {
		started := make(chan struct{})
		s.NotifyStartedFunc = func() { close(started) }
		done := make(chan error, 1)
		go func() { done <- s.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			if err := errors.Join(s.Shutdown(), <-done); err != nil {
				t.Error(err)
			}
		})
	}
	return addr
}

func TestLoopbackDNS(t *testing.T) {
	addr := serveDNS(t, func(network string, q *dns.Msg) []any {
		m := answerTo(q)
		switch {
		case q.Question[0].Qtype == dns.TypeAAAA:
		case network == "udp":
			m.Truncated = true
		default:
			m = answerTo(q, dnsHost+". 60 IN A 203.0.113.7")
		}
		return []any{m}
	})
	n := probe.Network{Resolvers: []netip.AddrPort{addr}}
	o := n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: dnsHost})
	want := []string{"A tcp*2 NOERROR truncated", "AAAA udp*1 NOERROR dns.nodata"}
	if diff := cmp.Diff(want, queryLines(o.DNS.Queries)); diff != "" || !o.OK() {
		t.Errorf("queries (-want +got):\n%s%v", diff, o.Error)
	}
	if diff := cmp.Diff(addrs("203.0.113.7"), o.DNS.Addresses, equatable); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

// ipv4Only answers for a name with only an IPv4 address.
func ipv4Only(q *dns.Msg) *dns.Msg {
	if q.Question[0].Qtype == dns.TypeA {
		return answerTo(q, dnsHost+". 60 IN A 203.0.113.7")
	}
	return answerTo(q)
}

// TestLoopbackDNSForged: what comes first is not always the answer.
func TestLoopbackDNSForged(t *testing.T) {
	addr := serveDNS(t, func(_ string, q *dns.Msg) []any {
		otherID := answerTo(q, dnsHost+". 60 IN A 192.0.2.66")
		otherID.Id++
		otherName := answerTo(new(dns.Msg).SetQuestion("other.example.", q.Question[0].Qtype), "other.example. 60 IN A 192.0.2.66")
		otherName.Id = q.Id
		return []any{otherID, otherName, []byte("?"), ipv4Only(q)}
	})
	n := probe.Network{Resolvers: []netip.AddrPort{addr}}
	facts, err := n.Lookup(t.Context(), dnsHost)
	if diff := cmp.Diff(addrs("203.0.113.7"), facts.Addresses, equatable); diff != "" || err != nil {
		t.Errorf("addresses (-want +got):\n%s%v", diff, err)
	}
}

// TestLoopbackDNSCut: an answer over UDP may be cut anywhere, one over TCP not.
func TestLoopbackDNSCut(t *testing.T) {
	for network, want := range map[string]probe.Code{"udp": "", "tcp": probe.DNSMalformed} {
		addr := serveDNS(t, func(over string, q *dns.Msg) []any {
			m := ipv4Only(q)
			m.Truncated = over == "udp" || over == network
			raw, err := m.Pack()
			if err != nil {
				t.Error(err)
			}
			if over == "udp" && len(m.Answer) > 0 {
				raw = raw[:len(raw)-2] // in the middle of a record
			}
			return []any{raw}
		})
		_, err := probe.Network{Resolvers: []netip.AddrPort{addr}}.Lookup(t.Context(), dnsHost)
		if want == "" && err != nil || want != "" && (err == nil || err.Code != want) {
			t.Errorf("cut over %s: error %v, want code %q", network, err, want)
		}
	}
}

// TestLoopbackDNSWithoutEDNS: servers that do not know EDNS are asked without.
func TestLoopbackDNSWithoutEDNS(t *testing.T) {
	addr := serveDNS(t, func(_ string, q *dns.Msg) []any {
		if q.IsEdns0() != nil {
			return []any{rcode(q, dns.RcodeFormatError)}
		}
		return []any{ipv4Only(q)}
	})
	n := probe.Network{Resolvers: []netip.AddrPort{addr}}
	facts, err := n.Lookup(t.Context(), dnsHost)
	want := []string{"A udp*2 NOERROR", "AAAA udp*2 NOERROR dns.nodata"}
	if diff := cmp.Diff(want, queryLines(facts.Queries)); diff != "" || err != nil {
		t.Errorf("queries (-want +got):\n%s%v", diff, err)
	}
}

// TestLoopbackNobodyListens: the kernel is told by ICMP, and tells us.
func TestLoopbackNobodyListens(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("package net turns off ICMP errors for UDP on Windows, go.dev/issue/5834")
	}
	c, addr := listenUDP(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := probe.Network{Resolvers: []netip.AddrPort{addr}}.Lookup(t.Context(), dnsHost)
	if err == nil || err.Code != probe.DNSNotListening {
		t.Errorf("DNS: error %v, want code %q", err, probe.DNSNotListening)
	}
	o := (probe.Network{}).Probe(t.Context(), probe.Target{Protocol: probe.NTP, Host: addr.Addr().String(), Port: addr.Port()})
	if o.Code() != probe.NTPUnreachable {
		t.Errorf("NTP: error %v, want code %q", o.Error, probe.NTPUnreachable)
	}
}

func TestLoopbackNTP(t *testing.T) {
	c, addr := listenUDP(t)
	var asked atomic.Int32
	go func() {
		for b := make([]byte, 100); ; {
			n, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			asked.Add(1)
			answer := ntpAnswer(b[:n], time.Now().Add(24*time.Hour))
			stray := slices.Clone(answer)
			stray[24]++
			for _, packet := range [][]byte{stray, answer} {
				if _, err := c.WriteToUDPAddrPort(packet, from); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	target := probe.Target{Protocol: probe.NTP, Host: addr.Addr().String(), Port: addr.Port()}
	o := (probe.Network{}).Probe(t.Context(), target)
	if o.Code() != probe.NTPOffset || asked.Load() != 1 {
		t.Fatalf("error %v after %d questions", o.Error, asked.Load())
	}
	if f := o.NTP; f.Server != addr || f.Stratum != 1 || (f.Offset-24*time.Hour).Abs() > f.Bound {
		t.Errorf("facts %+v", f)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if o := (probe.Network{}).Probe(ctx, target); o.Code() != probe.Canceled || asked.Load() != 1 {
		t.Errorf("error %v after %d questions", o.Error, asked.Load())
	}
}
