package endpoints_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// small is a valid catalogue that the tests below break in one place.
const small = `{
	"format": "netready-endpoints/1",
	"version": "1",
	"date": "2026-11-21",
	"notes": ["For tests."],
	"sources": {
		"book": {"title": "Book", "ref": "shelf 1", "date": "2026"},
		"list": {"title": "List"}
	},
	"support": {"autopilot": {"worldwide": {"status": "yes", "source": "book"}}},
	"services": [
		{
			"service": "contoso",
			"title": "Contoso",
			"scenarios": ["autopilot"],
			"clouds": ["worldwide"],
			"ports": ["tcp/443 https"],
			"source": "book",
			"groups": [
				{
					"need": "conditional",
					"traits": ["byte-range"],
					"endpoints": [
						{"host": "a.contoso.com"},
						{"host": "*.contoso.com", "need": "required", "traits": [], "members": ["b.contoso.com"]}
					]
				}
			]
		},
		{
			"service": "fabrikam",
			"groups": [
				{
					"endpoints": [
						{
							"host": "fabrikam.com", "scenarios": ["autopatch", "autopilot"], "clouds": ["china", "worldwide"],
							"ports": ["udp/123 ntp", "icmp ping"], "source": "list", "also": ["book"],
							"need_in": {"autopatch": "optional"}, "answer": {"protocol": "http", "statuses": [200], "addresses": ["192.0.2.7"]},
							"sets": ["worldwide 163 MEM Allow/Required", "china 1 Common Default/Optional: a: note"]
						}
					]
				}
			]
		}
	]
}
`

func TestDecode(t *testing.T) {
	c, err := endpoints.Decode(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	eps := c.Endpoints()
	if diff := cmp.Diff([]string{"contoso *.contoso.com", "contoso a.contoso.com", "fabrikam fabrikam.com"}, pairs(eps)); diff != "" {
		t.Fatalf("endpoints (-want +got):\n%s", diff)
	}
	t.Run("what a group says counts", func(t *testing.T) {
		if e := eps[1]; e.Need != endpoints.Conditional || !e.Has(endpoints.TraitByteRange) {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("what an endpoint says counts more", func(t *testing.T) {
		if e := eps[0]; e.Need != endpoints.Required || e.Has(endpoints.TraitByteRange) {
			t.Errorf("got %+v", e)
		}
	})
	t.Run("words come in the order of the vocabulary", func(t *testing.T) {
		want := []endpoints.Scenario{endpoints.ScenarioAutopilot, endpoints.ScenarioAutopatch}
		if diff := cmp.Diff(want, eps[2].Scenarios); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("an empty status and confidence have a meaning", func(t *testing.T) {
		if e := eps[2]; e.Status != endpoints.StatusCurrent || e.Confidence != endpoints.Inferred {
			t.Errorf("got %q, %q", e.Status, e.Confidence)
		}
	})
	t.Run("needs by scenario", func(t *testing.T) {
		e := eps[2]
		if e.NeedFor(endpoints.ScenarioAutopatch) != endpoints.Optional || e.NeedFor(endpoints.ScenarioAutopilot) != endpoints.Required {
			t.Errorf("got %v, %v", e.Need, e.NeedIn)
		}
	})
	t.Run("titles", func(t *testing.T) {
		if c.Title("contoso") != "Contoso" || c.Title("fabrikam") != "fabrikam" {
			t.Errorf("got %q, %q", c.Title("contoso"), c.Title("fabrikam"))
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	const first, second, third = `contoso "a.contoso.com"`, `contoso "*.contoso.com"`, `fabrikam "fabrikam.com"`
	tests := []struct {
		name     string
		old, new string // what is replaced in the small catalogue, and by what
		code     endpoints.Code
		want     string // the error, without "endpoints: line N: "
	}{
		{
			"an unknown field of an endpoint", `"a.contoso.com"`, `"a.contoso.com", "prots": []`, endpoints.UnknownField,
			`entry 1 (` + first + `): field "prots": there is no such field here`,
		},
		{
			"a port out of range", `"udp/123 ntp", "icmp ping"`, `"udp/123 ntp", "tcp/70000 https"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "ports[1]": port 70000 is out of range`,
		},
		{
			"an unknown transport", `"icmp ping"`, `"sctp/1 x"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "ports[1]": unknown transport "sctp": want tcp, udp or icmp`,
		},
		{
			"a port twice", `"icmp ping"`, `"udp/123 ntp"`, endpoints.Duplicate,
			`entry 3 (` + third + `): field "ports[1]": the port udp/123 ntp twice`,
		},
		{
			"a port of a whole service", `["tcp/443 https"]`, `["tcp/443"]`, endpoints.BadValue,
			`field "services[0].ports[0]": want transport, number and protocol, as in "tcp/443 https"`,
		},
		{
			"a need of a group", `"conditional"`, `"maybe"`, endpoints.BadValue,
			`field "services[0].groups[0].need": unknown need "maybe"`,
		},
		{
			"a bad host", `"a.contoso.com"`, `"a contoso.com"`, endpoints.BadValue,
			`entry 1 (contoso "a contoso.com"): field "host": "a contoso.com" is no host: the character ' '`,
		},
		{
			"a host of another type", `"a.contoso.com"`, `7`, endpoints.WrongType,
			`entry 1 (contoso): field "host": want a string, got a number`,
		},
		{
			"no host", `{"host": "a.contoso.com"}`, `{"core": true}`, endpoints.MissingField,
			`entry 1 (contoso): field "host": must be given`,
		},
		{
			"an endpoint that is none", `{"host": "a.contoso.com"}`, `"a.contoso.com"`, endpoints.WrongType,
			`entry 1 (contoso): want an object, got a string`,
		},
		{
			"the host twice", `"*.contoso.com", "need": "required", "traits": [], "members": ["b.contoso.com"]`, `"A.contoso.com."`,
			endpoints.Duplicate,
			`entry 2 (contoso "A.contoso.com."): field "host": the service has this host already`,
		},
		{
			"no ports", `"ports": ["udp/123 ntp", "icmp ping"], `, ``, endpoints.MissingField,
			`entry 3 (` + third + `): field "ports": must be given`,
		},
		{
			"no scenarios", `"scenarios": ["autopatch", "autopilot"], `, ``, endpoints.MissingField,
			`entry 3 (` + third + `): field "scenarios": must be given`,
		},
		{
			"no clouds", `"clouds": ["china", "worldwide"],`, ``, endpoints.MissingField,
			`entry 3 (` + third + `): field "clouds": must be given`,
		},
		{
			"no source", `"source": "list", `, ``, endpoints.MissingField,
			`entry 3 (` + third + `): field "source": must be given`,
		},
		{
			"an unknown source", `"source": "list"`, `"source": "scroll"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "source": unknown source "scroll"`,
		},
		{
			"another source that is unknown", `"also": ["book"]`, `"also": ["book", "scroll"]`, endpoints.BadValue,
			`entry 3 (` + third + `): field "also[1]": unknown source "scroll"`,
		},
		{
			"an unknown scenario", `"autopatch", "autopilot"`, `"autopatch", "autopliot"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "scenarios[1]": unknown scenario "autopliot"`,
		},
		{
			"an unknown cloud", `"china", "worldwide"`, `"moon"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "clouds[0]": unknown cloud "moon"`,
		},
		{
			"an unknown trait", `"traits": []`, `"traits": ["no-tls-inspecton"]`, endpoints.BadValue,
			`entry 2 (` + second + `): field "traits[0]": unknown trait "no-tls-inspecton"`,
		},
		{
			"an unknown phase", `"traits": []`, `"phase": "lunch"`, endpoints.BadValue,
			`entry 2 (` + second + `): field "phase": unknown phase "lunch"`,
		},
		{
			"an unknown status", `"traits": []`, `"status": ""`, endpoints.BadValue,
			`entry 2 (` + second + `): field "status": unknown status ""`,
		},
		{
			"a need in an unknown scenario", `{"autopatch": "optional"}`, `{"autopash": "optional"}`, endpoints.BadValue,
			`entry 3 (` + third + `): field "need_in.autopash": unknown scenario "autopash"`,
		},
		{
			"another generation of Windows", `"traits": []`, `"windows": {"worldwide": "7"}`, endpoints.BadValue,
			`entry 2 (` + second + `): field "windows.worldwide": unknown generation of Windows "7"`,
		},
		{
			"a generation of Windows in an unknown cloud", `"traits": []`, `"windows": {"moon": "11"}`, endpoints.BadValue,
			`entry 2 (` + second + `): field "windows.moon": unknown cloud "moon"`,
		},
		{
			"the generation of Windows without a cloud", `"traits": []`, `"windows": "11"`, endpoints.WrongType,
			`entry 2 (` + second + `): field "windows": want an object, got a string`,
		},
		{
			"an alias of a pattern", `"traits": []`, `"cnames": {"worldwide": ["a.contoso.com", "*.contoso.com"]}`, endpoints.BadValue,
			`entry 2 (` + second + `): field "cnames.worldwide[1]": "*.contoso.com" is no exact name in lower case`,
		},
		{
			"an alias of nothing", `"traits": []`, `"cnames": {"worldwide": []}`, endpoints.MissingField,
			`entry 2 (` + second + `): field "cnames.worldwide": want one name or more`,
		},
		{
			"a list that is none", `"traits": []`, `"traits": "byte-range"`, endpoints.WrongType,
			`entry 2 (` + second + `): field "traits": want a list, got a string`,
		},
		{
			"null", `"traits": []`, `"traits": null`, endpoints.WrongType,
			`entry 2 (` + second + `): field "traits": want a list, got null`,
		},
		{
			"a boolean that is none", `"traits": []`, `"core": "true"`, endpoints.WrongType,
			`entry 2 (` + second + `): field "core": want a boolean, got a string`,
		},
		{
			"a member that the pattern does not cover", `"b.contoso.com"`, `"contoso.com"`, endpoints.BadValue,
			`entry 2 (` + second + `): field "members[0]": "contoso.com" is not covered by "*.contoso.com"`,
		},
		{
			"a member that is a pattern", `"b.contoso.com"`, `"b*.contoso.com"`, endpoints.BadValue,
			`entry 2 (` + second + `): field "members[0]": "b*.contoso.com" is no exact name in lower case`,
		},
		{
			"a path without a slash", `"traits": []`, `"path": "x"`, endpoints.BadValue,
			`entry 2 (` + second + `): field "path": "x" is no request path: want a slash and printable ASCII`,
		},
		{
			"a path with a line break", `"traits": []`, `"path": "/x\r\nHost: y"`, endpoints.BadValue,
			`entry 2 (` + second + `): field "path": "/x\r\nHost: y" is no request path: want a slash and printable ASCII`,
		},
		{
			"a status that is none", `"statuses": [200]`, `"statuses": [200, 20]`, endpoints.BadValue,
			`entry 3 (` + third + `): field "answer.statuses[1]": 20 is no HTTP status`,
		},
		{
			"a status that is no whole number", `"statuses": [200]`, `"statuses": [2e2]`, endpoints.BadValue,
			`entry 3 (` + third + `): field "answer.statuses[0]": 2e2 is out of range, or no whole number`,
		},
		{
			"an address that is none", `"192.0.2.7"`, `"192.0.2.x"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "answer.addresses[0]": "192.0.2.x" is no IP address`,
		},
		{
			"an unknown field of an answer", `"protocol": "http"`, `"protcol": "http"`, endpoints.UnknownField,
			`entry 3 (` + third + `): field "answer.protcol": there is no such field here`,
		},
		{
			"a set of an unknown cloud", `"worldwide 163`, `"moon 163`, endpoints.BadValue,
			`entry 3 (` + third + `): field "sets[0]": unknown cloud "moon"`,
		},
		{
			"a set without its marks", `Allow/Required"`, `Allow"`, endpoints.BadValue,
			`entry 3 (` + third + `): field "sets[0]": want cloud, number, area and marks, as in "worldwide 163 MEM Allow/Required"`,
		},
		{
			"a field twice", `{"host": "a.contoso.com"}`, `{"host": "a.contoso.com", "host": "b.contoso.com"}`, endpoints.Duplicate,
			`the field "host" twice in one object`,
		},
		{
			"a host outside of endpoints", `"need": "conditional",`, `"host": "a",`, endpoints.UnknownField,
			`field "services[0].groups[0].host": there is no such field here`,
		},
		{
			"a service twice", `"fabrikam",`, `"contoso",`, endpoints.Duplicate,
			`field "services[1].service": the service twice`,
		},
		{
			"a service without a name", `"service": "fabrikam",`, ``, endpoints.MissingField,
			`field "services[1].service": must be given`,
		},
		{
			"a service whose name is no word", `"fabrikam",`, `"Fabrikam Inc",`, endpoints.BadValue,
			`field "services[1].service": "Fabrikam Inc" is no service name: want a word in lower-case letters, digits and hyphens`,
		},
		{
			"a title of another type", `"title": "Contoso"`, `"title": 7`, endpoints.WrongType,
			`field "services[0].title": want a string, got a number`,
		},
		{
			"an unknown field at the root", `"notes"`, `"motes"`, endpoints.UnknownField,
			`field "motes": there is no such field here`,
		},
		{
			"another format", `netready-endpoints/1`, `netready-endpoints/2`, endpoints.BadValue,
			`field "format": unknown format "netready-endpoints/2": want "netready-endpoints/1"`,
		},
		{"no format", `"format": "netready-endpoints/1",`, ``, endpoints.MissingField, `field "format": must be given`},
		{"no version", `"version": "1",`, ``, endpoints.MissingField, `field "version": must be given`},
		{
			"a date in another form", `2026-11-21`, `21.11.2026`, endpoints.BadValue,
			`field "date": "21.11.2026" is no date of the form 2006-01-02`,
		},
		{
			"a source without a title", `{"title": "List"}`, `{"ref": "List"}`, endpoints.MissingField,
			`field "sources.list.title": a source needs a title`,
		},
		{
			"a source twice", `{"title": "List"}`, `{"title": "Book", "ref": "shelf 1", "date": "2026"}`, endpoints.Duplicate,
			`field "sources.list": the same source as "book"`,
		},
		{
			"support of an unknown cloud", `{"worldwide": {"status"`, `{"moon": {"status"`, endpoints.BadValue,
			`field "support.autopilot.moon": unknown cloud "moon"`,
		},
		{
			"support with an unknown answer", `"status": "yes"`, `"status": "perhaps"`, endpoints.BadValue,
			`field "support.autopilot.worldwide.status": unknown answer "perhaps"`,
		},
		{
			"no groups", `"service": "fabrikam",`, `"service": "empty"}, {"service": "fabrikam",`, endpoints.MissingField,
			`field "services[1].groups": must be given`,
		},
		{
			"a group without endpoints", `"need": "conditional",`, `"need": "conditional"}, {`, endpoints.MissingField,
			`field "services[0].groups[0].endpoints": must be given`,
		},
		{
			"a group that is none", `"groups": [`, `"groups": [7,`, endpoints.WrongType,
			`field "services[0].groups[0]": want an object, got a number`,
		},
		{
			"a service that is none", `"services": [`, `"services": [[],`, endpoints.WrongType,
			`field "services[0]": want an object, got a list`,
		},
		{
			"a service name of another type", `"service": "fabrikam",`, `"service": true,`, endpoints.WrongType,
			`field "services[1].service": want a string, got a boolean`,
		},
		{
			"ports that are no texts", `["udp/123 ntp", "icmp ping"]`, `[{"transport": "udp"}]`, endpoints.WrongType,
			`entry 3 (` + third + `): field "ports[0]": want a string, got an object`,
		},
		{
			"a need of another type", `"need": "required"`, `"need": true`, endpoints.WrongType,
			`entry 2 (` + second + `): field "need": want a string, got a boolean`,
		},
		{
			"needs that are no object", `{"autopatch": "optional"}`, `["optional"]`, endpoints.WrongType,
			`entry 3 (` + third + `): field "need_in": want an object, got a list`,
		},
		{
			"a status of another type", `"statuses": [200]`, `"statuses": ["200"]`, endpoints.WrongType,
			`entry 3 (` + third + `): field "answer.statuses[0]": want a number, got a string`,
		},
		{
			"an address of another type", `"192.0.2.7"`, `7`, endpoints.WrongType,
			`entry 3 (` + third + `): field "answer.addresses[0]": want a string, got a number`,
		},
		{
			"a source of another type", `"source": "list"`, `"source": {"title": "List"}`, endpoints.WrongType,
			`entry 3 (` + third + `): field "source": want a string, got an object`,
		},
		{
			"a set of another type", `"worldwide 163 MEM Allow/Required"`, `163`, endpoints.WrongType,
			`entry 3 (` + third + `): field "sets[0]": want a string, got a number`,
		},
		{
			"a set with a number that is none", `"worldwide 163`, `"worldwide x`, endpoints.BadValue,
			`entry 3 (` + third + `): field "sets[0]": "x" is no number of a set`,
		},
		{
			"a set without an area", `"worldwide 163 MEM`, `"worldwide 163 `, endpoints.BadValue,
			`entry 3 (` + third + `): field "sets[0]": "" is no area`,
		},
		{
			"a set without a category", `MEM Allow/`, `MEM /`, endpoints.BadValue,
			`entry 3 (` + third + `): field "sets[0]": "" is no category`,
		},
		{
			"a set with words to spare", `MEM Allow/`, `MEM MEM Allow/`, endpoints.BadValue,
			`entry 3 (` + third + `): field "sets[0]": want cloud, number, area and marks, as in "worldwide 163 MEM Allow/Required"`,
		},
		{
			"a member that is no host", `"b.contoso.com"`, `"b contoso.com"`, endpoints.BadValue,
			`entry 2 (` + second + `): field "members[0]": "b contoso.com" is no host: the character ' '`,
		},
		{
			"a member twice", `"b.contoso.com"`, `"b.contoso.com", "b.contoso.com"`, endpoints.Duplicate,
			`entry 2 (` + second + `): field "members[1]": the member "b.contoso.com" twice`,
		},
		{
			"a source with an unknown field", `"ref": "shelf 1"`, `"url": "shelf 1"`, endpoints.UnknownField,
			`field "sources.book.url": there is no such field here`,
		},
		{
			"a source with an empty key", `"list": {`, `"": {`, endpoints.BadValue,
			`field "sources": an empty key`,
		},
		{
			"support in an unknown scenario", `{"autopilot": {"worldwide"`, `{"autopliot": {"worldwide"`, endpoints.BadValue,
			`field "support.autopliot": unknown scenario "autopliot"`,
		},
		{
			"support with an unknown field", `{"status": "yes"`, `{"state": "yes"`, endpoints.UnknownField,
			`field "support.autopilot.worldwide.state": there is no such field here`,
		},
		{
			"support of another type", `{"status": "yes"`, `{"status": true`, endpoints.WrongType,
			`field "support.autopilot.worldwide.status": want a string, got a boolean`,
		},
		{
			"support by an unknown source", `"status": "yes", "source": "book"`, `"status": "yes", "source": "x"`, endpoints.BadValue,
			`field "support.autopilot.worldwide.source": unknown source "x"`,
		},
		{
			"a comma too many", `["autopilot"],`, `["autopilot",],`, endpoints.BadSyntax,
			`not JSON: invalid character ']' looking for beginning of value`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := strings.Replace(small, tt.old, tt.new, 1)
			if data == small {
				t.Fatalf("%q is not in the catalogue", tt.old)
			}
			c, err := endpoints.Decode(strings.NewReader(data))
			var bad *endpoints.DecodeError
			if !errors.As(err, &bad) || c != nil {
				t.Fatalf("Decode = %v, %v, want a DecodeError", c, err)
			}
			if bad.Code != tt.code || !errors.Is(err, tt.code) {
				t.Errorf("code %q, want %q", bad.Code, tt.code)
			}
			if bad.Line < 1 || bad.Line > strings.Count(data, "\n") {
				t.Errorf("line %d", bad.Line)
			}
			_, got, _ := strings.Cut(err.Error(), ": line ")
			if _, got, _ = strings.Cut(got, ": "); got != tt.want {
				t.Errorf("error\n %s\nwant\n %s", got, tt.want)
			}
		})
	}
}

func TestDecodeErrorNamesTheLine(t *testing.T) {
	data := strings.Replace(small, `"icmp ping"`, `"icmp/1 ping"`, 1)
	_, err := endpoints.Decode(strings.NewReader(data))
	want := `endpoints: line 37: entry 3 (fabrikam "fabrikam.com"): field "ports[1]": icmp has no ports`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestDecodeRefusesWhatIsNoCatalogue(t *testing.T) {
	tests := []struct {
		name, in string
		code     endpoints.Code
	}{
		{"nothing", "", endpoints.BadSyntax},
		{"half of it", small[:len(small)/2], endpoints.BadSyntax},
		{"something behind it", small + "{}", endpoints.BadSyntax},
		{"a byte that is not UTF-8", strings.Replace(small, "For tests", "For \xff", 1), endpoints.BadSyntax},
		{"a list", "[]", endpoints.WrongType},
		{"an empty object", "{}", endpoints.MissingField},
		{"very deep", strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), endpoints.BadSyntax},
		{"deep", strings.Repeat("[", 100) + strings.Repeat("]", 100), endpoints.TooLarge},
		{"very long", strings.Repeat(" ", 16<<20) + small, endpoints.TooLarge},
		{
			"a field twice in a large object",
			strings.Replace(small, `"list":`, manySources(40)+`"s39": {"title": "again"}, "list":`, 1), endpoints.Duplicate,
		},
		{"very many", strings.Replace(small, `{"host": "a.contoso.com"}`, many(50_001), 1), endpoints.TooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if c, err := endpoints.Decode(strings.NewReader(tt.in)); !errors.Is(err, tt.code) || c != nil {
				t.Errorf("Decode = %v, %v, want %v", c, err, tt.code)
			}
		})
	}
	t.Run("a reader that fails", func(t *testing.T) {
		if c, err := endpoints.Decode(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) || c != nil {
			t.Errorf("Decode = %v, %v, want the reader's error", c, err)
		}
	})
}

// manySources returns n sources.
func manySources(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"s%d": {"title": "%d"},`, i, i)
	}
	return b.String()
}

// many returns n endpoints.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"host": "a%d.example"},`, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func TestEncodeRoundTrip(t *testing.T) {
	c, err := endpoints.Decode(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	var once, twice bytes.Buffer
	if err := c.Encode(&once); err != nil {
		t.Fatal(err)
	}
	again, err := endpoints.Decode(bytes.NewReader(once.Bytes()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, once.Bytes())
	}
	if diff := endpoints.Diff(c, again); diff != nil {
		t.Errorf("decoded again, endpoints differ: %+v", diff)
	}
	if again.Version() != c.Version() || again.Date() != c.Date() || !cmp.Equal(again.Notes(), c.Notes()) ||
		!cmp.Equal(again.Services(), c.Services()) || again.Title("contoso") != c.Title("contoso") ||
		again.Support(endpoints.ScenarioAutopilot, "") != c.Support(endpoints.ScenarioAutopilot, "") {
		t.Error("decoded again, the catalogue itself differs")
	}
	if err := again.Encode(&twice); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(once.String(), twice.String()); diff != "" {
		t.Errorf("encoded again (-want +got):\n%s", diff)
	}
}

func TestEncodeReportsTheWriter(t *testing.T) {
	r, w := io.Pipe()
	_ = r.Close()
	if err := endpoints.Embedded().Encode(w); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Encode = %v, want the writer's error", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"format":"netready-endpoints/1","version":"1","date":"2026-11-21","services":[{"service":"a","groups":[]}]}`))
	if data, err := os.ReadFile("catalog.json"); err == nil {
		f.Add(data[:4096])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := endpoints.Decode(bytes.NewReader(data))
		if err != nil {
			var bad *endpoints.DecodeError
			if !errors.As(err, &bad) || bad.Code == "" || bad.Reason == "" {
				t.Fatalf("error without a code or a reason: %v", err)
			}
			return
		}
		for _, e := range c.Endpoints() {
			if err := e.Validate(); err != nil {
				t.Fatalf("decoded, and not valid: %v", err)
			}
		}
		var once, twice bytes.Buffer
		if err := c.Encode(&once); err != nil {
			t.Fatal(err)
		}
		again, err := endpoints.Decode(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("%v in\n%s", err, once.Bytes())
		}
		if diff := endpoints.Diff(c, again); len(diff) > 0 {
			t.Fatalf("decoded again, endpoints differ: %+v", diff)
		}
		if err := again.Encode(&twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Fatalf("encoded again, %v:\n%s\nwas\n%s", err, twice.Bytes(), once.Bytes())
		}
	})
}
