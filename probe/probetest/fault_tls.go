package probetest

import (
	"crypto/tls"
	"io"
	"slices"
	"time"
)

// Inspect reads along: a middlebox shows a certificate of its own for every
// name, and passes on what it is asked and answered.
type Inspect struct {
	// Organization names the authority of the middlebox. Empty means "Example
	// Web Gateway".
	Organization string

	// Unknown says that the machine does not trust that authority. By default it
	// does, as where an administrator has installed it.
	Unknown bool

	// Except are the names that are left alone, as in [At].
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

// Untrusted shows a certificate of an authority that nobody knows.
type Untrusted struct{}

func (u Untrusted) in(flow) Fault         { return u }
func (Untrusted) certificate(s *leafSpec) { s.organization = unknownOrganization }

// WrongName shows a certificate for other names.
type WrongName struct {
	// Names are the names. None means "other.example".
	Names []string
}

func (w WrongName) in(flow) Fault { return w }

func (w WrongName) certificate(s *leafSpec) {
	s.names = w.Names
	if len(s.names) == 0 {
		s.names = []string{"other.example"}
	}
}

// Validity shows a certificate that is valid at another time, given relative to
// the internet's. The zero Validity is a certificate that expired yesterday.
type Validity struct {
	From, Until time.Duration
}

func (v Validity) in(flow) Fault { return v }

func (v Validity) certificate(s *leafSpec) {
	s.from, s.until = v.From, v.Until
	if v == (Validity{}) {
		s.from, s.until = -90*day, -day
	}
}

// LeafOnly shows the certificate without the intermediate that issued it.
type LeafOnly struct{}

func (l LeafOnly) in(flow) Fault         { return l }
func (LeafOnly) certificate(s *leafSpec) { s.leafOnly = true }

// TLSVersions limits what the server speaks, in the numbers of package
// [crypto/tls]. Zero means no limit on that side.
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

// ClientCertificate asks for a certificate of the client.
type ClientCertificate struct {
	// Require ends the handshake with an alert if there is none. By default the
	// server goes on, and may be given a [Reset] at [AfterHandshake].
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
