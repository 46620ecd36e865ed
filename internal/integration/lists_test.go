//go:build linux

package integration_test

import (
	"crypto/ecdsa"
	"crypto/x509"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A lists says how the public CA's publications differ from correct ones.
type lists struct {
	ahead  time.Duration // of the time at which they are made
	stale  string        // those that have expired, as in "root issuer"
	forged bool          // another key signs them in the CA's name
	page   string        // HTML served instead of them
	issuer string        // nginx statements served instead of the issuing certificate
}

// asOpenSSLReadsIt is the layout of openssl's times.
const asOpenSSLReadsIt = "20060102150405Z"

// publication returns the nginx statements that publish for the CA.
func (r *rig) publication(t *testing.T, l lists) string {
	t.Helper()
	dir := r.pki.published.dir
	if l.ahead != 0 || l.stale != "" || l.forged {
		dir = t.TempDir()
		r.pki.genuine.makeCRLs(t, t.TempDir(), dir, l)
	}
	out := "root " + dir + ";"
	if l.page != "" {
		out += fmt.Sprintf(" location ~ [.]crl$ { default_type text/html; return 200 %q; }", l.page)
	}
	if l.issuer != "" {
		out += " location = /issuer.cer { " + l.issuer + " }"
	}
	return out
}

// makeCRLs makes a CA's CRLs with openssl, and publishes them with its
// certificates.
func (a *authority) makeCRLs(t *testing.T, work, public string, l lists) {
	t.Helper()
	writeFile(t, filepath.Join(work, "root.index"), nil)
	writeFile(t, filepath.Join(work, "issuer.index"), []byte(index()))
	a.makeCRL(t, work, public, "root", a.root, a.rootKey, l)
	a.makeCRL(t, work, public, "issuer", a.issuer, a.issuerKey, l)
}

// makeCRL makes the CRL of one of a CA's certificates.
func (a *authority) makeCRL(t *testing.T, work, public, name string, cert *x509.Certificate, key *ecdsa.PrivateKey, l lists) {
	t.Helper()
	writeFile(t, filepath.Join(public, name+".cer"), cert.Raw)
	file := func(suffix string) string { return filepath.Join(work, name+suffix) }
	if l.forged {
		key = newKey(t)
		twin := template(cert.Subject.CommonName, 1)
		twin.Subject, twin.SubjectKeyId = cert.Subject, cert.SubjectKeyId
		cert = sign(t, twin, twin, key, key)
	}
	writeFile(t, file(".pem"), encode(cert))
	writeKey(t, file(".key"), key)
	writeFile(t, file(".number"), []byte("01\n"))
	writeFile(t, file(".cnf"), fmt.Appendf(nil, `[ca]
default_ca = it
[it]
database = %s
crlnumber = %s
default_md = sha256
unique_subject = no
crl_extensions = extensions
[extensions]
authorityKeyIdentifier = keyid:always
`, file(".index"), file(".number")))
	const day = 24 * time.Hour
	from := time.Now().Add(l.ahead).UTC()
	until := from.Add(7 * day)
	if strings.Contains(l.stale, name) {
		from, until = from.Add(-9*day), from.Add(-2*day)
	}
	run(t, "", "openssl", "ca", "-gencrl", "-config", file(".cnf"), "-cert", file(".pem"), "-keyfile", file(".key"), "-out", file(".crl"),
		"-crl_lastupdate", from.Format(asOpenSSLReadsIt), "-crl_nextupdate", until.Format(asOpenSSLReadsIt))
	run(t, "", "openssl", "crl", "-in", file(".crl"), "-outform", "DER", "-out", filepath.Join(public, name+".crl"))
}
