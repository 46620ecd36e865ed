package probe_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// These tests use the kernel's TCP on 127.0.0.1.

func targetOf(t *testing.T, addr net.Addr) probe.Target {
	t.Helper()
	a, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		t.Fatal(err)
	}
	return probe.Target{Host: a.Addr().String(), Port: a.Port()}
}

// closedPort returns a port without a listener.
func closedPort(t *testing.T) probe.Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return targetOf(t, l.Addr())
}

// listenTCP serves every connection to a port until the test ends.
func listenTCP(t *testing.T, serve func(*net.TCPConn)) probe.Target {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				if tcp, ok := c.(*net.TCPConn); ok {
					serve(tcp)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
	})
	return targetOf(t, l.Addr())
}

// quietTLS starts a server that does not log clients that break off.
func quietTLS(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func TestLoopbackTCP(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	if o := (bound{protocol: probe.TCP}).Probe(t.Context(), targetOf(t, server.Listener.Addr())); !o.OK() {
		t.Errorf("a port that accepts: %v", o.Error)
	}
	if o := (bound{protocol: probe.TCP}).Probe(t.Context(), closedPort(t)); o.Code() != probe.TCPRefused {
		t.Errorf("a port without a listener: %v, want %s", o.Error, probe.TCPRefused)
	}
}

func TestLoopbackHTTP(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	o := bound{protocol: probe.HTTP}.Probe(t.Context(), targetOf(t, server.Listener.Addr()))
	if !o.OK() || o.HTTP.Status != 404 || o.HTTP.Body != "404 page not found" {
		t.Errorf("a web server: %v, %+v", o.Error, o.HTTP)
	}
}

func TestLoopbackHTTPS(t *testing.T) {
	server := quietTLS(t, http.NotFoundHandler())
	target := targetOf(t, server.Listener.Addr())
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())

	public := probe.Network{PublicRoots: roots, Roots: x509.NewCertPool()}
	o := bound{protocol: probe.HTTPS, network: public}.Probe(t.Context(), target)
	if !o.OK() || o.HTTP.Status != 404 || o.TLS.Version != "TLS 1.2" || o.TLS.VerifiedBy != "public" {
		t.Errorf("a genuine server: %v, %+v, %+v", o.Error, o.TLS, o.HTTP)
	}
	machine := probe.Network{Roots: roots}
	if o := (bound{protocol: probe.HTTPS, network: machine}).Probe(t.Context(), target); o.Code() != probe.TLSInspected {
		t.Errorf("a server that only this machine trusts: %v, want %s", o.Error, probe.TLSInspected)
	}
	if o := (bound{protocol: probe.HTTPS}).Probe(t.Context(), target); o.Code() != probe.TLSUntrusted {
		t.Errorf("a server that nobody trusts: %v, want %s", o.Error, probe.TLSUntrusted)
	}
}

// Whether a reset appears while connecting, writing or reading is chance. Each
// step has one code for it.
func TestLoopbackReset(t *testing.T) {
	atOnce := listenTCP(t, func(c *net.TCPConn) { _ = c.SetLinger(0) })
	asked := listenTCP(t, func(c *net.TCPConn) {
		_, _ = bufio.NewReader(c).Peek(1)
		_ = c.SetLinger(0)
	})
	for range 50 {
		if o := (bound{protocol: probe.HTTPS}).Probe(t.Context(), atOnce); o.Code() != probe.TLSReset && o.Code() != probe.TCPReset {
			t.Errorf("TLS, reset at once: %v", o.Error)
		}
		if o := (bound{protocol: probe.HTTPS}).Probe(t.Context(), asked); o.Code() != probe.TLSReset || o.Attempts != 2 {
			t.Errorf("TLS, reset when asked: %v after %d attempts, want %s after 2", o.Error, o.Attempts, probe.TLSReset)
		}
		if o := (bound{protocol: probe.HTTP}).Probe(t.Context(), atOnce); o.Code() != probe.HTTPReset && o.Code() != probe.TCPReset {
			t.Errorf("HTTP, reset at once: %v", o.Error)
		}
		if o := (bound{protocol: probe.HTTP}).Probe(t.Context(), asked); o.Code() != probe.HTTPReset || o.Attempts != 2 {
			t.Errorf("HTTP, reset when asked: %v after %d attempts, want %s after 2", o.Error, o.Attempts, probe.HTTPReset)
		}
	}
}

func TestLoopbackCancel(t *testing.T) {
	accepted := make(chan struct{})
	silent := listenTCP(t, func(c *net.TCPConn) {
		close(accepted)
		_, _ = io.Copy(io.Discard, c)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-accepted
		cancel()
	}()
	if o := (bound{protocol: probe.HTTPS}).Probe(ctx, silent); o.Code() != probe.Canceled {
		t.Errorf("a silent server: %v, want %s", o.Error, probe.Canceled)
	}
}

// A forwarder is a proxy that records the credentials that it gets.
type forwarder struct {
	mu         sync.Mutex
	authorized []string
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.authorized = append(f.authorized, r.Header.Get("Proxy-Authorization"))
	f.mu.Unlock()
	if r.Method != http.MethodConnect {
		_, _ = io.WriteString(w, r.RequestURI)
		return
	}
	to, err := new(net.Dialer).DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer to.Close()
	from, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
	var wg sync.WaitGroup
	wg.Go(func() {
		defer to.Close()
		_, _ = io.Copy(to, buffered)
	})
	_, _ = io.Copy(from, to)
	from.Close()
	wg.Wait()
}

// Connections to a proxy can use TLS too.
func TestLoopbackSecureProxy(t *testing.T) {
	origin := quietTLS(t, http.NotFoundHandler())
	handler := new(forwarder)
	proxy := quietTLS(t, handler)
	target := targetOf(t, origin.Listener.Addr())

	roots := x509.NewCertPool()
	roots.AddCert(proxy.Certificate()) // the origin has the same certificate
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("alice", "secret")
	var l ledger
	n := probe.Network{
		Connect:     l.dial(new(net.Dialer).DialContext),
		PublicRoots: roots, Roots: roots,
		Proxy: func(probe.Target) (*url.URL, error) { return u, nil },
	}
	ctx, cancel := context.WithTimeout(t.Context(), probe.DefaultTimeout)
	defer cancel()

	if o := (bound{protocol: probe.HTTPS, network: n}).Probe(ctx, target); !o.OK() || o.HTTP.Status != 404 {
		t.Errorf("a tunnel: %v, %+v", o.Error, o.HTTP)
	}
	if o := n.Probe(ctx, probe.Target{Protocol: probe.HTTP, Host: "host.example"}); !o.OK() || o.HTTP.Body != "http://host.example/" {
		t.Errorf("plain HTTP: %v, %+v", o.Error, o.HTTP)
	}
	if o := (bound{protocol: probe.HTTPS, network: n}).Probe(ctx, closedPort(t)); o.Code() != probe.ProxyTargetUnreachable {
		t.Errorf("a host that refuses: %v, want %s", o.Error, probe.ProxyTargetUnreachable)
	}
	n.Roots = x509.NewCertPool()
	if o := (bound{protocol: probe.HTTPS, network: n}).Probe(ctx, target); o.Code() != probe.ProxyUnreachable {
		t.Errorf("a proxy that the machine does not trust: %v, want %s", o.Error, probe.ProxyUnreachable)
	}
	if open := l.open.Load(); open != 0 {
		t.Errorf("%d connections are still open", open)
	}
	handler.mu.Lock()
	defer handler.mu.Unlock()
	basic := "Basic YWxpY2U6c2VjcmV0" // the untrusted proxy did not get it
	if diff := cmp.Diff([]string{basic, basic, basic}, handler.authorized); diff != "" {
		t.Errorf("credentials (-want +got):\n%s", diff)
	}
}

// External ports are mapped to those of loopback.
func TestLoopbackNCSI(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "Microsoft Connect Test")
	}))
	defer web.Close()
	socket, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	resolver := &dns.Server{PacketConn: socket, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(203, 0, 113, 1)}}
		}
		_ = w.WriteMsg(m)
	})}
	go func() { _ = resolver.ActivateAndServe() }()
	defer func() { _ = resolver.Shutdown() }()

	n := probe.Network{
		Resolvers: []netip.AddrPort{netip.MustParseAddrPort(socket.LocalAddr().String())},
		Connect: func(ctx context.Context, network, address string) (net.Conn, error) {
			if network == "tcp" {
				address = web.Listener.Addr().String()
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
	o := n.Probe(t.Context(), webTarget)
	if !o.OK() || o.NCSI.IPv4 == nil || o.NCSI.IPv6 != nil {
		t.Errorf("the web probe: %v, %+v", o.Error, o.NCSI)
	}
	if o := n.Probe(t.Context(), dnsTarget); o.Code() != probe.NCSIDNSMismatch {
		t.Errorf("the DNS probe: %v, want %s", o.Error, probe.NCSIDNSMismatch)
	}
}
