package probe

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// The root sets, as named in [TLSFacts].
const (
	verifiedByPublic    = "public"
	verifiedByMicrosoft = "microsoft"
	verifiedByWindows   = "windows"
	verifiedByMachine   = "machine"
)

// A rootSet is a named set of roots.
type rootSet struct {
	name string
	pool func() *x509.CertPool // called when the set is needed; returns nil for the system's roots
}

// A verification is the result of verifying a chain, whatever the time and
// name.
type verification struct {
	by          string                // the name of the root set, or "" for none
	paths       [][]*x509.Certificate // from the leaf to a root of that set, valid at one time
	path        []*x509.Certificate   // the best of paths
	from, until time.Time
	err         error // of the first set, if by is ""
}

// verify judges a target's chain, with the issuers fetched for it, and keeps
// the result in facts.
func (n Network) verify(chain, fetched []*x509.Certificate, t Target, now time.Time, facts *TLSFacts) (verification, *Error) {
	v := n.trust(slices.Concat(chain[:1], fetched, chain[1:]), now)
	nameErr := chain[0].VerifyHostname(t.Host)
	facts.Chain = n.describe(chain)
	facts.VerifiedBy, facts.ValidFrom, facts.ValidUntil = v.by, v.from, v.until
	facts.NameMatches = nameErr == nil
	facts.Vendor = facts.vendor()

	if v.genuine() && nameErr == nil && v.covers(now) {
		return v, nil
	}
	e := &Error{Op: OpHandshake, Addr: t.Addr()}
	switch {
	case v.by == "":
		e.Code, e.Err = TLSUntrusted, v.err
		if len(chain) == 1 && !selfIssued(chain[0]) {
			e.Err = fmt.Errorf("%w; the server sent no intermediate certificate", v.err)
		}
	case v.by == verifiedByMachine:
		e.Code, e.Err = TLSInspected, fmt.Errorf("issued by %s, which only this machine trusts", facts.Chain[0].Issuer)
	case nameErr != nil:
		e.Code, e.Err = TLSNameMismatch, nameErr
	case now.After(v.until):
		e.Code, e.Err = TLSExpired, fmt.Errorf("valid until %s", v.until.Format(time.RFC3339))
	default:
		e.Code, e.Err = TLSNotYetValid, fmt.Errorf("valid from %s", v.from.Format(time.RFC3339))
	}
	return v, e
}

// trust verifies a chain under what Windows trusts, then under what this
// machine trusts: only the machine knows an inspecting proxy's CA.
func (n Network) trust(chain []*x509.Certificate, now time.Time) verification {
	return anchors{
		genuine: []rootSet{{verifiedByPublic, n.publicRoots}, {verifiedByMicrosoft, microsoftRoots}, {verifiedByWindows, windowsRoots}},
		machine: n.machineRoots(),
		spares:  spareIntermediates,
		shipped: isShipped,
	}.verify(chain, now)
}

func (n Network) machineRoots() rootSet {
	return rootSet{verifiedByMachine, func() *x509.CertPool { return n.Roots }}
}

func (n Network) publicRoots() *x509.CertPool {
	if n.PublicRoots != nil {
		return n.PublicRoots
	}
	return publicRoots()
}

// anchors are the certificates used to verify chains.
type anchors struct {
	genuine []rootSet
	machine rootSet
	spares  func() []*x509.Certificate
	shipped func(root *x509.Certificate) bool // reports whether Microsoft ships a root of the machine
}

// verify verifies a chain under the genuine sets, and if that leaves doubt,
// under the machine's. It prefers a path that is valid now. If the served
// certificates have none, it tries spare intermediates and roots that Microsoft
// ships and only the machine has.
func (a anchors) verify(chain []*x509.Certificate, now time.Time) verification {
	v := verifyChain(chain, now, a.genuine...)
	if v.by != "" && v.covers(now) {
		return v
	}
	if spares := a.sparesFor(chain); v.by != "" && spares != nil {
		v = verifyChain(slices.Concat(chain[:1], spares, chain[1:]), now, a.genuine...)
	}
	if v.by != "" && (v.covers(now) || !validAt(chain[0], now)) {
		return v // no path is better
	}
	m := verifyChain(chain, now, a.machine)
	shipped := slices.DeleteFunc(slices.Clone(m.paths), func(path []*x509.Certificate) bool { return !a.shipped(path[len(path)-1]) })
	if len(shipped) > 0 {
		m = window(shipped, now)
		m.by = verifiedByMicrosoft
	}
	if v.by == "" && m.by != "" || len(shipped) > 0 && m.covers(now) {
		return m
	}
	return v
}

// sparesFor returns the spare intermediates whose name is an issuer in the
// chain.
func (a anchors) sparesFor(chain []*x509.Certificate) []*x509.Certificate {
	var list []*x509.Certificate
	for _, c := range a.spares() {
		if slices.ContainsFunc(chain[:min(len(chain), maxChain)], func(child *x509.Certificate) bool { return bytes.Equal(child.RawIssuer, c.RawSubject) }) {
			list = append(list, c)
		}
	}
	return list
}

// covers reports whether all certificates of the best path are valid at a given
// time.
func (v verification) covers(at time.Time) bool { return !at.Before(v.from) && !at.After(v.until) }

func validAt(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

func selfIssued(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// genuine reports whether Windows trusts the root of the path.
func (v verification) genuine() bool { return isGenuine(v.by) }

// isGenuine reports whether a root set is one that Windows trusts.
func isGenuine(set string) bool { return set != "" && set != verifiedByMachine }

// filled reports whether verification used certificates that were not served.
// Windows fetches missing ones itself.
func (v verification) filled(chain []*x509.Certificate) bool {
	return len(v.path) > 2 && slices.ContainsFunc(v.path[1:len(v.path)-1], func(c *x509.Certificate) bool {
		return !slices.ContainsFunc(chain, c.Equal)
	})
}

// verifyChain verifies a chain under the first set for which it is valid now,
// or else the first for which it is valid at any time: an expired chain of a
// public CA still belongs to that CA.
//
// For the system's roots, the system itself verifies. Windows may then load a
// missing root or intermediate certificate, and that cannot be canceled. It
// happens only for chains that are not genuine or not valid.
func verifyChain(chain []*x509.Certificate, now time.Time, sets ...rootSet) verification {
	intermediates := x509.NewCertPool()
	for _, c := range chain[1:min(len(chain), maxChain)] {
		if tractable(c) {
			intermediates.AddCert(c)
		}
	}
	var first error
	at := func(set rootSet, leaf *x509.Certificate, t time.Time) (verification, bool) {
		paths, err := leaf.Verify(x509.VerifyOptions{Roots: set.pool(), Intermediates: intermediates, CurrentTime: t})
		if err != nil {
			if first == nil {
				first = err
			}
			return verification{}, false
		}
		for _, path := range paths {
			path[0] = chain[0]
		}
		v := window(paths, now)
		v.by = set.name
		return v, true
	}
	for _, set := range sets {
		if v, ok := at(set, chain[0], now); ok {
			return v
		}
	}
	for _, set := range sets {
		for _, t := range instants(chain) {
			if v, ok := at(set, validFor(chain[0], t), t); ok {
				return v
			}
		}
	}
	return verification{err: first}
}

// validFor returns a copy of a certificate that is valid at a given time. Its
// signature still covers the original.
func validFor(c *x509.Certificate, at time.Time) *x509.Certificate {
	if validAt(c, at) {
		return c
	}
	valid := *c
	valid.NotBefore, valid.NotAfter = at, at
	return &valid
}

// tractable reports whether checking c's signature takes a bounded time.
func tractable(c *x509.Certificate) bool {
	const maxBits = 8192 // as crypto/tls has it for leaves
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return !ok || key.N.BitLen() <= maxBits
}

// instants returns the times, other than now, at which to verify a chain: the
// last and the first moment at which all its certificates are valid, or the
// nearest moments of the leaf's validity. Then come those of certificates that
// expired before the leaf was issued or were issued after it expired: these
// still tell whose chain it is.
func instants(chain []*x509.Certificate) []time.Time {
	leaf := chain[0]
	from, until := leaf.NotBefore, leaf.NotAfter
	var apart []time.Time
	for _, c := range chain[1:min(len(chain), maxChain)] {
		switch {
		case c.NotAfter.Before(leaf.NotBefore):
			apart = append(apart, c.NotAfter)
			continue
		case c.NotBefore.After(leaf.NotAfter):
			apart = append(apart, c.NotBefore)
			continue
		}
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(until) {
			until = c.NotAfter
		}
	}
	return append([]time.Time{until, from}, apart...)
}

// window returns the path that is valid now, or else the one that is valid
// longest, and the period in which all its certificates are valid.
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
			return verification{paths: paths, path: path, from: f, until: u}
		}
		if i == 0 || u.After(v.until) {
			v = verification{paths: paths, path: path, from: f, until: u}
		}
	}
	return v
}
