//go:build linux

package integration_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// noDirectWeb returns the rules of a network that only lets its proxy access
// the web.
func noDirectWeb() string { return `iifname "lan" tcp dport { 80, 443 } drop` }

// noWebNow returns the rules of one that rejects direct access at once.
func noWebNow() string { return `iifname "lan" tcp dport { 80, 443 } reject with tcp reset` }

// pastProxy returns the rules that allow traffic that never uses a proxy, as
// the documents require.
func (r *rig) pastProxy(t *testing.T) []string {
	t.Helper()
	p, err := readiness.Runner{Network: probe.Network{
		SearchDomains: []string{}, Proxy: func(probe.Target) (*url.URL, error) { return nil, nil },
	}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, c := range p.Checks {
		if c.Target.Direct && len(c.Endpoints) > 0 {
			v4, v6 := r.addresses(t, c.Target.Host)
			rules = append(rules, "ip daddr "+v4.String()+" accept", "ip6 daddr "+v6.String()+" accept")
		}
	}
	return rules
}

// proxied returns a function that sends web traffic through squid.
func (r *rig) proxied(p proxying, rules ...string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		p.on = true
		r.serveProxy(t, p)
		r.firewall(t, slices.Concat(rules, r.pastProxy(t), []string{noDirectWeb()})...)
	}
}

// TestProxy sends only web traffic through squid: DNS and time go direct.
func TestProxy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	const password = "example"
	through := []string{"-proxy", proxyURL}
	proxyRequired := outcome{Verdict: "ready", Causes: []string{"proxy.required"}} // and there
	r.faults(t, []fault{{
		name:  "that lets everything pass",
		apply: r.proxied(proxying{}),
		args:  through,
		want:  proxyRequired,
		more:  wentThrough,
	}, {
		name: "that lets everything pass, and nothing goes past it",
		apply: func(t *testing.T) {
			t.Helper()
			r.serveProxy(t, proxying{on: true})
			r.firewall(t, noWebNow())
		},
		args: through,
		want: degraded("proxy.required"),
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, f := range doc.direct() {
				if f.pastProxy() != (f.Cause == "proxy.required") {
					t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
				}
			}
		},
	}, {
		name:  "that demands a password",
		apply: r.proxied(proxying{password: password}),
		args:  through,
		want:  blocked("proxy.auth_required"),
		code:  probe.ProxyAuthRequired,
		more:  blamesWeb("proxy.auth_required"),
	}, {
		name:  "that demands a password and gets one",
		apply: r.proxied(proxying{password: password}),
		args:  []string{"-proxy", "http://device:" + password + "@" + resolverAddr + ":3128"},
		want:  proxyRequired,
		more:  wentThrough,
	}, {
		name:  "that denies one host",
		apply: r.proxied(proxying{deny: []string{host}, log: true}),
		args:  through,
		want:  blocked("proxy.denied", "proxy.required"),
		code:  probe.ProxyDenied,
		more: func(t *testing.T, doc document) {
			t.Helper()
			blames("proxy.denied", "https "+host+":443")(t, doc)
			r.annotates(traffic.Host{Service: endpoints.ServiceDeployment, Host: host, Requests: 1, Denied: 1, DeniedRequired: 1})(t, doc)
		},
	}, {
		name:  "that denies one host without TLS",
		apply: r.proxied(proxying{deny: []string{"crl3.digicert.com"}}),
		args:  through,
		want:  blocked("proxy.denied", "proxy.required"),
		code:  probe.ProxyDenied,
		more:  blamesHost("proxy.denied", "crl3.digicert.com", probe.HTTP),
	}, {
		name:  "that does not get through to one host",
		apply: r.proxied(proxying{}, r.unanswered(t, host)...),
		args:  through,
		want:  blocked("host.unreachable", "proxy.required"),
		code:  probe.ProxyTargetUnreachable,
		more:  blames("host.unreachable", "https "+host+":443"),
	}, {
		name: "that cannot resolve one host",
		apply: func(t *testing.T) {
			t.Helper()
			r.serveNames(t, names{zones: []string{`local-zone: "` + host + `." always_nxdomain`}})
			r.proxied(proxying{})(t)
		},
		args: through,
		want: blocked("host.unreachable", "proxy.required"),
		code: probe.ProxyTargetUnreachable,
		more: blames("host.unreachable", "https "+host+":443"),
	}, {
		name:  "that is stopped",
		apply: r.firewalling(append(r.pastProxy(t), noDirectWeb())...),
		args:  through,
		want:  blocked("proxy.unreachable"),
		code:  probe.ProxyUnreachable,
		more:  blamesWeb("proxy.unreachable"),
	}, {
		name:  "that is silent",
		apply: r.proxied(proxying{}, fmt.Sprintf("tcp dport %d drop", proxyPort)),
		args:  append([]string{"-timeout", "2s"}, through...),
		want:  blocked("proxy.unreachable"),
		code:  probe.ProxyUnreachable,
		more:  blamesWeb("proxy.unreachable"),
	}})
}

// unanswered returns the rules of a firewall between the proxy and a host.
func (r *rig) unanswered(t *testing.T, host string) []string {
	t.Helper()
	v4, v6 := r.addresses(t, host)
	return []string{
		`iifname "lo" ip daddr ` + v4.String() + ` tcp dport 443 reject with tcp reset`,
		`iifname "lo" ip6 daddr ` + v6.String() + ` tcp dport 443 reject with tcp reset`,
	}
}

// blamesWeb checks that a cause has exactly the checks of the web.
func blamesWeb(code string) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		for _, f := range doc.direct() {
			p := probe.Protocol(f.Protocol)
			web := p == probe.HTTP || p == probe.HTTPS || p == probe.NCSI && f.Port == 80
			if web && !f.pastProxy() != (f.Cause == code) {
				t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
			}
		}
	}
}

// blamesHost checks that a cause has exactly a host's checks by one protocol.
func blamesHost(code, host string, protocol probe.Protocol) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		for _, f := range doc.direct() {
			if guilty := f.Host == host && f.Protocol == string(protocol); guilty != (f.Cause == code) {
				t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
			}
		}
	}
}

// wentThrough checks that all web traffic used the proxy, except what must
// bypass it.
func wentThrough(t *testing.T, doc document) {
	t.Helper()
	for _, o := range doc.Observations {
		p := o.Target.Protocol
		if web := p == probe.HTTP || p == probe.HTTPS; web && !o.Target.Direct && o.Proxy.URL != proxyURL {
			t.Errorf("%s went through %q", o.Target, o.Proxy.URL)
		}
	}
}
