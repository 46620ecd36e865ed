package readiness_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// One check is missing, on which nothing depends.
func TestOneMissingCheckLeavesTheReportUnproven(t *testing.T) {
	const name = "http download.windowsupdate.com:80"
	p := plan(t, autopilot())
	at := slices.IndexFunc(p.Checks, func(c readiness.Check) bool { return c.ID() == name })
	tests := []struct {
		name   string
		code   probe.Code
		cutOff bool
		text   string
	}{
		{"cut off", probe.Canceled, true, "readiness: unproven: the run was cut off, and 1 check was not completed: " + name},
		{"without a socket", probe.LocalResource, false, "readiness: unproven: 1 check was not completed: " + name},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obs := reached(p)
			obs[at].Error = &probe.Error{Op: probe.OpConnect, Code: tt.code}
			r := judge(t, p, obs, readiness.Policy{})
			if r.Verdict != readiness.Unproven || r.CutOff != tt.cutOff || !slices.Equal(ids(r.Missing), []string{name}) {
				t.Errorf("%s, cut off %v, missing %v", r.Verdict, r.CutOff, ids(r.Missing))
			}
			if err := r.Err(); err == nil || err.Error() != tt.text {
				t.Errorf("error %v, want %s", err, tt.text)
			}
			raw, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			var doc struct {
				CutOff  bool     `json:"cut_off"`
				Missing []string `json:"missing"`
			}
			if err := json.Unmarshal(raw, &doc); err != nil {
				t.Fatal(err)
			}
			if doc.CutOff != tt.cutOff || !slices.Equal(doc.Missing, []string{name}) {
				t.Errorf("JSON: %+v", doc)
			}
		})
	}
}

// What matters most is named first.
func TestMissingChecksAreNamedByGravity(t *testing.T) {
	p := plan(t, autopilot())
	r := judge(t, p, nil, readiness.Policy{})
	if !r.CutOff || len(r.Missing) != len(p.Checks) {
		t.Fatalf("cut off %v, %d of %d missing", r.CutOff, len(r.Missing), len(p.Checks))
	}
	gravest := make(map[string]readiness.Impact)
	for _, f := range r.Findings {
		gravest[f.Check.ID()] = max(gravest[f.Check.ID()], f.Impact)
	}
	if !slices.IsSortedFunc(r.Missing, func(a, b readiness.Check) int { return int(gravest[b.ID()]) - int(gravest[a.ID()]) }) {
		t.Error("a graver check is named after a milder one")
	}
}
