//go:build linux

package integration_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/probe"
)

// TestNames has the resolver withhold names, as filters do.
func TestNames(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const host = "login.live.com"
	r.faults(t, []fault{{
		name:  "one that does not exist",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_nxdomain`}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "one without an address",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_nodata`}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNoData,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "one that leads to 0.0.0.0",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_null`}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSSinkhole,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "one that leads to this machine",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/127.0.0.1", "--address=/" + host + "/::1"}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSSinkhole,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "one that a forwarder denies",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/"}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "one that the second of two resolvers denies",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/"}}),
		args:  []string{"-resolver", upstreamAddr + ":53," + resolverAddr + ":53"},
		want:  degraded("dns.filtered"),
	}, {
		name:  "one that the first of two resolvers denies",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/"}}),
		args:  []string{"-resolver", resolverAddr + ":53," + upstreamAddr + ":53"},
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
		more:  blames("dns.filtered", "https "+host+":443"),
	}, {
		name:  "one that is refused",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_refuse`}}),
		want:  blocked("host.unreachable"),
		code:  probe.DNSRefused,
		more:  blames("host.unreachable", "https "+host+":443"),
	}, {
		name:  "a whole domain",
		apply: r.naming(names{zones: []string{`local-zone: "manage.microsoft.com." always_nxdomain`}}),
		want:  blocked("dns.filtered"),
		code:  probe.DNSNXDomain,
	}, {
		name:  "none, but give those that do not exist an address",
		apply: r.naming(names{bind: true, search: true, policy: []string{"blocked.example CNAME ."}}),
		want:  degraded("dns.rewriting"),
		code:  probe.DNSRewritten,
		more:  blamesPort("dns.rewriting", probe.NXDomain),
	}, {
		name: "none, but the machine itself has another address for one",
		apply: func(t *testing.T) {
			t.Helper()
			etc(t, r.client, "hosts", "127.0.0.1 localhost\n192.0.2.7 "+host+"\n")
		},
		want: outcome{Verdict: "ready", Causes: []string{"dns.overridden"}},
		more: func(t *testing.T, doc document) {
			t.Helper()
			if diff := cmp.Diff([]string{"https " + host + ":443"}, doc.Causes[0].Checks); diff != "" {
				t.Errorf("checks (-want +got):\n%s", diff)
			}
		},
	}})
}

// blames checks that a cause has exactly these checks.
func blames(code string, checks ...string) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		for _, f := range doc.direct() {
			if guilty := slices.Contains(checks, f.Check); guilty != (f.Cause == code) {
				t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
			}
		}
	}
}
