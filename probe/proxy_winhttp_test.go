package probe_test

import (
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

const (
	winDirect = 1
	winProxy  = 2
	winScript = 4
	winDetect = 8
)

// winHTTPValue returns a setting as Windows writes it.
func winHTTPValue(version, flags uint32, texts ...string) []byte {
	b := binary.LittleEndian.AppendUint32(nil, version)
	b = binary.LittleEndian.AppendUint32(b, 0)
	b = binary.LittleEndian.AppendUint32(b, flags)
	for _, s := range texts {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}

func TestWinHTTPProxies(t *testing.T) {
	tests := []struct {
		name    string
		proxies string
		want    []string // for HTTP and HTTPS
	}{
		{"one", "proxy.contoso.com:8080", []string{"http://proxy.contoso.com:8080", "http://proxy.contoso.com:8080"}},
		{"one for each", "http=a:80;https=b:443", []string{"http://a:80", "http://b:443"}},
		{"separated otherwise", " http=a:80 \t https=b:443 ", []string{"http://a:80", "http://b:443"}},
		{"one for HTTP alone", "http=a:80", []string{"http://a:80", "direct"}},
		{"one for HTTPS alone", "https=b:88", []string{"direct", "http://b:88"}},
		{"one for HTTP, and one for the others", "http=a:80 b:81", []string{"http://a:80", "http://b:81"}},
		{"one for the others before", "b:81 http=a:80", []string{"http://a:80", "http://b:81"}},
		{"several for the same", "http=a:80;http=b:80;c:80;d:80", []string{"http://a:80", "http://c:80"}},
		{"as URLs", "http=http://a:80/;https=https://b:88", []string{"http://a:80", "http://b:88"}},
		{"without a port", "a", []string{"http://a", "http://a:443"}},
		{"an address", "192.0.2.1:8080", []string{"http://192.0.2.1:8080", "http://192.0.2.1:8080"}},
		{"an IPv6 address", "[2001:db8::1]:8080", []string{"http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"}},
		{"an IPv6 address without a port", "[2001:db8::1]", []string{"http://[2001:db8::1]", "http://[2001:db8::1]:443"}},
		{"upper case", "HTTP=Proxy.Contoso.com:80", []string{"http://proxy.contoso.com:80", "direct"}},
		{"for other protocols", "ftp=a:21;socks=b:1080;gopher=c:70", []string{"direct", "direct"}},
		{"none", " ; ", []string{"direct", "direct"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, version := range []uint32{0x18, 0x28, 0x46} {
				choose, err := probe.WinHTTPProxy(winHTTPValue(version, winDirect|winProxy, test.proxies, ""))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, choices(t, choose, host)); diff != "" {
					t.Errorf("version %#x: proxies (-want +got):\n%s", version, diff)
				}
			}
		})
	}
}

func TestWinHTTPBypass(t *testing.T) {
	tests := []struct {
		bypass, host string
		http, https  bool
	}{
		{"", host, false, false},
		{"<local>", host, false, false},
		{"<local>", "intranet", true, true},
		{"<LOCAL>", "intranet", true, true},
		{"<local>", "2001:db8::1", false, false},
		{"intranet", "intranet", true, true},
		{"contoso.com", "www.contoso.com", false, false},
		{"contoso.com", "contoso.com", true, true},
		{"*.contoso.com", "www.contoso.com", true, true},
		{"*.contoso.com", "WWW.Contoso.COM.", true, true},
		{"*.contoso.com", "contoso.com", false, false},
		{"*contoso.com", "contoso.com", true, true},
		{"*contoso.com", "notcontoso.com", true, true},
		{"192.168.*", "192.168.1.1", true, true},
		{"192.168.*", "192.16.81.1", false, false},
		{"www.*.contoso.*", "www.eu.contoso.de", true, true},
		{"www.*.contoso.*", "www.contoso.de", false, false},
		{"ab*ba", "aba", false, false},
		{"*", host, true, true},
		{"**", host, true, true},
		{"x.example; <local> ;y.example", "intranet", true, true},
		{"x.example y.example", "y.example", true, true},
		{"https://y.example", "y.example", false, true},
		{"http://*.example", "y.example", true, false},
		{"y.example:443", "y.example", false, true},
		{"[2001:db8::1]", "2001:db8::1", true, true},
		{"[2001:db8::1]:80", "2001:db8::1", true, false},
		{"<-loopback>", "127.0.0.1", false, false},
		{"?.example;[a-z].example", "y.example", false, false},
	}
	for _, test := range tests {
		t.Run(test.bypass+" and "+test.host, func(t *testing.T) {
			choose, err := probe.WinHTTPProxy(winHTTPValue(0x28, winDirect|winProxy, "a:80", test.bypass))
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"http://a:80", "http://a:80"}
			if test.http {
				want[0] = "direct"
			}
			if test.https {
				want[1] = "direct"
			}
			if diff := cmp.Diff(want, choices(t, choose, test.host)); diff != "" {
				t.Errorf("proxies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWinHTTPSettings(t *testing.T) {
	direct, err := hex.DecodeString("1800000000000000010000000000000000000000") // from Microsoft's page
	if err != nil {
		t.Fatal(err)
	}
	const secret = "s3cret"
	tests := []struct {
		name  string
		value []byte
		proxy bool
		fails bool
	}{
		{name: "direct", value: direct},
		{name: "a proxy that is not used", value: winHTTPValue(0x28, winDirect, "a:80", "")},
		{name: "Windows looks for one by itself", value: winHTTPValue(0x28, winDirect|winDetect, "", "")},
		{name: "a proxy", value: winHTTPValue(0x28, winDirect|winProxy, "a:80", "<local>"), proxy: true},
		{name: "more behind", value: append(winHTTPValue(0x46, winDirect|winProxy, "a:80", "", "http://pac/x.pac"), make([]byte, 32)...), proxy: true},
		{name: "a script", value: winHTTPValue(0x46, winDirect|winScript, "", "", "http://pac/x.pac"), fails: true},
		{name: "a script and a proxy", value: winHTTPValue(0x46, winProxy|winScript, "a:80", "", "http://pac/x.pac"), fails: true},
		{name: "nothing", value: []byte{}, fails: true},
		{name: "no strings", value: direct[:12], fails: true},
		{name: "half a length", value: direct[:14], fails: true},
		{name: "one string", value: direct[:16], fails: true},
		{name: "a string that is too long", value: append(direct[:12:12], 0xff, 0xff, 0xff, 0xff), fails: true},
		{name: "a string that is a little too long", value: append(winHTTPValue(0x18, winProxy, "a:80"), 1, 0, 0, 0), fails: true},
		{name: "credentials", value: winHTTPValue(0x28, winProxy, "u:"+secret+"@a:80", ""), fails: true},
		{name: "a path", value: winHTTPValue(0x28, winProxy, "a:80/"+secret, ""), fails: true},
		{name: "no host", value: winHTTPValue(0x28, winProxy, "http=:80", ""), fails: true},
		{name: "no port that exists", value: winHTTPValue(0x28, winProxy, "a:99999", ""), fails: true},
		{name: "an invalid host", value: winHTTPValue(0x28, winProxy, "a_b\xff:80", ""), fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			choose, err := probe.WinHTTPProxy(test.value)
			if (err != nil) != test.fails {
				t.Fatalf("error %v, want one: %t", err, test.fails)
			}
			if err != nil {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error holds a secret: %v", err)
				}
				return
			}
			u, err := choose(httpTarget)
			if err != nil || (u != nil) != test.proxy {
				t.Errorf("proxy %v, %v, want one: %t", u, err, test.proxy)
			}
		})
	}
}

func FuzzWinHTTP(f *testing.F) {
	f.Add(winHTTPValue(0x18, winDirect, "", ""), host)
	f.Add(winHTTPValue(0x28, winProxy, "http=a:80;https=b:443", "<local>;*.contoso.com;http://*x*:80"), "www.contoso.com")
	f.Add(winHTTPValue(0x46, winScript, "", "", "http://pac/"), "::1")
	f.Add([]byte("\x18\x00\x00\x00"), "")
	f.Fuzz(func(t *testing.T, value []byte, name string) {
		choose, err := probe.WinHTTPProxy(value)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("the error quotes what it rejects: %q", err)
			}
			return
		}
		for _, protocol := range []probe.Protocol{probe.HTTP, probe.HTTPS} {
			u, err := choose(probe.Target{Protocol: protocol, Host: name, Port: 80})
			if err != nil {
				t.Fatal(err)
			}
			if u == nil {
				continue
			}
			again, err := url.Parse(u.String())
			if err != nil || again.Host != u.Host || u.Scheme != "http" || u.User != nil || u.Hostname() == "" {
				t.Errorf("the proxy is %v", u)
			}
		}
	})
}
