//go:build linux

package integration_test

import "testing"

// testNames has the resolver withhold names, as filters do.
func testNames(t *testing.T, r *rig) {
	const host = "login.live.com"
	r.faults(t, []fault{{
		name:  "one that does not exist",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_nxdomain`}}),
		want:  blocked("dns.filtered"),
		more:  blames("dns.filtered", host),
	}, {
		name:  "one without an address",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_nodata`}}),
		want:  blocked("dns.filtered"),
		more:  blames("dns.filtered", host),
	}, {
		name:  "one that leads to 0.0.0.0",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_null`}}),
		want:  blocked("dns.filtered"),
		more:  blames("dns.filtered", host),
	}, {
		name:  "one that leads to this machine",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/127.0.0.1", "--address=/" + host + "/::1"}}),
		want:  blocked("dns.filtered"),
		more:  blames("dns.filtered", host),
	}, {
		name:  "one that a forwarder denies",
		apply: r.naming(names{dnsmasq: []string{"--address=/" + host + "/"}}),
		want:  blocked("dns.filtered"),
		more:  blames("dns.filtered", host),
	}, {
		name:  "one that is refused",
		apply: r.naming(names{zones: []string{`local-zone: "` + host + `." always_refuse`}}),
		want:  blocked("host.unreachable"),
		more:  blames("host.unreachable", host),
	}, {
		name:  "a whole domain",
		apply: r.naming(names{zones: []string{`local-zone: "manage.microsoft.com." always_nxdomain`}}),
		want:  blocked("dns.filtered"),
	}})
}

// blames checks that a report has a cause for the checks of one host alone.
func blames(code, host string) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		for _, f := range doc.Findings {
			if guilty := f.Host == host; guilty != (f.Cause == code) {
				t.Errorf("%s: %s %s, cause %q", f.Check, f.Status, f.Code, f.Cause)
			}
		}
	}
}
