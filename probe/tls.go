package probe

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"time"
)

// A session is what came of a handshake.
type session struct {
	conn      *tls.Conn
	failed    *Error              // the handshake was not completed
	chain     []*x509.Certificate // as it was served
	staple    []byte              // an OCSP response, or nil
	verified  verification
	foreign   *Error // a chain was shown, and it is not genuine
	documents *documents
}

// handshake makes a TLS 1.2 handshake with a target. What it shows is kept in
// o, as far as it went.
func (n Network) handshake(ctx context.Context, conn net.Conn, t Target, o *Observation) session {
	facts := &TLSFacts{ServerName: t.Host}
	o.TLS = facts
	wire := &tap{Conn: conn}
	var s session
	config := tlsConfig(t.Host)
	config.VerifyConnection = func(state tls.ConnectionState) error {
		facts.Version = tls.VersionName(state.Version)
		facts.CipherSuite = tls.CipherSuiteName(state.CipherSuite)
		s.chain, s.staple = state.PeerCertificates, state.OCSPResponse
		return nil
	}
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		facts.ClientCertificateRequested = true
		return new(tls.Certificate), nil
	}
	done := o.step(OpHandshake, t.Addr())
	s.conn = tls.Client(wire, config)
	if err := s.conn.HandshakeContext(ctx); err != nil {
		s.failed = newError(ctx, OpHandshake, t.Addr(), wire.explain(err))
		if a, ok := alertOf(err); ok && (s.failed.Code == TLSAlert || s.failed.Code == TLSVersion) {
			facts.Alert = strings.TrimPrefix(a.Error(), "tls: ")
		}
	}
	done(s.failed)
	if len(s.chain) > 0 {
		s.verified, s.foreign = n.verify(s.chain, nil, t, time.Now(), facts)
		facts.Alias = s.alias(o)
	}
	return s
}

// alias returns the canonical name that the leaf is for instead of the target's.
func (s session) alias(o *Observation) string {
	if o.TLS.NameMatches || o.DNS == nil || o.Proxy != nil {
		return ""
	}
	for _, name := range o.DNS.CNAMEs {
		if s.chain[0].VerifyHostname(name) == nil {
			return name
		}
	}
	return ""
}

// fault returns why a handshake that was not completed fails the probe. A chain
// that is not genuine comes before its bearer breaking off, as for want of a
// certificate of ours: a stranger has no say in who is let in. That somebody broke
// off stays in the text, and which alert in the facts.
func (s session) fault(o *Observation) *Error {
	if s.foreign == nil || !s.brokenOff() {
		return s.failed
	}
	e := *s.foreign
	e.Err = fmt.Errorf("%w; then it broke off, %s", s.foreign.Err, string(s.failed.Code))
	for i := range o.Steps {
		if o.Steps[i].Error == s.failed {
			o.Steps[i].Error = &e
		}
	}
	return &e
}

// brokenOff reports whether it is the peer that ended a handshake.
func (s session) brokenOff() bool {
	c := s.failed.Code
	return c == TLSAlert || c == TLSReset || c == TLSClosed
}

// rejected reports whether a genuine server broke the handshake off because it
// was given no certificate. In TLS 1.2 a client is asked for one only after the
// server has signed its key exchange, so the server has proved itself by then,
// unless the key exchange is RSA.
func (s session) rejected(facts *TLSFacts) bool {
	if s.failed == nil || s.foreign != nil || !facts.ClientCertificateRequested {
		return false
	}
	return s.brokenOff() && !strings.HasPrefix(facts.CipherSuite, "TLS_RSA_")
}

// tlsConfig returns the configuration to speak to a host as Windows does.
//
// No protocol is named by ALPN, because HTTP/1.1 is spoken to everyone, and a
// server that insists on another would only be heard to refuse. Session tickets
// are off, because every handshake is to show a chain.
func tlsConfig(host string) *tls.Config {
	return &tls.Config{
		ServerName:             host,
		MinVersion:             tls.VersionTLS12,
		MaxVersion:             tls.VersionTLS12,
		CipherSuites:           cipherSuites(),
		SessionTicketsDisabled: true,
		InsecureSkipVerify:     true, //nolint:gosec // verify does it, and says more than yes or no.

		// Microsoft's servers ask for a client certificate by renegotiation.
		Renegotiation: tls.RenegotiateOnceAsClient,
	}
}

// cipherSuites are those that Windows 10 and 11 enable for TLS 1.2, as far as
// crypto/tls has them: what Windows agrees on with an old server or proxy has to
// be offered here too. Source: Microsoft, "TLS Cipher Suites in Windows 11".
func cipherSuites() []uint16 {
	return []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
		tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_RSA_WITH_AES_256_GCM_SHA384,
		tls.TLS_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA256,
		tls.TLS_RSA_WITH_AES_256_CBC_SHA,
		tls.TLS_RSA_WITH_AES_128_CBC_SHA,
	}
}

// A tap remembers how the peer began to answer, and how the connection failed.
// It tells what crypto/tls only says in words.
type tap struct {
	net.Conn
	start []byte // at most as long as firstBytes
	err   error
}

// firstBytes reaches up to the version in a ServerHello: 5 bytes of record
// header, 4 of handshake header, 2 of version, RFC 5246 sections 6.2.1 and 7.4.
const firstBytes = 11

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	if missing := firstBytes - len(t.start); missing > 0 {
		t.start = append(t.start, p[:min(n, missing)]...)
	}
	if err != nil {
		t.err = err
	}
	return n, err
}

func (t *tap) Write(p []byte) (int, error) {
	n, err := t.Conn.Write(p)
	if err != nil {
		t.err = err
	}
	return n, err
}

// explain says what ended a handshake.
func (t *tap) explain(err error) error {
	const (
		typeChangeCipherSpec, typeAlert, typeHandshake, typeApplicationData = 20, 21, 22, 23

		typeServerHello = 2
	)
	if len(t.start) > 0 && (t.start[0] < typeChangeCipherSpec || t.start[0] > typeApplicationData) {
		return &codedError{TLSNotTLS, fmt.Errorf("the answer begins with %q", t.start)}
	}
	if len(t.start) == firstBytes && t.start[0] == typeHandshake && t.start[5] == typeServerHello {
		if v := uint16(t.start[9])<<8 | uint16(t.start[10]); v < tls.VersionTLS12 {
			return &codedError{TLSVersion, fmt.Errorf("the server chose %s", tls.VersionName(v))}
		}
	}
	if _, ok := alertOf(err); ok || t.err != nil {
		return err
	}
	return &codedError{TLSNotTLS, err}
}

// maxChain bounds the certificates of a chain that are looked at. Chains of the
// public authorities have up to four.
const maxChain = 10

// describeChain returns what the certificates of a chain say.
func describeChain(chain []*x509.Certificate) []Certificate {
	const maxName, maxNames = 256, 20
	var list []Certificate
	for _, c := range chain[:min(len(chain), maxChain)] {
		sum := sha256.Sum256(c.Raw)
		d := Certificate{
			Subject:   printable(c.Subject.String(), maxName),
			Issuer:    printable(c.Issuer.String(), maxName),
			NotBefore: c.NotBefore,
			NotAfter:  c.NotAfter,
			SCTs:      timestamps(c),
			SHA256:    hex.EncodeToString(sum[:]),
		}
		if len(c.Issuer.Organization) > 0 {
			d.Organization = printable(c.Issuer.Organization[0], maxName)
		}
		for _, name := range c.DNSNames[:min(len(c.DNSNames), maxNames)] {
			d.DNSNames = append(d.DNSNames, printable(name, maxName))
		}
		list = append(list, d)
	}
	return list
}
