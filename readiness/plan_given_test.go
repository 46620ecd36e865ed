package readiness_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A plan asks no host on a port that no source gives for that very host, and
// says for each check which source does.
func TestChecksAreGiven(t *testing.T) {
	for _, s := range endpoints.Scenarios() {
		for _, c := range endpoints.Clouds() {
			if known, _, _ := endpoints.Embedded().Support(s, c); known == endpoints.Contradicted {
				continue
			}
			for _, check := range plan(t, endpoints.Scope{Scenario: s, Cloud: c, Tenant: "contoso"}).Checks {
				switch check.Target.Protocol {
				case probe.NXDomain: // a name that nobody has
					continue
				case probe.HTTP, probe.HTTPS, probe.TCP:
				default:
					if check.Source.Title == "" {
						t.Errorf("%s, %s: nobody gives %s", s, c, check.ID())
					}
					continue
				}
				exact := slices.ContainsFunc(check.Endpoints, func(e endpoints.Endpoint) bool {
					return e.Host.Kind() != endpoints.Suffix && e.Host.Kind() != endpoints.Glob
				})
				_, _, given := endpoints.Embedded().Given(check.Target.Host, check.Target.Port)
				if !exact && !given || check.Source.Title == "" || check.Basis == "" {
					t.Errorf("%s, %s: nobody gives %s", s, c, check.ID())
				}
			}
		}
	}
}

// A pattern's port is not its member's.
func TestPortOfAPattern(t *testing.T) {
	catalog := own(t,
		endpoint(t, "autopatch", "*.example.com", func(e *endpoints.Endpoint) { e.Members = []string{"a.example.com", "b.example.com"} }, "tcp/80 http", "tcp/443 https"),
		endpoint(t, "autopatch", "a.example.com", nil, "tcp/443 https"),
		endpoint(t, "autopatch", "*.example.net", func(e *endpoints.Endpoint) { e.Members = []string{"a.example.net"} }, "tcp/443 https"),
	)
	p := planOn(t, autopilot(), catalog, probe.Network{})
	var got []string
	for _, c := range p.Checks {
		if strings.Contains(c.Target.Host, "example.") {
			got = append(got, c.ID())
		}
	}
	if diff := cmp.Diff([]string{"https a.example.com:443", "soa example.net:0"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for e, untested := range p.Endpoints() {
		if e.Host.String() == "*.example.net" && untested != "no source gives ports for a host that the pattern covers; only its zone is looked up, which says nothing about ports" {
			t.Errorf("%s: %q", e.Host, untested)
		}
	}
}

func TestPlanWhereItIsNotOffered(t *testing.T) {
	_, err := readiness.Runner{}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Cloud: endpoints.CloudDoD})
	var bad *endpoints.Error
	if !errors.As(err, &bad) || bad.Field != "cloud" || bad.Value != "dod" || !slices.Contains(bad.Want, "worldwide") || slices.Contains(bad.Want, "gcc-high") {
		t.Errorf("%v", err)
	}
	for _, ok := range []endpoints.Scope{
		{Scenario: endpoints.ScenarioAutopatch},
		{Scenario: endpoints.ScenarioDevicePreparation, Cloud: endpoints.CloudChina},
		{Scenario: endpoints.ScenarioAutopatch, Cloud: endpoints.CloudChina}, // no document says
	} {
		if _, err := (readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}).Plan(ok); err != nil {
			t.Error(err)
		}
	}
}

// The mail ports are for those who say that they use mail clients.
func TestMailPorts(t *testing.T) {
	mail := func(f ...endpoints.Feature) (ports int) {
		for _, c := range plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Features: f}).Checks {
			if slices.Contains([]uint16{25, 143, 587, 993, 995}, c.Target.Port) {
				ports++
			}
		}
		return ports
	}
	if n := mail(); n != 0 {
		t.Errorf("%d checks of mail ports, and nobody uses mail", n)
	}
	if mail(endpoints.FeatureMail) == 0 {
		t.Error("no check of a mail port")
	}
	if n := mail(endpoints.FeatureRemoteHelp); n != 0 {
		t.Errorf("%d checks of mail ports with Remote Help", n)
	}
	with, without := plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Features: []endpoints.Feature{endpoints.FeatureMail}}), plan(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopatch})
	for _, h := range without.Hosts() {
		if !slices.Contains(with.Hosts(), h) {
			t.Errorf("%s is not tested with mail", h)
		}
	}
}

// Sources that are more than a year older than the catalog are told of, if the
// name is required and nothing newer names it.
func TestOldSources(t *testing.T) {
	dated := func(dates ...string) func(*endpoints.Endpoint) {
		return func(e *endpoints.Endpoint) {
			e.Source = endpoints.Source{Title: "a list", Ref: "somewhere", Date: dates[0]}
			for _, d := range dates[1:] {
				e.Also = append(e.Also, endpoints.Source{Title: "a list of " + d, Ref: "elsewhere", Date: d})
			}
		}
	}
	built, err := time.Parse(time.DateOnly, endpoints.Embedded().Date())
	if err != nil {
		t.Fatal(err)
	}
	before := func(days int) string { return built.AddDate(-1, 0, -days).Format(time.DateOnly) }
	tests := []struct {
		name  string
		dates []string
		old   bool
	}{
		{"a new source", []string{"2026-03"}, false},
		{"an old one", []string{"2021-05-04"}, true},
		{"one of a year before the catalog", []string{before(0)}, false},
		{"one of a year and a day before the catalog", []string{before(1)}, true},
		{"an old one, and a new one", []string{"2021-05-04", "2026"}, false},
		{"a span that ends this year", []string{"2021-2026"}, false},
		{"a span that ended long ago", []string{"2020-2021"}, true},
		{"one without a date", []string{"undated"}, false},
	}
	note := func(c *endpoints.Catalog) string {
		notes := planOn(t, autopilot(), c, probe.Network{}).Notes
		if i := slices.IndexFunc(notes, func(n string) bool { return strings.Contains(n, "the newest source is more than") }); i >= 0 {
			return notes[i]
		}
		return ""
	}
	base := note(nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := note(own(t, endpoint(t, "autopatch", "old.example.com", dated(tt.dates...), "tcp/443 https")))
			if (got != base) != tt.old {
				t.Errorf("%q, and without the name %q", got, base)
			}
		})
	}
}

// own returns the built-in catalog with other endpoints.
func own(tb testing.TB, added ...endpoints.Endpoint) *endpoints.Catalog {
	tb.Helper()
	c, err := endpoints.Embedded().With(added...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// endpoint returns an endpoint of one's own, changed.
func endpoint(tb testing.TB, service endpoints.Service, host string, change func(*endpoints.Endpoint), ports ...string) endpoints.Endpoint {
	tb.Helper()
	e, err := endpoints.New(service, host, ports...)
	if err != nil {
		tb.Fatal(err)
	}
	if change != nil {
		change(&e)
	}
	return e
}
