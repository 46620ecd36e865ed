package probe_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"testing"

	"github.com/netready/netready/probe"
)

// An injector sends bytes of its own in place of a later write.
type injector struct {
	net.Conn

	writes int // that pass
	bytes  string
}

func (c *injector) Write(p []byte) (int, error) {
	if c.writes--; c.writes >= 0 {
		return c.Conn.Write(p)
	}
	if c.writes == -1 {
		_, _ = c.Conn.Write([]byte(c.bytes))
	}
	return 0, errors.New("no more")
}

// What does not belong into a connection with a genuine host has the code of the step
// in which it arrives. The first two writes of a server are its handshake.
func TestRecordsThatDoNotBelong(t *testing.T) {
	server := quietTLS(t, nil)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	const (
		alert, warning = "\x15\x03\x03\x00\x02\x02\x28", "\x15\x03\x03\x00\x02\x01\x28"
		done           = "\x16\x03\x03\x00\x04\x0e\x00\x00\x00"
		data           = "\x17\x03\x03\x00\x01a"
		large          = "\x16\x03\x03\xff\xff"
	)
	for _, tt := range []struct {
		name   string
		bytes  string
		writes int
		want   probe.Code
	}{
		{"an alert in place of the hello", alert, 0, probe.TLSAlert},
		{"an alert in place of the last message", alert, 1, probe.TLSAlert},
		{"a warning in place of the last message", warning, 1, probe.TLSClosed},
		{"an alert in place of the response", alert, 2, probe.HTTPReset},
		{"an alert in the body", alert, 3, probe.HTTPTruncated},
		{"another message", done, 0, probe.TLSMalformed},
		{"another message in place of the last", done, 1, probe.TLSMalformed},
		{"a message in place of the response", done, 2, probe.HTTPReset},
		{"data in place of the last message", data, 1, probe.TLSMalformed},
		{"data that is not encrypted", data, 2, probe.HTTPReset},
		{"data in the body", data, 3, probe.HTTPTruncated},
		{"a large record", large, 0, probe.TLSMalformed},
		{"a large record in place of the response", large, 2, probe.HTTPReset},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					go func() {
						defer c.Close()
						s := tls.Server(&injector{c, tt.writes, tt.bytes}, &tls.Config{Certificates: server.TLS.Certificates}) //nolint:gosec // the client decides
						_, _ = s.Read(make([]byte, 4096))
						_, _ = s.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"))
						_, _ = s.Write([]byte("defg"))
						_ = c.(*net.TCPConn).CloseWrite() //nolint:errcheck // a listener of TCP accepted it
						_, _ = c.Read(make([]byte, 4096)) // a reset would overtake what was sent
					}()
				}
			}()
			target := targetOf(t, l.Addr())
			target.Protocol, target.NoRevocation = probe.HTTPS, true
			n := probe.Network{PublicRoots: roots, Roots: roots}
			if o := n.Probe(t.Context(), target); o.Code() != tt.want {
				t.Errorf("%v, want %q", o.Error, tt.want)
			}
		})
	}
}
