package probe_test

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const host = "login.live.com"

// A situation is a state of the internet, and the probe's result in it.
type situation struct {
	name    string
	faults  []probetest.Fault
	ipv6    bool
	machine func(*probetest.Internet, *probe.Network) // changes the machine's own settings
	prober  func(probe.Network) bound
	target  probe.Target

	code     probe.Code
	op       string
	attempts int // zero means one
}

func (s situation) internet() *probetest.Internet {
	return &probetest.Internet{Hosts: []string{host}, IPv6: s.ipv6, Latency: 20 * time.Millisecond, Faults: s.faults}
}

// observe probes the target in a bubble, which proves that nothing is left
// running.
func (s situation) observe(ctx context.Context, i *probetest.Internet) probe.Observation {
	n := i.Network()
	if s.machine != nil {
		s.machine(i, &n)
	}
	return s.prober(n).Probe(ctx, s.target)
}

// A ledger counts open connections.
type ledger struct{ open atomic.Int32 }

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func (l *ledger) dial(with dialer) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := with(ctx, network, address)
		if err != nil {
			return nil, err
		}
		l.open.Add(1)
		return &entry{Conn: c, ledger: l}, nil
	}
}

// An entry is a connection that counts until it is closed.
type entry struct {
	net.Conn
	ledger *ledger
	once   sync.Once
}

func (e *entry) Close() error {
	e.once.Do(func() { e.ledger.open.Add(-1) })
	return e.Conn.Close()
}

// Nothing stays open until the end of a context that outlives the probe.
func TestConnectionsAreClosed(t *testing.T) {
	for _, s := range slices.Concat(situations(), stuck()) {
		t.Run(s.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				i := s.internet()
				n := i.Network()
				if s.machine != nil {
					s.machine(i, &n)
				}
				var l ledger
				n.Connect = l.dial(n.Connect)
				s.prober(n).Probe(ctx, s.target)
				if open := l.open.Load(); open != 0 {
					t.Errorf("%d connections are still open", open)
				}
			})
		})
	}
}

func (s situation) test(t *testing.T) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := s.observe(t.Context(), s.internet())
		type outcome struct {
			Code     probe.Code
			Op       string
			Attempts int
		}
		got := outcome{Code: o.Code(), Attempts: o.Attempts}
		if o.Error != nil {
			got.Op = o.Error.Op
		}
		want := outcome{Code: s.code, Op: s.op, Attempts: max(s.attempts, 1)}
		if want.Attempts == 1 && s.code == probe.NotTestable {
			want.Attempts = 0
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("outcome (-want +got):\n%s\nerror: %v", diff, o.Error)
		}
		checkSteps(t, o)
	})
}

// checkSteps checks what holds for every observation.
func checkSteps(t *testing.T, o probe.Observation) {
	t.Helper()
	failed := o.Error == nil || o.Error.Op == ""
	for n, s := range o.Steps {
		if n > 0 && s.Start.Before(o.Steps[n-1].Start) {
			t.Errorf("step %d (%s) started before the one before it", n, s.Op)
		}
		if s.Error != nil && o.Error != nil && s.Error.Code == o.Error.Code {
			failed = true
		}
		if s.Error != nil && s.Error.Code == "" {
			t.Errorf("step %d (%s) failed without a code", n, s.Op)
		}
	}
	if !failed && o.Code() != probe.ProxyUnreachable && o.Attempts > 0 {
		t.Errorf("no step failed with %s: %+v", o.Code(), o.Steps)
	}
}

func tcp(n probe.Network) bound    { return bound{protocol: probe.TCP, network: n} }
func plain(n probe.Network) bound  { return bound{protocol: probe.HTTP, network: n} }
func secure(n probe.Network) bound { return bound{protocol: probe.HTTPS, network: n} }
func ncsi(n probe.Network) bound   { return bound{protocol: probe.NCSI, network: n} }
func wpad(n probe.Network) bound   { return bound{protocol: probe.WPAD, network: n} }

var (
	tcpTarget   = probe.Target{Protocol: probe.TCP, Host: host, Port: 443}
	httpTarget  = probe.Target{Protocol: probe.HTTP, Host: host}
	httpsTarget = probe.Target{Protocol: probe.HTTPS, Host: host, NoRevocation: true}
	webTarget   = probe.Target{Protocol: probe.NCSI, Host: "www.msftconnecttest.com", Port: 80}
	wpadTarget  = probe.Target{Protocol: probe.WPAD, Host: "corp.contoso.com"}
	dnsTarget   = probe.Target{Protocol: probe.NCSI, Host: "dns.msftncsi.com", Port: 53}
)

// proxied sends everything through the internet's proxy.
func proxied(i *probetest.Internet, n *probe.Network) {
	n.Proxy = func(probe.Target) (*url.URL, error) { return i.ProxyURL(), nil }
}

// resetting resets connections while they are being made.
func resetting(_ *probetest.Internet, n *probe.Network) {
	dial := n.Connect
	n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" {
			return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNRESET)}
		}
		return dial(ctx, network, address)
	}
}

// The internet's proxies other than over plain HTTP.
func secureProxy(i *probetest.Internet) *url.URL { return i.SecureProxyURL() }
func socksProxy(i *probetest.Internet) *url.URL  { return i.SOCKSURL() }

// through sends everything through one of the proxies.
func through(proxy func(*probetest.Internet) *url.URL) func(*probetest.Internet, *probe.Network) {
	return func(i *probetest.Internet, n *probe.Network) {
		n.Proxy = func(probe.Target) (*url.URL, error) { return proxy(i), nil }
	}
}

// direct returns a target that bypasses the proxy.
func direct(t probe.Target) probe.Target {
	t.Direct = true
	return t
}

func fault(f ...probetest.Fault) []probetest.Fault { return f }

func TestSituations(t *testing.T) {
	for _, s := range situations() {
		t.Run(s.name, s.test)
	}
}

// Each code of the steps over TCP occurs in one situation, and not in others of
// the same prober.
func TestEveryCodeOccurs(t *testing.T) {
	seen := map[probe.Code]bool{}
	for _, s := range situations() {
		seen[s.code] = true
	}
	for _, c := range []probe.Code{
		probe.TCPTimeout, probe.TCPRefused, probe.TCPReset, probe.TCPUnreachable,
		probe.ProxyUnreachable, probe.ProxyAuthRequired, probe.ProxyDenied, probe.ProxyTargetUnreachable, probe.ProxyBadResponse,
		probe.TLSTimeout, probe.TLSReset, probe.TLSClosed, probe.TLSVersion, probe.TLSAlert, probe.TLSNotTLS, probe.TLSUntrusted, probe.TLSIncomplete,
		probe.TLSInspected, probe.TLSNameMismatch, probe.TLSExpired, probe.TLSNotYetValid,
		probe.HTTPTimeout, probe.HTTPReset, probe.HTTPTruncated, probe.HTTPMalformed, probe.HTTPTooLarge, probe.HTTPStatus,
		probe.HTTPBodyMismatch, probe.HTTPCaptivePortal, probe.HTTPBlockPage,
		probe.NCSIDNSMismatch, probe.Timeout, probe.NotTestable, "",
	} {
		if !seen[c] {
			t.Errorf("no situation has code %q", c)
		}
	}
}

func situations() []situation {
	web := func(f probetest.Fault) []probetest.Fault { return fault(probetest.At{Network: "tcp", Fault: f}) }
	return []situation{
		{name: "a port that accepts", prober: tcp, target: tcpTarget},
		{name: "a host that drops packets", faults: web(probetest.Drop), prober: tcp, target: tcpTarget, code: probe.TCPTimeout, op: probe.OpConnect},
		{name: "a port without a listener", faults: web(probetest.Refuse), prober: tcp, target: tcpTarget, code: probe.TCPRefused, op: probe.OpConnect},
		{name: "a router without a route", faults: web(probetest.Unreachable{ICMP: true}), prober: tcp, target: tcpTarget, code: probe.TCPUnreachable, op: probe.OpConnect},
		{name: "a machine without a route", faults: web(probetest.Unreachable{}), prober: tcp, target: tcpTarget, code: probe.TCPUnreachable, op: probe.OpConnect},
		{name: "a reset while connecting", machine: resetting, prober: tcp, target: tcpTarget, code: probe.TCPReset, op: probe.OpConnect, attempts: 2},
		{name: "a name that does not exist", prober: tcp, target: probe.Target{Host: "nowhere.example", Port: 443}, code: probe.DNSNXDomain, op: probe.OpResolve},
		{name: "a dead resolver", faults: fault(probetest.At{Port: 53, Fault: probetest.Drop}), prober: secure, target: httpsTarget, code: probe.DNSTimeout, op: probe.OpResolve},
		{name: "a TCP target without a port", prober: tcp, target: probe.Target{Host: host}, code: probe.NotTestable},
		{name: "a pattern instead of a host", prober: secure, target: probe.Target{Host: "*.example.com"}, code: probe.NotTestable},
		{name: "an invalid path", prober: plain, target: probe.Target{Host: host, Path: "x y"}, code: probe.NotTestable},

		{name: "a genuine server", prober: secure, target: httpsTarget},
		{name: "a server that says nothing after accepting", faults: web(probetest.Silence), prober: secure, target: httpsTarget, code: probe.TLSTimeout, op: probe.OpHandshake},
		{name: "a reset after the name was shown", faults: web(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}), prober: secure, target: httpsTarget, code: probe.TLSReset, op: probe.OpHandshake, attempts: 2},
		{name: "a close after the name was shown", faults: web(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Close}), prober: secure, target: httpsTarget, code: probe.TLSClosed, op: probe.OpHandshake},
		{name: "a server of TLS 1.1", faults: fault(probetest.TLSVersions{Max: 0x0302}), prober: secure, target: httpsTarget, code: probe.TLSVersion, op: probe.OpHandshake},
		{name: "a server of TLS 1.3 alone", faults: fault(probetest.TLSVersions{Min: 0x0304}), prober: secure, target: httpsTarget, code: probe.TLSVersion, op: probe.OpHandshake},
		{name: "an alert", faults: fault(probetest.Alert{}), prober: secure, target: httpsTarget, code: probe.TLSAlert, op: probe.OpHandshake},
		{name: "the alert for versions", faults: fault(probetest.Alert{Description: 70}), prober: secure, target: httpsTarget, code: probe.TLSVersion, op: probe.OpHandshake},
		{name: "a mail server on the port", faults: web(probetest.Garbage{}), prober: secure, target: httpsTarget, code: probe.TLSNotTLS, op: probe.OpHandshake},
		{name: "an unknown CA", faults: fault(probetest.Untrusted), prober: secure, target: httpsTarget, code: probe.TLSUntrusted, op: probe.OpHandshake},
		{name: "a chain without its intermediate", faults: fault(probetest.LeafOnly), prober: secure, target: httpsTarget},
		{name: "a chain without its intermediate, which cannot be fetched", faults: fault(probetest.LeafOnly, probetest.At{Host: "aia.probetest.example", Fault: probetest.Refuse}), prober: secure, target: httpsTarget, code: probe.TLSUntrusted, op: probe.OpHandshake},
		{name: "a chain without its intermediate, which is nowhere", faults: fault(probetest.LeafOrphan), prober: secure, target: httpsTarget, code: probe.TLSIncomplete, op: probe.OpHandshake},
		{name: "the same for another name, which fails wherever it is", faults: fault(probetest.LeafOrphan, probetest.WrongName), prober: secure, target: httpsTarget, code: probe.TLSUntrusted, op: probe.OpHandshake},
		{name: "a chain whose intermediate has expired", faults: fault(probetest.OldIntermediate), prober: secure, target: httpsTarget},
		{name: "an inspecting proxy", faults: fault(probetest.Inspect{}), prober: secure, target: httpsTarget, code: probe.TLSInspected, op: probe.OpHandshake},
		{name: "an inspecting proxy that the machine does not know", faults: fault(probetest.Inspect{Unknown: true}), prober: secure, target: httpsTarget, code: probe.TLSUntrusted, op: probe.OpHandshake},
		{name: "a certificate for another name", faults: fault(probetest.WrongName), prober: secure, target: httpsTarget, code: probe.TLSNameMismatch, op: probe.OpHandshake},
		{name: "a certificate of yesterday", faults: fault(probetest.Expired), prober: secure, target: httpsTarget, code: probe.TLSExpired, op: probe.OpHandshake},
		{name: "a certificate of tomorrow", faults: fault(probetest.Certificate{From: 24 * time.Hour, Until: 48 * time.Hour}), prober: secure, target: httpsTarget, code: probe.TLSNotYetValid, op: probe.OpHandshake},
		{name: "an expired certificate for another name", faults: fault(probetest.Expired, probetest.WrongName), prober: secure, target: httpsTarget, code: probe.TLSNameMismatch, op: probe.OpHandshake},
		{name: "an inspecting proxy that forges expired certificates", faults: fault(probetest.Inspect{}, probetest.Expired), prober: secure, target: httpsTarget, code: probe.TLSInspected, op: probe.OpHandshake},

		{name: "a server that asks for a certificate and goes on", faults: fault(probetest.ClientCertificate{}), prober: secure, target: httpsTarget},
		{name: "a server that asks for a certificate and resets", faults: fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Reset}), prober: secure, target: httpsTarget},
		{name: "a server that asks for a certificate and resets at the request", faults: fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}), prober: secure, target: httpsTarget},
		{name: "a server that requires a certificate", faults: fault(probetest.ClientCertificate{Require: true}), prober: secure, target: httpsTarget},
		{name: "an inspecting proxy that requires a certificate", faults: fault(probetest.ClientCertificate{Require: true}, probetest.Inspect{}), prober: secure, target: httpsTarget, code: probe.TLSInspected, op: probe.OpHandshake},
		{name: "a reset after the handshake", faults: web(probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Reset}), prober: secure, target: httpsTarget, code: probe.HTTPReset, op: probe.OpRequest, attempts: 2},
		{name: "silence after the handshake", faults: web(probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Silence}), prober: secure, target: httpsTarget, code: probe.HTTPTimeout, op: probe.OpRequest},
		{name: "a silent server that asks for a certificate", faults: fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Silence}), prober: secure, target: httpsTarget, code: probe.HTTPTimeout, op: probe.OpRequest},

		{name: "a genuine server that answers like a proxy", faults: fault(probetest.Page{Status: 407}), prober: secure, target: httpsTarget},
		{name: "a genuine server that answers like a filter", faults: fault(probetest.BlockPage{}), prober: secure, target: httpsTarget},

		{name: "a plain web server", prober: plain, target: httpTarget},
		{name: "a plain web server that says 503", faults: fault(probetest.Page{Status: 503}), prober: plain, target: httpTarget},
		{name: "silence after the request", faults: web(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}), prober: plain, target: httpTarget, code: probe.HTTPTimeout, op: probe.OpRequest},
		{name: "a reset after the request", faults: web(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}), prober: plain, target: httpTarget, code: probe.HTTPReset, op: probe.OpRequest, attempts: 2},
		{name: "a close after the request", faults: web(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}), prober: plain, target: httpTarget, code: probe.HTTPReset, op: probe.OpRequest, attempts: 2},
		{name: "a reset after accepting", faults: web(probetest.Reset), prober: plain, target: httpTarget, code: probe.HTTPReset, op: probe.OpRequest, attempts: 2},
		{name: "a close in the body", faults: web(probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Close}), prober: plain, target: httpTarget, code: probe.HTTPTruncated, op: probe.OpBody},
		{name: "a reset in the body", faults: web(probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Reset}), prober: plain, target: httpTarget, code: probe.HTTPTruncated, op: probe.OpBody},
		{name: "silence in the body", faults: web(probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Silence}), prober: plain, target: httpTarget, code: probe.HTTPTimeout, op: probe.OpBody},
		{name: "a mail server on port 80", faults: web(probetest.Garbage{}), prober: plain, target: httpTarget, code: probe.HTTPMalformed, op: probe.OpRequest},
		{name: "a header without end", faults: fault(probetest.LargeHeader{}), prober: plain, target: httpTarget, code: probe.HTTPTooLarge, op: probe.OpRequest},
		{name: "a portal that sends elsewhere", faults: fault(probetest.Portal{}), prober: plain, target: httpTarget},
		{name: "a portal that says so", faults: fault(probetest.Portal{Status: 511}), prober: plain, target: httpTarget, code: probe.HTTPCaptivePortal, op: probe.OpRequest},
		{name: "a filter's page", faults: fault(probetest.BlockPage{}), prober: plain, target: httpTarget, code: probe.HTTPBlockPage, op: probe.OpRequest},
		{name: "a filter's page behind inspection", faults: fault(probetest.BlockPage{}, probetest.Inspect{}), prober: secure, target: httpsTarget, code: probe.TLSInspected, op: probe.OpHandshake},
		{name: "redirects without end", faults: fault(probetest.RedirectLoop), prober: plain, target: httpTarget},
		{name: "redirects that are not followed", faults: fault(probetest.RedirectLoop), prober: plain, target: httpTarget},

		{name: "a tunnel", machine: proxied, prober: secure, target: httpsTarget},
		{name: "plain HTTP through a proxy", machine: proxied, prober: plain, target: httpTarget},
		{name: "a missing proxy", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Refuse}), prober: secure, target: httpsTarget, code: probe.ProxyUnreachable, op: probe.OpProxy},
		{name: "a proxy without an address", machine: proxied, faults: fault(probetest.At{Host: "proxy.example", Port: 53, Fault: probetest.NXDomain}), prober: plain, target: httpTarget, code: probe.ProxyUnreachable, op: probe.OpProxy},
		{name: "a proxy that requires authentication for a tunnel", machine: proxied, faults: fault(probetest.ProxyAuth{}), prober: secure, target: httpsTarget, code: probe.ProxyAuthRequired, op: probe.OpProxy},
		{name: "a proxy that requires authentication", machine: proxied, faults: fault(probetest.ProxyAuth{}), prober: plain, target: httpTarget, code: probe.ProxyAuthRequired, op: probe.OpRequest},
		{name: "a proxy that denies a tunnel", machine: proxied, faults: fault(probetest.ProxyDeny{}), prober: secure, target: httpsTarget, code: probe.ProxyDenied, op: probe.OpProxy},
		{name: "a proxy that denies", machine: proxied, faults: fault(probetest.ProxyDeny{}), prober: plain, target: httpTarget, code: probe.ProxyDenied, op: probe.OpRequest},
		{name: "a proxy that does not reach the host", machine: proxied, faults: fault(probetest.At{Host: host, Fault: probetest.Refuse}), prober: secure, target: httpsTarget, code: probe.ProxyTargetUnreachable, op: probe.OpProxy},
		{name: "a proxy that does not reach the plain host", machine: proxied, faults: fault(probetest.At{Host: host, Fault: probetest.Refuse}), prober: plain, target: httpTarget, code: probe.ProxyTargetUnreachable, op: probe.OpRequest},
		{name: "a proxy that speaks something else", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Garbage{}}), prober: secure, target: httpsTarget, code: probe.ProxyBadResponse, op: probe.OpProxy},
		{name: "a proxy that closes the connection", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}}), prober: secure, target: httpsTarget, code: probe.ProxyBadResponse, op: probe.OpProxy},
		{name: "a silent proxy", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Silence}), prober: secure, target: httpsTarget, code: probe.Timeout, op: probe.OpProxy},
		{name: "a host with an unknown certificate behind a proxy", machine: proxied, faults: fault(probetest.Untrusted), prober: secure, target: httpsTarget, code: probe.TLSUntrusted, op: probe.OpHandshake},

		{name: "a tunnel through a proxy over TLS", machine: through(secureProxy), prober: secure, target: httpsTarget},
		{name: "plain HTTP through a proxy over TLS", machine: through(secureProxy), prober: plain, target: httpTarget},
		{name: "a proxy over TLS that does not speak TLS", machine: through(secureProxy), faults: fault(probetest.At{Port: 3129, Fault: probetest.Garbage{}}), prober: secure, target: httpsTarget, code: probe.ProxyUnreachable, op: probe.OpProxy},
		{name: "a proxy over TLS with an unknown CA", machine: through(secureProxy), faults: fault(probetest.At{Port: 3129, Fault: probetest.Untrusted}), prober: secure, target: httpsTarget, code: probe.ProxyUnreachable, op: probe.OpProxy},
		{name: "a proxy over TLS that requires authentication", machine: through(secureProxy), faults: fault(probetest.ProxyAuth{}), prober: secure, target: httpsTarget, code: probe.ProxyAuthRequired, op: probe.OpProxy},
		{name: "a proxy over TLS that denies", machine: through(secureProxy), faults: fault(probetest.ProxyDeny{}), prober: plain, target: httpTarget, code: probe.ProxyDenied, op: probe.OpRequest},

		{name: "HTTPS over SOCKS", machine: through(socksProxy), prober: secure, target: httpsTarget},
		{name: "plain HTTP over SOCKS", machine: through(socksProxy), prober: plain, target: httpTarget},
		{name: "NCSI over SOCKS", machine: through(socksProxy), prober: ncsi, target: webTarget},
		{name: "a missing SOCKS proxy", machine: through(socksProxy), faults: fault(probetest.At{Port: 1080, Fault: probetest.Refuse}), prober: plain, target: httpTarget, code: probe.ProxyUnreachable, op: probe.OpProxy},
		{name: "a SOCKS proxy that requires authentication", machine: through(socksProxy), faults: fault(probetest.ProxyAuth{}), prober: plain, target: httpTarget, code: probe.ProxyAuthRequired, op: probe.OpProxy},
		{name: "a SOCKS proxy that denies", machine: through(socksProxy), faults: fault(probetest.ProxyDeny{}), prober: plain, target: httpTarget, code: probe.ProxyDenied, op: probe.OpProxy},
		{name: "a SOCKS proxy that does not reach the host", machine: through(socksProxy), faults: fault(probetest.At{Host: host, Fault: probetest.Refuse}), prober: secure, target: httpsTarget, code: probe.ProxyTargetUnreachable, op: probe.OpProxy},
		{name: "a SOCKS proxy that speaks something else", machine: through(socksProxy), faults: fault(probetest.At{Port: 1080, Fault: probetest.Garbage{}}), prober: secure, target: httpsTarget, code: probe.ProxyBadResponse, op: probe.OpProxy},
		{name: "a SOCKS proxy that closes the connection", machine: through(socksProxy), faults: fault(probetest.At{Port: 1080, Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}}), prober: secure, target: httpsTarget, code: probe.ProxyBadResponse, op: probe.OpProxy},
		{name: "a silent SOCKS proxy", machine: through(socksProxy), faults: fault(probetest.At{Port: 1080, Fault: probetest.Silence}), prober: secure, target: httpsTarget, code: probe.Timeout, op: probe.OpProxy},
		{name: "a filter's page over SOCKS", machine: through(socksProxy), faults: fault(probetest.BlockPage{}), prober: plain, target: httpTarget, code: probe.HTTPBlockPage, op: probe.OpRequest},
		{name: "a portal behind a SOCKS proxy", machine: through(socksProxy), faults: fault(probetest.Portal{}), prober: ncsi, target: webTarget, code: probe.HTTPStatus, op: probe.OpRequest},

		{name: "a direct target with a missing proxy", machine: proxied, faults: fault(probetest.At{Port: 3128, Fault: probetest.Refuse}), prober: secure, target: direct(httpsTarget)},
		{name: "a direct plain target with a proxy that denies", machine: proxied, faults: fault(probetest.ProxyDeny{}), prober: plain, target: direct(httpTarget)},
		{name: "direct NCSI with a proxy that denies", machine: proxied, faults: fault(probetest.ProxyDeny{}), prober: ncsi, target: direct(webTarget)},
		{name: "a direct target where only a proxy gets out", machine: proxied, faults: fault(probetest.At{Direct: true, Network: "tcp", Fault: probetest.Drop}), prober: secure, target: direct(httpsTarget), code: probe.TCPTimeout, op: probe.OpConnect},
		{name: "a target through the proxy where only that gets out", machine: proxied, faults: fault(probetest.At{Direct: true, Network: "tcp", Fault: probetest.Drop}), prober: secure, target: httpsTarget},

		{name: "a transparent proxy that requires authentication", faults: fault(probetest.Page{Status: 407}), prober: plain, target: httpTarget, code: probe.ProxyAuthRequired, op: probe.OpRequest},

		{name: "an open internet", prober: ncsi, target: webTarget},
		{name: "an open internet over both families", ipv6: true, prober: ncsi, target: webTarget},
		{name: "an internet without IPv4", ipv6: true, faults: fault(probetest.At{Host: "www.msftconnecttest.com", Port: 80, Fault: probetest.Refuse}), prober: ncsi, target: webTarget},
		{name: "NCSI without any way", faults: fault(probetest.At{Port: 80, Fault: probetest.Drop}), prober: ncsi, target: webTarget, code: probe.TCPTimeout, op: probe.OpConnect},
		{name: "NCSI and a portal that sends elsewhere", faults: fault(probetest.Portal{}), prober: ncsi, target: webTarget, code: probe.HTTPCaptivePortal, op: probe.OpRequest},
		{name: "NCSI and a portal in place", faults: fault(probetest.Portal{Status: 200}), prober: ncsi, target: webTarget, code: probe.HTTPCaptivePortal, op: probe.OpBody},
		{name: "NCSI and a portal that says so", faults: fault(probetest.Portal{Status: 511}), prober: ncsi, target: webTarget, code: probe.HTTPCaptivePortal, op: probe.OpRequest},
		{name: "NCSI and 403", faults: fault(probetest.Page{Status: 403}), prober: ncsi, target: webTarget, code: probe.HTTPStatus, op: probe.OpRequest},
		{name: "NCSI and a filter", faults: fault(probetest.BlockPage{}), prober: ncsi, target: webTarget, code: probe.HTTPBlockPage, op: probe.OpRequest},
		{name: "NCSI through a proxy", machine: proxied, prober: ncsi, target: webTarget},
		{name: "NCSI and a proxy that requires authentication", machine: proxied, faults: fault(probetest.ProxyAuth{}), prober: ncsi, target: webTarget, code: probe.ProxyAuthRequired, op: probe.OpRequest},
		{name: "NCSI and another body through a proxy", machine: proxied, faults: fault(probetest.Page{Body: "welcome"}), prober: ncsi, target: webTarget, code: probe.HTTPBodyMismatch, op: probe.OpBody},
		{name: "NCSI and a redirect through a proxy", machine: proxied, faults: fault(probetest.Portal{}), prober: ncsi, target: webTarget, code: probe.HTTPStatus, op: probe.OpRequest},
		{name: "NCSI and a dead resolver", faults: fault(probetest.At{Port: 53, Fault: probetest.Drop}), prober: ncsi, target: webTarget, code: probe.DNSTimeout, op: probe.OpResolve},
		{name: "NCSI's name as it should be", prober: ncsi, target: dnsTarget},
		{name: "NCSI's name without private addresses", faults: fault(probetest.DNSAnswer{Type: "AAAA", Empty: true}), prober: ncsi, target: dnsTarget},
		{name: "NCSI's name at another address", faults: fault(probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr("203.0.113.9")}}), prober: ncsi, target: dnsTarget, code: probe.NCSIDNSMismatch, op: probe.OpResolve},
		{name: "NCSI's name refused", faults: fault(probetest.Refused), prober: ncsi, target: dnsTarget, code: probe.DNSRefused, op: probe.OpResolve},
		{name: "NCSI's defaults", prober: ncsi},
		{name: "NCSI on another port", prober: ncsi, target: probe.Target{Port: 81}, code: probe.NotTestable},
	}
}
