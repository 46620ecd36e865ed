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

// lists says how what the public authority publishes differs from what it
// should.
type lists struct {
	ahead  time.Duration // of the time at which they are made
	stale  string        // those that are due for replacement, as in "root issuer"
	forged bool          // they are signed by others, in the authority's name
	page   string        // what is served in their place, as HTML
	issuer string        // the statements in place of the certificate that signs for hosts
}

// asOpenSSLReadsIt is how openssl is told the time.
const asOpenSSLReadsIt = "20060102150405Z"

// publication returns the statements that publish for the authority.
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

// makeCRLs has openssl make the CRLs of an authority, and puts them where they
// can be fetched from, with its certificates.
func (a *authority) makeCRLs(t *testing.T, work, public string, l lists) {
	t.Helper()
	writeFile(t, filepath.Join(work, "root.index"), nil)
	writeFile(t, filepath.Join(work, "issuer.index"), []byte(index()))
	a.makeCRL(t, work, public, "root", a.root, a.rootKey, l)
	a.makeCRL(t, work, public, "issuer", a.issuer, a.issuerKey, l)
}

// makeCRL makes the CRL of one certificate of an authority.
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
