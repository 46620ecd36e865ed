package probe_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestSOCKSReplies(t *testing.T) {
	codes := map[uint8]probe.Code{
		1: probe.ProxyTargetUnreachable, 2: probe.ProxyDenied, 3: probe.ProxyTargetUnreachable, 4: probe.ProxyTargetUnreachable,
		5: probe.ProxyTargetUnreachable, 6: probe.ProxyTargetUnreachable, 7: probe.ProxyDenied, 8: probe.ProxyDenied,
		9: probe.ProxyBadResponse, 255: probe.ProxyBadResponse,
	}
	for reply, want := range codes {
		t.Run(strconv.Itoa(int(reply)), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(probetest.ProxyDeny{Reply: reply})}
				n := i.Network()
				through(socksProxy)(i, &n)
				for _, o := range []probe.Observation{secure(n).Probe(t.Context(), httpsTarget), plain(n).Probe(t.Context(), httpTarget)} {
					if o.Code() != want || o.Error.Op != probe.OpProxy || o.Error.Addr != "socks5://proxy.example:1080" {
						t.Errorf("error %v, want %s of the proxy", o.Error, want)
					}
					if diff := cmp.Diff(&probe.ProxyFacts{URL: "socks5://proxy.example:1080", Reply: reply, Offered: []string{"none"}, Chosen: "none"}, o.Proxy); diff != "" {
						t.Errorf("facts (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
}

// The proxy gives its reason as a number.
func TestSOCKSFinds(t *testing.T) {
	at := func(f probetest.Fault) []probetest.Fault {
		return fault(probetest.At{Host: host, Network: "tcp", Fault: f})
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		target probe.Target
		reply  uint8
	}{
		{"a host that refuses", at(probetest.Refuse), httpsTarget, 5},
		{"no route", at(probetest.Unreachable{}), httpsTarget, 3},
		{"a router without a route", at(probetest.Unreachable{ICMP: true}), httpsTarget, 4},
		{"no such name", nil, probe.Target{Host: "nowhere.example"}, 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
				n := i.Network()
				through(socksProxy)(i, &n)
				o := secure(n).Probe(t.Context(), test.target)
				if o.Code() != probe.ProxyTargetUnreachable || o.Proxy.Reply != test.reply {
					t.Errorf("error %v, reply %d, want %s and %d", o.Error, o.Proxy.Reply, probe.ProxyTargetUnreachable, test.reply)
				}
			})
		})
	}
}

// The proxy receives the name and resolves it.
func TestSOCKSAddresses(t *testing.T) {
	for _, scheme := range []string{"socks5", "socks5h"} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{host}, IPv6: true}
			n := i.Network()
			n.Proxy = func(probe.Target) (*url.URL, error) { return &url.URL{Scheme: scheme, Host: "proxy.example"}, nil }
			for _, name := range []string{host, "203.0.113.1", "2001:db8::1"} {
				if o := plain(n).Probe(t.Context(), probe.Target{Host: name}); !o.OK() || o.TCP.Remote.Port() != 1080 || o.Proxy.URL != scheme+"://proxy.example" {
					t.Errorf("%s: %v, connected to %s", name, o.Error, o.TCP.Remote)
				}
			}
			var got []string
			for _, e := range i.Log() {
				if e.Kind == probetest.EventQuery && e.Host != "proxy.example" {
					t.Errorf("%s was looked up", e.Host)
				}
				if verb, hostport, _ := strings.Cut(e.Detail, " "); verb == "CONNECT" {
					got = append(got, hostport)
				}
			}
			want := []string{host + ":80", "203.0.113.1:80", "[2001:db8::1]:80"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("asked the proxy for (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSOCKSAuthentication(t *testing.T) {
	const basic = "dTpw" // u:p
	long := strings.Repeat("x", 255)
	tests := []struct {
		name string
		user *url.Userinfo
		auth probetest.Fault
		want probe.Code

		chosen string
	}{
		{"neither asked nor given", nil, nil, "", "none"},
		{"given without being asked", url.UserPassword("u", "p"), nil, "", "none"},
		{"asked and not given", nil, probetest.ProxyAuth{Basic: basic}, probe.ProxyAuthRequired, "no acceptable"},
		{"asked and given", url.UserPassword("u", "p"), probetest.ProxyAuth{Basic: basic}, "", "password"},
		{"wrong", url.UserPassword("u", "q"), probetest.ProxyAuth{Basic: basic}, probe.ProxyAuthRequired, "password"},
		{"without a password", url.User("u"), probetest.ProxyAuth{Basic: "dTo="}, "", "password"},
		{"as long as can be", url.UserPassword(long, long), probetest.ProxyAuth{Basic: base64.StdEncoding.EncodeToString([]byte(long + ":" + long))}, "", "password"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: fault(test.auth)}
				n := i.Network()
				n.Proxy = func(probe.Target) (*url.URL, error) {
					u := i.SOCKSURL()
					u.User = test.user
					return u, nil
				}
				o := secure(n).Probe(t.Context(), httpsTarget)
				if o.Code() != test.want {
					t.Errorf("error %v, want %q", o.Error, test.want)
				}
				offered := []string{"none"}
				if test.user != nil {
					offered = append(offered, "password")
				}
				if diff := cmp.Diff(offered, o.Proxy.Offered); diff != "" || o.Proxy.Chosen != test.chosen {
					t.Errorf("chosen %q, want %q; offered (-want +got):\n%s", o.Proxy.Chosen, test.chosen, diff)
				}
			})
		})
	}
}

// scriptedSOCKS returns a network whose SOCKS proxy always replies the same.
func scriptedSOCKS(answer string, user *url.Userinfo) probe.Network {
	n := webScripted([]byte(answer))
	n.Proxy = func(probe.Target) (*url.URL, error) {
		return &url.URL{Scheme: "socks5", Host: "203.0.113.2", User: user}, nil
	}
	return n
}

func TestSOCKSAnswers(t *testing.T) {
	const page = "HTTP/1.1 204 No Content\r\n\r\n"
	someone := url.UserPassword("u", "p")
	tests := []struct {
		name   string
		user   *url.Userinfo
		answer string
		want   probe.Code
	}{
		{"bound to IPv4", nil, "\x05\x00" + "\x05\x00\x00\x01aaaapp" + page, ""},
		{"bound to IPv6", nil, "\x05\x00" + "\x05\x00\x00\x04aaaaaaaaaaaaaaaapp" + page, ""},
		{"bound to a name", nil, "\x05\x00" + "\x05\x00\x00\x03\x03abcpp" + page, ""},
		{"bound to a name without letters", nil, "\x05\x00" + "\x05\x00\x00\x03\x00pp" + page, ""},
		{"a reserved byte that is in use", nil, "\x05\x00" + "\x05\x00\xff\x01aaaapp" + page, ""},
		{"a password accepted in another version", someone, "\x05\x02" + "\x05\x00" + "\x05\x00\x00\x01aaaapp" + page, ""},

		{"bound to an invalid address", nil, "\x05\x00" + "\x05\x00\x00\x09aaaapp" + page, probe.ProxyBadResponse},
		{"a refusal and no more", nil, "\x05\x00" + "\x05\x02", probe.ProxyDenied},
		{"a method that was not offered", nil, "\x05\x01", probe.ProxyBadResponse},
		{"a password that was not offered", nil, "\x05\x02", probe.ProxyBadResponse},
		{"no method", someone, "\x05\xff", probe.ProxyAuthRequired},
		{"a password refused", someone, "\x05\x02" + "\x01\x01", probe.ProxyAuthRequired},
		{"version 4", nil, "\x00\x5b", probe.ProxyBadResponse},
		{"version 4 later", nil, "\x05\x00" + "\x04\x00\x00\x01aaaapp", probe.ProxyBadResponse},
		{"an HTTP proxy", nil, "HTTP/1.1 400 Bad Request\r\n\r\n", probe.ProxyBadResponse},
		{"nothing", nil, "", probe.ProxyBadResponse},
		{"half a method", nil, "\x05", probe.ProxyBadResponse},
		{"half an answer to a password", someone, "\x05\x02" + "\x01", probe.ProxyBadResponse},
		{"half a reply", nil, "\x05\x00" + "\x05", probe.ProxyBadResponse},
		{"a reply without an address", nil, "\x05\x00" + "\x05\x00", probe.ProxyBadResponse},
		{"half an address", nil, "\x05\x00" + "\x05\x00\x00\x01aaa", probe.ProxyBadResponse},
		{"a name without its length", nil, "\x05\x00" + "\x05\x00\x00\x03", probe.ProxyBadResponse},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := plain(scriptedSOCKS(test.answer, test.user)).Probe(t.Context(), probe.Target{Host: "host.example"})
			if o.Code() != test.want {
				t.Errorf("error %v, want %q", o.Error, test.want)
			}
			if o.OK() && o.HTTP.Status != 204 {
				t.Errorf("status %d of the host, want 204", o.HTTP.Status)
			}
		})
	}
}

func FuzzSOCKS(f *testing.F) {
	for _, a := range []string{
		"\x05\x00\x05\x00\x00\x01aaaappHTTP/1.1 200 OK\r\n\r\n",
		"\x05\x02\x01\x00\x05\x00\x00\x03\x03abcppHTTP/1.1 200 OK\r\n\r\n",
		"\x05\x00\x05\x02\x00\x01aaaapp", "\x05\xff", "\x04\x5b", "HTTP/1.1 407 No\r\n\r\n", "",
	} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		for _, user := range []*url.Userinfo{nil, url.UserPassword("u", "p")} {
			n := scriptedSOCKS(answer, user)
			for _, p := range []bound{plain(n), secure(n)} {
				o := p.Probe(t.Context(), probe.Target{Host: "host.example"})
				checkFacts(t, o)
				if o.OK() && !strings.HasPrefix(answer, "\x05") {
					t.Errorf("%s: reached through %.5q", p.protocol, answer)
				}
				if o.Code() == probe.ProxyDenied != (o.Proxy.Reply == 2 || o.Proxy.Reply == 7 || o.Proxy.Reply == 8) {
					t.Errorf("%s: reply %d, code %s", p.protocol, o.Proxy.Reply, o.Code())
				}
			}
		}
	})
}

// serveSOCKS is a SOCKS server that connects to the requested address, or to
// elsewhere if requested by name.
func serveSOCKS(t *testing.T, elsewhere net.Addr) *url.URL {
	t.Helper()
	proxy := listenTCP(t, func(c *net.TCPConn) {
		head := make([]byte, 3) // version, one method, no authentication
		if _, err := io.ReadFull(c, head); err != nil || !bytes.Equal(head, []byte{5, 1, 0}) {
			return
		}
		_, _ = c.Write([]byte{5, 0})
		ask := make([]byte, 5)
		if _, err := io.ReadFull(c, ask); err != nil {
			return
		}
		to := elsewhere.String()
		rest := make([]byte, int(ask[4])+2)
		if ask[3] == 1 {
			rest = make([]byte, 5)
		}
		if _, err := io.ReadFull(c, rest); err != nil {
			return
		}
		if ask[3] == 1 {
			port := int(rest[3])<<8 | int(rest[4])
			to = fmt.Sprintf("%d.%d.%d.%d:%d", ask[4], rest[0], rest[1], rest[2], port)
		}
		host, err := new(net.Dialer).DialContext(t.Context(), "tcp", to)
		if err != nil {
			_, _ = c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
			return
		}
		defer host.Close()
		_, _ = c.Write([]byte{5, 0, 0, 1, 127, 0, 0, 1, 0, 0})
		go func() {
			defer host.Close()
			_, _ = io.Copy(host, c)
		}()
		_, _ = io.Copy(c, host)
	})
	return &url.URL{Scheme: "socks5", Host: proxy.Addr()}
}

func TestLoopbackSOCKS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	proxy := serveSOCKS(t, server.Listener.Addr())
	var l ledger
	n := probe.Network{
		Connect: l.dial(new(net.Dialer).DialContext),
		Proxy:   func(probe.Target) (*url.URL, error) { return proxy, nil },
	}
	ctx, cancel := context.WithTimeout(t.Context(), probe.DefaultTimeout)
	defer cancel()
	for _, target := range []probe.Target{targetOf(t, server.Listener.Addr()), {Host: "host.example"}} {
		if o := plain(n).Probe(ctx, target); !o.OK() || o.HTTP.Status != 404 || o.TCP.Remote.String() != proxy.Host {
			t.Errorf("%s: %v, %+v", target.Addr(), o.Error, o.HTTP)
		}
	}
	if o := plain(n).Probe(ctx, closedPort(t)); o.Code() != probe.ProxyTargetUnreachable || o.Proxy.Reply != 5 {
		t.Errorf("a port without a listener: %v, want %s", o.Error, probe.ProxyTargetUnreachable)
	}
	if open := l.open.Load(); open != 0 {
		t.Errorf("%d connections are still open", open)
	}
}
