package readiness_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Something close accepts connections if they take next to no time and responses
// take long, for enough hosts.
func TestLimitsOfInterception(t *testing.T) {
	took := func(connect, request time.Duration) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) {
			o.Steps[0].Duration, o.Steps[1].Duration = connect, request
		}
	}
	const ms = time.Millisecond
	quick := over(probe.HTTPS, everyHost, took(2*ms, 8*ms))
	on := func(ip string) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.TCP.Remote = netip.AddrPortFrom(netip.MustParseAddr(ip), 443) }
	}
	others := func(change func(k int, o *probe.Observation)) func(int, *probe.Observation) {
		return all(change, over(probe.HTTP, everyHost, undone))
	}
	slow := func(n int) func(int, *probe.Observation) {
		return others(all(quick, over(probe.HTTPS, n, took(20*ms, 20*ms))))
	}
	judgeSeen(t, []seen{
		{"connections as quick as none to a distant host", each(10), others(quick), readiness.CauseIntercepted, true},
		{"a little slower", each(10), others(over(probe.HTTPS, everyHost, took(2*ms+1, 20*ms))), readiness.CauseIntercepted, false},
		{"responses that take less than four times as long", each(10), others(over(probe.HTTPS, everyHost, took(2*ms, 8*ms-1))), readiness.CauseIntercepted, false},
		{"connections in no time", each(10), others(over(probe.HTTPS, everyHost, took(0, 4*ms))), readiness.CauseIntercepted, true},
		{"connections in no time, and quick responses", each(10), others(over(probe.HTTPS, everyHost, took(0, 4*ms-1))), readiness.CauseIntercepted, false},
		{"nine hosts", each(9), others(quick), readiness.CauseIntercepted, false},
		{"three owners", []int{4, 4, 2}, others(quick), readiness.CauseIntercepted, true},
		{"two owners", []int{5, 5}, others(quick), readiness.CauseIntercepted, false},
		{"one of twenty is slow", each(20), slow(1), readiness.CauseIntercepted, true},
		{"two of twenty are slow", each(20), slow(2), readiness.CauseIntercepted, false},
		{"through a proxy", each(10), others(all(quick, over(probe.HTTPS, 1, func(_ int, o *probe.Observation) { o.Proxy = new(probe.ProxyFacts) }))), readiness.CauseIntercepted, false},
		{"a host inside the network", each(10), others(all(quick, over(probe.HTTPS, 1, on("10.0.0.1")))), readiness.CauseIntercepted, false},
		{"a host on this machine", each(10), others(all(quick, over(probe.HTTPS, 1, on("127.0.0.1")))), readiness.CauseIntercepted, false},
		{"five hosts over two protocols", each(5), all(quick, over(probe.HTTP, everyHost, took(2*ms, 8*ms))), readiness.CauseIntercepted, false},
		{"a host that failed", each(10), others(all(quick, over(probe.HTTPS, 1, failed(probe.OpBody, probe.HTTPStatus)))), readiness.CauseIntercepted, false},
		{"a connection whose time is unknown", each(10), others(all(quick, over(probe.HTTPS, 1, func(_ int, o *probe.Observation) { o.Steps = o.Steps[1:] }))), readiness.CauseIntercepted, false},
		{"a host without a response", each(10), others(all(quick, over(probe.HTTPS, 1, func(_ int, o *probe.Observation) { o.HTTP.Status = 0 }))), readiness.CauseIntercepted, false},
	})
}

// A network limits new connections if many recover, of several owners, and others
// succeed at once.
func TestLimitsOfRates(t *testing.T) {
	late := func(n int) func(int, *probe.Observation) {
		return all(over(probe.HTTP, everyHost, undone), over(probe.HTTPS, n, func(_ int, o *probe.Observation) {
			o.Attempts = 2
			lost := o.Steps[0]
			lost.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
			o.Steps = slices.Concat([]probe.Step{lost}, o.Steps)
		}))
	}
	judgeSeen(t, []seen{
		{"eight of ten", each(10), late(8), readiness.CauseRateLimited, true},
		{"seven of ten", each(10), late(7), readiness.CauseRateLimited, false},
		{"eight of nine", each(9), late(8), readiness.CauseRateLimited, false},
		{"eight of forty", each(40), late(8), readiness.CauseRateLimited, true},
		{"eight of forty-one", each(41), late(8), readiness.CauseRateLimited, false},
		{"eight of three owners", []int{3, 3, 2, 2}, late(8), readiness.CauseRateLimited, true},
		{"eight of two owners", []int{4, 4, 2}, late(8), readiness.CauseRateLimited, false},
	})
}

// Address families and ports are at fault if hosts of unrelated owners agree.
func TestLimitsOfFamilies(t *testing.T) {
	six := func(k int, o *probe.Observation) netip.AddrPort {
		return netip.AddrPortFrom(address6(k), o.Target.Port)
	}
	// besides is a connection over IPv6 that was made besides the one over IPv4.
	besides := func(dial, handshake probe.Code) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			d := probe.Dial{Addr: six(k, o), Code: dial}
			if handshake != "" {
				d.TLS, d.TLSCode = new(probe.TLSFacts), handshake
			}
			o.TCP.Dials = append(o.TCP.Dials, d)
		}
	}
	silent := besides(probe.TCPTimeout, "")
	stalled := besides("", probe.TLSTimeout)
	// instead is a connection over IPv6 after one over IPv4 had failed.
	instead := func(k int, o *probe.Observation) {
		o.TCP.Remote = six(k, o)
		o.TCP.Dials[0].Code = probe.TCPTimeout
		o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: six(k, o)})
	}
	blocked := all(failed(probe.OpConnect, probe.TCPTimeout), func(_ int, o *probe.Observation) {
		o.TCP, o.TLS, o.HTTP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: o.TCP.Remote, Code: probe.TCPTimeout}}}, nil, nil
	})
	judgeSeen(t, []seen{
		{"IPv6 silent for two owners", each(2), over(probe.HTTPS, 2, silent), readiness.CauseIPv6Broken, true},
		{"IPv6 silent for one owner", []int{2}, over(probe.HTTPS, 2, silent), readiness.CauseIPv6Broken, false},
		{"TLS over IPv6 stalls for three owners", each(3), over(probe.HTTPS, 3, stalled), readiness.CauseIPv6BrokenAboveTCP, true},
		{"TLS over IPv6 stalls for two owners", []int{2, 2}, over(probe.HTTPS, 4, stalled), readiness.CauseIPv6BrokenAboveTCP, false},
		{"port 443 silent over IPv4 for three owners", each(3), over(probe.HTTPS, 3, instead), readiness.CauseHTTPSBlocked, true},
		{"port 443 silent over IPv4 for two owners", []int{2, 2}, over(probe.HTTPS, 4, instead), readiness.CauseHTTPSBlocked, false},
		{
			"port 443 silent over IPv4 for three owners, and answers over IPv6 from one", each(3),
			all(over(probe.HTTPS, 3, blocked), over(probe.HTTPS, 1, func(k int, o *probe.Observation) {
				answer(o, k)
				o.Error = nil
				instead(k, o)
			})), readiness.CauseHTTPSBlocked, false,
		},
		{"port 443 silent for three owners", each(3), over(probe.HTTPS, 3, blocked), readiness.CauseHTTPSBlocked, true},
		{"port 443 silent for two owners of three", each(3), over(probe.HTTPS, 2, blocked), readiness.CauseHTTPSBlocked, false},
		{"port 443 silent for all three hosts, of two owners", []int{2, 1}, over(probe.HTTPS, 3, blocked), readiness.CauseHTTPSBlocked, true},
		{"port 443 silent for both hosts", each(2), over(probe.HTTPS, 2, blocked), readiness.CauseHTTPSBlocked, false},
		{"IPv4 silent on two ports", each(1), instead, readiness.CauseIPv4Missing, true},
		{"IPv4 silent on the only port", each(1), all(over(probe.HTTPS, 1, instead), over(probe.HTTP, 1, undone)), readiness.CauseIPv4Missing, false},
	})
}

// Without IPv4, names need it or a translator. Owners tell how far that goes.
func TestLimitsOfIPv4(t *testing.T) {
	without := func(routed bool, addr func(k int) netip.Addr) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			d := probe.Dial{Addr: netip.AddrPortFrom(addr(k), o.Target.Port), Code: probe.TCPUnreachable, NoRoute: !routed}
			o.DNS.Addresses = append(o.DNS.Addresses, addr(k))
			o.TCP, o.TLS, o.HTTP = &probe.TCPFacts{Dials: []probe.Dial{d}}, nil, nil
			o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPUnreachable}
		}
	}
	unrouted := without(false, address4)
	translated := without(true, func(k int) netip.Addr {
		return netip.AddrFrom16([16]byte{1: 0x64, 2: 0xff, 3: 0x9b, 12: 203, 14: 113, 15: byte(k + 1)})
	})
	ownPrefix := without(true, func(k int) netip.Addr {
		return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 4: 0x64, 12: 203, 13: 0, 14: 113, 15: byte(k + 1)})
	})
	// but is what else was seen of the last of four hosts.
	but := func(what func(int, *probe.Observation), change func(o *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if what(k, o); k == 3 {
				o.TCP, o.Error = nil, nil
				change(o)
			}
		}
	}
	answers := func(a netip.Addr, status int) func(o *probe.Observation) {
		return func(o *probe.Observation) {
			o.NCSI = &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: status, Addresses: []netip.Addr{a}}}
		}
	}
	ends := func(a netip.Addr, c probe.Code) func(o *probe.Observation) {
		return func(o *probe.Observation) {
			o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: netip.AddrPortFrom(a, o.Target.Port), Code: c}}}
			o.Error = &probe.Error{Op: probe.OpConnect, Code: c}
		}
	}
	timeServer := func(a netip.Addr) func(o *probe.Observation) {
		return func(o *probe.Observation) { o.NTP = &probe.NTPFacts{Server: netip.AddrPortFrom(a, 123)} }
	}
	judgeSeen(t, []seen{
		{"no route, and a time server answered over IPv6", each(4), but(unrouted, timeServer(address6(3))), readiness.CauseIPv4Missing, true},
		{"no route, and a time server answered over IPv4", each(4), but(unrouted, timeServer(address4(3))), readiness.CauseIPv4Missing, false},
		{"no route, and Windows' probe was answered over IPv4", each(4), but(unrouted, answers(address4(3), 200)), readiness.CauseIPv4Missing, false},
		{"no route, and Windows' probe was not answered", each(4), but(unrouted, answers(address4(3), 0)), readiness.CauseIPv4Missing, true},
		{"no route for two owners, and for another it is unclear", []int{1, 2, 1}, but(unrouted, ends(address4(3), probe.Canceled)), readiness.CauseIPv4Missing, false},
		{"no route for two owners, and no socket for another", []int{1, 2, 1}, but(unrouted, ends(address4(3), probe.LocalSocket)), readiness.CauseIPv4Missing, false},
		{"no route, and one cannot be translated", each(4), but(unrouted, ends(netip.MustParseAddr("64:ff9b::cb00:7104"), probe.TCPTimeout)), readiness.CauseIPv4Missing, false},
		{"no route, and one is silent over IPv6", each(4), but(unrouted, ends(address6(9), probe.TCPTimeout)), readiness.CauseIPv4Missing, true},
		{"no route, and one is silent over IPv4", each(4), but(unrouted, ends(address4(3), probe.TCPTimeout)), readiness.CauseIPv4Missing, false},
		{"no route, and one is reached by a proxy", each(4), but(unrouted, func(o *probe.Observation) {
			o.Proxy, o.TCP = new(probe.ProxyFacts), &probe.TCPFacts{Dials: []probe.Dial{{Addr: netip.AddrPortFrom(address4(9), 3128)}}}
		}), readiness.CauseIPv4Missing, true},
		{"no translation by a prefix of its own", each(2), ownPrefix, readiness.CauseIPv4Missing, true},
		{"silent over IPv6, for names that have other IPv4 addresses", each(2), all(ownPrefix, func(_ int, o *probe.Observation) {
			o.DNS.Addresses[0] = address4(99)
		}), readiness.CauseIPv4Missing, false},
		{"no route for three owners", each(3), unrouted, readiness.CauseIPv4Missing, true},
		{"no route for two owners", []int{2, 2}, unrouted, readiness.CauseIPv4Missing, false},
		{"no translation for two owners", each(2), translated, readiness.CauseIPv4Missing, true},
		{"no translation for one owner", []int{2}, translated, readiness.CauseIPv4Missing, false},
	})
}
