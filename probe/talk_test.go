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
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const errUnknownWord probe.Code = "example.unknown_word"

func TestTalk(t *testing.T) {
	target := probe.Target{Protocol: "words", Host: host, Port: 80}
	ask := func(c net.Conn) error {
		if _, err := io.WriteString(c, "GET / HTTP/1.0\r\n\r\n"); err != nil {
			return err
		}
		line, err := bufio.NewReader(c).ReadString('\n')
		if err == nil && !strings.HasPrefix(line, "HTTP/1.") {
			err = fmt.Errorf("%w: %.20q", errUnknownWord, line)
		}
		return err
	}
	web := func(f probetest.Fault) []probetest.Fault { return fault(probetest.At{Network: "tcp", Fault: f}) }
	tests := []struct {
		name     string
		faults   []probetest.Fault
		talk     func(net.Conn) error // nil means ask
		network  string               // empty means tcp
		target   probe.Target         // zero means target
		code     probe.Code
		op       string
		attempts int // zero means one
	}{
		{name: "an answer"},
		{name: "an answer of another kind", faults: raw("Hello\n"), code: errUnknownWord, op: probe.OpTalk},
		{name: "silence", faults: web(probetest.Silence), code: probe.Timeout, op: probe.OpTalk},
		{name: "a reset", faults: web(probetest.Reset), code: probe.TCPReset, op: probe.OpTalk, attempts: 2},
		{name: "a close", faults: web(probetest.Close), code: probe.Unknown, op: probe.OpTalk},
		{name: "refused", faults: web(probetest.Refuse), code: probe.TCPRefused, op: probe.OpConnect},
		{name: "a black hole", faults: web(probetest.Drop), code: probe.TCPTimeout, op: probe.OpConnect},
		{name: "no such name", faults: fault(probetest.NXDomain), code: probe.DNSNXDomain, op: probe.OpResolve},
		{name: "a panic", talk: func(net.Conn) error { panic("oops") }, code: probe.Panicked, op: probe.OpTalk},
		{name: "nothing to say", talk: func(net.Conn) error { return nil }},
		{name: "an error of its own", talk: func(net.Conn) error { return errors.New("oops") }, code: probe.Unknown, op: probe.OpTalk},
		{name: "a connection that is closed already", talk: func(c net.Conn) error { return c.Close() }},
		{name: "another network", network: "unix", code: probe.NotTestable},
		{name: "no port", target: probe.Target{Protocol: "words", Host: host}, code: probe.NotTestable},
		{name: "no host", target: probe.Target{Protocol: "words", Host: "*.example.com", Port: 80}, code: probe.NotTestable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: test.faults}
				n := i.Network()
				var l ledger
				n.Connect = l.dial(n.Connect)
				talk, network, target := ask, "tcp", target
				if test.talk != nil {
					talk = test.talk
				}
				if test.network != "" {
					network = test.network
				}
				if test.target != (probe.Target{}) {
					target = test.target
				}
				o := n.Talk(t.Context(), network, target, talk)
				op := ""
				if o.Error != nil {
					op = o.Error.Op
				}
				want := max(test.attempts, 1)
				if test.code == probe.NotTestable {
					want = 0
				}
				if o.Code() != test.code || op != test.op || o.Attempts != want || o.Target != target {
					t.Errorf("error %v at %q after %d attempts, want %q at %q after %d", o.Error, op, o.Attempts, test.code, test.op, want)
				}
				if o.Code() == probe.Panicked && !strings.Contains(o.Error.Error(), "talk_test.go") {
					t.Errorf("the stack is lost: %v", o.Error)
				}
				if o.Error == nil && (o.DNS == nil || !o.TCP.Remote.IsValid()) {
					t.Errorf("facts %+v, %+v", o.DNS, o.TCP)
				}
				checkSteps(t, o)
				if open := l.open.Load(); open != 0 {
					t.Errorf("%d connections are still open", open)
				}
			})
		})
	}
}

func TestTalkOverUDP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}}
		ask := func(c net.Conn) error {
			if _, err := c.Write(append([]byte{0x23}, make([]byte, 47)...)); err != nil {
				return err
			}
			answer := make([]byte, 48)
			_, err := io.ReadFull(c, answer)
			return err
		}
		o := i.Network().Talk(t.Context(), "udp", probe.Target{Protocol: "time", Host: host, Port: 123}, ask)
		var steps []string
		for _, s := range o.Steps {
			steps = append(steps, s.Op)
		}
		if want := []string{probe.OpResolve, probe.OpConnect, probe.OpTalk}; !o.OK() || !slices.Equal(steps, want) {
			t.Errorf("error %v, steps %v", o.Error, steps)
		}
	})
}

// A conversation ends with its context, whatever it waits for.
func TestTalkIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.At{Network: "tcp", Fault: probetest.Silence})}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		o := i.Network().Talk(ctx, "tcp", probe.Target{Protocol: "words", Host: host, Port: 25 + 55}, func(c net.Conn) error {
			_, err := io.Copy(io.Discard, c)
			return err
		})
		if o.Code() != probe.Canceled || time.Since(start) != time.Second {
			t.Errorf("error %v after %v", o.Error, time.Since(start))
		}
	})
}

// Clients of other packages use the network.
func TestDialContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, IPv6: true}
		n := i.Network().Shared()
		client := &http.Client{Transport: &http.Transport{
			DialContext: n.DialContext, TLSClientConfig: &tls.Config{RootCAs: n.Roots}, DisableKeepAlives: true,
		}}
		for _, url := range []string{"http://login.live.com/", "https://login.live.com/"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.Do(request)
			if err != nil {
				t.Errorf("%s: %v", url, err)
				continue
			}
			_ = resp.Body.Close()
		}
		for network, want := range map[string]bool{"tcp": true, "tcp4": true, "tcp6": false} {
			c, err := n.DialContext(t.Context(), network, host+":443")
			if err != nil {
				t.Errorf("%s: %v", network, err)
				continue
			}
			if addr := netip.MustParseAddrPort(c.RemoteAddr().String()); addr.Addr().Is4() != want {
				t.Errorf("%s: connected to %s", network, addr)
			}
			_ = c.Close()
		}
	})
}

func TestDialContextFails(t *testing.T) {
	tests := []struct {
		name, network, address string
		faults                 []probetest.Fault
		code                   probe.Code
	}{
		{name: "no such name", network: "tcp", address: "nowhere.example:443", code: probe.DNSNXDomain},
		{name: "no address of the family", network: "tcp6", address: host + ":443", code: probe.DNSNoData},
		{name: "refused", network: "tcp", address: host + ":81", code: probe.TCPRefused},
		{name: "silence", network: "tcp", address: host + ":443", faults: fault(probetest.At{Network: "tcp", Fault: probetest.Drop}), code: probe.TCPTimeout},
		{name: "no port", network: "tcp", address: host},
		{name: "the name of a port", network: "tcp", address: host + ":https"},
		{name: "no network", network: "", address: host + ":443"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
				c, err := i.Network().DialContext(ctx, test.network, test.address)
				if c != nil || err == nil {
					t.Fatalf("connection %v, error %v", c, err)
				}
				if _, ok := errors.AsType[*net.OpError](err); !ok || test.code != "" && !errors.Is(err, test.code) {
					t.Errorf("error %v, want %q", err, test.code)
				}
			})
		})
	}
}

func TestLookupNetIP(t *testing.T) {
	list := addrs("203.0.113.1", "2001:db8::1")
	tests := []struct {
		network, host string
		want          []netip.Addr
		code          probe.Code
	}{
		{"ip", "both.example", list, ""},
		{"ip4", "both.example", list[:1], ""},
		{"ip6", "both.example", list[1:], ""},
		{"ip4", "six.example", nil, probe.DNSNoData},
		{"ip", "203.0.113.9", addrs("203.0.113.9"), ""},
		{"ip", "nowhere.example", nil, probe.DNSNXDomain},
		{"tcp", "both.example", nil, probe.DNSNoData},
		{"ip", "a b", nil, probe.NotTestable},
	}
	for _, test := range tests {
		t.Run(test.network+" "+test.host, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Addresses: map[string][]netip.Addr{"both.example": list, "six.example": list[1:]}}
				got, err := i.Network().LookupNetIP(t.Context(), test.network, test.host)
				if diff := cmp.Diff(test.want, got, equatable); diff != "" {
					t.Errorf("addresses (-want +got):\n%s", diff)
				}
				if (err != nil) != (test.code != "") || test.code != "" && !errors.Is(err, test.code) {
					t.Errorf("error %v, want %q", err, test.code)
				}
			})
		})
	}
}

// Targets need a resolver, unless a proxy resolves their names.
func TestResolves(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{host}}
	straight, behind := i.Network(), i.Network()
	proxied(i, &behind)
	tests := []struct {
		target           probe.Target
		straight, behind bool
	}{
		{probe.Target{Protocol: probe.DNS, Host: host}, true, true},
		{probe.Target{Protocol: probe.TCP, Host: host, Port: 1}, true, true},
		{probe.Target{Protocol: probe.TCP, Host: "203.0.113.1", Port: 1}, false, false},
		{probe.Target{Protocol: probe.HTTP, Host: host}, true, false},
		{probe.Target{Protocol: probe.HTTPS, Host: host}, true, false},
		{probe.Target{Protocol: probe.HTTPS, Host: host, Direct: true}, true, true},
		{probe.Target{Protocol: probe.NCSI, Port: 80}, true, false},
		{probe.Target{Protocol: probe.NCSI, Port: 53}, true, true},
		{probe.Target{Protocol: probe.WPAD, Host: "contoso.com"}, true, true},
		{probe.Target{Protocol: "gopher", Host: host}, false, false},
	}
	for _, test := range tests {
		if got := straight.Resolves(test.target); got != test.straight {
			t.Errorf("%s: %t, want %t", test.target, got, test.straight)
		}
		if got := behind.Resolves(test.target); got != test.behind {
			t.Errorf("%s behind a proxy: %t, want %t", test.target, got, test.behind)
		}
	}
}

func TestUnknownProtocol(t *testing.T) {
	i := &probetest.Internet{Hosts: []string{host}}
	for _, p := range []probe.Protocol{"", "gopher"} {
		o := i.Network().Probe(t.Context(), probe.Target{Protocol: p, Host: host, Port: 70})
		if o.Code() != probe.NotTestable || o.Attempts != 0 || p.BuiltIn() {
			t.Errorf("%q: %v after %d attempts, built in: %t", p, o.Error, o.Attempts, p.BuiltIn())
		}
	}
}
