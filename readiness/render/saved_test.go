package render_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
	"github.com/netready/netready/readiness/render"
)

// A forger rewrites saved reports. It remembers which texts can be anything.
type forger map[string]bool // whether a report with another text at this path is read

// rewrite returns a saved report as a stranger would send it: words take the
// place of each text that can be anything, and are a field of each object.
func (f forger) rewrite(t *testing.T, r *readiness.Report, words string) *readiness.Report {
	t.Helper()
	data, err := r.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	read := func() (*readiness.Report, error) {
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		out := new(readiness.Report)
		return out, json.Unmarshal(data, out)
	}
	try := func(path string, change, undo func()) {
		taken, known := f[path]
		if known && !taken {
			return
		}
		change()
		if !known {
			_, err := read()
			f[path] = err == nil
		}
		if !f[path] {
			undo()
		}
	}
	var walk func(v any, path string, set func(any))
	walk = func(v any, path string, set func(any)) {
		switch v := v.(type) {
		case map[string]any:
			for name, field := range v {
				walk(field, path+"."+name, func(x any) { v[name] = x })
			}
			try(path+".", func() { v[words] = words }, func() { delete(v, words) })
		case []any:
			for i, e := range v {
				walk(e, path+"[]", func(x any) { v[i] = x })
			}
		case string:
			try(path, func() { set(words) }, func() { set(v) })
		}
	}
	walk(doc, "", nil)
	out, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// breakouts are texts that end what they stand in, in some form.
var breakouts = []string{
	"</script><img src=x onerror=alert(1)>`|[x](//y.z)",
	"]]></system-out>&#27;&#x202e;\\\"} 1\n# EOF\nx 1",
}

// What a saved report says is text in every form, also after it was judged
// again or compared.
func TestSavedReportsOfStrangers(t *testing.T) {
	n := networks()[2]
	n.runner.Device = device.Facts{Edition: "home"}.Check
	places := make(forger)
	synctest.Test(t, func(t *testing.T) {
		saved := n.report(t)
		for _, words := range append(breakouts, hostile[:4]...) {
			r := places.rewrite(t, saved, words)
			checkEvery(t, r)
			checkComparison(t, saved, r)
			checkComparison(t, r, saved)
			r.Plan.Scope = saved.Plan.Scope
			for i, o := range saved.Observations {
				r.Observations[i].Target = o.Target
			}
			again, err := n.runner.Rejudge(r)
			if err != nil {
				t.Fatal(err)
			}
			checkEvery(t, again)
		}
	})
	taken := 0
	for _, anything := range places {
		if anything {
			taken++
		}
	}
	if least := 100; taken < least {
		t.Errorf("%d places for a text, want at least %d", taken, least)
	}
}

func checkEvery(t *testing.T, r *readiness.Report) {
	t.Helper()
	checkText(t, r)
	checkDocument(t, r)
	checkForms(t, r)
}

func checkComparison(t *testing.T, before, after *readiness.Report) {
	t.Helper()
	for _, diff := range []func(io.Writer, *readiness.Report, *readiness.Report) error{render.Diff, render.DiffJSON} {
		var b strings.Builder
		if err := diff(&b, before, after); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			checkShown(t, "in a comparison,", strings.TrimSuffix(line, "\n"))
		}
	}
}
