//go:build linux

package integration_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/netready/netready/probe"
)

// controllerRecords is the name of the records of a domain's controllers.
const controllerRecords = "_ldap._tcp.dc._msdcs." + companyDomain

// controllers returns the addresses of the domain's controllers.
func controllers() []string { return []string{"10.99.255.101", "10.99.255.102"} }

// controlling returns the nginx configuration that accepts devices' connections
// to a domain controller. They test no more than that.
func controlling() string {
	var b strings.Builder
	b.WriteString("server {\n")
	for _, addr := range controllers() {
		for _, port := range []int{53, 88, 135, 389, 445} {
			fmt.Fprintf(&b, "    listen %s:%d;\n", addr, port)
		}
	}
	b.WriteString("    return 404;\n  }")
	return b.String()
}

// TestDomain has devices join a domain whose controllers DNS lists.
func TestDomain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	joining := []string{"-scenario", "hybrid-join", "-ad-domain", companyDomain}
	first, all := controllers()[0], "{ "+strings.Join(controllers(), ", ")+" }"
	r.faults(t, []fault{{
		name: "with controllers",
		args: joining,
		want: outcome{Verdict: "ready"},
	}, {
		name:  "with one controller of two",
		apply: r.firewalling("ip daddr " + first + " tcp dport { 53, 88, 135, 389, 445 } reject with tcp reset"),
		args:  joining,
		want:  outcome{Verdict: "ready"},
	}, {
		name:  "without LDAP",
		apply: r.firewalling("ip daddr " + all + " tcp dport 389 reject with tcp reset"),
		args:  joining,
		want:  blocked("domain_controller.unreachable"),
		code:  probe.TCPRefused,
		more:  blames("domain_controller.unreachable", "srv "+controllerRecords+":389"),
	}, {
		name:  "with controllers that do not answer",
		apply: r.firewalling("ip daddr " + all + " drop"),
		args:  append([]string{"-timeout", "5s"}, joining...),
		want:  blocked("domain_controller.unreachable"),
		code:  probe.TCPTimeout,
		more:  blamesPort("domain_controller.unreachable", probe.SRV),
	}, {
		name:  "without records",
		apply: r.naming(names{zones: []string{`local-zone: "_msdcs.` + companyDomain + `." always_nxdomain`}}),
		args:  joining,
		want:  blocked("domain_controller.unknown"),
		code:  probe.DNSNXDomain,
		more:  blamesPort("domain_controller.unknown", probe.SRV),
	}})
}
