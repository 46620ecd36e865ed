package probetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"sync"
	"time"
)

// publicOrganization and unknownOrganization name the authorities of the
// internet: the one that everybody trusts, and one that nobody does.
const (
	publicOrganization  = "Probetest Public Trust"
	unknownOrganization = "Probetest Unknown"
)

// Lengths of validity, for which leap years do not matter.
const (
	day  = 24 * time.Hour
	year = 365 * day
)

// A pki is all authorities, and the certificates that they issued.
type pki struct {
	mu          sync.Mutex
	now         func() time.Time
	authorities map[string]*authority
	leaves      map[string]*tls.Certificate
	revoked     map[string]bool // whether a certificate is, by its serial number
}

// An authority is a root and an intermediate that issues certificates.
type authority struct {
	root, issuing issuer
	variants      map[variant]*x509.Certificate // of the intermediate, with the same name and key
	responder     *responder                    // nil until it is needed
}

// An issuer is a certificate with its key.
type issuer struct {
	id   string // in URLs
	cert *x509.Certificate
	key  crypto.Signer
}

// A variant says how a certificate can be revoked.
type variant struct {
	revoked  bool
	unlisted bool // it does not say where to ask
}

// A leafSpec says what certificate a server shows.
type leafSpec struct {
	organization  string // of the authority
	names         []string
	addr          netip.Addr    // or the zero Addr
	from, until   time.Duration // from now
	leafOnly      bool
	leaf, issuing variant
}

func (p *pki) build(i *Internet) {
	p.now = i.now
	p.authorities = map[string]*authority{}
	p.leaves = map[string]*tls.Certificate{}
	p.revoked = map[string]bool{}
}

// publicRoots returns the root in which genuine chains end.
func (i *Internet) publicRoots() *x509.CertPool {
	pool := x509.NewCertPool()
	if root, err := i.pki.root(publicOrganization); err == nil {
		pool.AddCert(root)
	}
	return pool
}

// machineRoots returns the roots that the machine trusts: the public one, and
// those of [Inspect] that it knows.
func (i *Internet) machineRoots() *x509.CertPool {
	pool := i.publicRoots()
	for inspect := range everywhere[Inspect](i) {
		if inspect.Unknown {
			continue
		}
		if root, err := i.pki.root(inspect.organization()); err == nil {
			pool.AddCert(root)
		}
	}
	return pool
}

func (p *pki) root(organization string) (*x509.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, err := p.authority(organization)
	if err != nil {
		return nil, err
	}
	return a.root.cert, nil
}

// authority returns the authority of an organization, and founds it if there is
// none. The lock is held.
func (p *pki) authority(organization string) (*authority, error) {
	if a := p.authorities[organization]; a != nil {
		return a, nil
	}
	name := func(cn string) pkix.Name {
		return pkix.Name{Organization: []string{organization}, CommonName: organization + " " + cn}
	}
	now := p.now()
	rootKey, err1 := newKey()
	key, err2 := newKey()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	root := &x509.Certificate{
		SerialNumber: serial(organization, "root"), Subject: name("Root CA"),
		NotBefore: now.Add(-10 * year), NotAfter: now.Add(20 * year),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	root, err := sign(root, root, rootKey.Public(), rootKey)
	if err != nil {
		return nil, err
	}
	a := &authority{
		root:     issuer{id: "root-ca", cert: root, key: rootKey},
		issuing:  issuer{id: "issuing-ca-01", key: key},
		variants: map[variant]*x509.Certificate{},
	}
	if a.issuing.cert, err = p.intermediate(a, organization, variant{}); err != nil {
		return nil, err
	}
	p.authorities[organization] = a
	return a, nil
}

// intermediate returns a variant of the certificate of an authority that issues
// others. The lock is held.
func (p *pki) intermediate(a *authority, organization string, v variant) (*x509.Certificate, error) {
	if c := a.variants[v]; c != nil {
		return c, nil
	}
	now := p.now()
	c := &x509.Certificate{
		SerialNumber: serial(organization, "intermediate", fmt.Sprint(v)),
		Subject:      pkix.Name{Organization: []string{organization}, CommonName: organization + " Issuing CA 01"},
		NotBefore:    now.Add(-5 * year), NotAfter: now.Add(10 * year),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	if organization == publicOrganization {
		p.point(c, a.root, v)
	}
	c, err := sign(c, a.root.cert, a.issuing.key.Public(), a.root.key)
	if err != nil {
		return nil, err
	}
	a.variants[v] = c
	return c, nil
}

// leaf returns a certificate with its chain. It is issued once, and again when
// it is about to become invalid.
func (p *pki) leaf(s leafSpec) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := fmt.Sprint(s)
	now := p.now()
	if c := p.leaves[id]; c != nil && now.Before(c.Leaf.NotBefore.Add(-s.from+day)) {
		return c, nil
	}
	a, err := p.authority(s.organization)
	if err != nil {
		return nil, err
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: serial(id, now.String()),
		NotBefore:    now.Add(s.from), NotAfter: now.Add(s.until),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: s.names,
	}
	if len(s.names) > 0 {
		leaf.Subject.CommonName = s.names[0]
	}
	if s.addr.IsValid() {
		leaf.IPAddresses = []net.IP{s.addr.AsSlice()}
	}
	if s.organization == publicOrganization {
		p.point(leaf, a.issuing, s.leaf)
	}
	intermediate, err := p.intermediate(a, s.organization, s.issuing)
	if err != nil {
		return nil, err
	}
	leaf, err = sign(leaf, intermediate, key.Public(), a.issuing.key)
	if err != nil {
		return nil, err
	}
	c := &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
	if !s.leafOnly {
		c.Certificate = append(c.Certificate, intermediate.Raw)
	}
	p.leaves[id] = c
	return c, nil
}

func newKey() (crypto.Signer, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func sign(c, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// serial returns a positive number that depends on what the certificate is for.
func serial(parts ...string) *big.Int {
	n := new(big.Int).SetUint64(hash(fmt.Sprint(parts)) >> 1)
	return n.Add(n, big.NewInt(1))
}
