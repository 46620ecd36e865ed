package render_test

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

func differences(t *testing.T, before, after *readiness.Report) (text, doc string) {
	t.Helper()
	var b, d bytes.Buffer
	if err := render.Diff(&b, before, after); err != nil {
		t.Fatal(err)
	}
	if err := render.DiffJSON(&d, before, after); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(d.Bytes()) {
		t.Errorf("not JSON: %s", d.String())
	}
	return b.String(), d.String()
}

// TestDiff keeps what changed between the three reports, in both directions.
func TestDiff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reports := make(map[string]*readiness.Report)
		for _, n := range networks() {
			reports[n.name] = n.report(t)
		}
		for _, pair := range []struct{ before, after string }{{"ready", "blocked"}, {"blocked", "ready"}, {"degraded", "blocked"}} {
			text, doc := differences(t, reports[pair.before], reports[pair.after])
			golden(t, "diff-"+pair.before+"-"+pair.after+".txt", text)
			golden(t, "diff-"+pair.before+"-"+pair.after+".json", doc)
		}
		for name, r := range reports {
			text, _ := differences(t, r, r)
			if want := strings.ToUpper(name) + ", as before. Nothing changed.\n"; text != want {
				t.Errorf("%s and itself: %q, want %q", name, text, want)
			}
		}
	})
}

// Another run of the same network is no change: other times, addresses and
// certificates.
func TestDiffIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := networks()[2]
		first := n.report(t)
		n.addresses = map[string][]netip.Addr{"client.wns.windows.com": {netip.MustParseAddr("198.51.100.7")}}
		text, _ := differences(t, first, n.report(t))
		if want := "BLOCKED, as before. Nothing changed.\n"; text != want {
			t.Errorf("got %q", text)
		}
	})
}

// Another plan is no regression: its checks are added or removed.
func TestDiffOfAnotherPlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ready := networks()[0].report(t)
		fewer := *ready
		fewer.Findings = ready.Findings[3:]
		text, _ := differences(t, ready, &fewer)
		if diff := cmp.Diff("READY, as before.\n\nAlso:        3 checks removed\n", text); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		text, _ = differences(t, nil, ready)
		if diff := cmp.Diff("UNPROVEN -> READY\n\nAlso:        15 checks added\n", text); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Whatever reports quote, each line of a diff begins with the diff's own words.
func TestDiffOfHostileReports(t *testing.T) {
	for _, words := range hostile {
		r := &readiness.Report{
			Policy: words, Catalog: words,
			Causes:   []readiness.Cause{{Code: readiness.CauseCode(words), Title: words, Names: []string{words}}},
			Findings: []readiness.Finding{{Outcome: readiness.Failed, Service: "a"}},
		}
		r.Findings[0].Check.Target.Host = words
		text, _ := differences(t, nil, r)
		for line := range strings.Lines(text) {
			checkShown(t, "line", strings.TrimSuffix(line, "\n"))
			if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "UNPROVEN, as before.") && !strings.HasPrefix(line, "New cause: ") &&
				!strings.HasPrefix(line, "added ") && line != "\n" {
				t.Errorf("line %q", line)
			}
		}
	}
}
