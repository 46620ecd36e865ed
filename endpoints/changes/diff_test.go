package changes_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/changes"
)

func mustHost(t *testing.T, s string) endpoints.Host {
	t.Helper()
	h, err := endpoints.ParseHost(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func own(t *testing.T, service endpoints.Service, host string) endpoints.Endpoint {
	t.Helper()
	return endpoints.Endpoint{
		Service:   service,
		Host:      mustHost(t, host),
		Ports:     []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}},
		Scenarios: []endpoints.Scenario{endpoints.ScenarioAutopatch, endpoints.ScenarioAutopilot},
		Clouds:    []endpoints.Cloud{endpoints.CloudWorldwide},
		Source:    endpoints.Source{Title: "Contoso: network handbook"},
	}
}

func TestDiff(t *testing.T) {
	base := endpoints.Embedded()
	if diff := changes.Diff(base, base); diff != nil {
		t.Errorf("a catalog differs from itself: %+v", diff)
	}
	changed := base.Match("time.windows.com", 123)[0]
	changed.Need = endpoints.Optional
	changed.Traits = nil
	changed.Source.Date = "2027"
	after, err := base.With(changed, own(t, "contoso", "a.contoso.com"))
	if err != nil {
		t.Fatal(err)
	}
	summary := func(changes []changes.Change) []string {
		var out []string
		for _, c := range changes {
			kind := "changed"
			switch {
			case c.Added():
				kind = "added"
			case c.Removed():
				kind = "removed"
			}
			line := kind + " " + string(c.Service) + " " + c.Host.String()
			if len(c.Fields) > 0 {
				line += " " + strings.Join(c.Fields, ",")
			}
			if c.Added() && c.Removed() || (c.Fields == nil) != (c.Added() || c.Removed()) {
				t.Errorf("%s: old %v, new %v", line, c.Old.Host, c.New.Host)
			}
			out = append(out, line)
		}
		return out
	}
	want := []string{"added contoso a.contoso.com", "changed ntp time.windows.com need,traits,source"}
	if diff := cmp.Diff(want, summary(changes.Diff(base, after))); diff != "" {
		t.Errorf("forwards (-want +got):\n%s", diff)
	}
	want = []string{"removed contoso a.contoso.com", "changed ntp time.windows.com need,traits,source"}
	if diff := cmp.Diff(want, summary(changes.Diff(after, base))); diff != "" {
		t.Errorf("backwards (-want +got):\n%s", diff)
	}
	var empty endpoints.Catalog
	if got := changes.Diff(&empty, base); len(got) != base.Len() ||
		slices.ContainsFunc(got, func(c changes.Change) bool { return !c.Added() }) {
		t.Errorf("%d changes from nothing, want %d added", len(got), base.Len())
	}
}

func ExampleDiff() {
	before := endpoints.Embedded()
	ntp := before.Match("time.windows.com", 123)[0]
	ntp.Need = endpoints.Optional
	after, err := before.With(ntp)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range changes.Diff(before, after) {
		fmt.Println(c.Host, c.Fields, c.Old.Need, "to", c.New.Need)
	}
	// Output:
	// time.windows.com [need] required to optional
}
