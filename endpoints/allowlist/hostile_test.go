package allowlist_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/allowlist"
	"github.com/netready/netready/internal/plain"
)

// hostileCatalog returns a catalog with these texts, or nil if they are
// invalid.
func hostileCatalog(version, title, ref, date string) *endpoints.Catalog {
	quote := func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			return `""`
		}
		return string(b)
	}
	c, err := endpoints.Decode(strings.NewReader(fmt.Sprintf(`{
		"format": "netready-endpoints/1", "version": %s, "date": "2026-01-01",
		"notes": [%s],
		"sources": {"s": {"title": %s, "ref": %s, "date": %s}},
		"services": [{"service": "a", "title": %s, "scenarios": ["autopilot"], "clouds": ["worldwide"], "ports": ["tcp/443 https"], "source": "s", "groups": [{
			"consequence": %s, "endpoints": [{"host": "*.x.example"}, {"host": "y.example", "traits": ["no-tls-inspection"]}, {"host": "z*.example"}, {"host": "192.0.2.1"}]}]}]}`,
		quote(version), quote(title), quote(title), quote(ref), quote(date), quote(title), quote(title))))
	if err != nil {
		return nil
	}
	return c
}

// shapes are the valid lines of each format, apart from comments.
var shapes = map[string]*regexp.Regexp{
	"hosts.txt":  regexp.MustCompile(`^[a-z0-9*.]+$`),
	"edl.txt":    regexp.MustCompile(`^[a-z0-9*.]+$`),
	"squid.conf": regexp.MustCompile(`^acl netready(_no_inspection)?(_domains dstdomain -n [a-z0-9.]+|_expressions dstdom_regex -n -i \^[][a-z0-9.*\\^]+\$|_addresses dst -n [0-9.]+| any-of [a-z_ ]+)$`),
	"sets.nft":   regexp.MustCompile(`^(|table inet netready \{|\tset [a-z0-9_]+ \{|\t\ttype ipv[46]_addr \. inet_proto \. inet_service|\t\tflags interval|\t?\}|flush set inet netready a_v[46]|add element inet netready a_v4 \{|\t192\.0\.2\.1/32 \. tcp \. 443)$`),
}

// checkHostile fails if a catalog text escaped from its place.
func checkHostile(t *testing.T, c *endpoints.Catalog) {
	t.Helper()
	l := newList(t, c, endpoints.Scope{})
	tame := newList(t, hostileCatalog("1", "x", "x", "x"), endpoints.Scope{})
	for name, d := range dialects() {
		text, _ := written(t, d, l)
		want, _ := written(t, d, tame)
		if name == "list.csv" {
			checkCells(t, text)
			continue
		}
		if got := bare(name, text); got != bare(name, want) {
			t.Errorf("%s: outside of comments there is %q", name, got)
		}
		for line := range strings.Lines(bare(name, text)) {
			if shape := shapes[name]; shape != nil && !shape.MatchString(strings.TrimSuffix(line, "\n")) {
				t.Errorf("%s: line %q", name, line)
			}
		}
		for _, r := range text {
			if r != '\n' && r != '\t' && (r < ' ' || r > '~') {
				t.Errorf("%s: the character %q", name, r)
			}
		}
	}
}

// bare returns a list without its comment lines.
func bare(name, text string) string {
	mark := "#"
	if name == "proxy.pac" {
		mark = "//"
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, mark) && strings.HasSuffix(line, "\\\n") {
			b.WriteString("a comment that goes on")
		}
		if !strings.HasPrefix(line, mark) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// checkCells fails if a spreadsheet would find a formula or different rows.
func checkCells(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v: %q", len(rows), err, text)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n=+-@", []rune(cell)[0]) || strings.ContainsAny(cell, ";\r\n\t") {
				t.Errorf("cell %q", cell)
			}
		}
	}
	if n := strings.Count(text, "\n"); n != 5 {
		t.Errorf("%d lines: %q", n, text)
	}
}

var hostileTexts = []string{
	"1\nhttp_access allow all",
	"1\r\nevil.example",
	"1 \\",
	"1\u2028alert(1)//",
	"1\u2029alert(1)//",
	"1\u0085x", "1\x00x", "1\x7fx", "1\u202ex",
	"*/ alert(1) /*",
	"</script>", "<!--", "-->",
	`"; } function FindProxyForURL() { return "PROXY evil.example:1"; } "`,
	"=HYPERLINK(\"http://evil.example\")", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\t=1", " =1", ";=1", "x;=1", "=1", "\ufeff=1", "\u00a0=1", "\u200b=1",
	"'", `"`, `","`, "\x1b[31m",
	"}\nflush ruleset\n",
	"$(reboot)", "${include}", "# x", "include /etc/passwd",
}

// TestHostile: text that a catalog accepts never becomes syntax of a format.
func TestHostile(t *testing.T) {
	for _, text := range hostileTexts {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			switch c := hostileCatalog(text, text, text, text); {
			case c != nil:
				checkHostile(t, c)
			case plain.Line(text) == text:
				t.Error("refused, although it stays in its line")
			}
		})
	}
}

func FuzzHostile(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text, text, text, text)
	}
	f.Fuzz(func(t *testing.T, version, title, ref, date string) {
		if c := hostileCatalog(version, title, ref, date); c != nil {
			checkHostile(t, c)
		}
	})
}

// FuzzExpression compares the list's regular expressions with what a host
// covers.
func FuzzExpression(f *testing.F) {
	for _, s := range [][2]string{
		{"payload*.blob.example", "payload1.blob.example"},
		{"payload*.blob.example", "payload.evil.blob.example"},
		{"in.*.example", "in.a.example"},
		{"in.*.example", "in.a.b.example"},
		{"*.deep*.example", "a.b.deeper.example"},
		{"a*b*c.example", "abbc.example"},
		{"*x.example", "x.example"},
		{"**.example", "a.example"},
		{"*.*.example", "a.example"},
		{"_a*.example", "_a.example"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		h, err := endpoints.ParseHost(pattern)
		if err != nil || h.Kind() != endpoints.Glob {
			t.Skip()
		}
		n, err := endpoints.ParseHost(name)
		if err != nil || n.Kind() != endpoints.Exact {
			t.Skip()
		}
		c, err := (&endpoints.Catalog{}).With(endpoints.Endpoint{
			Service: "a", Host: h, Ports: []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
			Scenarios: []endpoints.Scenario{endpoints.ScenarioAutopilot}, Clouds: []endpoints.Cloud{endpoints.CloudWorldwide},
			Source: endpoints.Source{Title: "x"},
		})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := written(t, allowlist.Squid, newList(t, c, endpoints.Scope{}))
		_, expression, _ := strings.Cut(text, "dstdom_regex -n -i ")
		expression, _, _ = strings.Cut(expression, "\n")
		if got := regexp.MustCompile(expression).MatchString(n.String()); got != h.Match(name) {
			t.Errorf("%s matches %q: %v, want %v", expression, name, got, !got)
		}
	})
}
