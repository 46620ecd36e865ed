package probe_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	pac     = `function FindProxyForURL(url, host) { return "PROXY gate.contoso.com:8080; PROXY 192.0.2.99:80; DIRECT"; }`
	pacType = "application/x-ns-proxy-autoconfig"
)

func TestWPADNames(t *testing.T) {
	tests := []struct {
		domain string
		want   []string
	}{
		{"contoso.com", []string{"wpad.contoso.com"}},
		{"dept.branch.contoso.com", []string{"wpad.dept.branch.contoso.com", "wpad.branch.contoso.com", "wpad.contoso.com"}},
		{"emea.contoso.co.uk", []string{"wpad.emea.contoso.co.uk", "wpad.contoso.co.uk"}},
		{"corp.contoso.local", []string{"wpad.corp.contoso.local", "wpad.contoso.local"}},
		{"lan", []string{"wpad.lan"}},
		{"co.uk", []string{"wpad.co.uk"}}, // a machine in this domain asks there
		{"a.b.c.d.e.f.g.h.i.contoso.com", []string{
			"wpad.a.b.c.d.e.f.g.h.i.contoso.com", "wpad.b.c.d.e.f.g.h.i.contoso.com", "wpad.c.d.e.f.g.h.i.contoso.com", "wpad.d.e.f.g.h.i.contoso.com",
			"wpad.e.f.g.h.i.contoso.com", "wpad.f.g.h.i.contoso.com", "wpad.g.h.i.contoso.com", "wpad.h.i.contoso.com",
		}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, probe.WPADNames(test.domain)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.domain, diff)
		}
	}
}

func TestMentions(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"some", pac, []string{"gate.contoso.com:8080", "192.0.2.99:80"}},
		{"the same again", `"PROXY a.example:1" "PROXY A.example:1" 'PROXY a.example:01'`, []string{"a.example:1"}},
		{"all kinds", `"PROXY a:1;HTTP b:2;HTTPS c:3;SOCKS d:4;SOCKS4 e:5;SOCKS5 f:6"`, []string{"a:1", "b:2", "c:3", "d:4", "e:5", "f:6"}},
		{"IPv6", `"PROXY [2001:db8::1]:80"`, []string{"[2001:db8::1]:80"}},
		{"lower case", `"proxy a:1"`, []string{"a:1"}},
		{"in a comment", "// PROXY old.example:1\n", []string{"old.example:1"}},
		{"put together", `"PROXY " + host + ":80"`, nil},
		{"a name of which it is a part", `MYPROXY a:1 PROXY_ b:2`, nil},
		{"no word before", "a:1", nil},
		{"no port", `"PROXY a"`, nil},
		{"no port that exists", `"PROXY a:0; PROXY b:99999; PROXY c:x"`, nil},
		{"no host", `"PROXY :80; PROXY -:; PROXY []:80"`, nil},
		{"a URL", `"PROXY http://a:80"`, nil},
		{"too many", `PROXY a:1 PROXY a:2 PROXY a:3 PROXY a:4 PROXY a:5 PROXY a:6 PROXY a:7 PROXY a:8 PROXY a:9`, []string{"a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7", "a:8"}},
		{"none", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, probe.Mentions(test.script)); diff != "" {
				t.Errorf("proxies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWPAD(t *testing.T) {
	sum := sha256.Sum256([]byte(pac))
	hash := hex.EncodeToString(sum[:])
	sum = sha256.Sum256([]byte(strings.Repeat(" ", 1<<20)))
	blank := hex.EncodeToString(sum[:])
	absent := func(names ...string) (list []probe.WPADName) {
		for _, n := range names {
			list = append(list, probe.WPADName{Name: n, Code: probe.DNSNXDomain})
		}
		return list
	}
	at := func(f probetest.Fault) probetest.Fault { return probetest.At{Host: "wpad.contoso.com", Fault: f} }
	tcp := func(f probetest.Fault) probetest.Fault {
		return probetest.At{Host: "wpad.contoso.com", Network: "tcp", Fault: f}
	}
	found := probetest.WPAD{Script: pac}
	here := probe.WPADName{Name: "wpad.contoso.com"}
	const fileURL = "http://wpad.contoso.com/wpad.dat"
	tests := []struct {
		name   string
		faults []probetest.Fault
		want   probe.WPADFacts // without the addresses of names
		code   probe.Code
		op     string
	}{
		{
			name: "a network without a proxy",
			want: probe.WPADFacts{Names: absent("wpad.corp.contoso.com", "wpad.contoso.com")},
		},
		{
			name: "in the domain", faults: fault(probetest.WPAD{Domain: "corp.contoso.com", Script: pac}, found),
			want: probe.WPADFacts{
				Names: []probe.WPADName{{Name: "wpad.corp.contoso.com"}}, URL: "http://wpad.corp.contoso.com/wpad.dat", Status: 200, ContentType: pacType,
				Size: len(pac), SHA256: hash, Script: true, Mentions: []string{"gate.contoso.com:8080", "192.0.2.99:80"},
			},
		},
		{
			name: "in the domain above", faults: fault(found),
			want: probe.WPADFacts{
				Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 200, ContentType: pacType,
				Size: len(pac), SHA256: hash, Script: true, Mentions: []string{"gate.contoso.com:8080", "192.0.2.99:80"},
			},
		},
		{
			name: "blocked by the resolver", faults: fault(found, at(probetest.Sinkhole)),
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), probe.WPADName{Name: "wpad.contoso.com", Code: probe.DNSSinkhole})},
		},
		{
			name: "blocked by the resolver, which says so", faults: fault(found, at(probetest.NXDomain), at(probetest.DNSAnswer{Extended: 15})),
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), probe.WPADName{Name: "wpad.contoso.com", Code: probe.DNSBlocked})},
		},
		{
			name: "a resolver that does not say", faults: fault(probetest.ServFail), code: probe.DNSServFail, op: probe.OpResolve,
			want: probe.WPADFacts{Names: []probe.WPADName{{Name: "wpad.corp.contoso.com", Code: probe.DNSServFail}, {Name: "wpad.contoso.com", Code: probe.DNSServFail}}},
		},
		{
			name: "a resolver that does not say for one", faults: fault(found, probetest.At{Host: "wpad.corp.contoso.com", Fault: probetest.Refused}),
			want: probe.WPADFacts{
				Names: []probe.WPADName{{Name: "wpad.corp.contoso.com", Code: probe.DNSRefused}, here}, URL: fileURL, Status: 200, ContentType: pacType,
				Size: len(pac), SHA256: hash, Script: true, Mentions: []string{"gate.contoso.com:8080", "192.0.2.99:80"},
			},
		},
		{
			name: "a silent resolver", faults: fault(probetest.Unanswered), code: probe.DNSTimeout, op: probe.OpResolve,
			want: probe.WPADFacts{Names: []probe.WPADName{{Name: "wpad.corp.contoso.com", Code: probe.DNSTimeout}}},
		},
		{
			name: "a host that refuses", faults: fault(found, tcp(probetest.Refuse)), code: probe.TCPRefused, op: probe.OpConnect,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Code: probe.TCPRefused},
		},
		{
			name: "a host that is silent", faults: fault(found, tcp(probetest.Silence)), code: probe.HTTPTimeout, op: probe.OpRequest,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Code: probe.HTTPTimeout},
		},
		{
			name: "a host without the file", faults: fault(at(probetest.Page{Status: 404}), found), code: probe.HTTPStatus, op: probe.OpRequest,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 404, Code: probe.HTTPStatus},
		},
		{
			name: "a host that sends elsewhere", faults: fault(found, probetest.Portal{}), code: "", op: "",
			want: probe.WPADFacts{
				Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 200, ContentType: pacType,
				Size: len(pac), SHA256: hash, Script: true, Mentions: []string{"gate.contoso.com:8080", "192.0.2.99:80"},
			},
		},
		{
			name: "a portal", faults: fault(probetest.Portal{}, found), code: probe.HTTPStatus, op: probe.OpRequest,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 302, ContentType: "text/html; charset=utf-8", Code: probe.HTTPStatus},
		},
		{
			name: "a filter", faults: fault(probetest.BlockPage{}, found), code: probe.HTTPBlockPage, op: probe.OpRequest,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 403, ContentType: "text/html;charset=utf-8", Code: probe.HTTPBlockPage},
		},
		{
			name: "something else", faults: fault(at(probetest.Page{Header: http.Header{"Content-Type": {"text/plain"}}, Body: "hello"}), found),
			want: probe.WPADFacts{
				Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 200, ContentType: "text/plain",
				Size: 5, SHA256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
			},
		},
		{
			name: "half a file", faults: fault(found, tcp(probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Close})), code: probe.HTTPTruncated, op: probe.OpBody,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 200, ContentType: "text/plain", Code: probe.HTTPTruncated},
		},
		{
			name: "a file as large as can be", faults: fault(at(probetest.Page{Body: strings.Repeat(" ", 1<<20)}), found),
			want: probe.WPADFacts{
				Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 200, ContentType: "text/plain; charset=utf-8",
				Size: 1 << 20, SHA256: blank,
			},
		},
		{
			name: "a file that is larger", faults: fault(at(probetest.Page{Body: strings.Repeat(" ", 1<<20+1)}), found), code: probe.HTTPTooLarge, op: probe.OpBody,
			want: probe.WPADFacts{Names: append(absent("wpad.corp.contoso.com"), here), URL: fileURL, Status: 200, ContentType: "text/plain; charset=utf-8", Code: probe.HTTPTooLarge},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"corp.contoso.com"}, Faults: test.faults}
				n := i.Network()
				n.Proxy = func(probe.Target) (*url.URL, error) { return i.ProxyURL(), nil }
				o := wpad(n).Probe(t.Context(), wpadTarget)
				var op string
				if o.Error != nil {
					op = o.Error.Op
				}
				if o.Code() != test.code || op != test.op || o.OK() != (test.code == "") {
					t.Errorf("error %v, want %q of %q", o.Error, test.code, test.op)
				}
				for n, name := range o.WPAD.Names {
					if (name.Code == "") == (len(name.Addresses) == 0) {
						t.Errorf("%s: code %q and addresses %v", name.Name, name.Code, name.Addresses)
					}
					o.WPAD.Names[n].Addresses = nil
				}
				if diff := cmp.Diff(&test.want, o.WPAD); diff != "" {
					t.Errorf("facts (-want +got):\n%s", diff)
				}
				if o.DNS == nil || o.Proxy != nil || o.Target != wpadTarget {
					t.Errorf("DNS %v, proxy %v, target %v", o.DNS, o.Proxy, o.Target)
				}
				checkSteps(t, o)
			})
		})
	}
}

// Each name is looked up once, and one request is sent.
func TestWPADIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"corp.contoso.com"}, Faults: fault(probetest.WPAD{})}
		wpad(i.Network()).Probe(t.Context(), wpadTarget)
		count := make(map[string]int)
		for _, e := range i.Log() {
			count[strings.TrimSpace(string(e.Kind)+" "+e.Host+" "+e.Detail)]++
		}
		want := map[string]int{
			"query wpad.corp.contoso.com A": 1, "query wpad.corp.contoso.com AAAA": 1, "query wpad.contoso.com A": 1, "query wpad.contoso.com AAAA": 1,
			"connect wpad.contoso.com": 1, "request wpad.contoso.com GET /wpad.dat": 1,
		}
		if diff := cmp.Diff(want, count); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	})
}

// An address on this machine or link is not contacted.
func TestWPADStaysAway(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "169.254.169.254", "::1", "0.0.0.0"} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Addresses: map[string][]netip.Addr{"wpad.contoso.com": {netip.MustParseAddr(addr)}}}
			o := wpad(i.Network()).Probe(t.Context(), wpadTarget)
			if !o.OK() || o.WPAD.URL != "" {
				t.Errorf("%s: %v, %+v", addr, o.Error, o.WPAD)
			}
			for _, e := range i.Log() {
				if e.Kind == probetest.EventConnect {
					t.Errorf("connected to %s", e.Addr)
				}
			}
		})
	}
}

func TestWPADOfWhatIsNoDomain(t *testing.T) {
	for _, name := range []string{"", "192.0.2.1", "*.contoso.com", "a b", strings.Repeat("a", 64) + ".com", strings.Repeat("a.", 125) + "com"} {
		i := &probetest.Internet{}
		o := wpad(i.Network()).Probe(t.Context(), probe.Target{Host: name})
		if o.Code() != probe.NotTestable || o.Attempts != 0 || len(i.Log()) > 0 {
			t.Errorf("%q: %v after %d attempts, sent %v", name, o.Error, o.Attempts, i.Log())
		}
	}
}

// Another port and path serve networks without Windows.
func TestWPADElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"wpad.contoso.com"}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(r.URL.Path + " FindProxyForURL"))
		})}
		target := wpadTarget
		target.Path = "/proxy.pac"
		o := wpad(i.Network()).Probe(t.Context(), target)
		if !o.OK() || o.WPAD.URL != "http://wpad.contoso.com/proxy.pac" || o.HTTP.Body != "/proxy.pac FindProxyForURL" {
			t.Errorf("error %v, facts %+v", o.Error, o.WPAD)
		}
	})
}

func TestWPADConforms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := probetest.TestProber(builtin, wpadTarget, nil); err != nil {
			t.Error(err)
		}
	})
}

func FuzzWPAD(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Type: " + pacType + "\r\n\r\n" + pac)
	f.Add("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nPROX\r\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, answer string) {
		n := webScripted([]byte(answer))
		n.HostsFile = map[string][]netip.Addr{}
		for _, proxy := range probe.Mentions(answer) {
			if u, err := url.Parse("http://" + proxy); err != nil || u.Port() == "" || u.Hostname() == "" || u.User != nil {
				t.Errorf("mentioned %q", proxy)
			}
		}
		o := probe.FetchWPAD(t.Context(), n, "203.0.113.8")
		checkFacts(t, o)
		if o.OK() != (o.WPAD.SHA256 != "") || o.OK() && o.WPAD.Status != 200 || o.Code() != o.WPAD.Code {
			t.Errorf("error %v, facts %+v", o.Error, o.WPAD)
		}
	})
}
