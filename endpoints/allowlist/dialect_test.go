package allowlist_test

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
)

// TestGolden writes a list with hosts of every kind in each format.
func TestGolden(t *testing.T) {
	l := newList(t, small(t), endpoints.Scope{
		Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso",
	})
	for name, d := range dialects() {
		t.Run(name, func(t *testing.T) {
			text, _ := written(t, d, l)
			golden(t, name, text)
		})
	}
}

// TestGaps checks what each format cannot express.
func TestGaps(t *testing.T) {
	l := newList(t, small(t), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"})
	common := []string{"$wpad no-name", "enroll.{domain} no-domain"}
	tests := map[string][]string{
		"hosts.txt":  common,
		"list.csv":   common,
		"squid.conf": {"$wpad no-name", "192.0.2.7 not-web", "enroll.{domain} no-domain", "mail.contoso.com not-web", "time.contoso.com not-web"},
		"proxy.pac":  {"$wpad no-name", "192.0.2.7 not-web", "enroll.{domain} no-domain", "mail.contoso.com not-web", "time.contoso.com not-web"},
		"edl.txt": {
			"$wpad no-name", "*.deep*.example no-wildcard", "192.0.2.7 no-address", "2001:db8::7 no-address", "enroll.{domain} no-domain",
			"in.*.example no-wildcard", "mail.contoso.com not-web", "payload*.blob.example no-wildcard", "time.contoso.com not-web",
		},
		"sets.nft": {
			"$wpad no-name", "*.b.cdn.example no-range", "*.cdn.example no-range", "*.deep*.example no-range", "*.files.example no-range",
			"192.0.2.7 no-port", "_ldap.contoso.com no-range", "a.cdn.example no-range", "cdn.example no-range", "contoso-my.other.example no-range",
			"contoso.files.example no-range", "enroll.{domain} no-domain", "in.*.example no-range", "legacy.contoso.com no-range", "login.contoso.com no-range",
			"mail.contoso.com no-range", "payload*.blob.example no-range", "shared.contoso.com no-range", "time.contoso.com no-range",
		},
	}
	for name, d := range dialects() {
		t.Run(name, func(t *testing.T) {
			text, gaps := written(t, d, l)
			var got []string
			for _, g := range gaps {
				got = append(got, g.Host.String()+" "+string(g.Reason))
				if name != "list.csv" && !strings.Contains(text, g.String()) {
					t.Errorf("the comments do not say %s", g)
				}
			}
			if diff := cmp.Diff(tests[name], got); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCovered checks what covers a host that a format cannot express.
func TestCovered(t *testing.T) {
	c, err := endpoints.Decode(strings.NewReader(`{
		"format": "netready-endpoints/1", "version": "1", "date": "2026-01-01", "sources": {"s": {"title": "x"}},
		"services": [{"service": "a", "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "s", "groups": [{"endpoints": [
			{"host": "*.x.example"}, {"host": "*.y.x.example"}, {"host": "in.*.x.example"}, {"host": "*y.x.example"}, {"host": "*x.example"}, {"host": "x*.example"}
		]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	_, gaps := written(t, allowlist.EDL, newList(t, c, endpoints.Scope{}))
	want := []string{
		"*x.example (a) on tcp/443 https: has a wildcard that this format does not support",
		"*y.x.example (a) on tcp/443 https: has a wildcard that this format does not support; *.x.example covers it",
		"in.*.x.example (a) on tcp/443 https: has a wildcard that this format does not support; *.x.example covers it",
		"x*.example (a) on tcp/443 https: has a wildcard that this format does not support",
	}
	if diff := cmp.Diff(want, lines(gaps)); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

func TestNoComments(t *testing.T) {
	for name, d := range map[string]dialect{"hosts": allowlist.Hosts, "edl": allowlist.EDL} {
		l := newList(t, nil, endpoints.Scope{Scenario: endpoints.ScenarioHybridJoin})
		with, gaps := written(t, d, l)
		l.NoComments = true
		without, again := written(t, d, l)
		if strings.Contains(without, "#") || !strings.HasSuffix(with, without) || without == "" {
			t.Errorf("%s: more than the comments is gone, or less", name)
		}
		if diff := cmp.Diff(lines(gaps), lines(again)); diff != "" {
			t.Errorf("%s: gaps with and without comments:\n%s", name, diff)
		}
	}
}

func TestPACProxies(t *testing.T) {
	l := newList(t, small(t), endpoints.Scope{})
	tests := []struct {
		name    string
		proxies []string
		want    string // the result for other hosts; empty for an error
	}{
		{"none", nil, `null`},
		{"a host and a port", []string{"Proxy.Contoso.com:3128"}, `"PROXY proxy.contoso.com:3128"`},
		{"URLs of every scheme", []string{"http://a.example:1/", "https://b.example:2", "socks4://c.example:3", "socks5://d.example:4"}, `"PROXY a.example:1; HTTPS b.example:2; SOCKS c.example:3; SOCKS5 d.example:4; SOCKS d.example:4"`},
		{"addresses", []string{"192.0.2.1:3128", "[2001:db8::1]:3128"}, `"PROXY 192.0.2.1:3128; PROXY [2001:db8::1]:3128"`},
		{"no port", []string{"proxy.contoso.com"}, ""},
		{"port 0", []string{"proxy.contoso.com:0"}, ""},
		{"a port out of range", []string{"proxy.contoso.com:65536"}, ""},
		{"another scheme", []string{"ftp://proxy.contoso.com:21"}, ""},
		{"a path", []string{"http://proxy.contoso.com:3128/proxy.pac"}, ""},
		{"a query", []string{"http://proxy.contoso.com:3128?x"}, ""},
		{"credentials", []string{"http://user:secret@proxy.contoso.com:3128"}, ""},
		{"JavaScript", []string{`x"; } alert(1); {":3128`}, ""},
		{"a line", []string{"a.example:3128\nb.example:3128"}, ""},
		{"two proxies in one", []string{"a.example:1; PROXY b.example:2"}, ""},
		{"nothing", []string{""}, ""},
		{"a good one and a bad one", []string{"a.example:1", "b.example"}, ""},
		{"a pattern", []string{"*.example:1"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			_, err := allowlist.PAC(&b, l, tt.proxies...)
			if tt.want == "" {
				if bad, ok := errors.AsType[*endpoints.Error](err); !ok || bad.Code != endpoints.BadValue || b.Len() > 0 || strings.Contains(err.Error(), "secret") {
					t.Errorf("error %v, and %d bytes written", err, b.Len())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := `? "DIRECT" : ` + tt.want + ";\n}\n"; !strings.HasSuffix(b.String(), want) {
				t.Errorf("ends in %q, want %q", b.String()[max(0, b.Len()-120):], want)
			}
		})
	}
}

// TestEmpty writes empty lists.
func TestEmpty(t *testing.T) {
	for name, d := range dialects() {
		text, gaps := written(t, d, &allowlist.List{})
		if text == "" || gaps != nil {
			t.Errorf("%s: %q, gaps %v", name, text, gaps)
		}
	}
}

// TestCSVReads reads the table back.
func TestCSVReads(t *testing.T) {
	for _, s := range scopes() {
		text, _ := written(t, allowlist.CSV, newList(t, nil, s))
		if strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || !strings.HasSuffix(text, "\r\n") {
			t.Errorf("%s: a row does not end in CRLF", s)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if row[0] == "" || row[1] == "" || row[2] == "" || (row[9] == "") == (row[6] == "") {
				t.Errorf("%s: row %q", s, row)
			}
		}
	}
}

// A badWriter always fails.
type badWriter struct{}

var errFull = errors.New("full")

func (badWriter) Write([]byte) (int, error) { return 0, errFull }

func TestWriteFails(t *testing.T) {
	l := newList(t, small(t), endpoints.Scope{})
	for name, d := range dialects() {
		if _, err := d(io.Writer(badWriter{}), l); !errors.Is(err, errFull) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
