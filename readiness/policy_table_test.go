package readiness_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// tableLine is a line of policy_table.txt that has an impact for each scenario.
type tableLine struct {
	name, basis    string
	cells, sources []string
	loss           string
}

// tableLines reads the table in its simplest form.
func tableLines(t *testing.T) (head []string, lines []tableLine) {
	t.Helper()
	text, err := os.ReadFile("policy_table.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case head == nil:
			head = words
		case strings.HasPrefix(line, " "):
			lines[len(lines)-1].loss = strings.TrimSpace(line)
		case len(words) < 10:
			t.Errorf("too short: %s", line)
		default:
			lines = append(lines, tableLine{name: words[0], cells: words[1:8], basis: words[8], sources: words[9:]})
		}
	}
	return head, lines
}

// TestPolicyTableFitsTheCatalog shows that each part of each service has one
// line, and each line an endpoint, in the order of the catalog.
func TestPolicyTableFitsTheCatalog(t *testing.T) {
	var want, got []string
	for _, e := range oneOfEach() {
		name := string(e.Service)
		if e.Part != "" {
			name += "/" + e.Part
		}
		want = append(want, name)
	}
	_, lines := tableLines(t)
	for _, l := range lines {
		got = append(got, l.name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("(-catalog +table):\n%s", diff)
	}
	var services []string
	for _, name := range got {
		service, _, _ := strings.Cut(name, "/")
		services = append(services, service)
	}
	var order []string
	for _, s := range endpoints.Embedded().Services() {
		order = append(order, string(s))
	}
	if diff := cmp.Diff(order, slices.Compact(services)); diff != "" {
		t.Errorf("services (-catalog +table):\n%s", diff)
	}
}

// TestPolicyTableCitesTheNewest shows that no line cites a wording of a
// document of which the catalog has a newer one, unless it cites that, too.
func TestPolicyTableCitesTheNewest(t *testing.T) {
	document := func(s endpoints.Source) string {
		title, _, _ := strings.Cut(s.Title, " (")
		return strings.ReplaceAll(title, " - ", ": ")
	}
	_, lines := tableLines(t)
	for _, l := range lines {
		newest := make(map[string]string) // the day that is cited of each document
		for _, key := range l.sources {
			s, _ := endpoints.Embedded().Source(key)
			newest[document(s)] = max(newest[document(s)], s.Day())
		}
		for _, s := range endpoints.Embedded().Sources() {
			// Lists of names have neither sets nor notes, so that they say
			// nothing of needs.
			if cited, ok := newest[document(s)]; ok && cited != "" && s.Day() > cited && !strings.Contains(s.Title, "plain lists") {
				t.Errorf("%s cites %q of %s; the catalog has that of %s", l.name, document(s), cited, s.Day())
			}
		}
	}
}

// TestPolicyTableIsWellFormed shows that nothing in the table is dropped in
// silence, and that no loss is described twice.
func TestPolicyTableIsWellFormed(t *testing.T) {
	head, lines := tableLines(t)
	want := []string{"service/part", "autopilot", "hybrid", "self", "pre", "device-prep", "device-assoc", "autopatch", "basis", "sources"}
	if diff := cmp.Diff(want, head); diff != "" {
		t.Fatalf("head (-want +got):\n%s", diff)
	}
	for i, s := range scenarios() {
		if !strings.HasPrefix(string(s), head[i+1]) {
			t.Errorf("the column of %s is called %q", s, head[i+1])
		}
	}
	losses := make(map[string]string)
	for _, l := range lines {
		for _, c := range l.cells {
			if !slices.Contains([]string{"F", "D", "I", "D|F", "C>F", "C>D", "F*", "D*", "I*"}, c) {
				t.Errorf("%s: impact %q", l.name, c)
			}
		}
		if l.basis == "inferred" && slices.ContainsFunc(l.cells, func(c string) bool { return strings.HasSuffix(c, "*") }) {
			t.Errorf("%s: a line that is inferred anyway has a mark", l.name)
		}
		if l.basis != "documented" && l.basis != "inferred" {
			t.Errorf("%s: basis %q", l.name, l.basis)
		}
		for _, key := range l.sources {
			if s, ok := endpoints.Embedded().Source(key); !ok || s == (endpoints.Source{}) {
				t.Errorf("%s: the catalog has no source %q", l.name, key)
			}
		}
		if !strings.HasSuffix(l.loss, ".") {
			t.Errorf("%s: loss %q", l.name, l.loss)
		}
		if other, ok := losses[l.loss]; ok {
			t.Errorf("%s and %s have the same loss", l.name, other)
		}
		losses[l.loss] = l.name
	}
}
