package probetest_test

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe/probetest"
)

// summary formats a response on one line: response code, addresses, aliases and
// notable flags.
func summary(m *dns.Msg) string {
	s := dns.RcodeToString[m.Rcode]
	for _, rr := range m.Answer {
		switch rr := rr.(type) {
		case *dns.CNAME:
			s += " " + rr.Target
		case *dns.A:
			s += " " + rr.A.String()
		case *dns.AAAA:
			s += " " + rr.AAAA.String()
		}
	}
	if m.Truncated {
		s += " truncated"
	}
	if opt := m.IsEdns0(); opt != nil {
		for _, o := range opt.Option {
			if e, ok := o.(*dns.EDNS0_EDE); ok {
				s += fmt.Sprintf(" extended %d %q", e.InfoCode, e.ExtraText)
			}
		}
	}
	return s
}

func TestDNSFaults(t *testing.T) {
	const host = "login.live.com"
	for _, test := range []struct {
		name   string
		faults []probetest.Fault
		want   string // for a host that exists
		absent string // for one that does not
	}{
		{"none", nil, "NOERROR 198.19.255.29", "NXDOMAIN"},
		{"refused", []probetest.Fault{probetest.Refused}, "REFUSED", "REFUSED"},
		{"server failure", []probetest.Fault{probetest.ServFail}, "SERVFAIL", "SERVFAIL"},
		{"no such name", []probetest.Fault{probetest.NXDomain}, "NXDOMAIN", "NXDOMAIN"},
		{"no data", []probetest.Fault{probetest.NoData}, "NOERROR", "NOERROR"},
		{"no data of another type", []probetest.Fault{probetest.DNSAnswer{Type: "AAAA", Empty: true}}, "NOERROR 198.19.255.29", "NXDOMAIN"},
		{"addresses of another type", []probetest.Fault{probetest.DNSAnswer{Type: "AAAA", Sinkhole: true}}, "NOERROR 198.19.255.29", "NXDOMAIN"},
		{"addresses of one type", []probetest.Fault{probetest.DNSAnswer{Type: "A", Sinkhole: true}}, "NOERROR 0.0.0.0", "NOERROR 0.0.0.0"},
		{"sinkhole", []probetest.Fault{probetest.Sinkhole}, "NOERROR 0.0.0.0", "NOERROR 0.0.0.0"},
		{"sinkhole elsewhere", []probetest.Fault{probetest.DNSAnswer{Addrs: addrs("10.0.0.1")}}, "NOERROR 10.0.0.1", "NOERROR 10.0.0.1"},
		{"rewriting", []probetest.Fault{probetest.Rewrite{}}, "NOERROR 198.19.255.29", "NOERROR 203.0.113.80"},
		{"rewriting to an address", []probetest.Fault{probetest.Rewrite{To: netip.MustParseAddr("10.9.9.9")}}, "NOERROR 198.19.255.29", "NOERROR 10.9.9.9"},
		{
			"blocked",
			[]probetest.Fault{probetest.NXDomain, probetest.DNSAnswer{Extended: 15, Text: "policy"}},
			`NXDOMAIN extended 15 "policy"`, `NXDOMAIN extended 15 "policy"`,
		},
		{
			"blocked, said first",
			[]probetest.Fault{probetest.DNSAnswer{Extended: 17}, probetest.Sinkhole},
			`NOERROR 0.0.0.0 extended 17 ""`, `NOERROR 0.0.0.0 extended 17 ""`,
		},
		{"truncated", []probetest.Fault{probetest.Truncate}, "NOERROR truncated", "NXDOMAIN truncated"},
		{
			"an exception",
			[]probetest.Fault{probetest.At{Host: host, Fault: probetest.ServFail}, probetest.Refused},
			"SERVFAIL", "REFUSED",
		},
		{
			"for names below",
			[]probetest.Fault{probetest.At{Host: "*.live.com", Fault: probetest.ServFail}},
			"SERVFAIL", "NXDOMAIN",
		},
		{"another host", []probetest.Fault{probetest.At{Host: "live.com", Fault: probetest.ServFail}}, "NOERROR 198.19.255.29", "NXDOMAIN"},
		{"another port", []probetest.Fault{probetest.At{Port: 5353, Fault: probetest.ServFail}}, "NOERROR 198.19.255.29", "NXDOMAIN"},
		{"only over TCP", []probetest.Fault{probetest.At{Network: "tcp", Fault: probetest.ServFail}}, "NOERROR 198.19.255.29", "NXDOMAIN"},
		{
			"a place in a place",
			[]probetest.Fault{probetest.At{Host: host, Fault: probetest.At{Network: "udp", Fault: probetest.ServFail}}},
			"SERVFAIL", "NXDOMAIN",
		},
		{
			"by pointer",
			[]probetest.Fault{&probetest.At{Host: host, Fault: probetest.ServFail}},
			"SERVFAIL", "NXDOMAIN",
		},
		{"nothing", []probetest.Fault{nil, probetest.At{}}, "NOERROR 198.19.255.29", "NXDOMAIN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
			for name, want := range map[string]string{host: test.want, "absent.example": test.absent} {
				m, err := ask(t, i, "udp", name, dns.TypeA)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, summary(m)); diff != "" {
					t.Errorf("answer for %s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func TestTruncatedOverTCP(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.Truncate}}
	m, err := ask(t, i, "tcp", "login.live.com", dns.TypeA)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := summary(m), "NOERROR 198.19.255.29"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A long answer is truncated to the client's size even without a fault.
func TestLongAnswer(t *testing.T) {
	var many []netip.Addr
	for n := range 200 {
		many = append(many, netip.AddrFrom4([4]byte{203, 0, 113, byte(n)}))
	}
	i := &probetest.Internet{Addresses: map[string][]netip.Addr{"many.example": many}}
	udp, err := ask(t, i, "udp", "many.example", dns.TypeA)
	if err != nil {
		t.Fatal(err)
	}
	if !udp.Truncated || len(udp.Answer) >= len(many) {
		t.Errorf("over UDP: truncated %v, %d addresses", udp.Truncated, len(udp.Answer))
	}
	tcp, err := ask(t, i, "tcp", "many.example", dns.TypeA)
	if err != nil {
		t.Fatal(err)
	}
	if tcp.Truncated || len(tcp.Answer) != len(many) {
		t.Errorf("over TCP: truncated %v, %d addresses", tcp.Truncated, len(tcp.Answer))
	}
}

func TestUnansweredQuery(t *testing.T) {
	for _, fault := range []probetest.Fault{
		probetest.Unanswered,
		probetest.Drop,
		probetest.At{Network: "udp", Port: 53, Fault: probetest.Drop},
		probetest.Loss{First: 1},
		probetest.Loss{Rate: 1},
	} {
		t.Run(fmt.Sprintf("%T", fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Faults: []probetest.Fault{fault}}
				start := time.Now()
				_, err := ask(t, i, "udp", "login.live.com", dns.TypeA)
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("error: %v, want a timeout", err)
				}
				if d := time.Since(start); d != 5*time.Second {
					t.Errorf("took %v, want the client's 5s", d)
				}
			})
		})
	}
}

func TestMalformedAnswer(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.Malformed}}
	if m, err := ask(t, i, "udp", "login.live.com", dns.TypeA); err == nil {
		t.Errorf("the answer was parsed: %v", m)
	}
	i = &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.DNSAnswer{Raw: []byte("?")}}}
	if m, err := ask(t, i, "tcp", "login.live.com", dns.TypeA); err == nil {
		t.Errorf("the answer was parsed: %v", m)
	}
}

func TestOtherQuestion(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{"login.live.com"}, Faults: []probetest.Fault{probetest.OtherQuestion}}
	m, err := ask(t, i, "udp", "login.live.com", dns.TypeA)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Question[0].Name; got != "other.example." {
		t.Errorf("the question is %s", got)
	}
}

func TestResolvers(t *testing.T) {
	good, bad := netip.MustParseAddrPort("192.0.2.2:53"), netip.MustParseAddrPort("[2001:db8::2]:53")
	i := &probetest.Internet{
		Hosts:     []string{"login.live.com"},
		Resolvers: []netip.AddrPort{bad, good},
		Faults:    []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(bad.Addr(), 128), Fault: probetest.ServFail}},
	}
	if diff := cmp.Diff([]string{bad.String(), good.String()}, fmtAll(i.Network().Resolvers)); diff != "" {
		t.Errorf("resolvers (-want +got):\n%s", diff)
	}
	for resolver, want := range map[netip.AddrPort]string{bad: "SERVFAIL", good: "NOERROR 198.19.255.29"} {
		m, err := askAt(t, resolver, i, "udp", "login.live.com", dns.TypeA)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, summary(m)); diff != "" {
			t.Errorf("answer of %v (-want +got):\n%s", resolver, diff)
		}
	}
}

// A malformed query gets the response that servers give.
func TestBadQuery(t *testing.T) {
	i := &probetest.Internet{Faults: []probetest.Fault{probetest.NoData, probetest.OtherQuestion}}
	for _, test := range []struct {
		name  string
		query *dns.Msg
	}{
		{"no question", &dns.Msg{MsgHdr: dns.MsgHdr{Id: 7}}},
		{"a notification", &dns.Msg{MsgHdr: dns.MsgHdr{Id: 7, Opcode: dns.OpcodeNotify}, Question: []dns.Question{{Name: ".", Qtype: dns.TypeSOA, Qclass: dns.ClassINET}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := i.DialContext(t.Context(), "udp", "192.0.2.53:53")
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			stream := &dns.Conn{Conn: c}
			if err := stream.WriteMsg(test.query); err != nil {
				t.Fatal(err)
			}
			m, err := stream.ReadMsg()
			if err != nil {
				t.Fatal(err)
			}
			if m.Rcode != dns.RcodeFormatError || m.Id != 7 {
				t.Errorf("answer: %v", m)
			}
		})
	}
}

func addrs(list ...string) []netip.Addr {
	var all []netip.Addr
	for _, s := range list {
		all = append(all, netip.MustParseAddr(s))
	}
	return all
}

func fmtAll[T fmt.Stringer](list []T) []string {
	var all []string
	for _, v := range list {
		all = append(all, v.String())
	}
	return all
}
