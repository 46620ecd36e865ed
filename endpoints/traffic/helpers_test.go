package traffic_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// small returns a catalog with few endpoints.
func small(tb testing.TB) *endpoints.Catalog {
	tb.Helper()
	f, err := os.Open(filepath.Join("testdata", "catalog.json"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	c, err := endpoints.Decode(f)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// autopilot is the scope of most tests.
func autopilot() endpoints.Scope {
	return endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Tenant: "contoso"}
}

func sample(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// scan returns the entries of a text and its faults, one a line.
func scan(text string, f traffic.Format) (got []string, s *traffic.Scanner) {
	return scanAs(text, f, entryText)
}

// scanAs is scan with entries in another form.
func scanAs(text string, f traffic.Format, form func(traffic.Entry) string) (got []string, s *traffic.Scanner) {
	s = traffic.NewScanner(strings.NewReader(text), f)
	for e := range s.Entries() {
		got = append(got, form(e))
	}
	for _, e := range s.Lines().Errors {
		got = append(got, fmt.Sprintf("%s [%s]", e.Error(), e.Code))
	}
	return got, s
}

// entryText formats an entry as in "3 02:00:10 login.live.com:443 200 denied".
func entryText(e traffic.Entry) string {
	text := fmt.Sprint(e.Line, " ")
	switch {
	case e.Time.IsZero():
		text += "-"
	case e.Time.Format(time.DateOnly) == "2019-09-14":
		text += e.Time.Format("15:04:05.999")
	default:
		text += e.Time.Format(time.RFC3339Nano)
	}
	text += fmt.Sprintf(" %s:%d %d", e.Host, e.Port, e.Status)
	if e.Denied {
		text += " denied"
	}
	if !e.Told && e.Status != 0 || e.Denied && !e.Told {
		text += " untold"
	}
	return text
}

// wholeText is entryText with how the request ended, unless it was denied.
func wholeText(e traffic.Entry) string {
	text := strings.TrimSuffix(entryText(e), " untold")
	if e.Transport != "" {
		text += " " + e.Transport
	}
	switch {
	case e.Failed:
		text += " failed"
	case e.Told && !e.Denied:
		text += " passed"
	}
	for _, a := range e.Answers {
		text += " " + a.String()
	}
	return text
}

func annotate(t *testing.T, text string, f traffic.Format, c *endpoints.Catalog, s endpoints.Scope) *traffic.Summary {
	t.Helper()
	sum, err := traffic.Annotate(strings.NewReader(text), f, c, s)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// code returns the code of an [endpoints.Error], or "" for another error.
func code(err error) string {
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		return bad.Code
	}
	return ""
}
