package endpoints_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
)

func TestDecodeRefuses(t *testing.T) {
	const first, second, third = `contoso "a.contoso.com"`, `contoso "*.contoso.com"`, `fabrikam "fabrikam.com"`
	tests := []struct {
		name     string
		old, new string // what is replaced in the small catalog, and by what
		code     string
		want     string // the error, without "line N: " and the known values
	}{
		{
			"an unknown field of an endpoint", `"a.contoso.com"`, `"a.contoso.com", "prots": []`, endpoints.UnknownField,
			`entry 1 (` + first + `): prots: unknown field`,
		},
		{
			"a port out of range", `"udp/123 ntp", "icmp ping"`, `"udp/123 ntp", "tcp/70000 https"`, endpoints.BadValue,
			`entry 3 (` + third + `): ports[1]: port 70000 is out of range`,
		},
		{
			"an unknown transport", `"icmp ping"`, `"sctp/1 x"`, endpoints.BadValue,
			`entry 3 (` + third + `): ports[1]: unknown transport "sctp": want tcp, udp or icmp`,
		},
		{
			"a port twice", `"icmp ping"`, `"udp/123 ntp"`, endpoints.Duplicate,
			`entry 3 (` + third + `): ports[1]: the port udp/123 ntp twice`,
		},
		{
			"a port of a whole service", `["tcp/443 https"]`, `["tcp/443"]`, endpoints.BadValue,
			`services[0].ports[0]: want transport, number and protocol, as in "tcp/443 https"`,
		},
		{
			"a need of a group", `"conditional"`, `"maybe"`, endpoints.BadValue,
			`services[0].groups[0].need "maybe": unknown`,
		},
		{
			"a bad host", `"a.contoso.com"`, `"a contoso.com"`, endpoints.BadValue,
			`entry 1 (contoso "a contoso.com"): host: "a contoso.com" is not a host: the character ' '`,
		},
		{
			"a host of another type", `"a.contoso.com"`, `7`, endpoints.WrongType,
			`entry 1 (contoso): host: want a string, got a number`,
		},
		{
			"no host", `{"host": "a.contoso.com"}`, `{"core": true}`, endpoints.MissingField,
			`entry 1 (contoso): host: must be given`,
		},
		{
			"an endpoint that is none", `{"host": "a.contoso.com"}`, `"a.contoso.com"`, endpoints.WrongType,
			`entry 1 (contoso): want an object, got a string`,
		},
		{
			"the host twice", `"*.contoso.com", "need": "required", "traits": [], "members": ["b.contoso.com"]`, `"A.contoso.com."`,
			endpoints.Duplicate,
			`entry 2 (contoso "A.contoso.com."): host: the service already has this host`,
		},
		{
			"no ports", `"ports": ["udp/123 ntp", "icmp ping"], `, ``, endpoints.MissingField,
			`entry 3 (` + third + `): ports: must be given`,
		},
		{
			"no scenarios", `"scenarios": ["autopatch", "autopilot"], `, ``, endpoints.MissingField,
			`entry 3 (` + third + `): scenarios: must be given`,
		},
		{
			"no clouds", `"clouds": ["china", "worldwide"],`, ``, endpoints.MissingField,
			`entry 3 (` + third + `): clouds: must be given`,
		},
		{
			"no source", `"source": "list", `, ``, endpoints.MissingField,
			`entry 3 (` + third + `): source: must be given`,
		},
		{
			"an unknown source", `"source": "list"`, `"source": "scroll"`, endpoints.BadValue,
			`entry 3 (` + third + `): source: unknown source "scroll"`,
		},
		{
			"another source that is unknown", `"also": ["book"]`, `"also": ["book", "scroll"]`, endpoints.BadValue,
			`entry 3 (` + third + `): also[1]: unknown source "scroll"`,
		},
		{
			"an unknown scenario", `"autopatch", "autopilot"`, `"autopatch", "autopliot"`, endpoints.BadValue,
			`entry 3 (` + third + `): scenarios[1] "autopliot": unknown`,
		},
		{
			"an unknown cloud", `"china", "worldwide"`, `"moon"`, endpoints.BadValue,
			`entry 3 (` + third + `): clouds[0] "moon": unknown`,
		},
		{
			"an unknown trait", `"traits": []`, `"traits": ["no-tls-inspecton"]`, endpoints.BadValue,
			`entry 2 (` + second + `): traits[0] "no-tls-inspecton": unknown`,
		},
		{
			"an unknown phase", `"traits": []`, `"phase": "lunch"`, endpoints.BadValue,
			`entry 2 (` + second + `): phase "lunch": unknown`,
		},
		{
			"an unknown status", `"traits": []`, `"status": ""`, endpoints.BadValue,
			`entry 2 (` + second + `): status: unknown`,
		},
		{
			"a need in an unknown scenario", `{"autopatch": "optional"}`, `{"autopash": "optional"}`, endpoints.BadValue,
			`entry 3 (` + third + `): need_in.autopash "autopash": unknown`,
		},
		{
			"a document that dropped it and is no source", `{"autopatch": "optional"}`, `{"autopatch": "formerly-required"}, "dropped_by": {"autopatch": "scroll"}`, endpoints.BadValue,
			`entry 3 (` + third + `): dropped_by.autopatch: unknown source "scroll"`,
		},
		{
			"ports of a cloud that the endpoint is not in", `{"autopatch": "optional"}`, `{}, "ports_in": {"dod": ["icmp ping"]}`, endpoints.BadValue,
			`entry 3 (` + third + `): ports_in.dod "dod": unknown`,
		},
		{
			"ports of a feature that the endpoint does not have", `{"autopatch": "optional"}`, `{}, "ports_of": {"mail": ["tcp/25 smtp"]}`, endpoints.BadValue,
			`entry 3 (` + third + `): ports_of.mail[0]: "tcp/25 smtp" is not one of the endpoint's ports`,
		},
		{
			"another generation of Windows", `"traits": []`, `"windows": {"worldwide": "7"}`, endpoints.BadValue,
			`entry 2 (` + second + `): windows.worldwide "7": unknown`,
		},
		{
			"a generation of Windows in an unknown cloud", `"traits": []`, `"windows": {"moon": "11"}`, endpoints.BadValue,
			`entry 2 (` + second + `): windows.moon "moon": unknown`,
		},
		{
			"the generation of Windows without a cloud", `"traits": []`, `"windows": "11"`, endpoints.WrongType,
			`entry 2 (` + second + `): windows: want an object, got a string`,
		},
		{
			"an alias of a pattern", `"traits": []`, `"cnames": {"worldwide": ["a.contoso.com", "*.contoso.com"]}`, endpoints.BadValue,
			`entry 2 (` + second + `): cnames.worldwide[1]: "*.contoso.com" is not an exact name in lower case`,
		},
		{
			"an alias of nothing", `"traits": []`, `"cnames": {"worldwide": []}`, endpoints.MissingField,
			`entry 2 (` + second + `): cnames.worldwide: want at least one name`,
		},
		{
			"a list that is none", `"traits": []`, `"traits": "byte-range"`, endpoints.WrongType,
			`entry 2 (` + second + `): traits: want a list, got a string`,
		},
		{
			"null", `"traits": []`, `"traits": null`, endpoints.WrongType,
			`entry 2 (` + second + `): traits: want a list, got null`,
		},
		{
			"a boolean that is none", `"traits": []`, `"core": "true"`, endpoints.WrongType,
			`entry 2 (` + second + `): core: want a boolean, got a string`,
		},
		{
			"a member that the pattern does not cover", `"b.contoso.com"`, `"contoso.com"`, endpoints.BadValue,
			`entry 2 (` + second + `): members[0]: "contoso.com" is not covered by "*.contoso.com"`,
		},
		{
			"a member that is a pattern", `"b.contoso.com"`, `"b*.contoso.com"`, endpoints.BadValue,
			`entry 2 (` + second + `): members[0]: "b*.contoso.com" is not an exact name in lower case`,
		},
		{
			"a path without a slash", `"traits": []`, `"path": "x"`, endpoints.BadValue,
			`entry 2 (` + second + `): path: "x" is not a request path: want a slash and printable ASCII`,
		},
		{
			"a path with a line break", `"traits": []`, `"path": "/x\r\nHost: y"`, endpoints.BadValue,
			`entry 2 (` + second + `): path: "/x\r\nHost: y" is not a request path: want a slash and printable ASCII`,
		},
		{
			"a status that is none", `"statuses": [200]`, `"statuses": [200, 20]`, endpoints.BadValue,
			`entry 3 (` + third + `): answer.statuses[1]: 20 is not an HTTP status`,
		},
		{
			"a status that is no whole number", `"statuses": [200]`, `"statuses": [2e2]`, endpoints.BadValue,
			`entry 3 (` + third + `): answer.statuses[0]: 2e2 is not an integer, or out of range`,
		},
		{
			"an address that is none", `"192.0.2.7"`, `"192.0.2.x"`, endpoints.BadValue,
			`entry 3 (` + third + `): answer.addresses[0]: "192.0.2.x" is not an IP address`,
		},
		{
			"an unknown field of an answer", `"protocol": "http"`, `"protcol": "http"`, endpoints.UnknownField,
			`entry 3 (` + third + `): answer.protcol: unknown field`,
		},
		{
			"a set of an unknown cloud", `"worldwide 163`, `"moon 163`, endpoints.BadValue,
			`entry 3 (` + third + `): sets[0]: unknown cloud "moon"`,
		},
		{
			"a set without its marks", `Allow/Required"`, `Allow"`, endpoints.BadValue,
			`entry 3 (` + third + `): sets[0]: want cloud, number, area and marks, as in "worldwide 163 MEM Allow/Required"`,
		},
		{
			"a field twice", `{"host": "a.contoso.com"}`, `{"host": "a.contoso.com", "host": "b.contoso.com"}`, endpoints.Duplicate,
			`duplicate field "host"`,
		},
		{
			"a host outside of endpoints", `"need": "conditional",`, `"host": "a",`, endpoints.UnknownField,
			`services[0].groups[0].host: unknown field`,
		},
		{
			"a service twice", `"fabrikam",`, `"contoso",`, endpoints.Duplicate,
			`services[1].service: duplicate service`,
		},
		{
			"a service without a name", `"service": "fabrikam",`, ``, endpoints.MissingField,
			`services[1].service: must be given`,
		},
		{
			"a service whose name is no word", `"fabrikam",`, `"Fabrikam Inc",`, endpoints.BadValue,
			`services[1].service: "Fabrikam Inc" is not a service name: want lower-case letters, digits and hyphens`,
		},
		{
			"a title of another type", `"title": "Contoso"`, `"title": 7`, endpoints.WrongType,
			`services[0].title: want a string, got a number`,
		},
		{
			"an unknown field at the root", `"notes"`, `"motes"`, endpoints.UnknownField,
			`motes: unknown field`,
		},
		{
			"another format", `netready-endpoints/1`, `netready-endpoints/2`, endpoints.BadValue,
			`format: unknown format "netready-endpoints/2": want "netready-endpoints/1"`,
		},
		{"no format", `"format": "netready-endpoints/1",`, ``, endpoints.MissingField, `format: must be given`},
		{"no version", `"version": "1",`, ``, endpoints.MissingField, `version: must be given`},
		{
			"a date in another form", `2026-11-21`, `21.11.2026`, endpoints.BadValue,
			`date: "21.11.2026" is not a date of the form 2006-01-02`,
		},
		{
			"a source without a title", `{"title": "List"}`, `{"ref": "List"}`, endpoints.MissingField,
			`sources.list.title: a source needs a title`,
		},
		{
			"a source twice", `{"title": "List"}`, `{"title": "Book", "ref": "shelf 1", "date": "2026"}`, endpoints.Duplicate,
			`sources.list: the same source as "book"`,
		},
		{
			"support of an unknown cloud", `{"worldwide": {"status"`, `{"moon": {"status"`, endpoints.BadValue,
			`support.autopilot.moon "moon": unknown`,
		},
		{
			"support with an unknown answer", `"status": "yes"`, `"status": "perhaps"`, endpoints.BadValue,
			`support.autopilot.worldwide.status "perhaps": unknown`,
		},
		{
			"no groups", `"service": "fabrikam",`, `"service": "empty"}, {"service": "fabrikam",`, endpoints.MissingField,
			`services[1].groups: must be given`,
		},
		{
			"a group without endpoints", `"need": "conditional",`, `"need": "conditional"}, {`, endpoints.MissingField,
			`services[0].groups[0].endpoints: must be given`,
		},
		{
			"a group that is none", `"groups": [`, `"groups": [7,`, endpoints.WrongType,
			`services[0].groups[0]: want an object, got a number`,
		},
		{
			"a service that is none", `"services": [`, `"services": [[],`, endpoints.WrongType,
			`services[0]: want an object, got a list`,
		},
		{
			"a service name of another type", `"service": "fabrikam",`, `"service": true,`, endpoints.WrongType,
			`services[1].service: want a string, got a boolean`,
		},
		{
			"ports that are no texts", `["udp/123 ntp", "icmp ping"]`, `[{"transport": "udp"}]`, endpoints.WrongType,
			`entry 3 (` + third + `): ports[0]: want a string, got an object`,
		},
		{
			"a need of another type", `"need": "required"`, `"need": true`, endpoints.WrongType,
			`entry 2 (` + second + `): need: want a string, got a boolean`,
		},
		{
			"needs that are no object", `{"autopatch": "optional"}`, `["optional"]`, endpoints.WrongType,
			`entry 3 (` + third + `): need_in: want an object, got a list`,
		},
		{
			"a status of another type", `"statuses": [200]`, `"statuses": ["200"]`, endpoints.WrongType,
			`entry 3 (` + third + `): answer.statuses[0]: want a number, got a string`,
		},
		{
			"an address of another type", `"192.0.2.7"`, `7`, endpoints.WrongType,
			`entry 3 (` + third + `): answer.addresses[0]: want a string, got a number`,
		},
		{
			"a source of another type", `"source": "list"`, `"source": {"title": "List"}`, endpoints.WrongType,
			`entry 3 (` + third + `): source: want a string, got an object`,
		},
		{
			"a set of another type", `"worldwide 163 MEM Allow/Required"`, `163`, endpoints.WrongType,
			`entry 3 (` + third + `): sets[0]: want a string, got a number`,
		},
		{
			"a set with a number that is none", `"worldwide 163`, `"worldwide x`, endpoints.BadValue,
			`entry 3 (` + third + `): sets[0]: "x" is not the number of a set`,
		},
		{
			"a set without an area", `"worldwide 163 MEM`, `"worldwide 163 `, endpoints.BadValue,
			`entry 3 (` + third + `): sets[0]: "" is not an area`,
		},
		{
			"a set without a category", `MEM Allow/`, `MEM /`, endpoints.BadValue,
			`entry 3 (` + third + `): sets[0]: "" is not a category`,
		},
		{
			"a set with words to spare", `MEM Allow/`, `MEM MEM Allow/`, endpoints.BadValue,
			`entry 3 (` + third + `): sets[0]: want cloud, number, area and marks, as in "worldwide 163 MEM Allow/Required"`,
		},
		{
			"a member that is no host", `"b.contoso.com"`, `"b contoso.com"`, endpoints.BadValue,
			`entry 2 (` + second + `): members[0]: "b contoso.com" is not a host: the character ' '`,
		},
		{
			"a member twice", `"b.contoso.com"`, `"b.contoso.com", "b.contoso.com"`, endpoints.Duplicate,
			`entry 2 (` + second + `): members[1]: the member "b.contoso.com" twice`,
		},
		{
			"a source with an unknown field", `"ref": "shelf 1"`, `"url": "shelf 1"`, endpoints.UnknownField,
			`sources.book.url: unknown field`,
		},
		{
			"a source with an empty key", `"list": {`, `"": {`, endpoints.BadValue,
			`sources: an empty key`,
		},
		{
			"support in an unknown scenario", `{"autopilot": {"worldwide"`, `{"autopliot": {"worldwide"`, endpoints.BadValue,
			`support.autopliot "autopliot": unknown`,
		},
		{
			"support with an unknown field", `{"status": "yes"`, `{"state": "yes"`, endpoints.UnknownField,
			`support.autopilot.worldwide.state: unknown field`,
		},
		{
			"support of another type", `{"status": "yes"`, `{"status": true`, endpoints.WrongType,
			`support.autopilot.worldwide.status: want a string, got a boolean`,
		},
		{
			"support by an unknown source", `"status": "yes", "source": "book"`, `"status": "yes", "source": "x"`, endpoints.BadValue,
			`support.autopilot.worldwide.source: unknown source "x"`,
		},
		{
			"a title of two lines", `"title": "Contoso"`, `"title": "Contoso\nREADY"`, endpoints.BadValue,
			`services[0].title: "Contoso\nREADY" is not one line of visible text`,
		},
		{
			"a version that colors a terminal", `"version": "1"`, `"version": "1\u001b[31m"`, endpoints.BadValue,
			`version: "1\x1b[31m" is not one line of visible text`,
		},
		{
			"notes that run backwards", `"For tests."`, `"For \u202etests."`, endpoints.BadValue,
			`notes[0]: "For \u202etests." is not one line of visible text`,
		},
		{
			"a source with a line separator", `"shelf 1"`, `"shelf\u20281"`, endpoints.BadValue,
			`sources.book.ref: "shelf\u20281" is not one line of visible text`,
		},
		{
			"a consequence with a hidden character", `"traits": []`, `"consequence": "a\u200bb"`, endpoints.BadValue,
			`entry 2 (` + second + `): consequence: "a\u200bb" is not one line of visible text`,
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
				t.Fatalf("%q is not in the catalog", tt.old)
			}
			c, err := endpoints.Decode(strings.NewReader(data))
			var bad *endpoints.Error
			if !errors.As(err, &bad) || c != nil {
				t.Fatalf("Decode = %v, %v, want an Error", c, err)
			}
			if bad.Code != tt.code {
				t.Errorf("code %q, want %q", bad.Code, tt.code)
			}
			if bad.Line < 1 || bad.Line > strings.Count(data, "\n") {
				t.Errorf("line %d", bad.Line)
			}
			_, got, _ := strings.Cut(strings.TrimPrefix(err.Error(), "line "), ": ")
			if got, _, _ = strings.Cut(got, " (known: "); got != tt.want {
				t.Errorf("error\n %s\nwant\n %s", got, tt.want)
			}
		})
	}
}
