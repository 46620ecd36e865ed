package readiness_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// What causes of ports, addresses and single hosts say.
func TestWordsOfConnectionsInFull(t *testing.T) {
	https := func(n int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, all(changes...))
	}
	only := func(k int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return over(probe.HTTPS, everyHost, func(i int, o *probe.Observation) {
			if i == k {
				all(changes...)(i, o)
			}
		})
	}
	// ncsi is what Windows' connectivity probe found.
	ncsi := func(code probe.Code, f *probe.NCSIFacts) func(int, *probe.Observation) {
		return over(probe.NCSI, everyHost, func(_ int, o *probe.Observation) {
			if o.NCSI = f; code != "" {
				o.Error = &probe.Error{Op: probe.OpConnect, Code: code}
			}
		})
	}
	dialed := func(code probe.Code, ips ...netip.Addr) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) {
			for _, ip := range ips {
				o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(ip, o.Target.Port), Code: code})
			}
		}
	}
	over6 := func(k int, o *probe.Observation) {
		o.TCP.Remote = netip.AddrPortFrom(address6(k), o.Target.Port)
		o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: o.TCP.Remote})
	}
	lost4 := func(code probe.Code) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.TCP.Dials[0].Code = code }
	}
	refuses := func(_ int, o *probe.Observation) {
		o.TLS = &probe.TLSFacts{Handshakes: []probe.Handshake{{Refusable: true, Code: probe.TLSAlert}}}
		o.HTTP, o.Error = nil, &probe.Error{Op: probe.OpHandshake, Code: probe.TLSTimeout}
	}
	reset := all(blockedOn(probe.HTTPS, everyHost), over(probe.HTTPS, everyHost, failed(probe.OpConnect, probe.TCPReset)))
	proxied := func(_ int, o *probe.Observation) { o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"} }
	late := func(n int) func(int, *probe.Observation) {
		return https(n, func(_ int, o *probe.Observation) {
			o.Attempts = 2
			first := o.Steps[0]
			first.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
			o.Steps = slices.Concat([]probe.Step{first}, o.Steps)
		})
	}
	undoneNow := all(over(probe.HTTP, everyHost, undone), over(probe.NCSI, everyHost, undone), over(probe.NTP, everyHost, undone))
	both := func(changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return all(over(probe.HTTPS, everyHost, all(changes...)), over(probe.HTTP, everyHost, all(changes...)))
	}
	unrouted := func(_ int, o *probe.Observation) {
		o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: o.TCP.Remote, Code: probe.TCPUnreachable, NoRoute: true}}}
		o.TLS, o.HTTP, o.Error = nil, nil, &probe.Error{Op: probe.OpConnect, Code: probe.TCPUnreachable}
	}
	tell(t, "told-connect.txt", []told{
		{"port 443 is blocked", each(4), all(blockedOn(probe.HTTPS, everyHost), https(1, failed(probe.OpConnect, probe.TCPRefused)))},
		{"port 443 is blocked for three owners of four, and the fourth was not tried", each(4), all(blockedOn(probe.HTTPS, 3), only(3, undone))},
		{"port 443 is blocked for three owners of four, and the fourth was cut off", each(4), all(blockedOn(probe.HTTPS, everyHost), only(3, failed(probe.OpConnect, probe.Canceled)))},
		{"port 443 is blocked for two owners", []int{2, 1}, blockedOn(probe.HTTPS, everyHost)},
		{"port 443 is blocked for two owners, and one check was cut off", []int{3, 1}, all(blockedOn(probe.HTTPS, everyHost), only(0, failed(probe.OpConnect, probe.Canceled)))},
		{"port 443 is blocked, and a host refuses a small hello", each(4), all(blockedOn(probe.HTTPS, everyHost), only(2, refuses))},
		{"port 443 is blocked, and a host refuses a hello that is not small", each(4), all(blockedOn(probe.HTTPS, everyHost), only(2, refuses, func(_ int, o *probe.Observation) { o.TLS.Handshakes[0].Refusable = false }))},
		{"port 443 is blocked, and a host loses a small hello", each(4), all(blockedOn(probe.HTTPS, everyHost), only(2, refuses, func(_ int, o *probe.Observation) { o.TLS.Handshakes[0].Code = probe.TLSTimeout }))},
		{"port 443 is blocked, and a handshake has no attempts", each(4), all(blockedOn(probe.HTTPS, everyHost), only(2, refuses, func(_ int, o *probe.Observation) { o.TLS.Handshakes = nil }))},
		{"port 443 is blocked except for a host through a proxy", each(4), all(blockedOn(probe.HTTPS, everyHost), only(3, proxied, func(_ int, o *probe.Observation) { o.Error = nil }))},
		{"port 443 is blocked, and a check failed another way", each(4), all(blockedOn(probe.HTTPS, everyHost), only(0, failed(probe.OpResolve, probe.DNSServFail)))},
		{"port 80 is blocked", each(3), all(blockedOn(probe.HTTP, everyHost), ncsi(probe.TCPTimeout, nil))},
		{"port 80 is blocked, and a check over 443 was cut off", each(3), all(blockedOn(probe.HTTP, everyHost), ncsi(probe.TCPTimeout, nil), only(0, failed(probe.OpConnect, probe.Canceled)))},
		{"port 80 is blocked except for Windows' own probe", each(3), all(blockedOn(probe.HTTP, everyHost), ncsi("", &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 200}}))},
		{"port 80 is blocked over IPv4", each(4), all(over(probe.HTTP, everyHost, all(lost4(probe.TCPTimeout), over6)), ncsi("", &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Code: probe.TCPRefused}, IPv6: &probe.NCSIAnswer{Status: 200}}))},
		{"port 80 is blocked over IPv4, and Windows' own probe was not made over it", each(4), all(over(probe.HTTP, everyHost, all(lost4(probe.TCPTimeout), over6)), ncsi("", &probe.NCSIFacts{IPv6: &probe.NCSIAnswer{Status: 200}}))},
		{"port 80 is blocked over IPv4, and answers Windows' own probe", each(4), all(over(probe.HTTP, everyHost, all(lost4(probe.TCPTimeout), over6)), ncsi("", &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 200}, IPv6: &probe.NCSIAnswer{Status: 200}}))},
		{"port 443 is blocked over IPv4 for names without IPv6 addresses", each(6), all(https(4, lost4(probe.TCPReset), over6), over(probe.HTTPS, everyHost, func(k int, o *probe.Observation) {
			if k > 3 {
				blockedOn(probe.HTTPS, everyHost)(k, o)
			}
		}))},
		{"port 443 is blocked over IPv4, and one owner answers over IPv6", each(4), all(blockedOn(probe.HTTPS, everyHost), only(3, func(k int, o *probe.Observation) { answer(o, k); o.Error = nil }, lost4(probe.TCPReset), over6))},
		{"UDP port 123 gets no answer", each(3), over(probe.NTP, everyHost, failed(probe.OpClock, probe.NTPTimeout))},
		{"UDP port 123 is rejected", each(3), over(probe.NTP, everyHost, all(failed(probe.OpClock, probe.NTPUnreachable), func(_ int, o *probe.Observation) { o.DNS.Addresses = nil }))},
		{"addresses do not answer", each(5), all(
			only(0, dialed(probe.TCPTimeout, address4(100), address4(101), address4(100)), dialed(probe.Canceled, address4(102))),
			only(1, dialed(probe.TCPRefused, address6(1)), over(probe.HTTP, 0, undone)),
			only(2, dialed(probe.TCPTimeout, address6(2))),
			only(3, over6, dialed(probe.TCPReset, address6(100))),
			only(4, lost4(probe.TCPTimeout), over6, func(_ int, o *probe.Observation) {
				o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: o.TCP.Dials[0].Addr, Code: probe.TCPTimeout})
			}),
		)},
		{"an address answers at the second attempt", each(3), only(0, dialed(probe.TCPTimeout, address4(100)), dialed("", address4(100)))},
		{"an address does not answer through a proxy", each(3), only(0, dialed(probe.TCPTimeout, address4(100)), proxied)},
		{"an address does not answer, and a check was not made", each(3), only(0, dialed(probe.TCPTimeout, address4(100)), failed(probe.OpRequest, probe.Canceled))},
		{"an address does not answer for a host that failed", each(3), only(0, dialed(probe.TCPTimeout, address4(100)), failed(probe.OpRequest, probe.HTTPStatus))},
		{"IPv6 is silent", each(6), https(5, func(k int, o *probe.Observation) { dialed(probe.TCPTimeout, address6(k))(k, o) })},
		{"IPv6 is rejected", each(3), https(2, func(k int, o *probe.Observation) { dialed(probe.TCPRefused, address6(k))(k, o) })},
		{"IPv6 is rejected for two owners and silent for a third", each(4), all(https(2, func(k int, o *probe.Observation) { dialed(probe.TCPRefused, address6(k))(k, o) }), only(2, dialed(probe.TCPTimeout, address6(2))))},
		{"IPv6 has no route", each(3), https(2, func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), Code: probe.TCPUnreachable, NoRoute: true})
		})},
		{"IPv6 is silent, and IPv4 too for one host", each(4), all(https(3, func(k int, o *probe.Observation) { dialed(probe.TCPTimeout, address6(k))(k, o) }), only(2, lost4(probe.TCPTimeout)))},
		{"IPv6 is silent, and works for one host", each(4), all(https(3, func(k int, o *probe.Observation) { dialed(probe.TCPTimeout, address6(k))(k, o) }), only(3, over6))},
		{"IPv6 is silent through a proxy", each(3), https(2, proxied, func(k int, o *probe.Observation) { dialed(probe.TCPTimeout, address6(k))(k, o) })},
		{"IPv6 is silent on port 443, and answers on port 80", each(3), all(https(2, func(k int, o *probe.Observation) { dialed(probe.TCPTimeout, address6(k))(k, o) }), ncsi("", &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 200}, IPv6: &probe.NCSIAnswer{Host: "ipv6.example", Status: 200}}))},
		{"TLS over IPv6 stalls", each(6), https(5, func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), TLS: new(probe.TLSFacts), TLSCode: probe.TLSTimeout})
		})},
		{"TLS over IPv6 is reset", each(4), all(https(3, func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), TLS: new(probe.TLSFacts), TLSCode: probe.TLSReset})
		}), only(3, dialed("", address4(100))))},
		{"TLS over IPv6 is reset, or ends with an alert", each(4), https(4, func(k int, o *probe.Observation) {
			code := []probe.Code{probe.TLSReset, probe.TLSReset, probe.TLSAlert, probe.TLSAlert}[k]
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), TLS: new(probe.TLSFacts), TLSCode: code})
		})},
		{"TLS stalls over IPv6, and is not complete over IPv4", each(4), https(3, func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), TLS: new(probe.TLSFacts), TLSCode: probe.TLSReset})
			o.TLS.Version = ""
		})},
		{"new connections are limited", each(11), all(undoneNow, late(9))},
		{"new connections are limited, of which some are not direct or were cut off", each(16), all(undoneNow, late(8), https(everyHost, func(k int, o *probe.Observation) {
			switch k {
			case 10:
				proxied(k, o)
			case 11:
				o.TCP = nil
			case 12:
				o.TCP.Remote = netip.AddrPort{}
			case 13:
				undone(k, o)
			case 14:
				o.Error = &probe.Error{Op: probe.OpRequest, Code: probe.Canceled}
			}
		}))},
		{"new connections are limited, and an address does not answer", each(11), all(undoneNow, late(9), only(10, dialed(probe.TCPTimeout, address4(100))))},
		{"every connection is made at the second attempt", each(9), all(undoneNow, late(9))},
		{"something close accepts connections", each(11), all(undoneNow, https(everyHost, func(k int, o *probe.Observation) {
			o.Steps[0].Duration, o.Steps[1].Duration = time.Duration(100+k)*time.Microsecond+4, 20*time.Millisecond+4
		}))},
		{"five hosts fail", each(6), https(5, failed(probe.OpRequest, probe.HTTPStatus))},
		{"hosts fail in several ways", each(9), all(reset, over(probe.HTTPS, everyHost, func(k int, o *probe.Observation) {
			codes := []probe.Code{"", probe.TLSNameMismatch, probe.TLSExpired, probe.TLSNotYetValid, probe.TLSRevoked, probe.HTTPStatus, probe.TLSTimeout, probe.TCPRefused, probe.DNSServFail}
			ops := []string{"", probe.OpHandshake, probe.OpHandshake, probe.OpHandshake, probe.OpHandshake, probe.OpRequest, probe.OpHandshake, probe.OpConnect, probe.OpResolve}
			answer(o, k)
			o.TLS.Chain = []probe.Certificate{{Subject: "CN=a.example", Issuer: "CN=CA", DNSNames: []string{"a.example", "b.example"}, NotBefore: o.Start, NotAfter: o.Start}}
			if o.Error = nil; codes[k] != "" {
				o.Error = &probe.Error{Op: ops[k], Code: codes[k]}
			}
		}))},
		{"port 443 is blocked, and an address accepts connections", each(4), all(blockedOn(probe.HTTPS, everyHost), only(2, refuses, func(k int, o *probe.Observation) {
			o.TCP = &probe.TCPFacts{Remote: netip.AddrPortFrom(address4(k), 443), Dials: []probe.Dial{{Addr: netip.AddrPortFrom(address4(100), 443), Code: probe.TCPTimeout}, {Addr: netip.AddrPortFrom(address4(k), 443)}}}
		}))},
		{"port 80 is blocked, and Windows' own probe was cut off", each(3), all(blockedOn(probe.HTTP, everyHost), ncsi(probe.Canceled, nil))},
		{"resets on the way, of connections and handshakes", []int{3, 1}, all(
			only(0, failed(probe.OpHandshake, probe.TLSReset), func(_ int, o *probe.Observation) { o.TLS = nil }), only(1, failed(probe.OpConnect, probe.TCPReset)),
		)},
		{"resets on the way, of handshakes and connections", []int{3, 1}, all(
			only(0, failed(probe.OpConnect, probe.TCPReset)), only(1, failed(probe.OpHandshake, probe.TLSReset), func(_ int, o *probe.Observation) { o.TLS = nil }),
		)},
		{"IPv4 is silent, and nothing needs it", each(3), both(lost4(probe.TCPTimeout), over6)},
		{"IPv4 is silent, and six names need it", each(8), func(k int, o *probe.Observation) {
			if blockedOn(probe.HTTPS, everyHost)(k, o); k > 5 {
				answer(o, k)
				o.Error = nil
				both(lost4(probe.TCPTimeout), over6)(k, o)
			}
			if k < 6 {
				blockedOn(probe.HTTP, everyHost)(k, o)
			}
		}},
		{"IPv4 is silent, and the time server needs it", each(3), all(both(lost4(probe.TCPTimeout), over6), over(probe.NTP, everyHost, failed(probe.OpClock, probe.NTPTimeout)))},
		{"IPv4 is silent, and its time server is unreachable", each(3), all(both(lost4(probe.TCPTimeout), over6), over(probe.NTP, everyHost, failed(probe.OpClock, probe.NTPUnreachable)))},
		{"IPv4 is silent, and its time server fails otherwise", each(3), all(both(lost4(probe.TCPTimeout), over6), over(probe.NTP, everyHost, failed(probe.OpClock, probe.NTPInvalid)))},
		{"IPv4 is silent, and a name is reached through a proxy", each(4), all(both(lost4(probe.TCPTimeout), over6), only(3, failed(probe.OpRequest, probe.HTTPTimeout), proxied))},
		{"no route to IPv4 addresses", each(3), both(unrouted)},
		{"no route to IPv4 addresses, and a host has others", each(4), all(both(unrouted), only(3, func(k int, o *probe.Observation) {
			answer(o, k)
			o.Error = nil
			over6(k, o)
			o.TCP.Dials = o.TCP.Dials[1:]
		}))},
		{"NAT64 does not answer", each(3), both(unrouted, func(k int, o *probe.Observation) {
			made := netip.AddrFrom16([16]byte{1: 0x64, 2: 0xff, 3: 0x9b, 12: 203, 14: 113, 15: byte(k + 3)})
			o.DNS.Addresses = append(o.DNS.Addresses, made)
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(made, o.Target.Port), Code: probe.TCPTimeout})
			o.Error.Code = probe.TCPTimeout
		})},
	})
}
