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
	"strings"
	"sync"
	"time"
)

// Lengths of validity, for which leap years do not matter.
const (
	day  = 24 * time.Hour
	year = 365 * day
)

// A pki is all CAs and the certificates that they issued.
type pki struct {
	mu          sync.Mutex
	now         func() time.Time
	authorities map[string]*authority
	leaves      map[string]*tls.Certificate
	revoked     map[string]bool // the revoked certificates by serial number
}

// An authority is a root CA and an intermediate CA that issues certificates.
type authority struct {
	root, issuing issuer
	cross         *x509.Certificate             // of the root, signed by the public CA; or nil
	variants      map[variant]*x509.Certificate // of the intermediate, with the same name and key
	responder     *responder                    // nil until needed
}

// An issuer is a certificate with its key.
type issuer struct {
	id           string // in URLs
	organization string
	cert         *x509.Certificate
	key          crypto.Signer
}

// A variant says how a certificate differs from the issuer's others.
type variant struct {
	revoked  bool
	unlisted bool // without revocation URLs
	orphan   bool // without the issuer's URL
	expired  bool // an expired intermediate
}

// A leafSpec describes a server's certificate.
type leafSpec struct {
	organization  string // the CA's organization
	names         []string
	addr          netip.Addr    // or the zero Addr
	from, until   time.Duration // from now
	leafOnly      bool
	unserved      bool // the server omits the cross-signed root
	leaf, issuing variant
}

func (p *pki) build(i *Internet) {
	p.now = i.now
	p.authorities = map[string]*authority{}
	p.leaves = map[string]*tls.Certificate{}
	p.revoked = map[string]bool{}
}

// authority returns an organization's CA and creates it if needed. The caller
// holds the lock.
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
		root:     issuer{id: idOf(organization, "root-ca"), organization: organization, cert: root, key: rootKey},
		issuing:  issuer{id: idOf(organization, "issuing-ca-01"), organization: organization, key: key},
		variants: map[variant]*x509.Certificate{},
	}
	if organization == crossOrganization {
		if a.cross, err = p.crossSign(root); err != nil {
			return nil, err
		}
	}
	if a.issuing.cert, err = p.intermediate(a, organization, variant{}); err != nil {
		return nil, err
	}
	p.authorities[organization] = a
	return a, nil
}

// idOf names an issuer in URLs.
func idOf(organization, name string) string {
	if organization == publicOrganization {
		return name
	}
	return strings.ToLower(strings.ReplaceAll(organization, " ", "-")) + "-" + name
}

// crossSign returns a root's certificate signed by the public CA. The caller
// holds the lock.
func (p *pki) crossSign(root *x509.Certificate) (*x509.Certificate, error) {
	by, err := p.authority(publicOrganization)
	if err != nil {
		return nil, err
	}
	c := &x509.Certificate{
		SerialNumber: serial(root.Subject.CommonName, "cross"), Subject: root.Subject,
		NotBefore: p.now().Add(-2 * year), NotAfter: p.now().Add(5 * year),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: root.KeyUsage,
	}
	p.point(c, by.root, variant{})
	return sign(c, by.root.cert, root.PublicKey, by.root.key)
}

// intermediate returns a variant of a CA's intermediate certificate. The caller
// holds the lock.
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
	if v.expired {
		c.NotAfter = now.Add(-day)
	}
	if genuine(organization) {
		p.point(c, a.root, v)
	}
	c, err := sign(c, a.root.cert, a.issuing.key.Public(), a.root.key)
	if err != nil {
		return nil, err
	}
	a.variants[v] = c
	return c, nil
}

// leaf returns a certificate with its chain. It issues one certificate, and a
// new one before that expires.
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
	if genuine(s.organization) {
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
		if a.cross != nil && !s.unserved {
			c.Certificate = append(c.Certificate, a.cross.Raw)
		}
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

// serial returns a positive number that depends on the certificate's purpose.
func serial(parts ...string) *big.Int {
	n := new(big.Int).SetUint64(hash(fmt.Sprint(parts)) >> 1)
	return n.Add(n, big.NewInt(1))
}
