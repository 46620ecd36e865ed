package accuracy

import (
	"crypto/tls"
	"net/netip"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func tlsKinds() []kind {
	secure := func(what string, step Step, f probetest.Fault) variant {
		return variant{what: what, step: step, on: onHTTPS, fault: f}
	}
	return []kind{
		{
			name: "inspection", cause: readiness.CauseTLSInspection, weight: 8, places: []place{everywhere, everywhere, oneHost, fewHosts, oneDomain},
			variants: []variant{{what: "by", step: StepIssuer, on: onHTTPS, effect: effectInspected}},
			shape: func(d *draw, f *Fault) {
				inspect(d, f, pick(d, []string{"Contoso Web Gateway", "Fabrikam Firewall"}), false)
			},
		},
		{
			name: "stranger", cause: readiness.CauseTLSUntrusted, weight: 12, places: []place{everywhere, everywhere, oneHost, fewHosts, oneDomain},
			variants: []variant{{what: "by", step: StepIssuer, on: onHTTPS}},
			shape:    func(d *draw, f *Fault) { inspect(d, f, pick(d, []string{"Unknown Gateway", "Another Gateway"}), true) },
		},
		{
			name: "old-tls", cause: readiness.CauseTLSVersion, weight: 4, places: []place{everywhere, oneHost, fewHosts},
			variants: []variant{
				secure("no version above 1.1", StepVersion, probetest.TLSVersions{Max: tls.VersionTLS11}),
				secure("no version below 1.3", StepVersion, probetest.TLSVersions{Min: tls.VersionTLS13}),
				secure("an alert about the version", StepHello, probetest.Alert{Description: 70}),
			},
		},
		{
			name: "certificate", cause: readiness.CauseHostUnreachable, weight: 6, places: []place{oneHost, fewHosts},
			variants: []variant{{what: "certificate", step: stepNone, on: onHTTPS}},
			shape:    certificate,
		},
	}
}

// inspect completes a fault in which a middlebox shows its own certificates. If
// it is everywhere, it may exempt some hosts.
func inspect(d *draw, f *Fault, by string, unknown bool) {
	f.issuer = by
	f.What += " " + by
	if f.general() && d.chance(0.5) {
		f.Except = d.hosts(onHTTPS, 2+d.rng.IntN(4))
		f.Except = append(f.Except, "*."+zone(d.hosts(onHTTPS, 1)[0]))
	}
	fault := probetest.Inspect{Organization: by, Unknown: unknown, Except: f.Except}
	f.internet = nil
	hosts := f.Hosts
	if hosts == nil {
		hosts = []string{""}
	}
	for _, host := range hosts {
		f.internet = append(f.internet, probetest.At{Host: host, Port: 443, Fault: fault})
	}
}

// certificate completes a fault of hosts' certificates.
func certificate(d *draw, f *Fault) {
	var fault probetest.Fault
	f.internet = nil
	switch d.rng.IntN(5) {
	case 0:
		f.What += " for another name"
		f.strikes = []strike{{StepSubject, onHTTPS}}
		fault = probetest.WrongName
	case 1:
		f.What += " that expired yesterday"
		f.window = &window{-90 * day, -day}
		fault = probetest.Expired
	case 2:
		f.What += " that is revoked"
		f.strikes = []strike{{StepRevoked, onHTTPS}}
		fault = probetest.Revoke
	case 3:
		f.What += " that expired a year ago"
		f.window = &window{-2 * 365 * day, -365 * day}
	default:
		f.What += " that is valid from tomorrow"
		f.window = &window{day, 90 * day}
	}
	if fault == nil {
		fault = probetest.Certificate{From: f.window.from, Until: f.window.until}
	}
	for _, host := range f.Hosts {
		f.internet = append(f.internet, probetest.At{Host: host, Port: 443, Fault: fault})
	}
}

func hostKinds() []kind {
	broken := func(what string, step Step, on traffic, f probetest.Fault) variant {
		return variant{what: what, step: step, on: on, fault: f}
	}
	lost := func(what string, on traffic, f probetest.Fault) variant {
		return variant{what: what, step: StepConnect, on: on, fault: f, effect: effectLost}
	}
	mute := func(what string, on traffic, f probetest.Fault) variant {
		return variant{what: what, step: StepRequest, on: on, fault: f, effect: effectMute}
	}
	return []kind{
		{
			name: "host-closed", cause: readiness.CauseHostUnreachable, weight: 10, places: []place{oneHost, oneHost, fewHosts, oneDomain},
			variants: []variant{
				lost("dropped", onWeb, probetest.Drop),
				lost("refused", onWeb, probetest.Refuse),
				broken("unreachable, says a router", StepConnect, onWeb, probetest.Unreachable{ICMP: true}),
				lost("TLS dropped", onHTTPS, probetest.Drop),
				lost("TLS refused", onHTTPS, probetest.Refuse),
				lost("plain HTTP dropped", onHTTP, probetest.Drop),
				lost("plain HTTP refused", onHTTP, probetest.Refuse),
			},
		},
		{
			name: "host-broken", cause: readiness.CauseHostUnreachable, weight: 8, places: []place{oneHost, fewHosts},
			variants: []variant{
				broken("reset at once", StepAccept, onHTTPS, probetest.Reset),
				broken("silent at once", StepAccept, onWeb, probetest.Silence),
				broken("reset by name", StepHello, onHTTPS, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}),
				broken("closed by name", StepHello, onHTTPS, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Close}),
				broken("silent by name", StepHello, onHTTPS, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Silence}),
				broken("ended with an alert", StepHello, onHTTPS, probetest.Alert{}),
				broken("no TLS", StepHello, onHTTPS, probetest.At{Stage: probetest.AfterHello, Fault: probetest.Garbage{}}),
				mute("reset after the handshake", onHTTPS, probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Reset}),
				mute("silent when asked", onWeb, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}),
				mute("reset when asked", onWeb, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}),
			},
		},
		{
			name: "address-dead", cause: readiness.CauseAddressPartial, weight: 9, once: true, needs: proxyNever, places: []place{oneHost},
			variants: []variant{
				{what: "one address drops", on: onHTTPS, step: stepNone, fault: probetest.Drop},
				{what: "one address refuses", on: onHTTPS, step: stepNone, fault: probetest.Refuse},
			},
			shape: twoAddresses,
		},
	}
}

// twoAddresses gives the fault's host two addresses, one of them dead.
func twoAddresses(d *draw, f *Fault) {
	dead, alive := addr("203.0.113.21"), addr("203.0.113.22")
	f.first = d.chance(0.5)
	d.net.allAddresses = d.net.allAddresses || d.chance(0.6)
	addrs := []netip.Addr{alive, dead}
	if f.first {
		addrs = []netip.Addr{dead, alive}
	}
	f.addresses = map[string][]netip.Addr{f.Hosts[0]: addrs}
	fault := f.internet[0].(probetest.At).Fault //nolint:errcheck // the table says so
	f.internet = []probetest.Fault{probetest.At{Addrs: netip.PrefixFrom(dead, 32), Fault: fault}}
}
