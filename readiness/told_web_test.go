package readiness_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// What causes of responses and clocks say.
func TestWordsOfResponsesInFull(t *testing.T) {
	https := func(n int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, all(changes...))
	}
	http := func(n int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return over(probe.HTTP, n, all(changes...))
	}
	nth := func(n int, change func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k == n {
				change(k, o)
			}
		}
	}
	proxied := func(_ int, o *probe.Observation) { o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"} }
	responds := func(f probe.HTTPFacts) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) {
			g := f
			o.HTTP = &g
		}
	}
	blocks := func(f probe.HTTPFacts) func(int, *probe.Observation) {
		return all(responds(f), failed(probe.OpRequest, probe.HTTPBlockPage))
	}
	ranges := func(f probe.RangeFacts) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) {
			g := f
			o.HTTP.URL, o.HTTP.Range = "http://"+o.Target.Host+"/file", &g
		}
	}
	whole := probe.RangeFacts{Code: probe.HTTPRangeUnsupported}
	ntp := func(offset time.Duration, code probe.Code) func(int, *probe.Observation) {
		return over(probe.NTP, everyHost, func(_ int, o *probe.Observation) {
			o.NTP = &probe.NTPFacts{Server: netip.AddrPortFrom(address4(1), 123), Offset: offset, Bound: 12*time.Millisecond + 3, Stratum: 2, Leap: 1}
			if code != "" {
				o.Error = &probe.Error{Op: probe.OpClock, Code: code}
			}
		})
	}
	dates := func(offset time.Duration) func(int, *probe.Observation) {
		return https(everyHost, func(_ int, o *probe.Observation) { o.HTTP.Date = o.Start.Add(offset) })
	}
	expired := func(from, until time.Duration, code probe.Code) func(int, *probe.Observation) {
		return all(failed(probe.OpHandshake, code), func(_ int, o *probe.Observation) {
			o.TLS.ValidFrom, o.TLS.ValidUntil, o.HTTP = o.Start.Add(from), o.Start.Add(until), nil
		})
	}
	quiet := func(op string, c probe.Code) func(int, *probe.Observation) {
		return all(failed(op, c), func(_ int, o *probe.Observation) { o.HTTP = nil })
	}
	portal := func(code probe.Code, f probe.NCSIFacts) func(int, *probe.Observation) {
		return over(probe.NCSI, everyHost, func(_ int, o *probe.Observation) {
			o.NCSI = &f
			if code != "" {
				o.Error = &probe.Error{Op: probe.OpRequest, Code: code}
			}
		})
	}
	redirect := probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 302, Location: "http://portal.example/login", Code: probe.HTTPCaptivePortal}}
	page := probe.NCSIFacts{IPv6: &probe.NCSIAnswer{Status: 200, Body: "Welcome to this hotel", Code: probe.HTTPCaptivePortal}}
	page.IPv4 = &probe.NCSIAnswer{Code: probe.TCPTimeout}
	one := func(good, bad probe.NCSIAnswer, v4 bool) func(int, *probe.Observation) {
		good.Host, bad.Host, good.Status = "good.example", "bad.example", 200
		bad.Addresses = []netip.Addr{address6(1)}
		f := probe.NCSIFacts{IPv4: &good, IPv6: &bad}
		if v4 {
			f = probe.NCSIFacts{IPv4: &bad, IPv6: &good}
		}
		return portal("", f)
	}
	waited := func(d time.Duration, code probe.Code) func(int, *probe.Observation) {
		return over(probe.NCSI, everyHost, func(_ int, o *probe.Observation) {
			o.Steps = []probe.Step{{Op: probe.OpConnect, Duration: d, Error: &probe.Error{Op: probe.OpConnect, Code: code}}}
		})
	}
	works6 := nth(0, https(everyHost, func(k int, o *probe.Observation) {
		o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), TLS: &probe.TLSFacts{Version: "TLS 1.2", VerifiedBy: "public"}})
	}))
	works80 := nth(0, http(everyHost, func(int, *probe.Observation) {}))
	const tcp, ms, hour = probe.TCPTimeout, time.Millisecond, time.Hour
	tell(t, "told-web.txt", []told{
		{"block pages of a vendor", each(4), http(2, blocks(probe.HTTPFacts{Status: 403, Vendor: "Contoso Filter"}))},
		{"block pages by redirect, by title and by headers", each(7), all(
			nth(0, https(7, blocks(probe.HTTPFacts{Status: 302, Location: "http://filter.example/x", Title: "Blocked"}))),
			nth(1, https(7, blocks(probe.HTTPFacts{Status: 403, Title: "Blocked", Header: probe.Header{"Server": {"x"}}}))),
			nth(2, https(7, blocks(probe.HTTPFacts{Status: 403, Header: probe.Header{"Server": {"server"}, "Via": {"via"}}}))),
			nth(3, https(7, blocks(probe.HTTPFacts{Status: 403, Header: probe.Header{"Server": {"server"}}}))),
			nth(4, https(7, blocks(probe.HTTPFacts{Status: 403, Body: "No."}))),
			nth(5, https(7, quiet(probe.OpRequest, probe.HTTPBlockPage))),
		)},
		{"two hosts say nothing after their certificates", each(4), https(2, quiet(probe.OpRequest, probe.HTTPTimeout))},
		{"two hosts end connections after their certificates", each(4), https(2, quiet(probe.OpHandshake, probe.TLSClosed))},
		{"two hosts end connections after their certificates through a proxy", each(4), https(2, quiet(probe.OpHandshake, probe.TLSClosed), proxied)},
		{"two hosts end connections after certificates of a CA of this machine", each(4), https(2, quiet(probe.OpHandshake, probe.TLSClosed), func(_ int, o *probe.Observation) { o.TLS.VerifiedBy = "machine" })},
		{"two hosts of one owner say nothing over plain HTTP", []int{2, 1}, http(2, quiet(probe.OpRequest, probe.HTTPTimeout))},
		{"hosts send no complete response", each(4), all(https(2, failed(probe.OpBody, probe.HTTPRedirectLoop)), nth(1, func(_ int, o *probe.Observation) {
			if o.Error != nil {
				o.HTTP.Status = 0
			}
		}))},
		{"no host has ranges", each(4), http(2, ranges(whole))},
		{"no host has ranges over either protocol", each(4), all(http(2, ranges(whole)), https(3, ranges(probe.RangeFacts{Code: probe.HTTPReset})))},
		{"ranges are malformed", each(4), all(http(2, ranges(probe.RangeFacts{Code: probe.HTTPMalformed, ContentRange: "bytes 0-9/10"}), func(_ int, o *probe.Observation) { o.HTTP.Status = 206 }))},
		{"ranges are malformed, without partial responses", each(4), all(http(2, ranges(probe.RangeFacts{Code: probe.HTTPMalformed})))},
		{"ranges that were announced are ignored for two owners, and work for another", each(4), all(http(3, ranges(probe.RangeFacts{Supported: true})), http(2, ranges(probe.RangeFacts{Code: probe.HTTPRangeUnsupported, AcceptRanges: "Bytes"})))},
		{"ranges that were announced are ignored for one owner, and work for another", each(4), all(http(3, ranges(probe.RangeFacts{Supported: true})), http(1, ranges(probe.RangeFacts{Code: probe.HTTPRangeUnsupported, AcceptRanges: "bytes"})))},
		{"ranges were not tested for some hosts", each(4), all(http(3, ranges(whole)), nth(0, http(4, ranges(probe.RangeFacts{}))))},
		{"ranges fail for a host that failed", each(4), http(2, ranges(whole), failed(probe.OpRequest, probe.HTTPStatus))},
		{"a clock that is behind", each(3), all(ntp(2*hour+30*time.Second, probe.NTPOffset), dates(2*hour))},
		{"a clock that is ahead, and few servers with dates", each(2), all(ntp(-3*hour-59*time.Minute-20*time.Second, probe.NTPOffset), dates(-4*hour))},
		{"a clock that is minutes behind, and the time server does not say that it is wrong", each(2), ntp(119*time.Minute+40*time.Second, "")},
		{"a clock that is many hours ahead", each(3), all(ntp(-16*hour, probe.NTPOffset), dates(-16*hour))},
		{"a clock that is fifteen hours ahead", each(3), all(ntp(-15*hour, probe.NTPOffset), dates(-15*hour))},
		{"a clock that is two days behind", each(3), all(ntp(48*hour, probe.NTPOffset), dates(48*hour))},
		{"a clock that is many days behind, and certificates are not valid yet", each(4), all(ntp(100*24*hour, probe.NTPOffset), https(2, expired(24*hour, 1000*24*hour, probe.TLSNotYetValid)), nth(1, https(9, expired(10*24*hour, 20*24*hour, probe.TLSNotYetValid))))},
		{"a clock that is just right for the end of a certificate", each(3), all(ntp(10*hour, probe.NTPOffset), https(1, expired(-hour, 10*hour, probe.TLSExpired)))},
		{"a clock that is just right for the beginning of a certificate", each(3), all(ntp(10*hour, probe.NTPOffset), https(1, expired(10*hour, 11*hour, probe.TLSNotYetValid)))},
		{"a clock that is a little too late for a certificate", each(3), all(ntp(10*hour+1, probe.NTPOffset), https(1, expired(-hour, 10*hour, probe.TLSExpired)))},
		{"a clock that is wrong, and a certificate whose period is unknown", each(3), all(ntp(10*hour, probe.NTPOffset), https(1, failed(probe.OpHandshake, probe.TLSExpired)))},
		{"a clock that is wrong, and no certificate", each(3), all(ntp(10*hour, probe.NTPOffset), https(1, failed(probe.OpHandshake, probe.TLSExpired), func(_ int, o *probe.Observation) { o.TLS = nil }))},
		{"certificates of three owners are not valid", each(4), all(https(3, expired(-9*hour, -hour, probe.TLSExpired)), https(1, expired(0, 0, probe.TLSExpired), func(_ int, o *probe.Observation) { o.TLS = nil }))},
		{"certificates of three owners are not valid, and the time server agrees with this clock", each(4), all(ntp(0, ""), https(3, expired(-9*hour, -hour, probe.TLSExpired)))},
		{"a time server that contradicts all others", each(3), all(ntp(hour, ""), dates(-2*time.Minute+10*ms))},
		{"a time server that says goodbye", each(2), all(ntp(0, probe.NTPKissOfDeath), over(probe.NTP, 9, func(_ int, o *probe.Observation) { o.NTP.KissCode = "RATE" }))},
		{"a time server that is not synchronized", each(2), ntp(0, probe.NTPUnsynchronized)},
		{"a time server that gives nonsense", each(2), over(probe.NTP, 9, failed(probe.OpClock, probe.NTPInvalid))},
		{"a portal redirects", each(3), all(portal(probe.HTTPCaptivePortal, redirect), over(probe.NTP, 9, failed(probe.OpClock, probe.NTPTimeout)), https(everyHost, failed(probe.OpHandshake, probe.TLSUntrusted)), http(2, failed(probe.OpRequest, probe.HTTPStatus)))},
		{"a portal redirects, and a host answers over HTTPS", each(3), all(portal(probe.HTTPCaptivePortal, redirect), https(2, failed(probe.OpConnect, tcp)))},
		{"a portal redirects, and certificates are expired", each(3), all(portal(probe.HTTPCaptivePortal, redirect), https(everyHost, failed(probe.OpHandshake, probe.TLSExpired)), nth(0, https(9, failed(probe.OpHandshake, probe.TLSNameMismatch), proxied)), nth(1, https(9, failed(probe.OpConnect, tcp))))},
		{"a portal gives a page over IPv6", each(3), portal(probe.HTTPCaptivePortal, page)},
		{"a portal gives nothing", each(3), portal(probe.HTTPCaptivePortal, probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 511, Code: probe.HTTPCaptivePortal}})},
		{"a portal gives every host one page", each(3), all(over(probe.NCSI, 9, undone), http(everyHost, responds(probe.HTTPFacts{Status: 200, Body: "Welcome to this hotel"})))},
		{"a portal gives every host one page, and a host does not answer over HTTPS", each(3), all(over(probe.NCSI, 9, undone), http(everyHost, responds(probe.HTTPFacts{Status: 200, Body: "Welcome to this hotel"})), https(1, failed(probe.OpConnect, tcp)))},
		{"Windows' probe fails over IPv6", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Status: 302, Location: "http://x.example/", Body: "Moved", Code: probe.HTTPCaptivePortal}, false))},
		{"Windows' probe fails over IPv4", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Status: 404, Code: probe.HTTPStatus}, true))},
		{"Windows' probe is silent over IPv4, which works", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: tcp}, true), waited(time.Second, tcp))},
		{"Windows' probe is silent over IPv4, for a moment", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: tcp}, true), waited(999*ms, tcp))},
		{"Windows' probe is silent over IPv4, until it was canceled", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: tcp}, true), waited(time.Second, probe.Canceled))},
		{"Windows' probe is refused over IPv4, which works", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: probe.TCPRefused}, true), works80)},
		{"Windows' probe is silent over IPv4, which does not work", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: tcp}, true), waited(time.Second, tcp), http(9, undone))},
		{"Windows' probe is silent over IPv6, which works", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: tcp}, false), waited(time.Second, tcp), works6)},
		{"Windows' probe is silent over IPv6, which does not work", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: tcp}, false), waited(time.Second, tcp))},
		{"Windows' probe was cut off over IPv6", each(3), all(one(probe.NCSIAnswer{}, probe.NCSIAnswer{Code: probe.Canceled}, false), works6)},
		{"Windows' probe fails over both", each(3), all(one(probe.NCSIAnswer{Code: tcp}, probe.NCSIAnswer{Status: 404, Code: probe.HTTPStatus}, true))},
		{"this machine has no sockets", each(8), all(
			nth(0, https(9, failed(probe.OpConnect, probe.LocalResource), func(_ int, o *probe.Observation) { o.Error.Err = errors.New("too many open files") })),
			nth(1, https(9, failed(probe.OpConnect, probe.LocalResource))), nth(2, https(9, failed(probe.OpConnect, probe.LocalDenied))), nth(3, https(9, failed(probe.OpConnect, probe.LocalSocket))),
			nth(4, func(_ int, o *probe.Observation) { *o = probe.Observation{Target: o.Target} }), nth(5, https(9, failed(probe.OpConnect, probe.Canceled))),
		)},
	})
}
