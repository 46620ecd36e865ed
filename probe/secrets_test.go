package probe_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// A repeater is a proxy that answers each request with a text.
func repeater(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = c.Read(make([]byte, 4096))
				_, _ = c.Write([]byte(answer))
			}()
		}
	}()
	return l.Addr().String()
}

// behind returns a network with a proxy at an address.
func behind(address, scheme string, user *url.Userinfo) probe.Network {
	return probe.Network{
		Resolvers: []netip.AddrPort{}, HostsFile: map[string][]netip.Addr{},
		Proxy: func(probe.Target) (*url.URL, error) {
			return &url.URL{Scheme: scheme, User: user, Host: "192.0.2.80:3128"}, nil
		},
		Connect: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}
}

// Whatever a proxy repeats of its credentials, and in the usual encodings, is not kept.
func TestProxyRepeatsCredentials(t *testing.T) {
	const name, password = "alice.k", `p@ss/"w0rd"&1 ö`
	pair := name + ":" + password
	user := url.UserPassword(name, password)
	forms := []string{
		name, password, pair, base64.StdEncoding.EncodeToString([]byte(pair)), base64.URLEncoding.EncodeToString([]byte(password)),
		url.QueryEscape(password), user.String(), html.EscapeString(pair), strconv.Quote(password),
		"p%40ss%2f%22w0rd%22%261+%c3%b6", "p@ss/&quot;w0rd&quot;&amp;1 ö", `p@ss/\u0022w0rd\u0022\u00261 ö`,
		strings.ReplaceAll(url.QueryEscape(password), "+", "%20"), url.QueryEscape(url.QueryEscape(pair)), "P%40sS%2f%22w0rd%22%261%20%c3%b6",
		strings.ReplaceAll(fmt.Sprintf("% x", " "+password), " ", "%"), escaped(name, "&#%d;"), escaped(password, "&#x%X;"), escaped(name, `\u%04x`),
		`p@ss\/\"w0rd\"&1 ö`, "p@ss/&#x22;w0rd&#x22;&amp;1 ö", html.EscapeString(url.QueryEscape(pair)), strings.ToUpper(pair),
		hex.EncodeToString([]byte(password)), strings.ToUpper(hex.EncodeToString([]byte(pair))),
		base64.StdEncoding.EncodeToString([]byte(`C:` + pair)), base64.StdEncoding.EncodeToString([]byte(`CORP\` + pair + "!")),
	}
	never := []string{
		name, password, `p@ss/\"w`, "w0rd", base64.RawStdEncoding.EncodeToString([]byte(pair)),
		base64.RawURLEncoding.EncodeToString([]byte(password)), url.QueryEscape(password), "p%40ss", "p@ss",
		"2540ss", "%70%40%73", "&#97;&#108;&#105;", "&#x70;&#x40;&#x73;", `\u0061\u006c\u0069`, "W0RD", "ALICE", hex.EncodeToString([]byte("p@ss")), strings.ToUpper(hex.EncodeToString([]byte("alice"))),
		base64.StdEncoding.EncodeToString([]byte("C:alice."))[3:10], base64.StdEncoding.EncodeToString([]byte(`CORP\alice`))[7:13],
	}
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	answers := map[string]string{
		"Via":                ok + "Via: 1.1 %s\r\n\r\n",
		"a cut header":       ok + "Server: " + strings.Repeat("x", 246) + "%s\r\n\r\n",
		"a challenge":        "HTTP/1.1 407 No\r\nProxy-Authenticate: %s\r\nWWW-Authenticate: Basic realm=\"%[1]s\"\r\n\r\n",
		"a denial":           "HTTP/1.1 403 No\r\nX-Squid-Error: ERR_%s 0\r\n\r\n",
		"a link":             "HTTP/1.1 451 No\r\nLink: <http://%s@filter.example/>; rel=blocked-by\r\n\r\n",
		"a redirect":         "HTTP/1.1 302 Found\r\nLocation: http://portal.example/?who=%s\r\n\r\n",
		"two redirects":      "HTTP/1.1 302 Found\r\nLocation: /\r\nLocation: http://x/%s\r\n\r\n",
		"a body":             ok + "\r\n%s",
		"a cut body":         "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 506) + "%s%[1]s",
		"a title":            ok + "\r\n<title>%s</title>",
		"a malformed header": ok + "%s\r\n\r\n",
		"another protocol":   "%s\r\n\r\n",
		"a status":           "HTTP/1.1 200 %s\r\n\r\n",
		"a chunk":            ok + "Transfer-Encoding: chunked\r\n\r\n%s\r\n",
	}
	for what, answer := range answers {
		for _, form := range forms {
			n := behind(repeater(t, fmt.Sprintf(answer, form)), "http", user)
			for _, p := range []probe.Protocol{probe.HTTP, probe.HTTPS, probe.NCSI} {
				o := n.Probe(t.Context(), probe.Target{Protocol: p, Host: "login.example"})
				if t.Run(what, func(t *testing.T) { mustNotHold(t, o, never...) }); t.Failed() {
					return
				}
			}
		}
	}
	for _, form := range forms {
		n := behind(repeater(t, form), "socks5", user)
		mustNotHold(t, n.Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: "login.example"}), never...)
	}
}

// escaped returns a text with each of its characters in a format.
func escaped(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

// URLs in answers may hold the credentials of others.
func TestUsersInAnswers(t *testing.T) {
	for _, where := range []string{
		"http://user:s3cr,et@portal.example/a", "//user:s3cr=et@portal.example/", "http:user:s3cret@portal.example",
		"/?url=http://user:s3cret@portal.example/", "/?a=user:s3cret@portal.example&b=c", "/?url=http%3A%2F%2Fuser%3As3cret%40portal.example",
		"http://user:p@s3cret@portal.example/", "user:s3cret@portal.example",
	} {
		answer := "HTTP/1.1 302 Found\r\nLink: </>, <" + where + ">; rel=blocked-by\r\nLocation: " + where + "\r\nLocation: " + where + "\r\n\r\n"
		n := behind(repeater(t, answer), "http", nil)
		o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTP, Host: "login.example"})
		mustNotHold(t, o, "s3cr", "user")
		if o.HTTP == nil || !strings.Contains(o.HTTP.Header.Get("Link"), "portal.example") {
			t.Errorf("%s: the rest was lost too: %v", where, o.HTTP)
		}
	}
}

// What is said of an ordinary proxy stays, also if a user has the name of one of the
// package's own words, or of a part of the host.
func TestCredentialsOfOrdinaryProxies(t *testing.T) {
	answer := "HTTP/1.1 403 No\r\nServer: squid/6\r\nVia: 1.1 request (squid)\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nLocation: http://a@b.example/x\r\n\r\nthe proxy said: no"
	probeAs := func(user *url.Userinfo) probe.Observation {
		n := behind(repeater(t, answer), "http", user)
		o := n.Probe(t.Context(), probe.Target{Protocol: probe.HTTP, Host: "login.example"})
		o.Start, o.Duration, o.Steps, o.TCP = o.Start.Truncate(1), 0, nil, nil
		return o
	}
	want := probeAs(nil)
	if want.Code() != probe.ProxyDenied || want.Proxy.Header.Get("Via") != "1.1 request (squid)" {
		t.Fatalf("%v, %+v", want.Error, want.Proxy)
	}
	for _, name := range []string{"login", "proxy.denied", "http", "no", "bob"} {
		got := probeAs(url.UserPassword(name, "x"))
		got.Start = want.Start
		if got.Code() != want.Code() || got.Error.Op != want.Error.Op || got.Proxy.URL != want.Proxy.URL || got.HTTP.URL != want.HTTP.URL {
			t.Errorf("user %q: %v, %+v", name, got.Error, got.Proxy)
		}
		if name == "login" || name == "bob" || name == "no" {
			if diff := cmp.Diff(want.Proxy, got.Proxy); diff != "" {
				t.Errorf("user %q (-want +got):\n%s", name, diff)
			}
		}
	}
}

// Every text of an observation is either searched for secrets, or is known to be
// of the package, the caller or a resolver.
func TestTextsWithSecrets(t *testing.T) {
	const secret = "s3cret-of-alice"
	var o probe.Observation
	fill(reflect.ValueOf(&o).Elem(), secret, 1)
	o.Target, o.Proxy.URL = probe.Target{}, ""
	b, err := json.Marshal(probe.FinishWith(o, url.UserPassword("alice", secret)))
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				walk(path+"."+k, e)
			}
		case []any:
			for _, e := range v {
				walk(path, e)
			}
		case string:
			if strings.Contains(v, secret) && !strings.HasSuffix(path, "code") {
				kept = append(kept, path)
			}
		}
	}
	var doc any
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	walk("", doc)
	own := []string{".dns.", ".srv.", ".wpad.", ".ntp.", ".op", ".proxy.url", ".offered", ".chosen", ".vendor", ".alert", ".alias", ".server_name", ".version", ".cipher_suite", ".verified_by", ".sha256", ".host", ".ncsi.dns.", ".ncsi.reason", ".ncsi.settings.", ".kind", ".status", ".serial"}
	for _, path := range kept {
		known := false
		for _, p := range own {
			known = known || strings.Contains(path, p)
		}
		if !known {
			t.Errorf("%s keeps a secret", path)
		}
	}
}

// Texts with escapes stay whole if no decoding of them has a secret.
func TestTextsWithEscapes(t *testing.T) {
	for _, tt := range []struct {
		name, user, text, want string
	}{
		{"no secret", "admin", `100% of "R&amp;D" uses C:\users%20here`, `100% of "R&amp;D" uses C:\users%20here`},
		{"a secret as it is", "admin", "Ask your Administrator &amp; wait", "Ask your ***istrator &amp; wait"},
		{"an encoded secret", "admin", "Ask your &#65;dministrator", "***"},
		{"a part of one", "admin", "Ask &#65;dmi", "Ask &#65;dmi"},
		{"half of an escape", "admin", "50% or %4 or %zz or &#x or \\u12 or \\", "50% or %4 or %zz or &#x or \\u12 or \\"},
		{"three decoders in a row", "a@b.c", "x%2526%252364%253b a%2526%252364%253bb.c", "***"},
		{"four", "a@b.c", "a%252525252540b.c", "a%252525252540b.c"},
		{"an old escape", "a@b.c", "a%u0040b.c", "***"},
		{"beyond Unicode", "a@b.c", `a%uFFFF \UFFFFFFFF \U00000040`, `a%uFFFF \UFFFFFFFF \U00000040`},
		{"a space as plus", "a b", "?a+b=%20", "?***=%20"},
		{"a space as plus beside an escape", "a b", "?%61+b", "***"},
		{"a short name", "ab", "&#97;b", "&#97;b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := probe.Observation{HTTP: &probe.HTTPFacts{Body: tt.text}}
			if got := probe.FinishWith(o, url.User(tt.user)).HTTP.Body; got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// What the caller names itself is no secret in any form.
func TestCredentialsInTheCallersOwnTexts(t *testing.T) {
	o := probe.Observation{Target: probe.Target{Host: "login.example"}, HTTP: &probe.HTTPFacts{Body: "&#76;ogin at LOGIN.example as bob"}}
	if got, want := probe.FinishWith(o, url.UserPassword("login", "bob")).HTTP.Body, "&#76;ogin at LOGIN.example as ***"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
