package endpoints_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

func TestSourceDay(t *testing.T) {
	tests := []struct{ date, want string }{
		{"2026-03-24", "2026-03-24"},
		{"2026-03", "2026-03"},
		{"2026", "2026"},
		{"undated", ""},
		{"undated, after 2025", ""},
		{"", ""},
		{"captured on or before 2025-12-01", "2025-12-01"},
		{"2021-02-01 (list of 2020-10-16)", "2021-02-01"},
		{"2021-2026", "2026"},
		{"2019-01 to 2020-05", "2020-05"},
		{"20260324", ""},
		{"version 12 of 2024", "2024"},
	}
	for _, tt := range tests {
		if got := (endpoints.Source{Date: tt.date}).Day(); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.date, got, tt.want)
		}
	}
}

func TestNewestSource(t *testing.T) {
	of := func(date string) endpoints.Source { return endpoints.Source{Title: "of " + date, Date: date} }
	tests := []struct {
		name   string
		source string
		also   []string
		want   string
	}{
		{"one source", "2024", nil, "2024"},
		{"the first is the newest", "2026-01-01", []string{"2025"}, "2026-01-01"},
		{"another is", "2024", []string{"2025-03-01", "2026", "2025-12"}, "2026"},
		{"any date is newer than none", "undated", []string{"2019"}, "2019"},
		{"none is dated", "undated", []string{"undated, after 2025"}, "undated"},
		{"a day is newer than its year", "2026", []string{"2026-01-01"}, "2026-01-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := endpoints.Endpoint{Source: of(tt.source)}
			for _, date := range tt.also {
				e.Also = append(e.Also, of(date))
			}
			if diff := cmp.Diff(of(tt.want), e.Newest()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAgeOfRequirements counts required endpoints of the worldwide cloud whose
// newest source is more than a year older than the catalog.
func TestAgeOfRequirements(t *testing.T) {
	c := endpoints.Embedded()
	got := make(map[endpoints.Scenario][3]int) // all, older than a year, undated
	for _, s := range endpoints.Scenarios() {
		var n [3]int
		for _, e := range choose(t, c, endpoints.Scope{Scenario: s}) {
			if e.NeedFor(s) != endpoints.Required {
				continue
			}
			n[0]++
			switch day := e.Newest().Day(); {
			case day == "":
				n[2]++
			case day < "2025-11-27":
				n[1]++
			}
		}
		got[s] = n
	}
	want := map[endpoints.Scenario][3]int{
		endpoints.ScenarioAutopilot:         {53, 4, 0},
		endpoints.ScenarioHybridJoin:        {60, 11, 0},
		endpoints.ScenarioSelfDeploying:     {54, 4, 0},
		endpoints.ScenarioPreProvisioning:   {54, 4, 0},
		endpoints.ScenarioDevicePreparation: {52, 4, 0},
		endpoints.ScenarioDeviceAssociation: {66, 4, 0},
		endpoints.ScenarioAutopatch:         {56, 13, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("required, old, undated (-want +got):\n%s", diff)
	}
}
