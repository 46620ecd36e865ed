//go:build linux

package integration_test

import (
	"crypto/ecdsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Where the public authority publishes what it revokes. No plan has these names.
const (
	crlHost      = "crl.authority.example"
	ocspHost     = "ocsp.authority.example"
	authorityV4  = "10.99.255.80"
	authorityV6  = "fd99::ffff:80"
	ocspPort     = 8888 // of the responder behind the web server
	firstSerial  = 0x1000
	lastSerial   = 0x2fff // of certificates that are good
	revokedFrom  = 0x3000
	revokedUntil = 0x30ff
)

// A publication is what an authority publishes, and what it takes to answer
// questions about single certificates.
type publication struct {
	dir           string // of what anyone may fetch
	index         string // of the issuer's certificates, as openssl keeps it
	issuer        string // PEM
	responder     string // PEM, of the certificate that signs answers
	responderKey  string
	good, revoked serials
}

// publish has openssl make the CRLs of an authority, and writes down which
// certificates are revoked: all those of a reserved range of numbers.
func publish(t *testing.T, dir string, a *authority) *publication {
	t.Helper()
	work := filepath.Join(dir, "authority")
	p := &publication{
		dir:          filepath.Join(dir, "published"),
		index:        filepath.Join(work, "issuer.index"),
		issuer:       filepath.Join(work, "issuer.pem"),
		responder:    filepath.Join(work, "responder.pem"),
		responderKey: filepath.Join(work, "responder.key"),
		good:         serials{next: firstSerial, last: lastSerial},
		revoked:      serials{next: revokedFrom, last: revokedUntil},
	}
	for _, d := range []string{work, p.dir} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var index strings.Builder
	expires := time.Now().AddDate(1, 0, 0).UTC().Format("060102150405Z")
	for n := firstSerial; n <= lastSerial; n++ {
		fmt.Fprintf(&index, "V\t%s\t\t%04X\tunknown\t/CN=%[2]d\n", expires, n)
	}
	revoked := time.Now().AddDate(0, 0, -7).UTC().Format("060102150405Z")
	for n := revokedFrom; n <= revokedUntil; n++ {
		fmt.Fprintf(&index, "R\t%s\t%s,keyCompromise\t%04X\tunknown\t/CN=%[3]d\n", expires, revoked, n)
	}
	writeFile(t, p.index, []byte(index.String()))
	writeFile(t, filepath.Join(work, "root.index"), nil)
	a.makeCRL(t, work, p.dir, "root", a.root, a.rootKey)
	a.makeCRL(t, work, p.dir, "issuer", a.issuer, a.issuerKey)
	p.makeResponder(t, a)
	return p
}

// makeCRL has openssl make the CRL of a certificate of an authority, and puts
// both where they can be fetched from.
func (a *authority) makeCRL(t *testing.T, work, public, name string, cert *x509.Certificate, key *ecdsa.PrivateKey) {
	t.Helper()
	file := func(suffix string) string { return filepath.Join(work, name+suffix) }
	writeFile(t, file(".pem"), encode(cert))
	writeKey(t, file(".key"), key)
	writeFile(t, filepath.Join(public, name+".cer"), cert.Raw)
	writeFile(t, file(".number"), []byte("01\n"))
	writeFile(t, file(".cnf"), fmt.Appendf(nil, `[ca]
default_ca = it
[it]
database = %s
crlnumber = %s
default_md = sha256
default_crl_days = 7
unique_subject = no
crl_extensions = extensions
[extensions]
authorityKeyIdentifier = keyid:always
`, file(".index"), file(".number")))
	run(t, "", "openssl", "ca", "-gencrl", "-config", file(".cnf"), "-cert", file(".pem"), "-keyfile", file(".key"), "-out", file(".crl"))
	run(t, "", "openssl", "crl", "-in", file(".crl"), "-outform", "DER", "-out", filepath.Join(public, name+".crl"))
}

// makeResponder makes the certificate that answers are signed with.
func (p *publication) makeResponder(t *testing.T, a *authority) {
	t.Helper()
	key := newKey(t)
	noCheck := pkix.Extension{Id: []int{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}} // RFC 6960 section 4.2.2.2.1
	cert := sign(t, &x509.Certificate{
		SerialNumber:    big.NewInt(3),
		Subject:         pkix.Name{CommonName: "Public Trust OCSP Responder"},
		NotBefore:       time.Now().AddDate(0, 0, -1),
		NotAfter:        time.Now().AddDate(0, 0, 30),
		KeyUsage:        x509.KeyUsageDigitalSignature,
		ExtKeyUsage:     []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning},
		ExtraExtensions: []pkix.Extension{noCheck},
	}, a.issuer, key, a.issuerKey)
	writeFile(t, p.responder, encode(cert))
	writeKey(t, p.responderKey, key)
}

func writeKey(t *testing.T, path string, key *ecdsa.PrivateKey) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// serveStatus answers questions about single certificates.
func (r *rig) serveStatus(t *testing.T) {
	t.Helper()
	p := r.pki.published
	r.status = start(t, r.listening(t, fmt.Sprintf(":%d", ocspPort)), inside(r.internet, "openssl", "ocsp",
		"-port", fmt.Sprint(ocspPort), "-index", p.index, "-CA", p.issuer,
		"-rsigner", p.responder, "-rkey", p.responderKey, "-ndays", "2")...)
}

// publishing is the part of nginx's configuration that publishes.
func (r *rig) publishing() string {
	const server = `server {
    listen 80; listen [::]:80;
    server_name %s;
    %s
  }
  `
	return fmt.Sprintf(server, crlHost, "root "+r.pki.published.dir+";") +
		fmt.Sprintf(server, ocspHost, fmt.Sprintf("location / { proxy_pass http://127.0.0.1:%d; }", ocspPort))
}
