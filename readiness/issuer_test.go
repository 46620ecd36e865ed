package readiness_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// An issuer is called by its own common name, and not by what another part of its
// name makes look like one.
func TestIssuerNames(t *testing.T) {
	tests := []struct{ name, issuer, organization, want string }{
		{"a common name", `CN=Example CA,O=Example`, "Example", "Example CA"},
		{"a common name with a comma", `CN=Example\, Inc. CA,O=Example\, Inc.`, "Example, Inc.", "Example, Inc. CA"},
		{"a common name of several parts", `CN=Example CA+SERIALNUMBER=1,O=Example`, "Example", "Example CA"},
		{"umlauts", `CN=Müller Gateway,O=Müller`, "Müller", "Müller Gateway"},
		{"an organization alone", `O=Example\, Inc.,C=US`, "Example, Inc.", "Example, Inc."},
		{"an organization that plays a common name", `O=Example\,CN=Microsoft RSA Root`, "Example,CN=Microsoft RSA Root", "Example,CN=Microsoft RSA Root"},
		{"a common name that plays several", `CN=Example\,CN=Microsoft`, "", "Example,CN=Microsoft"},
		{"a common name with a backslash", `CN=a\\,O=b`, "b", `a\`},
		{"nothing", "", "", "an unnamed issuer"},
	}
	p := plan(t, autopilot())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			obs := fail(reached(p), probe.OpHandshake, probe.TLSInspected, host("login.live.com"))
			for i := range obs {
				if obs[i].Error != nil {
					leaf := probe.Certificate{Subject: "CN=login.live.com", Issuer: test.issuer, Organization: test.organization}
					obs[i].TLS = &probe.TLSFacts{Chain: []probe.Certificate{leaf}, NameMatches: true}
				}
			}
			r := judge(t, p, obs, readiness.Policy{})
			want := "TLS inspection by " + test.want + " on login.live.com"
			if len(r.Causes) != 1 || !strings.HasPrefix(r.Causes[0].Title, want) {
				t.Errorf("causes %+v, want %q", r.Causes, want)
			}
		})
	}
}
