package accuracy

import (
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func proxyKinds() []kind {
	at := func(what string, step Step, e effect, f probetest.Fault) variant {
		return variant{what: what, step: step, on: onWeb, effect: e, fault: f}
	}
	return []kind{
		{
			name: "proxy-down", cause: readiness.CauseProxyUnreachable, weight: 20, once: true, needs: proxyOnly,
			variants: []variant{
				at("nobody listens", StepProxy, effectNone, probetest.Refuse),
				at("dropped", StepProxy, effectNone, probetest.Drop),
				at("unreachable, says a router", StepProxy, effectNone, probetest.Unreachable{ICMP: true}),
				at("silent", StepProxy, effectNone, probetest.Silence),
				at("resets", StepProxy, effectNone, probetest.Reset),
			},
		},
		{
			name: "proxy-auth", cause: readiness.CauseProxyAuthRequired, weight: 16, needs: proxyOnly, places: []place{everywhere, oneHost, fewHosts, oneDomain},
			variants: []variant{
				at("Negotiate, NTLM and Basic", StepPolicy, effectAuth, probetest.ProxyAuth{}),
				at("Negotiate", StepPolicy, effectAuth, probetest.ProxyAuth{Schemes: []string{"Negotiate"}}),
			},
		},
		{
			name: "proxy-denies", cause: readiness.CauseProxyDenied, weight: 16, needs: proxyOnly, places: []place{oneHost, fewHosts, oneDomain, everywhere},
			variants: []variant{
				at("403", StepPolicy, effectNone, probetest.ProxyDeny{}),
				at("405", StepPolicy, effectNone, probetest.ProxyDeny{Status: 405}),
			},
		},
		{
			name: "proxy-needed", cause: readiness.CauseProxyRequired, weight: 8, once: true, needs: proxyOnly, direct: true,
			variants: closed(onHTTPS, StepHello, probetest.AfterHello),
		},
		{
			name: "proxy-announced", cause: readiness.CauseProxyRequired, weight: 5, once: true, needs: proxyNever, without: []string{"portal"}, direct: true,
			variants: append(closed(onHTTPS, StepHello, probetest.AfterHello),
				variant{what: "dropped with plain HTTP", step: StepConnect, on: onWeb, fault: probetest.Drop},
				variant{what: "refused with plain HTTP", step: StepConnect, on: onWeb, fault: probetest.Refuse}),
			shape: func(d *draw, _ *Fault) { d.net.announced = true },
		},
	}
}
