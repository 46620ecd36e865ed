package probe

import (
	"context"
	"crypto/x509"
	"slices"
	"time"
)

// UserAgent is the name by which probes ask.
const UserAgent = userAgent

// Classify is the function that looks into the errors of other packages.
func Classify(ctx context.Context, op string, err error) Code { return classify(ctx, op, err) }

// Schemes reads the values of Proxy-Authenticate.
func Schemes(values []string) []string { return schemes(values) }

// A Verification is the outcome of [Verify].
type Verification struct {
	By          string
	From, Until time.Time
	OK          bool
}

// Verify verifies a chain with these sets as the public, Microsoft's and the
// machine's, and these certificates to continue paths that have expired. A root of
// the machine's counts as shipped by Microsoft if it is called so.
func Verify(chain []*x509.Certificate, now time.Time, public, microsoft, machine *x509.CertPool, spares ...*x509.Certificate) Verification {
	set := func(name string, pool *x509.CertPool) rootSet {
		return rootSet{name, func() *x509.CertPool { return pool }}
	}
	a := anchors{
		genuine: []rootSet{set(verifiedByPublic, public), set(verifiedByMicrosoft, microsoft)},
		machine: set(verifiedByMachine, machine),
		spares:  func() []*x509.Certificate { return spares },
		shipped: func(root *x509.Certificate) bool { return root.Subject.CommonName == "shipped root" },
	}
	v := a.verify(chain, now)
	return Verification{By: v.by, From: v.from, Until: v.until, OK: v.err == nil}
}

// SetsFor returns the root sets that are loaded to verify a chain.
func SetsFor(chain []*x509.Certificate, now time.Time, public *x509.CertPool) []string {
	var loaded []string
	set := func(name string, pool *x509.CertPool) rootSet {
		return rootSet{name, func() *x509.CertPool {
			if !slices.Contains(loaded, name) {
				loaded = append(loaded, name)
			}
			return pool
		}}
	}
	none := x509.NewCertPool()
	a := anchors{
		genuine: []rootSet{set(verifiedByPublic, public), set(verifiedByMicrosoft, none), set(verifiedByWindows, none)},
		machine: set(verifiedByMachine, none),
		spares:  func() []*x509.Certificate { return nil },
		shipped: isShipped,
	}
	a.verify(chain, now)
	return loaded
}

// WindowsRoots returns the roots of the Windows root program that are embedded.
func WindowsRoots() []*x509.Certificate { return windowsCertificates() }

// SpareIntermediates returns the intermediates that are embedded.
func SpareIntermediates() []*x509.Certificate { return spareIntermediates() }

// VerifiedBy returns the name of the root set that a chain verifies under.
func VerifiedBy(n Network, chain []*x509.Certificate) string {
	var facts TLSFacts
	_, _ = n.verify(chain, nil, Target{}, time.Now(), &facts)
	return facts.VerifiedBy
}

// PublicRoots is the set that a nil [Network.PublicRoots] stands for.
func PublicRoots() *x509.CertPool { return publicRoots() }

// MicrosoftRoots are the roots that count as genuine on every system.
func MicrosoftRoots() []*x509.Certificate { return microsoftCertificates() }
