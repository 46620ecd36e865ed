package probetest

import (
	"crypto/tls"
	"io"
	"slices"
	"time"
)

// Inspect is a middlebox that inspects TLS: it shows its own certificate for
// the requested name, whatever the server's is for, and forwards requests and
// responses.
type Inspect struct {
	// Organization names the CA of the middlebox. Empty means "Example Web
	// Gateway".
	Organization string

	// Unknown says that the machine does not trust this CA. By default it does,
	// as if an administrator had installed it.
	Unknown bool

	// Except are names that are not inspected, as in [At].
	Except []string
}

func (n Inspect) in(f flow) Fault {
	for _, name := range n.Except {
		if slices.ContainsFunc(f.hosts, At{Host: name}.covers) {
			return nil
		}
	}
	return n
}

func (n Inspect) certificate(s *leafSpec) { s.organization = n.organization() }

func (n Inspect) organization() string {
	if n.Organization == "" {
		return "Example Web Gateway"
	}
	return n.Organization
}

// A Certificate is a fault of a certificate. Zero fields change nothing.
type Certificate struct {
	// Names are the names in the certificate.
	Names []string

	// From and Until are the validity, relative to the internet's time.
	From, Until time.Duration
}

func (c Certificate) in(flow) Fault { return c }

func (c Certificate) certificate(s *leafSpec) {
	if len(c.Names) > 0 {
		s.names = c.Names
	}
	if c.From != 0 || c.Until != 0 {
		s.from, s.until = c.From, c.Until
	}
}

// A genuineCertificate is one of another genuine authority.
type genuineCertificate Plain

func (p genuineCertificate) in(flow) Fault { return p }

func (p genuineCertificate) certificate(s *leafSpec) {
	switch Plain(p) {
	case WindowsRoot:
		s.organization = windowsOrganization
	case OtherIssuer:
		s.organization = otherOrganization
	default:
		s.organization, s.unserved = crossOrganization, Plain(p) == CrossSignMissing
	}
}

// TLSVersions limits the server's versions, in the numbers of package
// [crypto/tls]. Zero means no limit.
type TLSVersions struct {
	Min, Max uint16
}

func (v TLSVersions) in(flow) Fault { return v }

func (v TLSVersions) config(c *tls.Config) {
	c.MinVersion, c.MaxVersion = v.Min, v.Max
	if v.Min == 0 {
		c.MinVersion = tls.VersionTLS10
	}
}

// ClientCertificate requests a client certificate.
type ClientCertificate struct {
	// Require ends the handshake with an alert if there is none. By default the
	// server continues; add a [Reset] at [AfterHandshake] to break it off.
	Require bool
}

func (r ClientCertificate) in(flow) Fault { return r }

func (r ClientCertificate) config(c *tls.Config) {
	c.ClientAuth = tls.RequestClientCert
	if r.Require {
		c.ClientAuth = tls.RequireAnyClientCert
	}
}

// Alert answers the ClientHello with a fatal alert, RFC 8446 section 6.
type Alert struct {
	// Description is the number of the alert. Zero means 40, handshake_failure.
	Description uint8
}

func (a Alert) in(flow) Fault { return a }
func (Alert) stage() Stage    { return AfterHello }

func (a Alert) strike(w io.Writer, c *conn) {
	const (
		alertRecord      = 21
		fatal            = 2
		handshakeFailure = 40
	)
	description := a.Description
	if description == 0 {
		description = handshakeFailure
	}
	_, _ = w.Write([]byte{alertRecord, 3, 3, 0, 2, fatal, description})
	_ = c.Close()
}
