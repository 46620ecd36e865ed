package render_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// checkForms checks that no text of a report is more than text in any form.
func checkForms(t *testing.T, r *readiness.Report) {
	t.Helper()
	checkLine(t, written(t, form{write: render.Line}, r))
	checkMarkdown(t, written(t, form{write: render.Markdown}, r))
	checkJUnit(t, written(t, form{write: render.JUnit}, r))
	checkMetrics(t, written(t, form{write: render.OpenMetrics}, r))
	checkHTML(t, written(t, form{write: render.HTML}, r))
}

func checkLine(t *testing.T, text string) {
	t.Helper()
	line, found := strings.CutSuffix(text, "\n")
	if !found || len(text) > 2048 {
		t.Errorf("a line of %d bytes: %q", len(text), text)
	}
	checkShown(t, "line", line)
	if !json.Valid([]byte(line)) {
		t.Errorf("not JSON: %s", line)
	}
}

// own is what begins a line of Markdown and is no text.
var own = regexp.MustCompile(`^(## (READY|DEGRADED|BLOCKED|UNPROVEN): |### (\d+\. )?|- (\*\*[A-Z][a-z ]+:\*\* )?|\*\*[A-Z][a-z ]+:\*\* ?|    )?`)

// plainMarkdown matches text in which nothing means anything.
var plainMarkdown = regexp.MustCompile("^[^][<>*_&#@|~`\\\\$={}^+]*$")

var (
	bar   = regexp.MustCompile(`[^\\]\|`)
	begun = regexp.MustCompile(`^\s*([-#]|\d+[.)]) `) // a list or a heading
)

func checkMarkdown(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		checkShown(t, "in Markdown,", line)
		start := own.FindString(line)
		rest := line[len(start):]
		if start == "    " {
			continue
		}
		cells := []string{rest}
		if strings.HasPrefix(rest, "| ") {
			cells = bar.Split(rest[1:], -1)
		}
		for _, c := range cells {
			if out := withoutCode(c); !plainMarkdown.MatchString(out) || strings.Contains(out, "://") || begun.MatchString(out) {
				t.Errorf("in Markdown, %q of %q may be more than text", out, line)
			}
		}
	}
}

// withoutCode removes code spans, as CommonMark delimits them.
func withoutCode(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "`")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		run := 1
		for strings.HasPrefix(rest, "`") {
			rest = rest[1:]
			run++
		}
		end := regexp.MustCompile("(?:^|[^`])`{" + string(rune('0'+min(run, 9))) + "}(?:[^`]|$)").FindStringIndex(rest)
		if run > 9 || end == nil {
			return out.String() + "`" // never closed, or too long to tell
		}
		at := strings.Index(rest[end[0]:], "`") + end[0]
		s = rest[at+run:]
	}
}

func checkJUnit(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			for _, a := range token.Attr {
				checkShown(t, "in JUnit,", a.Value)
			}
		case xml.CharData:
			for line := range strings.Lines(string(token)) {
				checkShown(t, "in JUnit,", strings.TrimSuffix(line, "\n"))
			}
		}
	}
}

// metric matches every line of a report's metrics.
var metric = regexp.MustCompile(`^(# (TYPE|UNIT|HELP) netready_[a-z_]+ .+|netready_[a-z_]+(\{([a-z_]+="([^"\\]|\\["\\n])*",?)*\})? -?[0-9.]+|# EOF)$`)

func checkMetrics(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		checkShown(t, "metric", line)
		if !metric.MatchString(line) {
			t.Errorf("no metric: %q", line)
		}
	}
	if !strings.HasSuffix(text, "\n# EOF\n") || strings.Count(text, "\n# EOF\n") != 1 {
		t.Error("the metrics do not end with # EOF, or do so twice")
	}
}

// Whatever a report holds, its line has at most 2,048 bytes, and says how much
// it omits.
func TestLineIsShort(t *testing.T) {
	long := strings.Repeat(`"\`, 200)
	for _, n := range []int{0, 1, 8, 20, 200, 5000} {
		r := &readiness.Report{Verdict: readiness.Blocked, Policy: long, Catalog: long}
		for range n {
			r.Causes = append(r.Causes, readiness.Cause{Code: "host.unreachable", Impact: readiness.Fatal, Names: []string{long, long, long, long}})
		}
		text := written(t, form{write: render.Line}, r)
		checkLine(t, text)
		var doc struct {
			Causes     []struct{ Names []string }
			MoreCauses int `json:"more_causes"`
		}
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Causes)+doc.MoreCauses != n || n > 0 && len(doc.Causes) == 0 || n == 1 && len(doc.Causes[0].Names) != 3 {
			t.Errorf("%d causes: %d and %d more in %s", n, len(doc.Causes), doc.MoreCauses, text)
		}
	}
}

// TestMarkdownEscapes: words that ticket systems or Markdown would change are
// code; others stay as they are.
func TestMarkdownEscapes(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a sentence", "TCP port 443 is blocked: nothing answered, or so.", "TCP port 443 is blocked: nothing answered, or so."},
		{"a host", "login.live.com cannot be reached (tcp.timeout)", "`login.live.com` cannot be reached (`tcp.timeout`)"},
		{"a link", "see [here](http://evil.example) now", "see `[here](http://evil.example`) now"},
		{"an image", "![x](//evil.example/x.png)", "`![x](//evil.example/x.png`)"},
		{"mentions", "ask @admin about #12 and GH-1", "ask `@admin` about `#12` and GH-1"},
		{"emphasis", "*a* _b_ **c** ~~d~~", "`*a*` `_b_` `**c**` `~~d~~`"},
		{"markup", "<script>alert(1)</script> &amp;", "`<script>alert(1)</script>` `&amp`;"},
		{"code", "a `b` ``c", "a `` `b` `` ``` ``c ```"},
		{"a list", "1. first", "`1.` first"},
		{"a rule", "--- - +", "`---` `-` `+`"},
		{"a bar", "a|b", "`a|b`"},
		{"only punctuation", `( ? "`, "`(` `?` `\"`"},
		{"other scripts", "Müller 東京", "Müller 東京"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &readiness.Report{Causes: []readiness.Cause{{Title: "t", Code: "c", Evidence: []string{tt.text}}}}
			text := written(t, form{write: render.Markdown}, r)
			checkMarkdown(t, text)
			if want := "\n- " + tt.want + "\n"; !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		})
	}
}

// A ready network has no failed test, a blocked one has, and what was not
// measured is not passed over.
func TestJUnitFails(t *testing.T) {
	for _, tt := range []struct {
		name             string
		report           *readiness.Report
		failures, errors int
	}{
		{"nothing", nil, 0, 1},
		{"ready", &readiness.Report{Verdict: readiness.Ready}, 0, 0},
		{"degraded", &readiness.Report{Verdict: readiness.Degraded}, 0, 0},
		{"blocked", &readiness.Report{Verdict: readiness.Blocked}, 1, 0},
		{"unproven", &readiness.Report{}, 0, 1},
		{"an informational failure", &readiness.Report{Verdict: readiness.Ready, Findings: []readiness.Finding{
			{Service: "a", Outcome: readiness.Failed, Code: probe.TCPTimeout, Ruling: readiness.Ruling{Impact: readiness.Informational}},
		}}, 0, 0},
		{"a degrading failure", &readiness.Report{Verdict: readiness.Degraded, Findings: []readiness.Finding{
			{Service: "a", Outcome: readiness.Failed, Code: probe.TCPTimeout, Ruling: readiness.Ruling{Impact: readiness.Degrading}},
			{Service: "a", Outcome: readiness.NotRun, Code: probe.Canceled},
		}}, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var doc struct {
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
			}
			if err := xml.Unmarshal([]byte(written(t, form{write: render.JUnit}, tt.report)), &doc); err != nil {
				t.Fatal(err)
			}
			if doc.Failures != tt.failures || doc.Errors != tt.errors {
				t.Errorf("%d failures and %d errors, want %d and %d", doc.Failures, doc.Errors, tt.failures, tt.errors)
			}
		})
	}
}

// Another program agrees that the golden files are JUnit, by the schema of
// Jenkins.
func TestJUnitSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("NETREADY_INTEGRATION") == "require" {
			t.Fatal(err)
		}
		t.Skip("xmllint is not installed")
	}
	files, err := filepath.Glob("testdata/*.junit.xml")
	if err != nil || len(files) != len(networks()) {
		t.Fatalf("%d files, %v", len(files), err)
	}
	args := append([]string{"--noout", "--nonet", "--schema", "testdata/junit-10.xsd"}, files...)
	if out, err := exec.CommandContext(t.Context(), xmllint, args...).CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}
