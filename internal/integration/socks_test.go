//go:build linux

package integration_test

import (
	"fmt"
	"testing"

	"github.com/netready/netready/probe"
)

// socksPort is the SOCKS proxy's port, at the resolver's address.
const socksPort = 1080

// serveSOCKS runs microsocks until the test ends.
func (r *rig) serveSOCKS(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"microsocks", "-i", resolverAddr, "-p", fmt.Sprint(socksPort)}, args...)
	p := start(t, r.listening(t, fmt.Sprintf("%s:%d", resolverAddr, socksPort)), inside(r.internet, args...)...)
	t.Cleanup(p.stop)
	r.firewall(t, append(r.pastProxy(t), noDirectWeb())...)
}

// TestSOCKS sends web traffic through a SOCKS proxy.
func TestSOCKS(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	resolvConf(t, r.internet, "nameserver "+resolverAddr+"\n")
	url := fmt.Sprintf("socks5://%s:%d", resolverAddr, socksPort)
	serving := func(args ...string) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			r.serveSOCKS(t, args...)
		}
	}
	proxyRequired := outcome{Verdict: "ready", Causes: []string{"proxy.required"}} // and there
	r.faults(t, []fault{{
		name:  "that lets everything pass",
		apply: serving(),
		args:  []string{"-proxy", url},
		want:  proxyRequired,
	}, {
		name:  "that demands a password",
		apply: serving("-u", "device", "-P", "example"),
		args:  []string{"-proxy", url},
		want:  blocked("proxy.auth_required"),
		code:  probe.ProxyAuthRequired,
		more:  blamesWeb("proxy.auth_required"),
	}, {
		name:  "that is stopped",
		apply: r.firewalling(append(r.pastProxy(t), noDirectWeb())...),
		args:  []string{"-proxy", url},
		want:  blocked("proxy.unreachable"),
		code:  probe.ProxyUnreachable,
		more:  blamesWeb("proxy.unreachable"),
	}})
}
