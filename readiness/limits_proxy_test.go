package readiness_test

import (
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A proxy is mute if it never said anything, and hosts of three owners were tried
// through it.
func TestLimitsOfMuteProxies(t *testing.T) {
	mute := func(_ int, o *probe.Observation) {
		o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"}
		o.TLS, o.HTTP, o.Error = nil, nil, &probe.Error{Op: probe.OpProxy, Code: probe.ProxyBadResponse}
	}
	// once changes one check.
	once := func(change func(o *probe.Observation)) func(int, *probe.Observation) {
		return all(mute, over(probe.HTTPS, 1, func(_ int, o *probe.Observation) { change(o) }))
	}
	judgeSeen(t, []seen{
		{"three owners", each(3), mute, readiness.CauseProxyUnreachable, true},
		{"two owners", []int{2, 2}, mute, readiness.CauseProxyUnreachable, false},
		{"it took too long", each(3), all(mute, failed(probe.OpProxy, probe.Timeout)), readiness.CauseProxyUnreachable, true},
		{"a host was reached", each(3), once(func(o *probe.Observation) { o.Error = nil }), readiness.CauseProxyUnreachable, false},
		{"it answered with a status", each(3), once(func(o *probe.Observation) { o.Proxy.Status = 502 }), readiness.CauseProxyUnreachable, false},
		{"it refused, as SOCKS has it", each(3), once(func(o *probe.Observation) { o.Proxy.Reply = 5 }), readiness.CauseProxyUnreachable, false},
		{"it chose a way to authenticate", each(3), once(func(o *probe.Observation) { o.Proxy.Chosen = "none" }), readiness.CauseProxyUnreachable, false},
		{"a host answered in the handshake", each(3), once(func(o *probe.Observation) { o.TLS = &probe.TLSFacts{Version: "TLS 1.3"} }), readiness.CauseProxyUnreachable, false},
		{"a handshake began", each(3), once(func(o *probe.Observation) { o.TLS = &probe.TLSFacts{} }), readiness.CauseProxyUnreachable, true},
		{"a host answered the request", each(3), once(func(o *probe.Observation) { o.HTTP = &probe.HTTPFacts{Status: 200} }), readiness.CauseProxyUnreachable, false},
		{"a request was sent", each(3), once(func(o *probe.Observation) { o.HTTP = &probe.HTTPFacts{} }), readiness.CauseProxyUnreachable, true},
	})
}
