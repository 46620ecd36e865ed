//go:build linux

package integration_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A pki is the certificates of the internet's hosts: chains of a public CA, and
// of a company's own.
type pki struct {
	genuine, corporate *authority
	key                *ecdsa.PrivateKey // of every host
	keyFile            string
	dir                string // of the genuine chains, one file for each host
	corporateDir       string // the same for the company's chains
	published          *publication
}

// serials are serial numbers for certificates.
type serials struct {
	mu         sync.Mutex
	next, last int64
}

func (s *serials) take(t *testing.T) *big.Int {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next > s.last {
		t.Fatal("no number left for a certificate")
	}
	s.next++
	return big.NewInt(s.next - 1)
}

// An authority is a root and an intermediate CA.
type authority struct {
	root, issuer       *x509.Certificate
	rootKey, issuerKey *ecdsa.PrivateKey
	rootFile           string // PEM
	public             bool   // its certificates have revocation URLs
}

// A leaf says how a host's certificate differs from a good one.
type leaf struct {
	name    string        // instead of the host's
	shift   time.Duration // of the validity
	revoked bool
	alone   bool // the server omits the issuer's certificate
}

func newPKI(t *testing.T, dir string, hosts []string) *pki {
	t.Helper()
	p := &pki{
		genuine:      newAuthority(t, dir, "Public Trust", true),
		corporate:    newAuthority(t, dir, "Example Corp Inspection", false),
		key:          newKey(t),
		keyFile:      filepath.Join(dir, "hosts.key"),
		dir:          filepath.Join(dir, "genuine"),
		corporateDir: filepath.Join(dir, "corporate"),
	}
	for _, d := range []string{p.dir, p.corporateDir} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	writeKey(t, p.keyFile, p.key)
	p.published = publish(t, dir, p.genuine)
	for _, host := range hosts {
		writeFile(t, filepath.Join(p.dir, host+".pem"), p.chain(t, p.genuine, host, leaf{}))
		writeFile(t, filepath.Join(p.corporateDir, host+".pem"), p.chain(t, p.corporate, host, leaf{}))
	}
	writeFile(t, filepath.Join(p.corporateDir, gardenHost+".pem"), p.chain(t, p.corporate, gardenHost, leaf{}))
	return p
}

func newAuthority(t *testing.T, dir, name string, public bool) *authority {
	t.Helper()
	a := &authority{rootKey: newKey(t), issuerKey: newKey(t), rootFile: filepath.Join(dir, name+".pem"), public: public}
	root := template(name+" Root", 1)
	a.root = sign(t, root, root, a.rootKey, a.rootKey)
	issuer := template(name+" Issuing CA", 2)
	if public {
		issuer.CRLDistributionPoints = []string{"http://" + crlHost + "/root.crl"}
		issuer.IssuingCertificateURL = []string{"http://" + crlHost + "/root.cer"}
	}
	a.issuer = sign(t, issuer, a.root, a.issuerKey, a.rootKey)
	writeFile(t, a.rootFile, encode(a.root))
	return a
}

// template returns a CA certificate to be signed.
func template(name string, serial int64) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(serial),
		Subject:               pkix.Name{CommonName: name, Organization: []string{name}},
		NotBefore:             time.Now().AddDate(-1, 0, 0),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

// chain returns a host's chain in PEM: its certificate and the issuing CA's.
func (p *pki) chain(t *testing.T, a *authority, host string, how leaf) []byte {
	t.Helper()
	if how.name == "" {
		how.name = host
	}
	now := time.Now().Add(how.shift)
	cert := &x509.Certificate{
		Subject:     pkix.Name{CommonName: how.name},
		DNSNames:    []string{how.name},
		NotBefore:   now.AddDate(0, 0, -30),
		NotAfter:    now.AddDate(0, 0, 60),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	switch {
	case !a.public: // x509 chooses the serial number
	case how.revoked:
		cert.SerialNumber = p.published.revoked.take(t)
	default:
		cert.SerialNumber = p.published.good.take(t)
	}
	if a.public {
		cert.OCSPServer = []string{"http://" + ocspHost}
		cert.CRLDistributionPoints = []string{"http://" + crlHost + "/issuer.crl"}
		cert.IssuingCertificateURL = []string{"http://" + crlHost + "/issuer.cer"}
	}
	signed := sign(t, cert, a.issuer, p.key, a.issuerKey)
	if how.alone {
		return encode(signed)
	}
	return append(encode(signed), encode(a.issuer)...)
}

func sign(t *testing.T, cert, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, cert, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	out, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func encode(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// certificates gives the rig's hosts genuine chains.
func (r *rig) certificates(t *testing.T) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(r.dir, "chains"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, host := range r.hosts {
		r.restore(t, host)
	}
}

// restore gives a host its genuine chain.
func (r *rig) restore(t *testing.T, host string) {
	t.Helper()
	if err := os.Symlink(filepath.Join(r.pki.dir, host+".pem"), r.chainFile(host)); err != nil {
		t.Fatal(err)
	}
}

// replace gives a host another chain, until the next reset.
func (r *rig) replace(t *testing.T, host string, a *authority, how leaf) {
	t.Helper()
	r.discard(t, host)
	writeFile(t, r.chainFile(host), r.pki.chain(t, a, host, how))
	r.replaced = append(r.replaced, host)
}

func (r *rig) discard(t *testing.T, host string) {
	t.Helper()
	if err := os.Remove(r.chainFile(host)); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) chainFile(host string) string { return filepath.Join(r.dir, "chains", host+".pem") }
