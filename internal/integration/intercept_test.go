//go:build linux

package integration_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// TestInspection has squid inspect TLS.
func TestInspection(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	both := r.bothRoots(t)
	trusting := []string{"-proxy", proxyURL, "-roots", both}
	exempt := exempt(t)
	r.faults(t, []fault{{
		name:  "by an unknown CA",
		apply: r.proxied(proxying{bump: true}),
		args:  []string{"-proxy", proxyURL},
		want:  blocked("proxy.required", "tls.inspection"),
		code:  probe.TLSUntrusted,
		more:  blamesPort("tls.inspection", probe.HTTPS),
	}, {
		name:  "by a CA that this machine knows",
		apply: r.proxied(proxying{bump: true}),
		args:  trusting,
		want:  blocked("proxy.required", "tls.inspection"),
		code:  probe.TLSInspected,
		more:  blamesPort("tls.inspection", probe.HTTPS),
	}, {
		name:  "of all but the names that are to be exempt",
		apply: r.proxied(proxying{bump: true, splice: exempt}),
		args:  trusting,
		want:  degraded("proxy.required", "tls.inspection"),
		code:  probe.TLSInspected,
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, f := range doc.direct() {
				inspected := f.Protocol == string(probe.HTTPS) && !f.pastProxy() && !slices.Contains(exempt, f.Host)
				if inspected != (f.Cause == "tls.inspection") {
					t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
				}
			}
		},
	}})
}

// exempt returns the hosts that must not be inspected, by the documents or
// because of their silence.
func exempt(t *testing.T) []string {
	t.Helper()
	var out []string
	p := newPlan(t, endpoints.ScenarioAutopilot)
	for _, c := range p.Checks {
		if slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool {
			return e.Has(endpoints.TraitNoInspection) || e.Has(endpoints.TraitNoInspectionRecommended)
		}) {
			out = append(out, c.Target.Host)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// intercepted returns a function that redirects all plain HTTP to squid.
func (r *rig) intercepted(p proxying) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		p.on = true
		r.serveProxy(t, p)
		run(t, fmt.Sprintf("table inet nat {\n chain pre {\n  type nat hook prerouting priority -100;\n  iifname \"lan\" tcp dport 80 redirect to :%d\n }\n}\n", interceptPort),
			inside(r.internet, "nft", "-f", "-")...)
		r.firewalled = true
	}
}

// TestInterception has squid answer plain HTTP that is meant for others.
func TestInterception(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.faults(t, []fault{{
		name:  "that lets everything pass",
		apply: r.intercepted(proxying{}),
		want:  outcome{Verdict: "ready"},
	}, {
		name:  "that denies one host",
		apply: r.intercepted(proxying{deny: []string{"crl3.digicert.com"}}),
		want:  blocked("http.block_page"),
		code:  probe.HTTPBlockPage,
		more:  blamesHost("http.block_page", "crl3.digicert.com", probe.HTTP),
	}, {
		name:  "that denies every host",
		apply: r.intercepted(proxying{deny: []string{"all"}}),
		want:  blocked("http.block_page"),
		code:  probe.HTTPBlockPage,
		more:  blamesPort("http.block_page", probe.HTTP),
	}})
}
