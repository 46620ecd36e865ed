package probetest

import (
	"crypto/tls"
	"errors"
	"slices"
)

// errInterrupted stops a handshake after a fault ended its connection.
var errInterrupted = errors.New("interrupted by a fault")

// A certificateFault changes a server's certificate.
type certificateFault interface{ certificate(s *leafSpec) }

// A configFault changes a server's TLS configuration.
type configFault interface{ config(c *tls.Config) }

// serveTLS speaks HTTP over TLS on c.
func (i *Internet) serveTLS(c *conn, f flow) {
	if t := i.acceptTLS(c, &f); t != nil {
		i.serveWeb(t, c, f, "https")
	}
}

// acceptTLS makes a handshake with a client, and records the requested name in
// f. It returns nil on failure.
func (i *Internet) acceptTLS(c *conn, f *flow) *tls.Conn {
	config := &tls.Config{
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if hello.ServerName != "" {
				f.hosts = []string{canonical(hello.ServerName)}
			}
			i.log.add(EventHandshake, *f, "")
			for n := range faults[NewHello](i, *f) {
				if n.stops(hello, c.in.sent()) {
					c.drain()
					return nil, errInterrupted
				}
			}
			if i.interrupt(AfterHello, *f, c, c) {
				return nil, errInterrupted
			}
			config, err := i.tlsConfig(*f, hello.ServerName)
			if err != nil {
				return nil, err
			}
			config.CurvePreferences = curves(hello)
			config.VerifyConnection = func(tls.ConnectionState) error { // before the client's key is read
				if i.interrupt(AfterCertificate, *f, c, c) {
					return errInterrupted
				}
				return nil
			}
			return config, nil
		},
	}
	t := tls.Server(c, config)
	if err := t.Handshake(); err != nil { //nolint:noctx // it ends with the connection
		// The client closes first, so that the last message arrives.
		_ = c.CloseWrite()
		c.drain()
		return nil
	}
	if i.interrupt(AfterHandshake, *f, t, c) {
		return nil
	}
	return t
}

func (i *Internet) tlsConfig(f flow, serverName string) (*tls.Config, error) {
	spec := leafSpec{organization: publicOrganization, names: f.hosts, from: -30 * day, until: 60 * day}
	if serverName == "" {
		spec.addr = f.addr.Addr()
	}
	list := i.inOrder
	if _, inspected := first[Inspect](i, f); inspected {
		list = i.Faults // the middlebox makes its own certificate, whatever the server's is like
	}
	for _, fault := range backwards[certificateFault](list, f) {
		fault.certificate(&spec)
	}
	leaf, err := i.pki.leaf(spec)
	if err != nil {
		return nil, err
	}
	shown := *leaf
	if _, ok := first[staple](i, f); ok {
		shown.OCSPStaple = i.staple(leaf.Leaf, f)
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{shown},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"http/1.1"},
		Time:         i.now,
		// Without session tickets, each handshake shows the chain.
		SessionTicketsDisabled: true,
	}
	for _, fault := range backwards[configFault](i.inOrder, f) {
		fault.config(config)
	}
	return config, nil
}

// curves returns the curves that cost tests the least time. P-256 is by far the
// fastest under the race detector, which ignores assembly. A TLS 1.3 client has
// already made its key share, and would have to make another.
func curves(hello *tls.ClientHelloInfo) []tls.CurveID {
	if slices.Contains(hello.SupportedVersions, tls.VersionTLS13) {
		return []tls.CurveID{tls.X25519, tls.CurveP256}
	}
	return []tls.CurveID{tls.CurveP256}
}
