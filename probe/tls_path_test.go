package probe_test

import (
	"crypto/x509"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A crossing is a CA that two roots have certified, as for Microsoft's issuing
// CAs: one of its certificates has expired.
type crossing struct {
	expired, current issuer // with one name and key
	old, lasting     issuer // their roots
}

func newCrossing(t *testing.T) crossing {
	t.Helper()
	long := validity{1990, 2040}
	c := crossing{old: issue(t, nil, nil, "old root", long, true), lasting: issue(t, nil, nil, "lasting root", long, true)}
	c.expired = issue(t, &c.old, nil, "issuing CA", validity{1995, 1999}, true)
	c.current = issue(t, &c.lasting, c.expired.key, "issuing CA", long, true)
	return c
}

// A valid leaf below an expired certificate is valid if there is another path,
// wherever its certificate comes from. It is 2000 here.
func TestAnotherPath(t *testing.T) {
	const (
		served = 1 << iota
		embedded
		fetchable
		stale   // the issuer's URL has the expired certificate
		blocked // the issuer's URL does not respond
	)
	c := newCrossing(t)
	tests := []struct {
		name    string
		sources int
		roots   []issuer
		leaf    time.Duration // until it expires
		by      string
		code    probe.Code
		asked   int // requests for the issuer's URL
	}{
		{"served", served, []issuer{c.old, c.lasting}, time.Hour, "public", "", 0},
		{"at the issuer URL", fetchable, []issuer{c.old, c.lasting}, time.Hour, "public", "", 1},
		{"at the issuer URL, to an unknown root", fetchable, []issuer{c.old}, time.Hour, "public", probe.TLSExpired, 1},
		{"at the issuer URL, from an unknown root", fetchable, []issuer{c.lasting}, time.Hour, "public", "", 1},
		{"expired there too", stale, []issuer{c.old, c.lasting}, time.Hour, "public", probe.TLSExpired, 1},
		{"at an issuer URL that does not answer", blocked, []issuer{c.old, c.lasting}, time.Hour, "public", probe.TLSExpired, 0},
		{"nowhere", 0, []issuer{c.old, c.lasting}, time.Hour, "public", probe.TLSExpired, 0},
		{"not looked for if the leaf has expired", fetchable, []issuer{c.old, c.lasting}, -time.Minute, "public", probe.TLSExpired, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const file = "/issuing-ca.crt"
				i := &probetest.Internet{Hosts: []string{"pki.example.com"}, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					der := c.current.cert.Raw
					if test.sources&stale != 0 {
						der = c.expired.cert.Raw
					}
					_, _ = w.Write(der)
				})}
				if test.sources&blocked != 0 {
					i.Faults = fault(at80("pki.example.com", probetest.Refuse))
				}
				link := ""
				if test.sources&(fetchable|stale|blocked) != 0 {
					link = "http://pki.example.com" + file
				}
				leaf := issuePointingUntil(t, c.current, host, link, time.Now().Add(test.leaf))
				chain := []*x509.Certificate{leaf.cert, c.expired.cert}
				if test.sources&served != 0 {
					chain = append(chain, c.current.cert)
				}
				n := i.Network()
				n.PublicRoots, n.Roots = pool(test.roots...), x509.NewCertPool()
				o, code := probe.Complete(t.Context(), n, chain)
				if o.TLS.VerifiedBy != test.by || code != test.code {
					t.Errorf("verified by %q, code %q; want %q, %q", o.TLS.VerifiedBy, code, test.by, test.code)
				}
				asked := 0
				for _, e := range i.Log() {
					if e.Detail == "GET "+file {
						asked++
					}
				}
				if asked != test.asked || len(o.TLS.FetchedIssuers) != test.asked {
					t.Errorf("asked %d times, fetched %v; want %d", asked, o.TLS.FetchedIssuers, test.asked)
				}
				if blocked := test.sources&blocked != 0; blocked != (len(o.TLS.IssuerFailures) > 0) {
					t.Errorf("failures %v", o.TLS.IssuerFailures)
				}
			})
		})
	}
}

// The same for embedded certificates, which need no network and count whatever
// the local clock says.
func TestSparePath(t *testing.T) {
	long := validity{2000, 2040}
	old, lasting, machine := issue(t, nil, nil, "old root", long, true), issue(t, nil, nil, "lasting root", long, true), issue(t, nil, nil, "machine root", long, true)
	expired := issue(t, &old, nil, "issuing CA", validity{2010, 2024}, true)
	spare := issue(t, &lasting, expired.key, "issuing CA", validity{2010, 2035}, true)
	forged := issue(t, &lasting, nil, "issuing CA", validity{2010, 2035}, true)
	shipped := issue(t, nil, nil, "shipped root", long, true)
	own, ownOld := issue(t, &shipped, expired.key, "issuing CA", validity{2010, 2035}, true), issue(t, &shipped, expired.key, "issuing CA", validity{2010, 2024}, true)
	private := issue(t, &machine, expired.key, "issuing CA", validity{2010, 2035}, true)
	leaf := issue(t, &expired, nil, "leaf", validity{2022, 2027}, false)
	young := issue(t, &expired, nil, "leaf", validity{2025, 2028}, false)
	type outcome struct {
		By    string
		Until int
	}
	chain := []*x509.Certificate{leaf.cert, expired.cert}
	for _, test := range []struct {
		name  string
		spare issuer
		chain []*x509.Certificate
		now   int
		want  outcome
	}{
		{"the same key under another root", spare, chain, 2025, outcome{"public", 2027}},
		{"a leaf that is younger than what has expired", spare, []*x509.Certificate{young.cert, expired.cert}, 2026, outcome{"public", 2028}},
		{"the same and another key", forged, []*x509.Certificate{young.cert, expired.cert}, 2026, outcome{"public", 2024}},
		{"a clock that is ahead", spare, chain, 2030, outcome{"public", 2027}},
		{"a clock that is behind", spare, chain, 2015, outcome{"public", 2027}},
		{"before it has expired", spare, chain, 2023, outcome{"public", 2024}},
		{"another key", forged, chain, 2025, outcome{"public", 2024}},
		{"under a root of the machine", private, chain, 2025, outcome{"public", 2024}},
		{"under a root of Microsoft's that only the machine has", forged, []*x509.Certificate{leaf.cert, expired.cert, own.cert}, 2025, outcome{"microsoft", 2027}},
		{"under a root of the machine's that is served", forged, []*x509.Certificate{leaf.cert, expired.cert, private.cert}, 2025, outcome{"public", 2024}},
		{"expired under a root of Microsoft's that only the machine has", forged, []*x509.Certificate{leaf.cert, ownOld.cert}, 2025, outcome{"microsoft", 2024}},
		{"under roots of the machine's and of Microsoft's", forged, []*x509.Certificate{leaf.cert, private.cert, own.cert}, 2025, outcome{"microsoft", 2027}},
		{"in place of what is not served", spare, chain[:1], 2025, outcome{}},
	} {
		got := probe.Verify(test.chain, long.time(test.now), pool(old, lasting), pool(), pool(machine, shipped), test.spare.cert)
		until := 0
		if !got.Until.IsZero() {
			until = got.Until.Year()
		}
		if diff := cmp.Diff(test.want, outcome{got.By, until}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// The whole path: an old intermediate is replaced, and the replacement's own
// issuer is asked about its revocation.
func TestOldIntermediate(t *testing.T) {
	for _, test := range []struct {
		name   string
		faults []probetest.Fault
		skew   time.Duration
		code   probe.Code
		want   []string // the revocation sources
		asks   bool     // requests the issuer's certificate
	}{
		{"replaced", fault(probetest.OldIntermediate), 0, "", whole("good"), true},
		{"replaced, and the leaf is revoked", fault(probetest.OldIntermediate, probetest.Revoke), 0, probe.TLSRevoked, whole("revoked", "revoked", "good", "good"), true},
		{"replaced for another name", fault(probetest.OldIntermediate, probetest.WrongName), 0, probe.TLSNameMismatch, nil, true},
		{"not to be replaced", fault(probetest.OldIntermediate, at80(aiaHost, probetest.Refuse)), 0, probe.TLSExpired, nil, true},
		{"a clock that is far behind", fault(probetest.OldIntermediate), 400 * 24 * time.Hour, probe.TLSNotYetValid, nil, false},
		{"current", nil, 0, "", whole("good"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults, Skew: test.skew}
				o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
				if o.Code() != test.code {
					t.Errorf("error %v, want %q", o.Error, test.code)
				}
				if test.want != nil {
					if diff := cmp.Diff(test.want, sourceLines(o)); diff != "" {
						t.Errorf("sources (-want +got):\n%s", diff)
					}
				}
				asked := false
				for _, e := range i.Log() {
					asked = asked || e.Host == aiaHost
				}
				if asked != test.asks {
					t.Errorf("asked for the issuer's certificate: %t, want %t", asked, test.asks)
				}
			})
		})
	}
}
