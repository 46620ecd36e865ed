package readiness_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Ranges are stripped if hosts of several owners agree.
func TestLimitsOfRanges(t *testing.T) {
	ranges := func(f probe.RangeFacts) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.HTTP.Range = &f }
	}
	whole := func(n int) func(int, *probe.Observation) {
		return over(probe.HTTP, n, ranges(probe.RangeFacts{Code: probe.HTTPRangeUnsupported}))
	}
	some := over(probe.HTTP, everyHost, ranges(probe.RangeFacts{Supported: true}))
	cut := func(n int) func(int, *probe.Observation) {
		return all(some, over(probe.HTTP, n, ranges(probe.RangeFacts{Code: probe.HTTPReset})))
	}
	judgeSeen(t, []seen{
		{"two owners, and no host has ranges", each(2), whole(2), readiness.CauseRangeStripped, true},
		{"one owner, and no host has ranges", []int{2}, whole(2), readiness.CauseRangeStripped, false},
		{"whole files, and another host has ranges", each(3), all(some, whole(2)), readiness.CauseRangeStripped, false},
		{"cut off for two owners", each(3), cut(2), readiness.CauseRangeStripped, true},
		{"cut off for two hosts of one owner", []int{2, 1}, cut(2), readiness.CauseRangeStripped, false},
		{"cut off for three hosts of one owner", []int{3, 1}, cut(3), readiness.CauseRangeStripped, true},
	})
}

// Handshakes and certificates need hosts of several owners.
func TestLimitsOfHandshakes(t *testing.T) {
	tried := func(list ...probe.Handshake) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.TLS.Handshakes = list }
	}
	lost := probe.Handshake{Hello: 1700, Code: probe.TLSTimeout}
	small := probe.Handshake{Hello: 300, Code: probe.TLSTimeout}
	fits := probe.Handshake{Hello: 1700, Packet: 1400}
	stalls := func(passes, fails int) func(int, *probe.Observation) {
		return all(failed(probe.OpHandshake, probe.TLSTimeout), tried(probe.Handshake{Packet: passes}, probe.Handshake{Packet: fails, Code: probe.TLSTimeout}))
	}
	silent := all(failed(probe.OpRequest, probe.HTTPTimeout), func(_ int, o *probe.Observation) { o.HTTP = nil })
	forged := func(leaves int) func(int, *probe.Observation) {
		return all(failed(probe.OpHandshake, probe.TLSUntrusted), func(k int, o *probe.Observation) {
			o.TLS = &probe.TLSFacts{NameMatches: true, Chain: []probe.Certificate{{Issuer: "CN=Filter", SHA256: fmt.Sprint(k % leaves)}}}
		})
	}
	judgeSeen(t, []seen{
		{"TLS 1.3 fails for two owners", each(3), over(probe.HTTPS, 2, tried(lost, lost, small)), readiness.CauseTLS13Blocked, true},
		{"TLS 1.3 fails for one owner", []int{2, 1}, over(probe.HTTPS, 2, tried(lost, lost, small)), readiness.CauseTLS13Blocked, false},
		{"a handshake was not made", each(3), over(probe.HTTPS, 2, tried(lost, lost)), readiness.CauseTLS13Blocked, false},
		{"large hellos arrive in small packets alone", each(2), over(probe.HTTPS, 2, tried(lost, lost, small, fits)), readiness.CausePathMTU, true},
		{"large hellos arrive nowhere", each(2), over(probe.HTTPS, 2, tried(lost, lost, probe.Handshake{Hello: 300})), readiness.CauseLargeHelloBlocked, true},
		{"large packets lost for two owners", each(2), over(probe.HTTPS, 2, stalls(1400, 1401)), readiness.CausePathMTU, true},
		{"large packets lost for two owners, and pages of two more", each(4), all(over(probe.HTTPS, 4, silent), over(probe.HTTPS, 2, stalls(1400, 1401))), readiness.CausePathMTU, true},
		{
			"large packets lost for two owners, and handshakes of two more that were made once", each(4),
			all(over(probe.HTTPS, 4, failed(probe.OpHandshake, probe.TLSTimeout)), over(probe.HTTPS, 2, stalls(1400, 1401))), readiness.CausePathMTU, true,
		},
		{"large packets lost for one owner", []int{2}, over(probe.HTTPS, 2, stalls(1400, 1401)), readiness.CausePathMTU, false},
		{"packets of one size lost and not", each(2), over(probe.HTTPS, 2, stalls(1400, 1400)), readiness.CausePathMTU, false},
		{"no packet passes", each(2), over(probe.HTTPS, 2, stalls(0, 1400)), readiness.CausePathMTU, false},
		{"two certificates for three owners", each(3), over(probe.HTTPS, 3, forged(2)), readiness.CauseTLSInspection, true},
		{"one certificate for three owners", each(3), over(probe.HTTPS, 3, forged(1)), readiness.CauseTLSInspection, false},
		{"three certificates, one for another name", each(3), all(over(probe.HTTPS, 3, forged(3)), over(probe.HTTPS, 1, func(_ int, o *probe.Observation) { o.TLS.NameMatches = false })), readiness.CauseTLSInspection, false},
		{"three certificates, one unseen", each(3), all(over(probe.HTTPS, 3, forged(3)), over(probe.HTTPS, 1, func(_ int, o *probe.Observation) { o.TLS.Chain = nil })), readiness.CauseTLSInspection, false},
		{"four certificates for two owners", []int{2, 2}, over(probe.HTTPS, 4, forged(4)), readiness.CauseTLSInspection, false},
	})
}

// A portal gives one answer for unrelated owners.
func TestLimitsOfPortals(t *testing.T) {
	page := func(text string) func(int, *probe.Observation) {
		return over(probe.HTTP, everyHost, func(_ int, o *probe.Observation) { o.HTTP.Body = text })
	}
	judgeSeen(t, []seen{
		{"three owners", each(3), page("Sign in, please."), readiness.CauseCaptivePortal, true},
		{"two owners", []int{2, 2}, page("Sign in, please."), readiness.CauseCaptivePortal, false},
		{"a short page", each(3), page("Sign in, please"), readiness.CauseCaptivePortal, false},
		{"a different status", each(3), all(page("Sign in, please."), over(probe.HTTP, 1, func(_ int, o *probe.Observation) { o.HTTP.Status = 404 })), readiness.CauseCaptivePortal, false},
	})
}

// A clock is judged by the dates of three servers, with the tolerance of Kerberos.
func TestLimitsOfDates(t *testing.T) {
	behind := func(d time.Duration, n int) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, func(_ int, o *probe.Observation) {
			o.HTTP.Date = o.Start.Add(o.Steps[1].Duration / 2).Add(d)
		})
	}
	expired := func(n int) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, failed(probe.OpHandshake, probe.TLSExpired))
	}
	judgeSeen(t, []seen{
		{"more than five minutes", each(3), behind(5*time.Minute+1, 3), readiness.CauseClockWrong, true},
		{"five minutes", each(3), behind(5*time.Minute, 3), readiness.CauseClockWrong, false},
		{"more than five minutes ahead", each(3), behind(-5*time.Minute-1, 3), readiness.CauseClockWrong, true},
		{"two servers", each(3), behind(time.Hour, 2), readiness.CauseClockWrong, false},
		{"of five servers, two are right", each(5), all(behind(time.Hour, 5), behind(0, 2)), readiness.CauseClockWrong, true},
		{"of five servers, three are right", each(5), all(behind(time.Hour, 5), behind(0, 3)), readiness.CauseClockWrong, false},
		{"two servers that were asked twice", each(3), all(behind(time.Hour, 2), over(probe.HTTPS, 2, func(_ int, o *probe.Observation) {
			o.Steps = append(o.Steps, o.Steps[1])
		})), readiness.CauseClockWrong, false},
		{"three servers, of which one is a stranger", each(3), all(behind(time.Hour, 3), over(probe.HTTPS, 1, func(_ int, o *probe.Observation) {
			o.TLS.VerifiedBy = ""
		})), readiness.CauseClockWrong, false},
		{"three servers, of which one was not measured", each(3), all(behind(time.Hour, 3), over(probe.HTTPS, 1, failed(probe.OpBody, probe.Canceled))), readiness.CauseClockWrong, false},
		{"expired certificates of three owners", each(3), expired(3), readiness.CauseClockWrong, true},
		{"expired certificates of two owners", []int{2, 2}, expired(4), readiness.CauseClockWrong, false},
	})
}

// Strangers answer for hosts if one CA signs for unrelated owners at one address, and
// no host is genuine there.
func TestLimitsOfStrangers(t *testing.T) {
	there := func(_ int, o *probe.Observation) {
		o.DNS.Addresses = []netip.Addr{netip.MustParseAddr("203.0.113.200")}
	}
	stranger := all(failed(probe.OpHandshake, probe.TLSUntrusted), func(_ int, o *probe.Observation) {
		o.TLS = &probe.TLSFacts{Chain: []probe.Certificate{{Subject: "CN=Filter", Issuer: "CN=Filter"}}}
	})
	genuine := func(k int, o *probe.Observation) {
		if k > 0 {
			stranger(k, o)
		}
	}
	judgeSeen(t, []seen{
		{"two owners at one address", each(3), over(probe.HTTPS, 2, all(there, stranger)), readiness.CauseDNSFiltered, true},
		{
			"two owners at one address, where their plain ports are silent", each(3),
			all(over(probe.HTTPS, 2, all(there, stranger)), over(probe.HTTP, 2, all(there, failed(probe.OpConnect, probe.TCPTimeout)))),
			readiness.CauseDNSFiltered, true,
		},
		{"one owner", []int{2, 1}, over(probe.HTTPS, 2, all(there, stranger)), readiness.CauseDNSFiltered, false},
		{"each at its own address", each(3), over(probe.HTTPS, 2, stranger), readiness.CauseDNSFiltered, false},
		{"two owners where another is genuine", each(3), over(probe.HTTPS, 3, all(there, genuine)), readiness.CauseDNSFiltered, false},
		{"each at its own address inside the network", each(3), over(probe.HTTPS, 2, all(stranger, func(k int, o *probe.Observation) {
			o.DNS.Addresses = []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, byte(k)})}
		})), readiness.CauseDNSFiltered, true},
	})
}

// What was seen is told with its numbers.
func TestLimitsInWords(t *testing.T) {
	hellos := over(probe.HTTPS, 2, func(k int, o *probe.Observation) {
		lost := probe.Handshake{Hello: 1700 + 10*k, Code: probe.TLSTimeout}
		again := lost
		again.Hello++
		o.TLS.Handshakes = []probe.Handshake{lost, again, {Hello: 300}}
	})
	six := func(k int, o *probe.Observation) {
		o.TCP.Remote = netip.AddrPortFrom(address6(k), o.Target.Port)
		o.TCP.Dials = []probe.Dial{{Addr: o.TCP.Remote}}
	}
	unrouted := func(_ int, o *probe.Observation) {
		o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: o.TCP.Remote, Code: probe.TCPUnreachable, NoRoute: true}}}
		o.TLS, o.HTTP, o.Error = nil, nil, &probe.Error{Op: probe.OpConnect, Code: probe.TCPUnreachable}
	}
	for _, tt := range []struct {
		name   string
		hosts  []int
		change func(k int, o *probe.Observation)
		want   string
	}{
		{"the size of the first ClientHello", each(2), hellos, "owner0.example:443: a ClientHello of 1700 bytes"},
		{"the size of the first ClientHello that is lost in large packets", each(2), over(probe.HTTPS, 2, func(_ int, o *probe.Observation) {
			o.TLS.Handshakes = []probe.Handshake{{Hello: 1700, Code: probe.TLSTimeout}, {Hello: 1701, Code: probe.TLSTimeout}, {Hello: 300}, {Hello: 1702, Packet: 1400}}
		}), "owner0.example:443: a TLS ClientHello of 1700 bytes gets no answer, twice (tls.timeout). In packets of up to 1400 bytes, it is answered."},
		{"both hosts without TLS 1.2", each(2), over(probe.HTTPS, 2, failed(probe.OpHandshake, probe.TLSVersion)), "owner1.example"},
		{"six hosts that lose large packets", each(6), over(probe.HTTPS, 6, func(_ int, o *probe.Observation) {
			o.Error = &probe.Error{Op: probe.OpHandshake, Code: probe.TLSTimeout}
			o.TLS.Handshakes = []probe.Handshake{{Packet: 1400}, {Packet: 1492, Code: probe.TLSTimeout}}
		}), "The same for 2 more."},
		{"an address of each of thirteen hosts", each(13), over(probe.HTTPS, 13, func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address4(100+k), 443), Code: probe.TCPTimeout})
		}), "And 2 more lines."},
		{"one check over IPv6", each(4), all(unrouted, over(probe.HTTPS, 1, func(k int, o *probe.Observation) {
			answer(o, k)
			o.Error = nil
			six(k, o)
		})), "Over IPv6, 1 check was successful"},
		{"a connection over IPv4 that nobody used", each(4), over(probe.HTTPS, 4, func(k int, o *probe.Observation) {
			lost := probe.Dial{Addr: o.TCP.Remote, Code: probe.TCPTimeout}
			if k == 3 {
				lost.Code = ""
			}
			six(k, o)
			o.TCP.Dials = append(o.TCP.Dials, lost)
		}), "No host answered on TCP port 443 over IPv4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, tt.hosts, tt.change)
			if len(r.Causes) == 0 || !strings.Contains(strings.Join(r.Causes[0].Evidence, "\n"), tt.want) {
				t.Errorf("causes %+v, want %q in the first", r.Causes, tt.want)
			}
		})
	}
}
