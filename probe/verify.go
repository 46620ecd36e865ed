package probe

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// The root sets, by the names that [TLSFacts] has for them.
const (
	verifiedByPublic    = "public"
	verifiedByMicrosoft = "microsoft"
	verifiedByMachine   = "machine"
)

// A rootSet is a set of roots with its name. A nil pool means the system's.
type rootSet struct {
	name string
	pool *x509.CertPool
}

// A verification is the outcome of verifying a chain, whatever the time and
// the name.
type verification struct {
	by          string              // the name of a root set, or "" for none
	path        []*x509.Certificate // from the leaf to a root of that set
	from, until time.Time
	err         error // of the first set, if by is ""
}

// verify judges the chain of a target, with the certificates that were fetched
// for it, and keeps the outcome in facts. The public roots are asked first, and
// the machine's last: an inspecting proxy is known by the machine alone.
func (n Network) verify(chain, fetched []*x509.Certificate, t Target, now time.Time, facts *TLSFacts) (verification, *Error) {
	public := n.PublicRoots
	if public == nil {
		public = publicRoots()
	}
	v := verifyChain(slices.Concat(chain[:1], fetched, chain[1:]), now,
		rootSet{verifiedByPublic, public},
		rootSet{verifiedByMicrosoft, microsoftRoots()},
		rootSet{verifiedByMachine, n.Roots},
	)
	nameErr := chain[0].VerifyHostname(t.Host)
	facts.Chain = describeChain(chain)
	facts.VerifiedBy, facts.ValidFrom, facts.ValidUntil = v.by, v.from, v.until
	facts.NameMatches = nameErr == nil
	facts.Vendor = facts.vendor()

	e := &Error{Op: OpHandshake, Addr: t.Addr()}
	switch {
	case v.by == "":
		e.Code, e.Err = TLSUntrusted, v.err
		if len(chain) == 1 && !bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject) {
			e.Err = fmt.Errorf("%w; the server sent no intermediate certificate", v.err)
		}
	case v.by == verifiedByMachine:
		e.Code, e.Err = TLSInspected, fmt.Errorf("issued by %s, whom only this machine trusts", facts.Chain[0].Issuer)
	case nameErr != nil:
		e.Code, e.Err = TLSNameMismatch, nameErr
	case now.After(v.until):
		e.Code, e.Err = TLSExpired, fmt.Errorf("valid until %s", v.until.Format(time.RFC3339))
	case now.Before(v.from):
		e.Code, e.Err = TLSNotYetValid, fmt.Errorf("valid from %s", v.from.Format(time.RFC3339))
	default:
		return v, nil
	}
	return v, e
}

// filled reports whether whoever verified a chain had certificates that were not
// served. Windows fetches them by itself.
func (v verification) filled(chain []*x509.Certificate) bool {
	return len(v.path) > 2 && slices.ContainsFunc(v.path[1:len(v.path)-1], func(c *x509.Certificate) bool {
		return !slices.ContainsFunc(chain, c.Equal)
	})
}

// verifyChain verifies a chain under the first set that it verifies under, at
// any time: an expired chain of a public authority is still of that authority.
//
// Where the system's roots are asked, the system verifies. Windows may then load
// a root or an intermediate certificate that it lacks, which cannot be
// cancelled. It only comes to that for chains that are not genuine.
func verifyChain(chain []*x509.Certificate, now time.Time, sets ...rootSet) verification {
	intermediates := x509.NewCertPool()
	for _, c := range chain[1:min(len(chain), maxChain)] {
		if tractable(c) {
			intermediates.AddCert(c)
		}
	}
	var first error
	for _, set := range sets {
		for _, at := range instants(chain, now) {
			paths, err := chain[0].Verify(x509.VerifyOptions{Roots: set.pool, Intermediates: intermediates, CurrentTime: at})
			if err == nil {
				v := window(paths, now)
				v.by = set.name
				return v
			}
			if first == nil {
				first = err
			}
		}
	}
	return verification{err: first}
}

// tractable reports whether checking a signature of c takes a bounded time.
func tractable(c *x509.Certificate) bool {
	const maxBits = 8192 // as crypto/tls has it for leaves
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return !ok || key.N.BitLen() <= maxBits
}

// instants returns the times at which to verify a chain: now, and the last and
// the first moment at which all its certificates are valid, or of the leaf's
// time what comes closest.
func instants(chain []*x509.Certificate, now time.Time) []time.Time {
	leaf := chain[0]
	from, until := leaf.NotBefore, leaf.NotAfter
	for _, c := range chain[1:min(len(chain), maxChain)] {
		if c.NotBefore.After(from) && !c.NotBefore.After(leaf.NotAfter) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(until) && !c.NotAfter.Before(leaf.NotBefore) {
			until = c.NotAfter
		}
	}
	return []time.Time{now, until, from}
}

// window returns the path that is valid now, or else the one that is for the
// longest, with the time at which all its certificates are valid.
func window(paths [][]*x509.Certificate, now time.Time) (v verification) {
	for i, path := range paths {
		f, u := path[0].NotBefore, path[0].NotAfter
		for _, c := range path[1:] {
			if c.NotBefore.After(f) {
				f = c.NotBefore
			}
			if c.NotAfter.Before(u) {
				u = c.NotAfter
			}
		}
		if !now.Before(f) && !now.After(u) {
			return verification{path: path, from: f, until: u}
		}
		if i == 0 || u.After(v.until) {
			v = verification{path: path, from: f, until: u}
		}
	}
	return v
}
