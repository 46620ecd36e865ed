package probetest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
)

const proxyHost = "proxy.example"

// The proxy's addresses for HTTP, for HTTP over TLS, and for SOCKS.
func proxyAddr() netip.AddrPort       { return netip.MustParseAddrPort("192.0.2.80:3128") }
func secureProxyAddr() netip.AddrPort { return netip.AddrPortFrom(proxyAddr().Addr(), 3129) }
func socksAddr() netip.AddrPort       { return netip.AddrPortFrom(proxyAddr().Addr(), 1080) }

// isProxy reports whether the proxy listens at addr.
func isProxy(addr netip.AddrPort) bool {
	return addr == proxyAddr() || addr == secureProxyAddr() || addr == socksAddr()
}

// ProxyURL returns the URL of the HTTP proxy, "http://proxy.example:3128", for
// the Proxy field of [probe.Network]. The proxy always exists, and resolves
// names itself.
func (i *Internet) ProxyURL() *url.URL { return proxyURL("http", proxyAddr()) }

// SecureProxyURL returns the URL of the same proxy over TLS,
// "https://proxy.example:3129".
func (i *Internet) SecureProxyURL() *url.URL { return proxyURL("https", secureProxyAddr()) }

// SOCKSURL returns the URL of the same proxy for SOCKS version 5, RFC 1928,
// "socks5://proxy.example:1080".
func (i *Internet) SOCKSURL() *url.URL { return proxyURL("socks5", socksAddr()) }

func proxyURL(scheme string, addr netip.AddrPort) *url.URL {
	return &url.URL{Scheme: scheme, Host: net.JoinHostPort(proxyHost, strconv.Itoa(int(addr.Port())))}
}

// A proxyFault refuses the proxy's clients a host. It returns false to allow
// it.
type proxyFault interface {
	refuse(w http.ResponseWriter, r *http.Request) bool
}

// serveProxy speaks HTTP on c as a proxy.
func (i *Internet) serveProxy(c *conn, f flow) { i.serveRequests(c, c, f) }

// serveSecureProxy speaks HTTP over TLS on c as a proxy.
func (i *Internet) serveSecureProxy(c *conn, f flow) {
	if t := i.acceptTLS(c, &f); t != nil {
		i.serveRequests(t, c, f)
	}
}

// serveRequests speaks HTTP on c as a proxy, RFC 9110 section 9.3.6. c is raw
// or TLS on raw.
func (i *Internet) serveRequests(c net.Conn, raw *conn, f flow) {
	serveOne(c, raw, func(w http.ResponseWriter, r *http.Request) {
		target := f
		target.hosts = []string{hostOf(r.Host)}
		i.log.add(EventRequest, target, r.Method+" "+r.RequestURI)
		if i.interruptRequest(w, f, raw) {
			return
		}
		w.Header().Set("Date", i.now().UTC().Format(http.TimeFormat))
		w.Header().Set("Via", "1.1 "+proxyHost)
		for fault := range faults[proxyFault](i, target) {
			if fault.refuse(w, r) {
				return
			}
		}
		switch {
		case r.Method == http.MethodConnect:
			i.tunnel(w, r)
		case r.URL.IsAbs():
			i.forward(w, r)
		default:
			http.Error(w, "this is a proxy", http.StatusBadRequest)
		}
	})
}

// tunnel connects the client to the requested host.
func (i *Internet) tunnel(w http.ResponseWriter, r *http.Request) {
	origin, err := i.dialName(r.Context(), r.Host)
	if err != nil {
		proxyError(w, err)
		return
	}
	defer origin.Close()
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	client, buffered, err := hijacker.Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	join(client, buffered, origin)
}

// join copies between a client and the requested host. The client's data is
// read from said.
func join(client net.Conn, said io.Reader, origin net.Conn) {
	var both sync.WaitGroup
	both.Go(func() {
		defer origin.Close()
		_, _ = io.Copy(origin, said)
	})
	both.Go(func() {
		_, err := io.Copy(client, origin)
		if c, ok := client.(*conn); ok && err != nil {
			c.reset()
		}
		_ = client.Close()
	})
	both.Wait()
}

// forward forwards one request over plain HTTP.
func (i *Internet) forward(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Host
	if r.URL.Port() == "" {
		host = net.JoinHostPort(r.URL.Hostname(), "80")
	}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return i.dialName(ctx, host)
		},
		DisableKeepAlives:  true,
		DisableCompression: true,
	}
	defer transport.CloseIdleConnections()
	ask := r.Clone(r.Context())
	ask.RequestURI = ""
	ask.Header.Del("Proxy-Authorization")
	ask.Header.Del("Proxy-Connection")
	answer, err := transport.RoundTrip(ask)
	if err != nil {
		proxyError(w, err)
		return
	}
	defer answer.Body.Close()
	for name, values := range answer.Header {
		w.Header()[name] = append(w.Header()[name], values...)
	}
	w.Header()["Date"] = answer.Header["Date"]
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

// proxyError answers that the proxy could not reach the host.
func proxyError(w http.ResponseWriter, err error) {
	w.Header().Set("Server", "squid/6.13")
	w.Header().Set("X-Squid-Error", "ERR_CONNECT_FAIL 111")
	http.Error(w, fmt.Sprint("The proxy could not connect: ", err), http.StatusServiceUnavailable)
}

// dialName connects to a name as the proxy does.
func (i *Internet) dialName(ctx context.Context, hostport string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		addrs, _, _ := i.zone.lookup(host)
		if len(addrs) == 0 {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		addr = addrs[0]
	}
	f := flow{
		network: "tcp", addr: netip.AddrPortFrom(addr, uint16(number)),
		hosts: []string{canonical(host)}, proxied: true,
	}
	return i.dialTCP(ctx, f, ethernet-headers(f))
}
