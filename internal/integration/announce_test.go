//go:build linux

package integration_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/probe"
)

// Where the company's machines look for a proxy. No plan has the name.
const (
	companyDomain = "corp.example"
	wpadHost      = "wpad." + companyDomain
	wpadAddr      = "10.99.255.91"
)

// announcing returns the nginx configuration that announces the proxies.
func announcing(script string) string {
	return fmt.Sprintf(`server {
    listen %s:80;
    location = /wpad.dat { default_type application/x-ns-proxy-autoconfig; return 200 '%s'; }
    location / { return 404; }
  }
  `, wpadAddr, script)
}

// TestAnnouncement has the network announce its proxies by DNS, where
// unconfigured devices look.
func TestAnnouncement(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const script = `function FindProxyForURL(url, host) { return "PROXY ` + resolverAddr + `:3128"; }`
	const page = "<html><title>Intranet</title>Nothing here.</html>"
	toWPAD := "ip daddr " + wpadAddr + " accept"
	announced := func(script string, rules ...string) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			resolvConf(t, r.client, "search "+companyDomain+"\nnameserver "+resolverAddr+"\n")
			r.serveSite(t, site{script: script})
			r.serveProxy(t, proxying{on: true, log: true})
			r.firewall(t, rules...)
		}
	}
	r.faults(t, []fault{{
		name:  "where it is not needed",
		apply: announced(script),
		want:  outcome{Verdict: "ready"},
		more:  r.leavesProxyAlone,
	}, {
		name:  "where nothing else works",
		apply: announced(script, toWPAD, noWebNow()),
		want:  blocked("proxy.required"),
		code:  probe.TCPRefused,
		more: func(t *testing.T, doc document) {
			t.Helper()
			blamesWeb("proxy.required")(t, doc)
			r.leavesProxyAlone(t, doc)
		},
	}, {
		name:  "where nothing else works, of nothing",
		apply: announced(page, toWPAD, noWebNow()),
		want:  blocked("egress.http_blocked", "egress.https_blocked"),
		code:  probe.TCPRefused,
	}, {
		name:  "and goes by it",
		apply: announced(script, append(r.pastProxy(t), toWPAD, noDirectWeb())...),
		args:  []string{"-proxy", proxyURL},
		want:  outcome{Verdict: "ready", Causes: []string{"proxy.required"}},
		more: func(t *testing.T, doc document) {
			t.Helper()
			wentThrough(t, doc)
			if !slices.ContainsFunc(doc.Causes[0].Evidence, func(s string) bool { return strings.Contains(s, wpadHost) }) {
				t.Errorf("evidence %q", doc.Causes[0].Evidence)
			}
		},
	}})
}

// leavesProxyAlone checks that the run read about the script's proxy but did
// not contact it: scripts are never executed.
func (r *rig) leavesProxyAlone(t *testing.T, doc document) {
	t.Helper()
	read := 0
	for _, o := range doc.Observations {
		if o.Proxy.URL != "" {
			t.Errorf("%s went through %q", o.Target, o.Proxy.URL)
		}
		if o.Target.Protocol == probe.WPAD {
			read++
			want := wpad{URL: "http://" + wpadHost + "/wpad.dat", Script: true, Mentions: []string{resolverAddr + ":3128"}}
			if diff := cmp.Diff(want, o.WPAD); diff != "" {
				t.Errorf("%s (-want +got):\n%s", o.Target, diff)
			}
		}
	}
	if read != 1 {
		t.Errorf("%d scripts were read", read)
	}
	if log := r.accessLog(t); log != "" {
		t.Errorf("the proxy was asked:\n%s", log)
	}
}
