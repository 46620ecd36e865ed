//go:build linux

package integration_test

import (
	"testing"

	"github.com/netready/netready/probe"
)

// TestPolicies has filtering resolvers of several vendors withhold a name.
func TestPolicies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	v4, v6 := r.addresses(t, host)
	more := blames("dns.filtered", "https "+host+":443")
	bind := func(records ...string) func(*testing.T) { return r.naming(names{bind: true, policy: records}) }
	unbound := func(records ...string) func(*testing.T) { return r.naming(names{policy: records}) }
	r.faults(t, []fault{{
		name:  "BIND, nothing withheld",
		apply: bind("blocked.example CNAME ."),
		want:  outcome{Verdict: "ready"},
	}, {
		name:  "BIND, a name that does not exist",
		apply: bind(host + " CNAME ."),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
		more:  more,
	}, {
		name:  "BIND, a name without an address",
		apply: bind(host + " CNAME *."),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNoData,
		more:  more,
	}, {
		name:  "BIND, a name that leads to 0.0.0.0",
		apply: bind(host+" A 0.0.0.0", host+" AAAA ::"),
		want:  blocked("dns.filtered"),
		code:  probe.DNSSinkhole,
		more:  more,
	}, {
		name:  "BIND, a name that is not answered",
		apply: bind(host + " CNAME rpz-drop."),
		args:  []string{"-timeout", "5s"},
		want:  blocked("host.unreachable"),
		code:  probe.DNSTimeout,
		more:  blames("host.unreachable", "https "+host+":443"),
	}, {
		name:  "BIND, a whole domain",
		apply: bind("manage.microsoft.com CNAME .", "*.manage.microsoft.com CNAME ."),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
	}, {
		name:  "dnsmasq, a sinkhole",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/0.0.0.0", "--address=/" + host + "/::"}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSSinkhole,
		more:  more,
	}, {
		name:  "dnsmasq, a name withheld for where it leads, and saying so",
		apply: r.naming(names{dnsmasq: []string{"--bogus-nxdomain=" + v4.String(), "--bogus-nxdomain=" + v6.String()}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSBlocked, // extended error 15
		more:  more,
	}, {
		name:  "unbound, a name that does not exist",
		apply: unbound(host + " CNAME ."),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
		more:  more,
	}, {
		name:  "unbound, a name that leads to 0.0.0.0",
		apply: unbound(host+" A 0.0.0.0", host+" AAAA ::"),
		want:  blocked("dns.filtered"),
		code:  probe.DNSSinkhole,
		more:  more,
	}, {
		name: "BIND, a name that leads to a walled garden",
		apply: func(t *testing.T) {
			t.Helper()
			r.serveNames(t, names{bind: true, policy: []string{host + " CNAME " + gardenHost + "."}})
			r.serveSite(t, site{garden: true})
		},
		want: blocked("dns.filtered"),
		code: probe.TLSUntrusted,
		more: more,
	}})
}
