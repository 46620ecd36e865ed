package traffic_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

func TestHAR(t *testing.T) {
	entry := `{"request": {"url": "https://a.example/"}}`
	log := func(entries ...string) string { return `{"log": {"entries": [` + strings.Join(entries, ",\n") + `]}}` }
	testReadings(t, traffic.HAR, []reading{
		{"no entries", log(), nil},
		{"the order of fields", log(`{"response": {"status": 200}, "request": {"url": "https://a.example/", "method": "GET"}, "startedDateTime": "2019-09-14T02:00:10Z"}`), []string{"1 02:00:10 a.example:443 200"}},
		{"all that is not read", `{"x": [{"log": 1}], "log": {"x": {"entries": [1]}, "entries": [` + entry + `], "y": null}, "z": [[[]]]}`, []string{"1 - a.example:443 0"}},
		{"archives after one another", log(entry) + "\n" + log(entry) + "\n", []string{"1 - a.example:443 0", "2 - a.example:443 0"}},
		{"a status of another type", log(`{"request": {"url": "https://a.example/"}, "response": {"status": "200"}}`), []string{"1 - a.example:443 0"}},
		{"an invalid status", log(`{"request": {"url": "https://a.example/"}, "response": {"status": -1e300}}`), []string{"1 - a.example:443 0"}},
		{"a status in an object", log(`{"request": {"url": "https://a.example/"}, "response": {"status": {"a": [1]}}}`), []string{"1 - a.example:443 0"}},
		{"a URL of another type, and a good one after it", log(`{"request": {"url": {"x": 1}}}`, entry), []string{"2 - a.example:443 0", "line 1: request.url: missing, or not a string [missing_field]"}},
		{"a request of another type", log(`{"request": ["https://a.example/"]}`), []string{"line 1: request.url: missing, or not a string [missing_field]"}},
		{"entries of other types", log(`null`, `[{"a": 1}]`, `1`, entry), []string{
			"4 - a.example:443 0", "line 1: no object [syntax]", "line 2: no object [syntax]", "line 3: no object [syntax]",
		}},
		{"escapes", log(`{"request": {"\u0075rl": "https:\/\/\u0061.example\/\"\\"}}`), []string{"1 - a.example:443 0"}},
		{"403 to a GET", log(`{"request": {"method": "GET", "url": "https://a.example/"}, "response": {"status": 403}}`), []string{"1 - a.example:443 403 denied"}},
		{
			"a body larger than all memory that is used", log(`{"response": {"content": {"text": "`+strings.Repeat(`\u00e9\"ab`, 200_000)+`"}}, "request": {"url": "https://a.example/`+strings.Repeat("x", 100_000)+`"}}`, entry),
			[]string{"1 - a.example:443 0", "2 - a.example:443 0"},
		},
		{"much white space", "{" + strings.Repeat(" \n", 300_000) + `"log": {"entries": [` + entry + "]}}", []string{"300001 - a.example:443 0"}},
		{"many lines in an entry", log(`{"x": [`+strings.Repeat("\n1,", 50_000)+`0], "request": {"url": "https://a.example/"}}`, entry), []string{"1 - a.example:443 0", "50002 - a.example:443 0"}},
	})
}

// TestBrokenArchive: entries before broken JSON are kept, and the error has its
// line.
func TestBrokenArchive(t *testing.T) {
	good := "{\"log\": {\n\"entries\": [\n{\"request\": {\"url\": \"https://a.example/\"}},\n"
	tests := []struct {
		name, text string
		entries    int
		want       endpoints.Error
	}{
		{"cut off between entries", good, 1, endpoints.Error{Code: endpoints.BadSyntax, Line: 3, Reason: "the JSON is incomplete"}},
		{"cut off in a text", good + `{"request": {"url": "https://b.exa`, 1, endpoints.Error{Code: endpoints.BadSyntax, Line: 4, Reason: "the JSON is incomplete"}},
		{"an invalid word", good + "{\"request\": oops}", 1, endpoints.Error{Code: endpoints.BadSyntax, Line: 4, Reason: "invalid JSON from here on"}},
		{"a bracket too many", good + "{}]]", 1, endpoints.Error{Code: endpoints.BadSyntax, Line: 4, Reason: "invalid JSON from here on"}},
		{"an escape that ends with its text", good + `{"x": "\u00"}`, 1, endpoints.Error{Code: endpoints.BadSyntax, Line: 4, Reason: "invalid JSON from here on"}},
		{"no archive", `{"a": 1}`, 0, endpoints.Error{Code: endpoints.MissingField, Field: "log.entries", Reason: "want a list of entries"}},
		{"entries that are no list", `{"log": {"entries": {"a": [1]}}}`, 0, endpoints.Error{Code: endpoints.MissingField, Field: "log.entries", Reason: "want a list of entries"}},
		{"a list", `[]`, 0, endpoints.Error{Code: endpoints.MissingField, Field: "log.entries", Reason: "want a list of entries"}},
		{"nothing", ``, 0, endpoints.Error{Code: endpoints.BadSyntax, Line: 1, Reason: "the JSON is incomplete"}},
		{"a number without end", good + strings.Repeat("1", 100_000), 1, endpoints.Error{Code: endpoints.TooLarge, Line: 4, Reason: "number too long"}},
		{"lists without end", good + strings.Repeat("[", 100_000), 1, endpoints.Error{Code: endpoints.TooLarge, Line: 4, Reason: "too deeply nested"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sum, err := traffic.Annotate(strings.NewReader(tt.text), traffic.HAR, small(t), endpoints.Scope{})
			bad, ok := errors.AsType[*endpoints.Error](err)
			if !ok || sum == nil || sum.Requests() != tt.entries || errors.Is(err, io.EOF) {
				t.Fatalf("error %v, summary %+v", err, sum)
			}
			if diff := cmp.Diff(tt.want, *bad); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
