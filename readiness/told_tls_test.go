package readiness_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// What causes of TLS say.
func TestWordsOfTLSInFull(t *testing.T) {
	signed := func(code probe.Code, issuer string, matches bool) func(int, *probe.Observation) {
		return all(failed(probe.OpHandshake, code), func(k int, o *probe.Observation) {
			leaf := probe.Certificate{Subject: "CN=" + o.Target.Host, Issuer: issuer, SHA256: fmt.Sprintf("%016d", k), NotBefore: o.Start, NotAfter: o.Start.Add(24 * time.Hour)}
			o.TLS, o.HTTP = &probe.TLSFacts{ServerName: o.Target.Host, NameMatches: matches, Chain: []probe.Certificate{leaf}}, nil
		})
	}
	one := func(k int, o *probe.Observation) { o.TLS.Chain[0].SHA256 = "0123456789abcdef" }
	unfetched := func(k int, o *probe.Observation) {
		o.TLS.MissingIssuer = "CN=Intermediate"
		o.TLS.IssuerFailures = []probe.Document{{URL: "http://ca.example/issuer.cer", Code: probe.TCPTimeout, Text: "i/o timeout"}}
	}
	// alongside is a connection over IPv6 with a handshake of its own.
	alongside := func(code probe.Code, tls *probe.TLSFacts) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			o.TCP.Dials = append(o.TCP.Dials, probe.Dial{Addr: netip.AddrPortFrom(address6(k), 443), TLSCode: code, TLS: tls})
		}
	}
	forged := &probe.TLSFacts{NameMatches: true, Chain: []probe.Certificate{{Subject: "CN=x", Issuer: "CN=Filter", SHA256: "0123456789abcdef0123"}}}
	genuine := &probe.TLSFacts{Version: "TLS 1.2", VerifiedBy: "public", NameMatches: true}
	tried := func(list ...probe.Handshake) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			o.TLS.Handshakes = slices.Clone(list)
			for i := range o.TLS.Handshakes {
				o.TLS.Handshakes[i].Hello += k
			}
		}
	}
	lost := probe.Handshake{Hello: 1700, Code: probe.TLSTimeout}
	again := probe.Handshake{Hello: 1800, Code: probe.TLSReset}
	small := probe.Handshake{Hello: 300}
	smallLost := probe.Handshake{Hello: 300, Code: probe.TLSReset}
	alert := func(k int, o *probe.Observation) { o.TLS.Alert = fmt.Sprintf("protocol version %d", k) }
	https := func(n int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, all(changes...))
	}
	tell(t, "told-tls.txt", []told{
		{"inspection by a CA that this machine trusts", each(3), https(2, signed(probe.TLSInspected, "CN=Gateway,O=Contoso", true))},
		{"inspection by two", each(4), all(https(3, signed(probe.TLSInspected, "CN=Gateway", true)), https(1, signed(probe.TLSInspected, "CN=Proxy", true)))},
		{"inspection over IPv6", each(3), https(2, alongside(probe.TLSInspected, forged))},
		{"inspection over IPv4", each(3), https(2, signed(probe.TLSInspected, "CN=Gateway", true), alongside("", genuine))},
		{"inspection by a CA that this machine does not trust", each(4), https(3, signed(probe.TLSUntrusted, "CN=Gateway", true))},
		{"inspection by two, of which one signs for two owners", each(6), all(https(5, signed(probe.TLSUntrusted, "CN=Gateway", true)), https(2, signed(probe.TLSUntrusted, "CN=Server", true)))},
		{"inspection over IPv6 by a CA that this machine does not trust", each(3), https(3, func(k int, o *probe.Observation) {
			f := *forged
			f.Chain = []probe.Certificate{{Subject: "CN=x", Issuer: "CN=Filter", SHA256: fmt.Sprint(k)}}
			alongside(probe.TLSUntrusted, &f)(k, o)
		})},
		{"one certificate for three owners", each(4), https(3, signed(probe.TLSUntrusted, "CN=Server", true), one)},
		{"one certificate for two owners", each(4), https(2, signed(probe.TLSUntrusted, "CN=Server", true), one)},
		{"no certificate", each(3), https(2, failed(probe.OpHandshake, probe.TLSUntrusted), func(_ int, o *probe.Observation) { o.TLS = nil })},
		{"an intermediate certificate is missing", each(3), https(2, signed(probe.TLSUntrusted, "CN=Issuing CA", true), unfetched)},
		{"an intermediate certificate is missing, and port 80 is blocked", each(3), all(
			https(2, signed(probe.TLSUntrusted, "CN=Issuing CA", true), unfetched), blockedOn(probe.HTTP, everyHost),
			func(k int, o *probe.Observation) {
				if o.NCSI = nil; k == -2 {
					o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
				}
			},
		)},
		{"an intermediate certificate is missing that this machine lacks", each(3), https(2, signed(probe.TLSIncomplete, "CN=Issuing CA", true), func(k int, o *probe.Observation) { o.TLS.MissingIssuer = "CN=Intermediate" })},
		{"an intermediate certificate is missing, and no chain was seen", each(3), https(2, failed(probe.OpHandshake, probe.TLSIncomplete), func(k int, o *probe.Observation) { o.TLS = new(probe.TLSFacts) })},
		{"TLS 1.2 is refused", each(3), https(2, failed(probe.OpHandshake, probe.TLSVersion), alert)},
		{"TLS 1.2 is refused by one, without an alert", each(3), https(1, failed(probe.OpHandshake, probe.TLSVersion))},
		{"TLS 1.2 is refused, and nothing else was seen", each(3), https(2, failed(probe.OpHandshake, probe.TLSVersion), func(_ int, o *probe.Observation) { o.TLS = nil })},
		{"TLS 1.3 is blocked", each(3), https(2, tried(lost, again, smallLost))},
		{"TLS 1.3 is blocked, and a host accepts a large hello", each(3), all(https(2, tried(lost, again, smallLost)), func(k int, o *probe.Observation) {
			if o.Target.Protocol == probe.HTTPS && k == 2 {
				o.TLS.Handshakes = []probe.Handshake{{Hello: 1700}}
			}
		})},
		{"the second large hello passes", each(3), https(2, tried(lost, probe.Handshake{Hello: 1700}, smallLost))},
		{"a handshake was cut off", each(3), https(2, tried(lost, probe.Handshake{Hello: 1700, Code: probe.Canceled}, smallLost))},
		{"a handshake ended with an alert", each(3), https(2, tried(lost, probe.Handshake{Hello: 1700, Code: probe.TLSAlert}, smallLost))},
		{"a hello was not sent", each(3), https(2, tried(lost, again, probe.Handshake{Code: probe.TLSReset}), func(_ int, o *probe.Observation) { o.TLS.Handshakes[2].Hello = 0 })},
		{"large hellos are blocked", each(3), https(2, tried(lost, again, small))},
		{"large hellos are blocked for a host that failed", each(3), https(2, tried(lost, again, small), failed(probe.OpRequest, probe.HTTPStatus))},
		{"large hellos are lost in large packets", each(3), https(2, tried(lost, lost, small, probe.Handshake{Hello: 1700, Packet: 1400}))},
		{"large hellos are reset in large packets", each(3), https(2, tried(lost, again, small, probe.Handshake{Hello: 1700, Packet: 1400}))},
		{"large packets are lost", each(3), https(2, failed(probe.OpHandshake, probe.TLSTimeout), func(k int, o *probe.Observation) {
			o.TLS.Handshakes = []probe.Handshake{{Packet: 1280}, {Packet: 1300 + k}, {Packet: 1500, Code: probe.TLSTimeout}, {Packet: 1400 + k, Code: probe.TLSTimeout}, {Code: probe.TLSTimeout}}
		})},
		{"large packets are lost, and nothing answers over plain HTTP", each(4), all(
			https(3, failed(probe.OpHandshake, probe.TLSTimeout), func(k int, o *probe.Observation) {
				o.TLS.Handshakes = []probe.Handshake{{Packet: 1280}, {Packet: 1300, Code: probe.TLSTimeout}}
			}),
			https(1, failed(probe.OpRequest, probe.HTTPTimeout), func(_ int, o *probe.Observation) { o.HTTP = nil }),
			over(probe.HTTP, everyHost, undone), over(probe.NCSI, everyHost, undone),
		)},
		{"small hellos are refused and large ones lost", each(3), https(2, failed(probe.OpHandshake, probe.TLSTimeout), func(k int, o *probe.Observation) {
			o.TLS.Handshakes = []probe.Handshake{{Hello: 200 + k, Refusable: true, Code: probe.TLSAlert}, {Hello: 1500 + k, Refusable: true, Code: probe.TLSTimeout}}
		})},
		{"small hellos are refused and large ones too", each(3), https(2, failed(probe.OpHandshake, probe.TLSTimeout), func(k int, o *probe.Observation) {
			o.TLS.Handshakes = []probe.Handshake{{Hello: 200 + k, Refusable: true, Code: probe.TLSAlert}, {Hello: 1500 + k, Refusable: true, Code: probe.TLSAlert}}
		})},
	})
}

// blockedOn is a port on which the first n hosts do not answer.
func blockedOn(p probe.Protocol, n int) func(int, *probe.Observation) {
	return over(p, n, func(_ int, o *probe.Observation) {
		if o.TCP != nil {
			o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: o.TCP.Remote, Code: probe.TCPTimeout}}}
		}
		o.TLS, o.HTTP, o.Error = nil, nil, &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
	})
}
