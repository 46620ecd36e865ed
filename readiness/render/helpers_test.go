package render_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
	"github.com/netready/netready/readiness/render"
)

// judge judges observations under the default policy.
func judge(t *testing.T, p *readiness.Plan, obs []probe.Observation) *readiness.Report {
	t.Helper()
	r, err := readiness.Runner{Device: device.Facts{}.Check}.Judge(p, obs)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// text returns a report as text.
func text(t *testing.T, r *readiness.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Text(&b, r, render.TextOptions{Untested: true}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// checkShown checks that a text is one line of visible characters.
func checkShown(t *testing.T, what, s string) {
	t.Helper()
	if at := strings.IndexFunc(s, hides); at >= 0 {
		t.Errorf("%s %q has %q", what, s, s[at:])
	}
}

// hides reports whether a character is not displayed as itself.
func hides(r rune) bool {
	return !unicode.IsPrint(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// begins matches the lines that are not indented, in order. Each occurs at most
// once, except notes and causes.
var begins = regexp.MustCompile(`\A` +
	`(READY: everything that provisioning needs was reached(\.|; \d+ documented names? did\s(?:not)\sanswer, and no record shows that (they answer|it answers) on any network\.)` +
	`|DEGRADED: provisioning will finish, but not everything will work\.` +
	`|BLOCKED: provisioning cannot finish on this network\.` +
	`|UNPROVEN: not everything that provisioning needs was measured\.` +
	`|UNPROVEN: the run was cut off before every check was completed\.)\n` +
	`(Stops at: .*\n)?(Unproven: .*\n)?(Causes:   .*\n)?(Missing:  .*\n)?Checks:   .*\n(Traffic:  .*\n)?(Unknown:  .*\n)?(Scope:    .*\n)(Devices:  .*\n)?(Catalog:  .*\n)?(Note:     .*\n)*` +
	`(\d+\. .*\n)*(SERVICES\n)?(DEVICES\n)?(Not tested: \d+ endpoints? that no request can test\. Allow (it|them) by name\.\n)?` +
	`(READY|DEGRADED|BLOCKED|UNPROVEN)(: stops at .*|; \d+ documented names? did not answer)?\..*\n\z`)

// checkText checks that only the renderer's own words begin a line.
func checkText(t *testing.T, r *readiness.Report) {
	t.Helper()
	var outline strings.Builder
	causes := 0
	for line := range strings.Lines(text(t, r)) {
		checkShown(t, "line", strings.TrimSuffix(line, "\n"))
		if n := utf8.RuneCountInString(line) - 1; n > 80 {
			t.Errorf("%d characters in line %q", n, line)
		}
		if line != "\n" && !strings.HasPrefix(line, "  ") {
			outline.WriteString(line)
		}
		if line[0] >= '0' && line[0] <= '9' {
			causes++
		}
	}
	if s := outline.String(); !begins.MatchString(s) || causes != len(r.Causes) {
		t.Errorf("these lines begin at the left, with %d causes:\n%s", len(r.Causes), s)
	}
}

// checkDocument checks every text in a report's JSON.
func checkDocument(t *testing.T, r *readiness.Report) {
	t.Helper()
	var b bytes.Buffer
	if err := render.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(string); ok {
			checkShown(t, "in JSON,", s)
		}
	}
}

// checkReport checks every rendering of a report.
func checkReport(t *testing.T, r *readiness.Report) {
	t.Helper()
	checkText(t, r)
	checkDocument(t, r)
	if err := r.Err(); err != nil {
		checkShown(t, "error", err.Error())
	}
	for _, c := range r.Causes {
		checkShown(t, "title", c.Title)
		checkShown(t, "remedy", c.Remedy)
		for _, e := range c.Evidence {
			checkShown(t, "evidence", e)
		}
	}
	for _, o := range r.Observations {
		if o.Error != nil {
			checkShown(t, "error of an observation", o.Error.Error())
		}
		for _, s := range o.Steps {
			checkShown(t, "step", s.Addr)
			if s.Error != nil {
				checkShown(t, "error of a step", s.Error.Error())
			}
		}
	}
}
