package endpoints_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/netready/netready/endpoints"
)

// Names and values in a catalog file may be anything. An error quotes them as the
// beginning of one line.
func TestErrorsOfHostileFiles(t *testing.T) {
	evil := "a\x1b[31m\u202e\u2028\nREADY: b" + strings.Repeat("x", 100_000)
	var form bytes.Buffer
	if err := endpoints.Embedded().Encode(&form); err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	first := func(file object, list string) object {
		return file[list].([]any)[0].(object) //nolint:errcheck // as encoded above
	}
	for name, change := range map[string]func(object){
		"an unknown field":              func(file object) { file[evil] = 1 },
		"an unknown field of a service": func(file object) { first(file, "services")[evil] = 1 },
		"a version":                     func(file object) { file["version"] = evil },
		"a date":                        func(file object) { file["date"] = evil },
		"a note":                        func(file object) { file["notes"] = []any{evil} },
		"a title":                       func(file object) { first(file, "services")["title"] = evil },
		"an ID":                         func(file object) { first(file, "services")["service"] = evil },
		"a host": func(file object) {
			first(first(file, "services"), "groups")["endpoints"] = []any{object{"host": evil}}
		},
	} {
		var file object
		if err := json.Unmarshal(form.Bytes(), &file); err != nil {
			t.Fatal(err)
		}
		change(file)
		b, err := json.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = endpoints.Decode(bytes.NewReader(b))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		text := err.Error()
		hidden := func(r rune) bool { return !unicode.IsPrint(r) }
		if len(text) > 4096 || !utf8.ValidString(text) || strings.ContainsFunc(text, hidden) {
			t.Errorf("%s: %d bytes, %.300q", name, len(text), text)
		}
	}
}
