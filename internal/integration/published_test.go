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

// Where the public CA publishes revocations. No plan has these names.
const (
	crlHost      = "crl.authority.example"
	ocspHost     = "ocsp.authority.example"
	authorityV4  = "10.99.255.80"
	authorityV6  = "fd99::ffff:80"
	ocspPort     = 8888 // the responder's, behind the web server
	firstSerial  = 0x1000
	lastSerial   = 0x2fff // the last one of a good certificate
	revokedFrom  = 0x3000
	revokedUntil = 0x30ff
)

// A publication is what a CA publishes, and what it needs to answer OCSP
// requests.
type publication struct {
	dir           string // the published files
	index         string // the issuer's certificates, in openssl's format
	issuer        string // PEM
	responder     string // PEM, the certificate that signs responses
	responderKey  string
	good, revoked serials
}

// publish makes a CA's CRLs with openssl, and records which certificates are
// revoked: a reserved range of serial numbers.
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
	a.makeCRLs(t, work, p.dir, lists{})
	p.makeResponder(t, a)
	return p
}

// index returns openssl's list of the issuer's certificates.
func index() string {
	var b strings.Builder
	expires := time.Now().AddDate(1, 0, 0).UTC().Format("060102150405Z")
	for n := firstSerial; n <= lastSerial; n++ {
		fmt.Fprintf(&b, "V\t%s\t\t%04X\tunknown\t/CN=%[2]d\n", expires, n)
	}
	revoked := time.Now().AddDate(0, 0, -7).UTC().Format("060102150405Z")
	for n := revokedFrom; n <= revokedUntil; n++ {
		fmt.Fprintf(&b, "R\t%s\t%s,keyCompromise\t%04X\tunknown\t/CN=%[3]d\n", expires, revoked, n)
	}
	return b.String()
}

// makeResponder makes the certificate that signs responses.
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

// A responding says how the responder differs from a good one.
type responding struct {
	off   bool
	ahead time.Duration // how far its clock is
}

// serveStatus answers OCSP requests like this from now on.
func (r *rig) serveStatus(t *testing.T, s responding) {
	t.Helper()
	if r.status != nil && s == r.responding {
		return
	}
	r.status.stop()
	r.responding = s
	if s.off {
		return
	}
	p := r.pki.published
	r.status = start(t, r.listening(t, fmt.Sprintf(":%d", ocspPort)), inside(r.internet, elsewhen(s.ahead, "openssl", "ocsp",
		"-port", fmt.Sprint(ocspPort), "-index", p.index, "-CA", p.issuer,
		"-rsigner", p.responder, "-rkey", p.responderKey, "-ndays", "2")...)...)
}

// publishing returns the nginx configuration that publishes.
func (r *rig) publishing(t *testing.T, l lists) string {
	t.Helper()
	const server = `server {
    listen 80; listen [::]:80;
    server_name %s;
    %s
  }
  `
	return fmt.Sprintf(server, crlHost, r.publication(t, l)) +
		fmt.Sprintf(server, ocspHost, fmt.Sprintf("location / { proxy_pass http://127.0.0.1:%d; }", ocspPort))
}
