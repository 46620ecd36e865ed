package probe

import (
	"context"
	"crypto/x509"
	"time"
)

// UserAgent is the name by which probes ask.
const UserAgent = userAgent

// Classify is the function that looks into the errors of other packages.
func Classify(ctx context.Context, op Op, err error) Code { return classify(ctx, op, err) }

// Schemes reads the values of Proxy-Authenticate.
func Schemes(values []string) []string { return schemes(values) }

// Printable makes text from the network fit to be shown.
func Printable(s string, limit int) string { return printable(s, limit) }

// A Verification is the outcome of [Verify].
type Verification struct {
	By          string
	From, Until time.Time
	OK          bool
}

// Verify verifies a chain with these sets as the public, Microsoft's and the
// machine's.
func Verify(chain []*x509.Certificate, now time.Time, public, microsoft, machine *x509.CertPool) Verification {
	v := verifyChain(chain, now,
		rootSet{verifiedByPublic, public}, rootSet{verifiedByMicrosoft, microsoft}, rootSet{verifiedByMachine, machine})
	return Verification{By: v.by, From: v.from, Until: v.until, OK: v.err == nil}
}

// VerifiedBy returns the name of the root set that a chain verifies under.
func VerifiedBy(n Network, chain []*x509.Certificate) string {
	var facts TLSFacts
	_, _ = n.verify(chain, nil, Target{}, time.Now(), &facts)
	return facts.VerifiedBy
}

// PublicRoots is the set that a nil [Network.PublicRoots] stands for.
func PublicRoots() *x509.CertPool { return publicRoots() }
