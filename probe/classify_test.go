package probe_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// accept runs serve on one loopback connection, and returns the other end.
func accept(t *testing.T, serve func(*net.TCPConn)) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	connected, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		l.Close() // not earlier: the kernel resets connections not yet accepted
		if err != nil {
			return
		}
		defer c.Close()
		<-connected // else a reset could arrive while connecting
		if tcp, ok := c.(*net.TCPConn); ok {
			serve(tcp)
		}
	}()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
	close(connected)
	if err != nil {
		l.Close()
		<-done
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		<-done
	})
	return c
}

// readError reads from a connection until it fails.
func readError(c net.Conn) error {
	_, err := io.Copy(io.Discard, c)
	if err == nil {
		err = io.EOF
	}
	return err
}

// Every error here was made by the kernel or by a package of the standard
// library, but for those that would need a machine to be broken.
func TestClassify(t *testing.T) {
	refused := func() error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		_, err = new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
		return err
	}
	reset := func() error { // under Wine, some look like the end of the connection
		err := io.EOF
		for i := 0; i < 20 && errors.Is(err, io.EOF); i++ {
			err = readError(accept(t, func(c *net.TCPConn) { _ = c.SetLinger(0) }))
		}
		return err
	}
	closed := func() error { return readError(accept(t, func(*net.TCPConn) {})) }
	deadline := func() error {
		c := accept(t, func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
		_ = c.SetDeadline(time.Unix(1, 0))
		return readError(c)
	}
	handshake := func(serve func(*net.TCPConn)) error {
		c := accept(t, func(c *net.TCPConn) {
			_, _ = bufio.NewReader(c).Peek(5)
			serve(c)
			_, _ = io.Copy(io.Discard, c)
		})
		config := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}
		return tls.Client(c, config).HandshakeContext(t.Context())
	}
	alert := func(description byte) func() error {
		return func() error {
			return handshake(func(c *net.TCPConn) { _, _ = c.Write([]byte{21, 3, 3, 0, 2, 2, description}) })
		}
	}
	notTLS := func() error {
		return handshake(func(c *net.TCPConn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") })
	}
	dialled := func() error {
		ctx, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
		defer cancel()
		_, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:9")
		return err
	}
	system := func(call string, e syscall.Errno) func() error {
		return func() error { return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError(call, e)} }
	}
	to := func(addr, call string, e syscall.Errno) func() error {
		return func() error {
			return &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr)), Err: os.NewSyscallError(call, e)}
		}
	}
	is := func(err error) func() error { return func() error { return err } }

	tests := []struct {
		name string
		op   string
		err  func() error
		want probe.Code
	}{
		{"a port without a listener", probe.OpConnect, refused, probe.TCPRefused},
		{"a resolver without a listener", probe.OpResolve, refused, probe.DNSNotListening},
		{"a time server without a listener", probe.OpClock, refused, probe.NTPUnreachable},
		{"a proxy without a listener", probe.OpProxy, refused, probe.ProxyUnreachable},
		{"a reset while connecting", probe.OpConnect, reset, probe.TCPReset},
		{"a reset by a resolver", probe.OpResolve, reset, probe.DNSNotListening},
		{"a reset by a proxy", probe.OpProxy, reset, probe.ProxyBadResponse},
		{"a reset in the handshake", probe.OpHandshake, reset, probe.TLSReset},
		{"a reset after the request", probe.OpRequest, reset, probe.HTTPReset},
		{"a reset in the body", probe.OpBody, reset, probe.HTTPTruncated},
		{"a close in the handshake", probe.OpHandshake, closed, probe.TLSClosed},
		{"a close after the request", probe.OpRequest, closed, probe.HTTPReset},
		{"a close in the body", probe.OpBody, closed, probe.HTTPTruncated},
		{"a close by a proxy", probe.OpProxy, closed, probe.ProxyBadResponse},
		{"silence of a resolver", probe.OpResolve, deadline, probe.DNSTimeout},
		{"silence while connecting", probe.OpConnect, dialled, probe.TCPTimeout},
		{"silence of a proxy", probe.OpProxy, deadline, probe.Timeout},
		{"silence in the handshake", probe.OpHandshake, deadline, probe.TLSTimeout},
		{"silence after the request", probe.OpRequest, deadline, probe.HTTPTimeout},
		{"silence in the body", probe.OpBody, deadline, probe.HTTPTimeout},
		{"silence of a time server", probe.OpClock, deadline, probe.NTPTimeout},
		{"silence in a custom step", "badge", deadline, probe.Timeout},
		{"a reset in a custom step", "badge", reset, probe.Unknown},
		{"alert 40", probe.OpHandshake, alert(40), probe.TLSAlert},
		{"alert 112", probe.OpHandshake, alert(112), probe.TLSAlert},
		{"an unassigned alert", probe.OpHandshake, alert(200), probe.TLSAlert},
		{"alert 70", probe.OpHandshake, alert(70), probe.TLSVersion},
		{"alert 40 over QUIC", probe.OpHandshake, is(&net.OpError{Op: "remote error", Err: tls.AlertError(40)}), probe.TLSAlert},
		{"alert 70 over QUIC", probe.OpHandshake, is(fmt.Errorf("a reason: %w", tls.AlertError(70))), probe.TLSVersion},
		{"HTTP instead of TLS", probe.OpHandshake, notTLS, probe.TLSNotTLS},
		{"an alert after the request", probe.OpRequest, alert(42), probe.HTTPReset},
		{"no route to the host", probe.OpConnect, system("connect", syscall.EHOSTUNREACH), probe.TCPUnreachable},
		{"no network", probe.OpResolve, system("connect", syscall.ENETUNREACH), probe.DNSNoRoute},
		{"no address of that family", probe.OpConnect, system("connect", syscall.EADDRNOTAVAIL), probe.TCPUnreachable},
		{"a lost route", probe.OpHandshake, system("read", syscall.EHOSTUNREACH), probe.TLSTimeout},
		{"a timeout of the kernel", probe.OpConnect, system("connect", syscall.ETIMEDOUT), probe.TCPTimeout},
		{"a broken pipe", probe.OpRequest, system("write", syscall.EPIPE), probe.HTTPReset},
		{"a connection aborted", probe.OpHandshake, system("read", syscall.ECONNABORTED), probe.TLSReset},
		{"a process without file descriptors", probe.OpConnect, system("socket", syscall.EMFILE), probe.LocalResource},
		{"a machine without file descriptors", probe.OpResolve, system("socket", syscall.ENFILE), probe.LocalResource},
		{"no memory", probe.OpRequest, system("write", syscall.ENOBUFS), probe.LocalResource},
		{"no ports left", probe.OpConnect, to("192.0.2.1:443", "connect", syscall.EADDRNOTAVAIL), probe.LocalResource},
		{"no address of that family, by its address", probe.OpConnect, to("[2001:db8::1]:443", "connect", syscall.EADDRNOTAVAIL), probe.TCPUnreachable},
		{"a kernel without IPv6", probe.OpConnect, system("socket", syscall.EAFNOSUPPORT), probe.TCPUnreachable},
		{"a socket that cannot be opened", probe.OpConnect, system("socket", syscall.EINVAL), probe.LocalSocket},
		{"a datagram socket that cannot be set up", probe.OpResolve, system("setsockopt", syscall.EINVAL), probe.LocalSocket},
		{"a socket that cannot be bound", probe.OpClock, system("bind", syscall.EINVAL), probe.LocalSocket},
		{"an unknown error number", probe.OpRequest, system("read", syscall.Errno(3999)), probe.LocalSocket},
		{"a local firewall", probe.OpConnect, system("connect", syscall.EPERM), probe.LocalDenied},
		{"a canceled dial", probe.OpConnect, is(fmt.Errorf("dial: %w", context.Canceled)), probe.Canceled},
		{"a code", probe.OpHandshake, is(fmt.Errorf("a reason: %w", probe.TLSExpired)), probe.TLSExpired},
		{"an error of package probe", probe.OpProxy, is(fmt.Errorf("%w", &probe.Error{Op: probe.OpResolve, Code: probe.DNSServFail})), probe.DNSServFail},
		{"an error without a code", probe.OpConnect, is(errors.New("connection refused")), probe.Unknown},
		{"no error", probe.OpConnect, is(nil), probe.Unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.err()
			if got := probe.Classify(t.Context(), test.op, err); got != test.want {
				t.Errorf("Classify(%s, %v) = %q, want %q", test.op, err, got, test.want)
			}
		})
	}
}

// Once a context ended, nothing that the network stack says counts.
func TestClassifyContextFirst(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	err := fmt.Errorf("read: %w", net.ErrClosed)
	got := map[string]probe.Code{
		"canceled in the handshake": probe.Classify(canceled, probe.OpHandshake, err),
		"expired in the handshake":  probe.Classify(expired, probe.OpHandshake, err),
		"expired while connecting":  probe.Classify(expired, probe.OpConnect, syscall.ECONNREFUSED),
		"expired in no step":        probe.Classify(expired, "", nil),
	}
	want := map[string]probe.Code{
		"canceled in the handshake": probe.Canceled,
		"expired in the handshake":  probe.TLSTimeout,
		"expired while connecting":  probe.TCPTimeout,
		"expired in no step":        probe.Timeout,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
}

func TestNoErrorOfHTTPIsMatchedByText(t *testing.T) {
	_, err := http.ReadResponse(bufio.NewReader(accept(t, func(c *net.TCPConn) {
		_, _ = io.WriteString(c, "connection refused\r\n\r\n")
	})), nil)
	if got := probe.Classify(t.Context(), probe.OpRequest, err); got != probe.Unknown {
		t.Errorf("Classify(%v) = %q, want %q", err, got, probe.Unknown)
	}
}
