package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// A session is the result of a handshake.
type session struct {
	conn      *tls.Conn
	failed    *Error              // why the handshake was not completed
	chain     []*x509.Certificate // as served
	staple    []byte              // an OCSP response, or nil
	verified  verification
	foreign   *Error // why the chain is not genuine, or nil
	documents *documents
}

// handshake makes a TLS 1.2 handshake with a target, on a connection that is
// closed when ctx ends. It keeps what it learns in o, even if it fails. Once the
// chain has arrived and proved genuine, it calls proven, if that is not nil.
func (n Network) handshake(ctx context.Context, conn net.Conn, t Target, o *Observation, proven func(session)) session {
	facts := &TLSFacts{ServerName: t.Host}
	o.TLS = facts
	place := n.place(ctx)
	defer place.end()
	wire := &tap{Conn: conn, known: n.secrets, place: place, trip: roundTrip(o)}
	var s session
	config := tlsConfig(t.Host)
	config.VerifyConnection = func(state tls.ConnectionState) error {
		facts.Version = tls.VersionName(state.Version)
		facts.CipherSuite = cipherSuiteName(state.CipherSuite)
		s.chain, s.staple = state.PeerCertificates, state.OCSPResponse
		wire.meanwhile = func() {
			s.verified, s.foreign = n.verify(s.chain, nil, t, time.Now(), facts)
			facts.Alias = s.alias(o)
			if s.foreign == nil && s.failed == nil && proven != nil {
				proven(s)
			}
		}
		return nil
	}
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		facts.ClientCertificateRequested = true
		return new(tls.Certificate), nil
	}
	done := o.step(OpHandshake, t.Addr())
	s.conn = tls.Client(wire, config)
	if err := s.conn.Handshake(); err != nil { //nolint:noctx // the connection ends with ctx
		s.failed = newError(ctx, OpHandshake, t.Addr(), wire.explain(err))
		if a, ok := alertOf(err); ok && (s.failed.Code == TLSAlert || s.failed.Code == TLSVersion) {
			facts.Alert = strings.TrimPrefix(a.Error(), "tls: ")
		}
	}
	done(s.failed)
	o.Steps[len(o.Steps)-1].Duration -= place.lost()
	wire.catchUp()
	return s
}

// alias returns the canonical name that the leaf is valid for instead of the
// target's.
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

// fault returns why an incomplete handshake fails the probe. A chain that is
// not genuine matters more than an interceptor that then breaks off, for
// example because it wants a client certificate. The text still says that it
// broke off, and the facts have the alert.
func (s session) fault(o *Observation) *Error {
	if s.foreign == nil || !s.brokenOff() {
		return s.failed
	}
	e := *s.foreign
	e.Err = fmt.Errorf("%w; then the peer broke off, %s", s.foreign.Err, string(s.failed.Code))
	for i := range o.Steps {
		if o.Steps[i].Error == s.failed {
			o.Steps[i].Error = &e
		}
	}
	return &e
}

// brokenOff reports whether the peer ended the handshake.
func (s session) brokenOff() bool {
	c := s.failed.Code
	return c == TLSAlert || c == TLSReset || c == TLSClosed
}

// rejected reports whether a genuine server ended the handshake because it got
// no client certificate. In TLS 1.2 a server requests one only after signing
// its key exchange, which proves its identity unless the key exchange is RSA.
func (s session) rejected(facts *TLSFacts) bool {
	if s.failed == nil || s.foreign != nil || !facts.ClientCertificateRequested {
		return false
	}
	return s.brokenOff() && !strings.HasPrefix(facts.CipherSuite, "TLS_RSA_")
}

// tlsConfig returns the configuration for speaking to a host as Windows does.
//
// It offers no protocol by ALPN, because the probe speaks HTTP/1.1 to everyone,
// and a server that insists on another would only refuse. Session tickets are
// off, so that every handshake shows a chain.
func tlsConfig(host string) *tls.Config {
	return &tls.Config{
		ServerName:             host,
		MinVersion:             tls.VersionTLS12,
		MaxVersion:             tls.VersionTLS12,
		CipherSuites:           cipherSuites(),
		SessionTicketsDisabled: true,
		InsecureSkipVerify:     true, //nolint:gosec // see [Network.verify], which says more than yes or no.

		// Microsoft's servers ask for a client certificate by renegotiation.
		Renegotiation: tls.RenegotiateOnceAsClient,
	}
}

// cipherSuites returns those that Windows 10 and 11 enable for TLS 1.2 and
// crypto/tls has: Windows may agree on any of them with an old server or proxy.
// Source: Microsoft, "TLS Cipher Suites in Windows 11".
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

// cipherSuiteName is [tls.CipherSuiteName], which lists all suites each time.
func cipherSuiteName(id uint16) string {
	if name, ok := cipherSuiteNames()[id]; ok {
		return name
	}
	return tls.CipherSuiteName(id)
}

//nolint:gochecknoglobals // computed once, never changed
var cipherSuiteNames = sync.OnceValue(func() map[uint16]string {
	names := make(map[uint16]string)
	for _, id := range cipherSuites() {
		names[id] = tls.CipherSuiteName(id)
	}
	return names
})

// A tap records the first bytes from the peer and how the connection failed,
// which crypto/tls reports only as text. It also computes while the handshake
// waits.
type tap struct {
	net.Conn
	known *secrets // not to be kept
	place *place
	trip  time.Duration // what the peer takes to answer, as for the connection
	start []byte        // at most firstBytes long
	hello int           // the size of the first message sent
	err   error

	meanwhile func() // what to do before the next wait, or nil
}

// roundTrip returns how long the connection took, or 0 if that is unknown.
func roundTrip(o *Observation) time.Duration {
	for _, s := range slices.Backward(o.Steps) {
		if s.Op == OpConnect && s.Error == nil {
			return s.Duration
		}
	}
	return 0
}

// catchUp does what was to be done meanwhile.
func (t *tap) catchUp() {
	if f := t.meanwhile; f != nil {
		t.meanwhile = nil
		f()
	}
}

// firstBytes reaches to the version in a ServerHello: 5 bytes of record header,
// 4 of handshake header and 2 of version, RFC 5246 sections 6.2.1 and 7.4.
const firstBytes = 11

func (t *tap) Read(p []byte) (int, error) {
	t.catchUp()
	n, err := t.place.wait(func() (int, error) { return t.Conn.Read(p) }, 0)
	if missing := firstBytes - len(t.start); missing > 0 {
		t.start = append(t.start, p[:min(n, missing)]...)
	}
	if err != nil {
		t.err = err
	}
	return n, err
}

func (t *tap) Write(p []byte) (int, error) {
	n, err := t.place.wait(func() (int, error) { return t.Conn.Write(p) }, t.trip)
	if t.hello == 0 {
		t.hello = len(p)
	}
	if err != nil {
		t.err = err
	}
	return n, err
}

// explain returns why a handshake ended.
func (t *tap) explain(err error) error {
	const (
		typeChangeCipherSpec, typeAlert, typeHandshake, typeApplicationData = 20, 21, 22, 23

		typeServerHello = 2

		recordHeader = 5 // bytes: type, version and length
	)
	if len(t.start) > 0 && (t.start[0] < typeChangeCipherSpec || t.start[0] > typeApplicationData) {
		return &codedError{TLSNotTLS, fmt.Errorf("the answer begins with %q", t.known.hideCut(string(t.start)))}
	}
	whole := len(t.start) == firstBytes && int(t.start[3])<<8|int(t.start[4]) >= firstBytes-recordHeader // in one record
	if whole && t.start[0] == typeHandshake && t.start[5] == typeServerHello {
		if v := uint16(t.start[9])<<8 | uint16(t.start[10]); v < tls.VersionTLS12 {
			return &codedError{TLSVersion, fmt.Errorf("the server chose %s", tls.VersionName(v))}
		}
	}
	if _, ok := alertOf(err); ok || t.err != nil || errors.Is(err, io.EOF) { // the last for close_notify
		return err
	}
	if len(t.start) >= recordHeader && t.start[1] == 3 { // the major version, in a record of TLS
		return &codedError{TLSMalformed, err}
	}
	return &codedError{TLSNotTLS, err}
}
