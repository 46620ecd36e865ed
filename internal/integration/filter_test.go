//go:build linux

package integration_test

import (
	"slices"
	"testing"

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
	}})
}

// blames checks that a report has a cause for some checks, and for no others.
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
