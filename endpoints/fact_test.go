package endpoints_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// withFacts returns a catalog of 2026-11-22 with two endpoints and the given
// groups of facts.
func withFacts(t *testing.T, groups ...string) *endpoints.Catalog {
	t.Helper()
	c, err := endpoints.Decode(strings.NewReader(factCatalog(groups...)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func factCatalog(groups ...string) string {
	return `{
	"format": "netready-endpoints/1",
	"version": "1",
	"date": "2026-11-22",
	"sources": {"book": {"title": "Book"}, "list": {"title": "List"}},
	"services": [
		{
			"service": "contoso", "scenarios": ["autopilot"], "clouds": ["worldwide"], "source": "book",
			"groups": [
				{
					"endpoints": [
						{"host": "exact.contoso.com", "ports": ["tcp/443 https"], "confidence": "documented"},
						{"host": "*.contoso.com", "ports": ["tcp/80 http"], "members": ["m.contoso.com"]}
					]
				}
			]
		}
	],
	"facts": [` + strings.Join(groups, ",") + `]
}`
}

// seen is a group of facts.
func seen(known, how, date, at string) string {
	return fmt.Sprintf(`{"source": "list", "date": %q, "known": %q, "how": %q, "basis": "seen-in-capture", "at": ["%s"]}`,
		date, known, how, strings.ReplaceAll(at, " ", `", "`))
}

func answers(date, at string) string { return seen("confirmed", "answers", date, at) }

func foreign(date, at string) string { return seen("contradicted", "foreign_certificate", date, at) }

func silent(date, at string) string { return seen("contradicted", "silent", date, at) }

func refused(date, at string) string { return seen("contradicted", "refused", date, at) }

func gone(date, at string) string { return seen("contradicted", "no_such_name", date, at) }

func resolves(date, at string) string { return seen("confirmed", "resolves", date, at) }

func listed(date, at string) string { return seen("unknown", "listed", date, at) }

func TestFact(t *testing.T) {
	tests := []struct {
		name  string
		facts []string
		at    string // host and port
		want  string // known, how and date; empty for nothing
	}{
		{"nothing is known", nil, "a.com 443", ""},
		{"a row of the host", []string{answers("2026-01-01", "a.com:443")}, "a.com 443", "confirmed answers 2026-01-01"},
		{"the name in capitals with a dot", []string{answers("2026", "a.com:443")}, "A.Com. 443", "confirmed answers 2026"},
		{"an address", []string{answers("2026", "[2001:db8::7]:443")}, "2001:DB8::7 443", "confirmed answers 2026"},
		{"another port", []string{answers("2026", "a.com:443")}, "a.com 80", ""},
		{"no name", []string{answers("2026", "a.com:443")}, "a b 443", ""},

		{"a host's row beats a newer one of its pattern", []string{answers("2025", "a.b.com:443"), foreign("2026", "*.b.com:443")}, "a.b.com 443", "confirmed answers 2025"},
		{"and so it does the other way round", []string{foreign("2012", "a.b.com:443"), answers("2026", "*.b.com:443")}, "a.b.com 443", "contradicted foreign_certificate 2012"},
		{"a lapsed row of a host beats its pattern's too", []string{answers("2012", "a.b.com:443"), foreign("2026", "*.b.com:443")}, "a.b.com 443", ""},
		{"a pattern holds below it, at any depth", []string{foreign("2026", "*.b.com:443")}, "x.a.b.com 443", "contradicted foreign_certificate 2026"},
		{"a pattern does not hold for its apex", []string{foreign("2026", "*.b.com:443")}, "b.com 443", ""},
		{"a pattern holds where the host has rows of other ports", []string{answers("2026", "a.b.com:80"), foreign("2026", "*.b.com:443")}, "a.b.com 443", "contradicted foreign_certificate 2026"},
		{"the most specific pattern decides", []string{answers("2026", "*.a.b.com:443"), foreign("2026", "*.b.com:443")}, "x.a.b.com 443", "confirmed answers 2026"},
		{"a wildcard inside a label", []string{answers("2026", "kv*.b.com:443")}, "kv7.b.com 443", "confirmed answers 2026"},
		{"a wildcard inside a label is more specific", []string{foreign("2025", "kv*.b.com:443"), answers("2026", "*.b.com:443")}, "kv7.b.com 443", "contradicted foreign_certificate 2025"},
		{"of two such, the longer", []string{foreign("2026", "k*.b.com:443"), answers("2026", "kv*.b.com:443")}, "kv7.b.com 443", "confirmed answers 2026"},
		{"a pattern as a whole", []string{foreign("2026", "m.b.com:443")}, "*.b.com 443", ""},
		{"a pattern's own row", []string{foreign("2026", "*.b.com:443")}, "*.b.com 443", "contradicted foreign_certificate 2026"},
		{"a pattern under a wider one", []string{foreign("2026", "*.com:443")}, "*.b.com 443", "contradicted foreign_certificate 2026"},

		{"two years old to the day", []string{answers("2024-11-22", "a.com:443")}, "a.com 443", "confirmed answers 2024-11-22"},
		{"two years and a day", []string{answers("2024-11-21", "a.com:443")}, "a.com 443", ""},
		{"a month that is not over", []string{answers("2024-11", "a.com:443")}, "a.com 443", "confirmed answers 2024-11"},
		{"a month before", []string{answers("2024-10", "a.com:443")}, "a.com 443", ""},
		{"a year that is not over", []string{answers("2024", "a.com:443")}, "a.com 443", "confirmed answers 2024"},
		{"nobody knows when", []string{answers("", "a.com:443")}, "a.com 443", ""},
		{"a contradiction of old stands", []string{silent("2012", "a.com:80")}, "a.com 80", "contradicted silent 2012"},
		{"and one of which nobody knows when", []string{silent("", "a.com:80")}, "a.com 80", "contradicted silent "},
		{"until something newer disagrees", []string{silent("2012", "a.com:80"), answers("2026", "a.com:80")}, "a.com 80", "confirmed answers 2026"},
		{"which lapses", []string{silent("2012", "a.com:80"), answers("2013", "a.com:80")}, "a.com 80", ""},
		{"a newer contradiction", []string{answers("2025", "a.com:80"), silent("2026-02", "a.com:80")}, "a.com 80", "contradicted silent 2026-02"},
		{"of one day, what excuses nothing", []string{silent("2026-02", "a.com:80"), answers("2026-02-28", "a.com:80"), answers("2026-02", "a.com:80")}, "a.com 80", "confirmed answers 2026-02"},
		{"of one month, what excuses nothing", []string{silent("2026-02", "a.com:80"), answers("2026-02-03", "a.com:80")}, "a.com 80", "confirmed answers 2026-02-03"},
		{"and of one year", []string{gone("2026", "a.com"), answers("2026-02", "a.com:80")}, "a.com 80", "confirmed answers 2026-02"},
		{"a contradiction of a later day", []string{answers("2026-02-03", "a.com:80"), silent("2026-02-04", "a.com:80")}, "a.com 80", "contradicted silent 2026-02-04"},

		{"a name that resolves has no port", []string{resolves("2026", "a.com")}, "a.com 443", ""},
		{"a name that resolves", []string{resolves("2026", "a.com")}, "a.com 0", "confirmed resolves 2026"},
		{"a port that answers proves the name", []string{answers("2026", "a.com:443")}, "a.com 0", "confirmed resolves 2026"},
		{"and so does another's certificate", []string{foreign("2026", "a.com:443")}, "a.com 0", "confirmed resolves 2026"},
		{"of old it proves no name", []string{foreign("2012", "a.com:443")}, "a.com 0", ""},
		{"a name that is gone has no ports", []string{answers("2025", "a.com:443"), gone("2026", "a.com")}, "a.com 443", "contradicted no_such_name 2026"},
		{"a name that came back", []string{gone("2025", "a.com"), answers("2026", "a.com:443")}, "a.com 0", "confirmed resolves 2026"},
		{"on a port that nobody tried since", []string{gone("2025", "a.com"), answers("2026", "a.com:443")}, "a.com 80", ""},
		{"a port that is only listed", []string{listed("2026", "a.com:443")}, "a.com 443", ""},
		{"which hides no pattern", []string{listed("2026", "a.b.com:443"), foreign("2025", "*.b.com:443")}, "a.b.com 443", "contradicted foreign_certificate 2025"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var host string
			var port uint16
			i := strings.LastIndex(tt.at, " ")
			host = tt.at[:i]
			if _, err := fmt.Sscan(tt.at[i:], &port); err != nil {
				t.Fatal(err)
			}
			f := withFacts(t, tt.facts...).Fact(host, port)
			got := ""
			if f.Known != endpoints.Unknown {
				got = fmt.Sprint(f.Known, " ", f.How, " ", f.Date)
				if f.Port != port || f.Source.Title != "List" || f.Basis != endpoints.BasisSeen {
					t.Errorf("the fact is of port %d, source %q and basis %q", f.Port, f.Source.Title, f.Basis)
				}
			} else if !f.Host.IsZero() || f.How != "" || f.Date != "" {
				t.Errorf("nothing is known, and yet %+v", f)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFactGathersWhatRowsSaw(t *testing.T) {
	c := withFacts(
		t,
		`{"source": "list", "date": "2026", "known": "contradicted", "how": "foreign_certificate", "names": ["b.cdn.net"], "basis": "seen-in-capture", "at": ["a.com:443"]}`,
		`{"source": "book", "date": "2025", "known": "contradicted", "how": "foreign_certificate", "names": ["a.cdn.net", "b.cdn.net"], "basis": "seen-in-capture", "at": ["a.com:443"]}`,
		`{"source": "book", "date": "2024", "known": "confirmed", "how": "answers", "statuses": [200], "basis": "seen-in-capture", "at": ["a.com:443", "a.com:80"]}`,
		`{"source": "list", "date": "2026", "known": "confirmed", "how": "redirects", "statuses": [302, 301], "basis": "seen-in-capture", "at": ["a.com:80"]}`,
	)
	if f := c.Fact("a.com", 443); !slices.Equal(f.Names, []string{"a.cdn.net", "b.cdn.net"}) || f.Statuses != nil {
		t.Errorf("names %v, statuses %v", f.Names, f.Statuses)
	}
	f := c.Fact("a.com", 80)
	if !slices.Equal(f.Statuses, []int{200, 301, 302}) || f.Names != nil {
		t.Errorf("names %v, statuses %v", f.Names, f.Statuses)
	}
	f.Statuses[0] = 500
	if again := c.Fact("a.com", 80); again.Statuses[0] != 200 {
		t.Error("the catalog's own list was handed out")
	}
}

func TestGiven(t *testing.T) {
	c := withFacts(
		t,
		answers("2012", "a.contoso.com:443"), listed("2026", "m.contoso.com:443"), foreign("2026", "c.contoso.com:443"),
		silent("2026", "a.contoso.com:80"), refused("2026", "a.contoso.com:25"), resolves("2026", "r.contoso.com"), gone("2026", "gone.contoso.com"), answers("2026", "*.contoso.com:8080"),
	)
	tests := []struct {
		name string
		host string
		port uint16
		want string // title and basis; empty if no source gives it
	}{
		{"an endpoint of that host", "EXACT.contoso.com.", 443, "Book documented"},
		{"another port of it", "exact.contoso.com", 80, ""},
		{"a pattern's port is not its member's", "m.contoso.com", 80, ""},
		{"a list that names the member", "m.contoso.com", 443, "List seen-in-capture"},
		{"it answered once", "a.contoso.com", 443, "List seen-in-capture"},
		{"it answers there with another's certificate", "c.contoso.com", 443, "List seen-in-capture"},
		{"it never answers there", "a.contoso.com", 80, ""},
		{"it refuses connections there", "a.contoso.com", 25, ""},
		{"a name alone", "r.contoso.com", 443, ""},
		{"a name that is gone", "gone.contoso.com", 443, ""},
		{"a row of a pattern", "x.contoso.com", 8080, ""},
		{"a pattern", "*.contoso.com", 80, ""},
		{"no port", "exact.contoso.com", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source, basis, ok := c.Given(tt.host, tt.port)
			got := strings.TrimSpace(source.Title + " " + string(basis))
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("got %q, %t, want %q", got, ok, tt.want)
			}
		})
	}
}

func TestFactsAreOfTheCatalogAlone(t *testing.T) {
	var zero endpoints.Catalog
	for range zero.Facts() {
		t.Error("the zero Catalog has a fact")
	}
	if f := zero.Fact("login.live.com", 443); f.Known != endpoints.Unknown {
		t.Errorf("the zero Catalog knows %+v", f)
	}
	if _, _, ok := zero.Given("login.live.com", 443); ok {
		t.Error("the zero Catalog gives a port")
	}
	if zero.Operators("microsoft.com") != nil {
		t.Error("the zero Catalog knows an operator")
	}
}

func TestWithFacts(t *testing.T) {
	base := withFacts(t, answers("2026-01", "a.com:443"))
	own := endpoints.Fact{
		Host: mustHost(t, "a.com"), Port: 443, Known: endpoints.Contradicted, How: endpoints.HowNoHTTP, Date: "2026-02",
		Basis: endpoints.BasisSeen, Source: endpoints.Source{Title: "Contoso: network handbook"},
	}
	c, err := base.WithFacts(own)
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Fact("a.com", 443); f.How != endpoints.HowNoHTTP || f.Source.Title != own.Source.Title {
		t.Errorf("the newer fact does not decide: %+v", f)
	}
	if f := base.Fact("a.com", 443); f.Known != endpoints.Confirmed {
		t.Errorf("the old catalog changed: %+v", f)
	}
	if c.Version() != "1+local" || base.Version() != "1" {
		t.Errorf("versions %q and %q", c.Version(), base.Version())
	}
	more, err := c.With(mustNew(t, "contoso", "b.com", "tcp/443 https"))
	if err != nil {
		t.Fatal(err)
	}
	if f := more.Fact("a.com", 443); f.How != endpoints.HowNoHTTP {
		t.Errorf("With loses facts: %+v", f)
	}
	var b bytes.Buffer
	if err := more.Encode(&b); err != nil {
		t.Fatal(err)
	}
	again, err := endpoints.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b endpoints.Host) bool { return a == b })
	if diff := cmp.Diff(slices.Collect(more.Facts()), slices.Collect(again.Facts()), same); diff != "" {
		t.Errorf("encoded and decoded (-want +got):\n%s", diff)
	}
	if none, err := base.WithFacts(); err != nil || none.Version() != "1" {
		t.Errorf("without facts: version %q, %v", none.Version(), err)
	}
	own.How = endpoints.HowAnswers
	if _, err := base.WithFacts(endpoints.Fact{}, own); code(err) != endpoints.MissingField {
		t.Errorf("the zero Fact: %v", err)
	}
	if err := own.Validate(); code(err) != endpoints.BadValue || !strings.Contains(err.Error(), "no_such_name") {
		t.Errorf("a contradiction that answers: %v", err)
	}
}

func mustNew(t *testing.T, service endpoints.Service, host string, ports ...string) endpoints.Endpoint {
	t.Helper()
	e, err := endpoints.New(service, host, ports...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestDecodeRejectsFacts(t *testing.T) {
	group := func(fields, at string) string {
		return fmt.Sprintf(`{"source": "list", "known": "confirmed", "how": "answers", "basis": "documented", %s "at": ["%s"]}`, fields, at)
	}
	tests := []struct {
		name, group, code, path string
	}{
		{"no place", `{"source": "list", "known": "unknown", "how": "listed", "basis": "documented"}`, endpoints.MissingField, "facts[0].at"},
		{"a place that is none", group("", "a b:443"), endpoints.BadValue, "facts[0].at[0]"},
		{"a port that is none", group("", "a.com:0443"), endpoints.BadValue, "facts[0].at[0]"},
		{"port 0", group("", "a.com:0"), endpoints.BadValue, "facts[0].at[0]"},
		{"an address without its end", group("", "[2001:db8::7:443"), endpoints.BadValue, "facts[0].at[0]"},
		{"a placeholder", group("", "$resolver:53"), endpoints.BadValue, "facts[0].at[0].host"},
		{"a tenant's name", group("", "{tenant}.sharepoint.com:443"), endpoints.BadValue, "facts[0].at[0].host"},
		{"a source that is not there", strings.Replace(group("", "a.com:443"), `"list"`, `"lost"`, 1), endpoints.BadValue, "facts[0].source"},
		{"no source", strings.Replace(group("", "a.com:443"), `"source": "list", `, "", 1), endpoints.MissingField, "facts[0].source"},
		{"no basis", strings.Replace(group("", "a.com:443"), `"basis": "documented", `, "", 1), endpoints.MissingField, "facts[0].basis"},
		{"a word for what is known", strings.Replace(group("", "a.com:443"), `"confirmed"`, `"likely"`, 1), endpoints.BadValue, "facts[0].known"},
		{"how that does not fit what is known", strings.Replace(group("", "a.com:443"), `"confirmed"`, `"contradicted"`, 1), endpoints.BadValue, "facts[0].how"},
		{"a name that answers", group("", "a.com"), endpoints.BadValue, "facts[0].at[0].how"},
		{"a port that resolves", strings.Replace(group("", "a.com:443"), `"answers"`, `"resolves"`, 1), endpoints.BadValue, "facts[0].at[0].how"},
		{"a status that is none", group(`"statuses": [200, 99],`, "a.com:443"), endpoints.BadValue, "facts[0].statuses[1]"},
		{"a name of a certificate in capitals", group(`"names": ["A.com"],`, "a.com:443"), endpoints.BadValue, "facts[0].names[0]"},
		{"a date that is none", group(`"date": "11/2026",`, "a.com:443"), endpoints.BadValue, "facts[0].date"},
		{"a month that is none", group(`"date": "2026-13",`, "a.com:443"), endpoints.BadValue, "facts[0].date"},
		{"a day that is none", group(`"date": "2026-02-30",`, "a.com:443"), endpoints.BadValue, "facts[0].date"},
		{"a confidence that is none", group(`"confidence": "sure",`, "a.com:443"), endpoints.BadValue, "facts[0].confidence"},
		{"notes with a control character", group(`"notes": "a\u0007",`, "a.com:443"), endpoints.BadValue, "facts[0].notes"},
		{"a field that is none", group(`"since": "2026",`, "a.com:443"), endpoints.UnknownField, "facts[0].since"},
		{"no object", `"a.com:443"`, endpoints.WrongType, "facts[0]"},
		{"more than there may be", group("", strings.Repeat(`a.com:443", "`, 50_000)+"a.com:443"), endpoints.TooLarge, "facts[0].at[50000]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := endpoints.Decode(strings.NewReader(factCatalog(tt.group)))
			bad, ok := errors.AsType[*endpoints.Error](err)
			if !ok || bad.Code != tt.code || bad.Field != tt.path || bad.Line == 0 {
				t.Errorf("got %v, want code %q at %s, with its line", err, tt.code, tt.path)
			}
		})
	}
}
