package render_test

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// Whatever a report quotes, its page has these elements and attributes.
var (
	elements = strings.Fields("html head meta title style body header main section article h1 h2 h3 p dl dt dd ol ul li code span strong " +
		"table thead tbody tr th td details summary div label input select option output svg circle path rect script")
	attributes = strings.Fields("lang charset http-equiv name content class id aria-label aria-labelledby aria-hidden role scope for type autocomplete hidden open value " +
		"viewbox preserveaspectratio cx cy r d x y width height")
)

// checkHTML checks that a page is nothing but the template with texts in it.
func checkHTML(t *testing.T, text string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	count := make(map[string]int)
	policy := ""
	for n := range doc.Descendants() {
		switch n.Type {
		case html.ElementNode:
			count[n.Data]++
			if !slices.Contains(elements, n.Data) {
				t.Errorf("element %s", n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attributes, strings.ToLower(a.Key)) {
					t.Errorf("element %s has the attribute %s=%q", n.Data, a.Key, a.Val)
				}
				checkShown(t, "in HTML,", a.Val)
				if n.Data == "meta" && strings.Contains(a.Val, "default-src") {
					policy = a.Val
				}
			}
		case html.TextNode:
			if n.Parent.Data == "style" || n.Parent.Data == "script" {
				file, err := os.ReadFile(map[string]string{"style": "page.css", "script": "page.js"}[n.Parent.Data])
				if err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256([]byte(n.Data))
				if n.Data != string(file) || !strings.Contains(policy, n.Parent.Data+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';") {
					t.Errorf("the %s is not that of its file, or the policy %q does not allow it", n.Parent.Data, policy)
				}
				continue
			}
			checkShown(t, "in HTML,", strings.ReplaceAll(n.Data, "\n", " "))
		case html.CommentNode:
			t.Errorf("comment %q", n.Data)
		default:
		}
	}
	if count["script"] != 1 || count["style"] != 1 || count["h1"] != 1 || count["meta"] != 4 {
		t.Errorf("elements: %v", count)
	}
}

// A page needs nothing from elsewhere.
func TestHTMLLoadsNothing(t *testing.T) {
	for _, name := range []string{"page.html", "page.css", "page.js"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"http:", "https:", "//", "src=", "href", "url(", "@import", "fetch", "innerHTML", "eval"} {
			if strings.Contains(string(file), s) {
				t.Errorf("%s has %q", name, s)
			}
		}
	}
}

// The phases before the one where provisioning stops have their own state, and
// those after it are not reached.
func TestHTMLPhases(t *testing.T) {
	finding := func(p endpoints.Phase, o readiness.Outcome, i readiness.Impact) readiness.Finding {
		return readiness.Finding{Phase: p, Outcome: o, Ruling: readiness.Ruling{Impact: i}}
	}
	r := &readiness.Report{
		Verdict: readiness.Blocked, StopsAt: "activation",
		Findings: []readiness.Finding{
			finding("network-bring-up", readiness.OK, readiness.Fatal),
			finding("network-bring-up", readiness.Failed, readiness.Informational),
			finding("device-identity", readiness.Failed, readiness.Degrading),
			finding("profile-download", readiness.NotRun, readiness.Fatal),
			finding("activation", readiness.Failed, readiness.Fatal),
			finding("telemetry", readiness.OK, readiness.Degrading),
			finding("mdm-sync", readiness.Failed, readiness.Fatal),
		},
	}
	text := written(t, form{write: render.HTML}, r)
	checkHTML(t, text)
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for n := range doc.Descendants() {
		if n.Data == "li" && n.Parent.Attr != nil && n.Parent.Attr[0].Val == "phases" {
			var words []string
			for c := range n.Descendants() {
				if s := strings.TrimSpace(c.Data); c.Type == html.TextNode && s != "" {
					words = append(words, s)
				}
			}
			got = append(got, strings.Join(words, ": "))
		}
	}
	want := []string{
		"Network start-up: works", "Device identity: works with a loss", "Deployment profile download: not fully measured",
		"Windows activation: stops here", "Diagnostic data: not reached, would work", "First Intune sync: also fails",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
