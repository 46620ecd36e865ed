package probetest

import (
	"crypto/tls"
	"errors"
	"slices"
)

// errInterrupted stops a handshake whose connection a fault has ended.
var errInterrupted = errors.New("interrupted by a fault")

// A certificateFault changes the certificate that a server shows.
type certificateFault interface{ certificate(s *leafSpec) }

// A configFault changes how a server speaks TLS.
type configFault interface{ config(c *tls.Config) }

// serveTLS speaks TLS on c, and HTTP over it.
func (i *Internet) serveTLS(c *conn, f flow) {
	if t := i.acceptTLS(c, &f); t != nil {
		i.serveWeb(t, c, f, "https")
	}
}

// acceptTLS makes a handshake with a client, and notes in f which name it means.
// It returns nil if that failed.
func (i *Internet) acceptTLS(c *conn, f *flow) *tls.Conn {
	config := &tls.Config{
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if hello.ServerName != "" {
				f.hosts = []string{canonical(hello.ServerName)}
			}
			i.log.add(EventHandshake, *f, "")
			if i.interrupt(AfterHello, *f, c, c) {
				return nil, errInterrupted
			}
			config, err := i.tlsConfig(*f, hello.ServerName)
			if err == nil {
				config.CurvePreferences = curves(hello)
			}
			return config, err
		},
	}
	t := tls.Server(c, config)
	if err := t.Handshake(); err != nil { //nolint:noctx // it ends with the connection
		// What was said last has to arrive, so the client closes first.
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
	for _, fault := range backwards[certificateFault](i, f) {
		fault.certificate(&spec)
	}
	leaf, err := i.pki.leaf(spec)
	if err != nil {
		return nil, err
	}
	shown := *leaf
	if _, ok := first[Staple](i, f); ok {
		shown.OCSPStaple = i.staple(leaf.Leaf, f)
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{shown},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"http/1.1"},
		Time:         i.now,
		// Sessions are not resumed, so that each handshake shows the chain.
		SessionTicketsDisabled: true,
	}
	for _, fault := range backwards[configFault](i, f) {
		fault.config(config)
	}
	return config, nil
}

// curves are those with which tests spend the least time. P-256 is the quickest
// by far under the race detector, which does not look into assembly. A client of
// TLS 1.3 has made its key before it asks, and would have to make another.
func curves(hello *tls.ClientHelloInfo) []tls.CurveID {
	if slices.Contains(hello.SupportedVersions, tls.VersionTLS13) {
		return []tls.CurveID{tls.X25519, tls.CurveP256}
	}
	return []tls.CurveID{tls.CurveP256}
}
