package probe_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// A run describes a CA certificate once, and no other as one that it knows.
func TestDescribeInRun(t *testing.T) {
	named := func(subject, issuer string, ca bool) *x509.Certificate {
		name := func(cn string) pkix.Name { return pkix.Name{Organization: []string{"Contoso"}, CommonName: cn} }
		return &x509.Certificate{
			Raw: []byte(subject + " by " + issuer), RawSubject: []byte(subject), RawIssuer: []byte(issuer),
			Subject: name(subject), Issuer: name(issuer), IsCA: ca, DNSNames: []string{subject},
		}
	}
	root, above := named("root", "root", true), named("above", "root", true)
	crossed, other := named("above", "other", true), named("other", "other", true)
	leaf, second := named("leaf", "above", false), named("second", "above", false)
	chains := [][]*x509.Certificate{
		{leaf, above, root},
		{leaf, crossed, other},
		{second, above},
		{second, root, above},
		{second},
		{other},
	}
	for i := range 300 { // more than a run keeps
		chains = append(chains, []*x509.Certificate{leaf, named(fmt.Sprint("CA ", i), "root", true)})
	}
	run := probe.Network{}.Shared()
	for _, chain := range slices.Concat(chains, chains) {
		if diff := cmp.Diff(probe.Describe(probe.Network{}, chain), probe.Describe(run, chain)); diff != "" {
			t.Errorf("%v in a run (-alone +run):\n%s", chain[0].Subject, diff)
		}
	}
	want := []string{"CN=leaf,O=Contoso", "CN=above,O=Contoso", "CN=root,O=Contoso"}
	var got []string
	for _, c := range probe.Describe(run, chains[0]) {
		got = append(got, c.Subject)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
	if got := probe.Describe(run, chains[1])[1].Issuer; got != "CN=other,O=Contoso" {
		t.Errorf("issuer %q of the cross certificate", got)
	}
}
