//go:build linux

package integration_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/probe"
)

// TestEnvironment sets the proxy in the command's environment.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const past = "login.live.com" // in vain
	const domain = ".manage.microsoft.com"
	environ := func(more func(*testing.T), vars ...string) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			r.environ = vars
			more(t)
		}
	}
	passing := func(host string) bool { return host == past || strings.HasSuffix(host, domain) }
	var open []string
	for _, host := range r.hosts {
		if host != past && passing(host) {
			v4, v6 := r.addresses(t, host)
			open = append(open, "ip daddr "+v4.String()+" accept", "ip6 daddr "+v6.String()+" accept")
		}
	}
	r.faults(t, []fault{{
		name:  "for some names",
		apply: environ(r.proxied(proxying{}, open...), "HTTP_PROXY="+proxyURL, "HTTPS_PROXY="+proxyURL, "NO_PROXY="+past+","+domain),
		args:  []string{"-proxy", "environment", "-timeout", "5s"},
		want:  blocked("host.unreachable", "proxy.required"),
		code:  probe.TCPTimeout,
		more: func(t *testing.T, doc document) {
			t.Helper()
			blames("host.unreachable", "https "+past+":443")(t, doc)
			wentPast(passing)(t, doc)
		},
	}, {
		name: "for TLS alone",
		apply: environ(func(t *testing.T) {
			t.Helper()
			r.serveProxy(t, proxying{on: true})
			r.firewall(t, append(r.pastProxy(t), `iifname "lan" tcp dport 443 drop`)...)
		}, "https_proxy="+resolverAddr+":3128"),
		args: []string{"-proxy", "environment"},
		want: outcome{Verdict: "ready", Causes: []string{"proxy.required"}},
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, o := range doc.Observations {
				if p := o.Target.Protocol; p == probe.HTTP && o.Proxy.URL != "" || p == probe.HTTPS && !o.Target.Direct && o.Proxy.URL != proxyURL {
					t.Errorf("%s went through %q", o.Target, o.Proxy.URL)
				}
			}
		},
	}, {
		name:  "that was not to be asked",
		apply: environ(r.firewalling(noWebNow()), "HTTP_PROXY="+proxyURL, "HTTPS_PROXY="+proxyURL),
		want:  blocked("egress.http_blocked", "egress.https_blocked"),
		code:  probe.TCPRefused,
	}})
}

// wentPast checks that the web traffic of some hosts bypassed the proxy, and
// that all other traffic used it.
func wentPast(past func(host string) bool) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		passed := 0
		for _, o := range doc.Observations {
			if p := o.Target.Protocol; p != probe.HTTP && p != probe.HTTPS || o.Target.Direct {
				continue
			}
			want := proxyURL
			if past(o.Target.Host) {
				want = ""
				passed++
			}
			if o.Proxy.URL != want {
				t.Errorf("%s went through %q, want %q", o.Target, o.Proxy.URL, want)
			}
		}
		if passed < 2 {
			t.Errorf("%d checks went past the proxy", passed)
		}
	}
}
