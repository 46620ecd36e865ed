package hostile_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// A packetPeer answers a datagram with others.
type packetPeer func(question []byte) (answers [][]byte)

// network returns a network of one peer, for UDP, and for TCP with the length of each
// message before it.
func (p packetPeer) network() probe.Network {
	return probe.Network{
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}, HostsFile: map[string][]netip.Addr{},
		Connect: func(_ context.Context, network, _ string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() {
				defer server.Close()
				var answers sync.WaitGroup // they wait to be read, and the next question does not
				defer answers.Wait()
				buf := make([]byte, 4096)
				for {
					n, err := server.Read(buf)
					if err != nil {
						return
					}
					question := buf[:n]
					if network == "tcp" {
						question = buf[2:n]
					}
					list := p(question)
					answers.Go(func() { send(server, network, list) })
				}
			}()
			return client, nil
		},
	}
}

func send(conn net.Conn, network string, answers [][]byte) {
	for _, a := range answers {
		if network == "tcp" {
			a = append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...)
		}
		if _, err := conn.Write(a); err != nil {
			return
		}
	}
}

func (p packetPeer) observe(t *testing.T, target probe.Target) (o probe.Observation) {
	t.Helper()
	start := time.Now()
	var c cost
	synctest.Test(t, func(t *testing.T) {
		o, c = probed(t, p.network(), target)
		time.Sleep(time.Minute)
	})
	c.tell(t, time.Since(start), o)
	return o
}

// message returns a peer whose answer to a question is changed.
func message(change func(m *dns.Msg)) packetPeer {
	return func(raw []byte) [][]byte {
		q, m := new(dns.Msg), new(dns.Msg)
		if q.Unpack(raw) != nil {
			return nil
		}
		m.SetReply(q)
		m.RecursionAvailable, m.Compress = true, true
		change(m)
		out, err := m.Pack()
		if err != nil {
			panic(err)
		}
		return [][]byte{out}
	}
}

// octets returns a peer that answers with a question's header, changed, and more.
func octets(change func(header []byte) []byte) packetPeer {
	return func(raw []byte) [][]byte { return [][]byte{change(append([]byte(nil), raw...))} }
}

func header(name string, kind uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: kind, Class: dns.ClassINET, Ttl: 60}
}

func alias(from, to string) dns.RR {
	return &dns.CNAME{Hdr: header(from, dns.TypeCNAME), Target: to}
}

func address(name string, ip net.IP) dns.RR { return &dns.A{Hdr: header(name, dns.TypeA), A: ip} }

func TestResolverPeers(t *testing.T) {
	const name = host + "."
	good := net.IPv4(203, 0, 113, 7)
	long := strings.Repeat(strings.Repeat("a", 60)+".", 4)
	for _, tt := range []struct {
		name string
		peer packetPeer
		code probe.Code
	}{
		{"silence", func([]byte) [][]byte { return nil }, probe.DNSTimeout},
		{"one byte", func([]byte) [][]byte { return [][]byte{{0}} }, probe.DNSMalformed},
		{"the question itself", octets(func(b []byte) []byte { return b }), probe.DNSMalformed},
		{"another ID", octets(func(b []byte) []byte { b[0] ^= 1; b[2] |= 0x80; return b }), probe.DNSMalformed},
		{"a flood of other IDs", func(b []byte) [][]byte {
			out := make([][]byte, 2000)
			for i := range out {
				out[i] = append([]byte{b[0] ^ 1, byte(i)}, b[2:]...)
			}
			return out
		}, probe.DNSMalformed},
		{"a pointer to itself", octets(func(b []byte) []byte {
			b[2], b[4], b[5] = 0x80, 0, 1
			return append(b[:12], 0xc0, 12, 0, 1, 0, 1)
		}), probe.DNSMalformed},
		{"counts without records", octets(func(b []byte) []byte { b[2] |= 0x80; b[6], b[7] = 0xff, 0xff; return b }), probe.DNSMalformed},
		{"no question", octets(func(b []byte) []byte { b[2] |= 0x80; b[4], b[5] = 0, 0; return b[:12] }), probe.DNSMalformed},
		{"4,000 zero bytes after the question", octets(func(b []byte) []byte { b[2] |= 0x80; return append(b, make([]byte, 4000)...) }), probe.DNSNoData},
		{"truncated for ever", message(func(m *dns.Msg) { m.Truncated = true }), probe.DNSMalformed},
		{"a chain of aliases in a circle", message(func(m *dns.Msg) { m.Answer = []dns.RR{alias(name, "b."), alias("b.", name)} }), probe.DNSMalformed},
		{"an alias of itself", message(func(m *dns.Msg) { m.Answer = []dns.RR{alias(name, name)} }), probe.DNSMalformed},
		{"an alias without an address", message(func(m *dns.Msg) { m.Answer = []dns.RR{alias(name, "b.")} }), probe.DNSNoData},
		{"an address of another name", message(func(m *dns.Msg) { m.Answer = []dns.RR{address("b.", good)} }), probe.DNSMalformed},
		{"this machine", message(func(m *dns.Msg) { m.Answer = []dns.RR{address(name, net.IPv4(127, 0, 0, 1))} }), probe.DNSSinkhole},
		{"a denial that goes on", message(func(m *dns.Msg) {
			m.Rcode = dns.RcodeNameError
			for range 60 {
				m.Ns = append(m.Ns, &dns.SOA{Hdr: header(long, dns.TypeSOA), Ns: long, Mbox: long})
			}
		}), probe.DNSNXDomain},
		{"a response code of no kind", message(func(m *dns.Msg) { m.Rcode = 14 }), probe.DNSServFail},
		{"a refusal with control characters", message(func(m *dns.Msg) {
			m.Rcode = dns.RcodeRefused
			opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
			opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: 17, ExtraText: "\x1b[2J\u202e\nREADY"})
			m.Extra = []dns.RR{opt}
		}), probe.DNSBlocked},
		{"names of control characters", message(func(m *dns.Msg) {
			m.Answer = []dns.RR{alias(name, "\\027\\010\\226\\128\\174."), address("\\027\\010\\226\\128\\174.", good)}
		}), ""},
		{"an address between others", message(func(m *dns.Msg) {
			m.Answer = []dns.RR{address("b.", good), address(name, good), address("c.", good)}
		}), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := tt.peer.observe(t, probe.Target{Protocol: probe.DNS, Host: host})
			if o.Code() != tt.code {
				t.Errorf("%v, want %q", o.Error, tt.code)
			}
		})
	}
}

func TestTimePeers(t *testing.T) {
	// reply returns a peer that answers as a good server would, but for a change.
	reply := func(change func(p []byte)) packetPeer {
		return func(q []byte) [][]byte {
			p := make([]byte, 48)
			now := time.Now()
			stamp := uint64(now.Unix()+2_208_988_800)<<32 | uint64(now.Nanosecond())<<32/1_000_000_000
			p[0], p[1], p[2], p[3] = 4<<3|4, 2, 6, 0xec
			copy(p[12:], "GPS\x00")
			copy(p[24:32], q[40:48])
			for _, at := range []int{16, 32, 40} {
				binary.BigEndian.PutUint64(p[at:], stamp)
			}
			change(p)
			return [][]byte{p}
		}
	}
	set := func(at int, b ...byte) packetPeer { return reply(func(p []byte) { copy(p[at:], b) }) }
	whole := set(0)(make([]byte, 48))[0]
	for _, tt := range []struct {
		name string
		peer packetPeer
		code probe.Code
	}{
		{"a good server", set(0), ""},
		{"silence", func([]byte) [][]byte { return nil }, probe.NTPTimeout},
		{"one byte", func([]byte) [][]byte { return [][]byte{{36}} }, probe.NTPInvalid},
		{"47 bytes", func([]byte) [][]byte { return [][]byte{whole[:47]} }, probe.NTPInvalid},
		{"another request's answer", reply(func(p []byte) { p[24] ^= 1 }), probe.NTPInvalid},
		{"the request itself", func(q []byte) [][]byte { return [][]byte{q} }, probe.NTPInvalid},
		{"version 0", set(0, 4), probe.NTPInvalid},
		{"version 1", set(0, 1<<3|4), probe.NTPInvalid},
		{"version 2", set(0, 2<<3|4), probe.NTPInvalid},
		{"version 7", set(0, 7<<3|4), probe.NTPInvalid},
		{"version 3", set(0, 3<<3|4), ""},
		{"a client's mode", set(0, 4<<3|3), probe.NTPInvalid},
		{"a control message", set(0, 4<<3|6), probe.NTPInvalid},
		{"no clock", set(0, 3<<6|4<<3|4), probe.NTPUnsynchronized},
		{"stratum 16", set(1, 16), probe.NTPUnsynchronized},
		{"stratum 255", set(1, 255), probe.NTPInvalid},
		{"a kiss", reply(func(p []byte) { p[0], p[1] = 3<<6|4<<3|4, 0; copy(p[12:], "DENY") }), probe.NTPKissOfDeath},
		{"a kiss of control characters", reply(func(p []byte) { p[1] = 0; copy(p[12:], "\x1b[2J") }), probe.NTPInvalid},
		{"no time", reply(func(p []byte) { clear(p[32:48]) }), probe.NTPInvalid},
		{"a precision of 2^127 seconds", set(3, 127), probe.NTPInvalid},
		{"a precision of 2^-128 seconds", set(3, 128), ""},
		{"a poll interval of 2^-128 seconds", set(2, 128), ""},
		{"a root delay of 18 hours", set(4, 0xff, 0xff, 0xff, 0xff), probe.NTPInvalid},
		{"a dispersion of 18 hours", set(8, 0xff, 0xff, 0xff, 0xff), probe.NTPInvalid},
		{"sent before received", set(32, 0xff, 0xff, 0xff, 0xff), probe.NTPInvalid},
		{"1900", reply(func(p []byte) {
			clear(p[16:24])
			copy(p[32:], "\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00")
		}), probe.NTPOffset},
		{"more after it", reply(func([]byte) {}).padded(2000), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := tt.peer.observe(t, probe.Target{Protocol: probe.NTP, Host: "203.0.113.123"})
			if o.Code() != tt.code {
				t.Errorf("%v, want %q", o.Error, tt.code)
			}
		})
	}
}

// padded returns a peer that adds zero bytes to each answer.
func (p packetPeer) padded(n int) packetPeer {
	return func(q []byte) [][]byte {
		out := p(q)
		for i := range out {
			out[i] = append(out[i], make([]byte, n)...)
		}
		return out
	}
}
