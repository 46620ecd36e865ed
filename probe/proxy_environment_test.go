package probe_test

import (
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

// environ sets the variables that select proxies, and clears all others.
func environ(t *testing.T, set map[string]string) {
	t.Helper()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"} {
		t.Setenv(name, "")
		t.Setenv(strings.ToLower(name), "")
	}
	for name, value := range set {
		t.Setenv(name, value)
	}
}

// choices returns the proxies for an HTTP and an HTTPS target.
func choices(t *testing.T, choose func(probe.Target) (*url.URL, error), host string) []string {
	t.Helper()
	var list []string
	for _, target := range []probe.Target{
		{Protocol: probe.HTTP, Host: host, Port: 80},
		{Protocol: probe.HTTPS, Host: host, Port: 443},
	} {
		u, err := choose(target)
		switch {
		case err != nil:
			t.Errorf("%s: %v", target, err)
		case u == nil:
			list = append(list, "direct")
		default:
			list = append(list, u.String())
		}
	}
	return list
}

func TestEnvironmentProxy(t *testing.T) {
	const a, b = "http://a.example:3128", "http://b.example:3128"
	tests := []struct {
		name string
		set  map[string]string
		host string
		want []string // for HTTP and HTTPS; nil if there is no proxy at all
	}{
		{"nothing", nil, host, nil},
		{"exceptions alone", map[string]string{"NO_PROXY": "x.example"}, host, nil},
		{"one for HTTP", map[string]string{"HTTP_PROXY": a}, host, []string{a, "direct"}},
		{"one for HTTPS", map[string]string{"HTTPS_PROXY": a}, host, []string{"direct", a}},
		{"one for each", map[string]string{"HTTP_PROXY": a, "HTTPS_PROXY": b}, host, []string{a, b}},
		{"one for all", map[string]string{"ALL_PROXY": a}, host, []string{a, a}},
		{"one for the others", map[string]string{"HTTPS_PROXY": a, "ALL_PROXY": b}, host, []string{b, a}},
		{"a SOCKS proxy for all", map[string]string{"all_proxy": "socks5h://u:p@a.example"}, host, []string{"socks5h://u:p@a.example", "socks5h://u:p@a.example"}},
		{"no scheme", map[string]string{"ALL_PROXY": "a.example:3128"}, host, []string{a, a}},
		{"an exception", map[string]string{"ALL_PROXY": a, "NO_PROXY": "live.com"}, host, []string{"direct", "direct"}},
		{"an exception for a port", map[string]string{"ALL_PROXY": a, "NO_PROXY": host + ":443"}, host, []string{a, "direct"}},
		{"an exception for a network", map[string]string{"ALL_PROXY": a, "NO_PROXY": "203.0.113.0/24"}, "203.0.113.9", []string{"direct", "direct"}},
		{"an exception for everything", map[string]string{"ALL_PROXY": a, "NO_PROXY": "*"}, host, []string{"direct", "direct"}},
		{"an exception for others", map[string]string{"ALL_PROXY": a, "NO_PROXY": "x.example"}, host, []string{a, a}},
		{"this machine", map[string]string{"ALL_PROXY": a}, "127.0.0.1", []string{"direct", "direct"}},
		{"an IPv6 address", map[string]string{"ALL_PROXY": a}, "2001:db8::1", []string{a, a}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			environ(t, test.set)
			choose, err := probe.EnvironmentProxy()
			if err != nil {
				t.Fatal(err)
			}
			if choose == nil || test.want == nil {
				if choose != nil || test.want != nil {
					t.Errorf("a choice: %t, want %t", choose != nil, test.want != nil)
				}
				return
			}
			environ(t, nil) // the variables have been read
			if diff := cmp.Diff(test.want, choices(t, choose, test.host)); diff != "" {
				t.Errorf("proxies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEnvironmentProxyThatIsNone(t *testing.T) {
	const secret = "s3cret"
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		for _, value := range []string{
			"http://u:" + secret + "@[::1", "u:" + secret + "@:3128", "http://u:" + secret + "@a b.example", "ftp://u:" + secret + "@a.example:21",
			"socks4://u:" + secret + "@a.example:1080", "http://u:" + secret + "@a.example:99999", "http://%zz" + secret,
		} {
			environ(t, map[string]string{name: value})
			choose, err := probe.EnvironmentProxy()
			if err == nil || choose != nil {
				t.Errorf("%s=%s: no error", name, value)
				continue
			}
			if text := err.Error(); !strings.Contains(text, name) || strings.Contains(text, secret) {
				t.Errorf("%s=%s: error %q", name, value, text)
			}
		}
	}
}

// In a CGI program, a request header can set HTTP_PROXY, so that proxy is not
// trusted.
func TestEnvironmentProxyInCGI(t *testing.T) {
	environ(t, map[string]string{"HTTP_PROXY": "http://evil.example:3128", "REQUEST_METHOD": "GET"})
	choose, err := probe.EnvironmentProxy()
	if err != nil {
		t.Fatal(err)
	}
	o := probe.Network{Proxy: choose}.Probe(t.Context(), probe.Target{Protocol: probe.HTTP, Host: "203.0.113.1"})
	if o.Code() != probe.NotTestable || o.Attempts != 0 {
		t.Errorf("error %v, want %s", o.Error, probe.NotTestable)
	}
}

// Without a machine-wide setting, the environment's counts. On Windows the test
// machine decides, so the test expects nothing.
func TestSystemProxy(t *testing.T) {
	environ(t, map[string]string{"ALL_PROXY": "http://a.example:3128"})
	choose, err := probe.SystemProxy()
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if diff := cmp.Diff([]string{"http://a.example:3128", "http://a.example:3128"}, choices(t, choose, host)); diff != "" {
		t.Errorf("proxies (-want +got):\n%s", diff)
	}
}

// FuzzEnvironmentProxy: what is accepted from the environment is a proxy that a
// Network can use, and an error does not quote it.
func FuzzEnvironmentProxy(f *testing.F) {
	for _, s := range []string{"proxy.example:3128", "http://user:secret@proxy.example", "socks5://[::1%25x]:1080", "http://[::1", "//x", "ftp://x", "http://\x1b:1", "%"} {
		f.Add(s, "example.com,.local,10.0.0.0/8,*")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, proxy, exceptions string) {
		const least = 16 // a shorter text may be part of the error
		if strings.Contains(proxy+exceptions, "\x00") {
			return // no environment holds it
		}
		environ(t, map[string]string{"ALL_PROXY": proxy, "NO_PROXY": exceptions})
		choose, err := probe.EnvironmentProxy()
		if err != nil && len(proxy) >= least && strings.Contains(err.Error(), proxy) {
			t.Errorf("error %q", err)
		}
		if err != nil || choose == nil {
			return
		}
		u, err := choose(probe.Target{Protocol: probe.HTTPS, Host: host, Port: 443})
		if err == nil && u != nil && (u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" && !strings.HasPrefix(u.Scheme, "socks5")) {
			t.Errorf("proxy %q of %q", u, proxy)
		}
	})
}
