package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness/device"
)

// rows returns the rows of an extract, without the one that names the columns.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/2026-11/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(data)) {
		out = append(out, strings.Split(strings.TrimRight(line, "\r\n"), "\t"))
	}
	return out[1:]
}

// TestAuditDevice compares the device prerequisites with the extract. New or
// reworded rows have no check and fail.
func TestAuditDevice(t *testing.T) {
	prerequisite := func(scenario endpoints.Scenario, f device.Facts, id string) string {
		all, err := f.Check(endpoints.Scope{Scenario: scenario})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			if p.ID == id {
				return p.Outcome.String()
			}
		}
		return "no " + id
	}
	edition := func(scenario endpoints.Scenario, e device.Edition) string {
		return prerequisite(scenario, device.Facts{Edition: e}, "windows.edition")
	}
	build := func(scenario endpoints.Scenario, number, revision uint32) string {
		return prerequisite(scenario, device.Facts{Build: device.Build{Number: number, Revision: revision}}, "windows.build")
	}
	plan := func(scenario endpoints.Scenario, id, plan string) string {
		return prerequisite(scenario, device.Facts{ServicePlans: []string{plan}}, id)
	}
	const preparation, association, autopatch = endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation, endpoints.ScenarioAutopatch
	checks := map[string]struct{ got, want []string }{
		"autopilot: editions": {
			[]string{edition(endpoints.ScenarioAutopilot, device.EditionEnterpriseLTSC), edition(endpoints.ScenarioAutopilot, device.EditionIoTEnterprise), edition(endpoints.ScenarioAutopilot, device.EditionHome)},
			[]string{"ok", "not_run", "failed"},
		},
		"autopilot: certificate-based sign-in during setup is supported with Entra certificate-based authentication": {}, // nothing to check
		"device-preparation: Windows 11 24H2 or later; 23H2 and 22H2 with KB5035942 (22631.3374, 22621.3374)": {
			[]string{build(preparation, 26100, 1), build(preparation, 22631, 3374), build(preparation, 22621, 3373)},
			[]string{"ok", "ok", "failed"},
		},
		"device-preparation, Windows 365 Cloud PC: 24H2 with KB5052093 (26100.3323) or later; 23H2, 22H2 with KB5035942": {}, // no fact identifies a Cloud PC
		"device-preparation: editions": {
			[]string{edition(preparation, device.EditionEnterpriseLTSC), edition(preparation, device.EditionIoTEnterprise)},
			[]string{"ok", "failed"},
		},
		"device-association: Windows 11 24H2 or 25H2 with KB5120998 or later (public copies give builds 26100.9278 and 26200.9278); a physical device; TPM 2.0 enabled and not in reduced functionality mode; same editions": {
			[]string{build(association, 26100, 9278), build(association, 26200, 9277), build(association, 22631, 9999), prerequisite(association, device.Facts{}, "device.tpm"), edition(association, device.EditionPro)},
			[]string{"ok", "failed", "failed", "not_run", "ok"},
		},
		"autopatch: Business Premium and A3/A5 have all features but support requests, since 2025-03-31; E3/E5/F3 all": {
			[]string{plan(autopatch, "licence.autopatch", "7bf960f6-2cd9-443a-8046-5dbff9558365"), plan(autopatch, "licence.autopatch", "e041597c-9c7f-4ed9-99b0-2663301576f7"), plan(autopatch, "licence.autopatch", "9aaf7827-d63c-4b61-89c3-182f06f82e5c")},
			[]string{"ok", "ok", "failed"},
		},
		"licences: INTUNE_A_GOV is d216f254-796f-4dab-bbfa-710686e646b9": {
			[]string{plan(endpoints.ScenarioAutopilot, "licence.mdm", "d216f254-796f-4dab-bbfa-710686e646b9")}, []string{"ok"},
		},
	}
	used := 0
	for _, row := range rows(t, "device-facts.tsv") {
		fact := row[0] + ": " + row[1]
		found := false
		for beginning, c := range checks {
			if strings.HasPrefix(fact, beginning) {
				found = true
				used++
				if diff := cmp.Diff(c.want, c.got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", fact, diff)
				}
			}
		}
		if !found {
			t.Errorf("nothing checks: %s", fact)
		}
	}
	if used != len(checks) {
		t.Errorf("%d of %d checks were used", used, len(checks))
	}
}

// TestAuditOperators compares the zone operators with the extract, in both
// directions: an operator that no row gives would pass filters' answers off as
// those of Microsoft.
func TestAuditOperators(t *testing.T) {
	compared := 0
	var given []endpoints.Operator
	for _, row := range rows(t, "soa.tsv") {
		zone, mname, rname := row[0], row[1], row[2]
		switch {
		case mname == "" || rname == "":
			continue // it cannot distinguish an operator from a filter
		case strings.HasPrefix(zone, "(any "):
			continue // no zone: anybody can have one at Azure DNS
		case zone == "microsoft.com" && mname == "ns1.msft.net":
			continue // of 2014, before the zone moved to Azure DNS
		}
		compared++
		given = append(given, endpoints.Operator{Zone: zone, MName: mname, RName: rname})
		if !slices.ContainsFunc(endpoints.Embedded().Operators(zone), func(o endpoints.Operator) bool { return o.Match(mname, rname) }) {
			t.Errorf("%s: the catalog lacks %s %s", zone, mname, rname)
		}
	}
	if compared < 10 {
		t.Errorf("%d rows compared", compared)
	}
	data, err := os.ReadFile("../../endpoints/facts.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Operators []struct{ Zone, MName, RName string }
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Operators) < 10 {
		t.Errorf("%d operators", len(file.Operators))
	}
	for _, row := range file.Operators {
		o := endpoints.Operator{Zone: row.Zone, MName: row.MName, RName: row.RName}
		if !slices.ContainsFunc(given, func(g endpoints.Operator) bool { return o.Zone == g.Zone && o.Match(g.MName, g.RName) }) {
			t.Errorf("no row gives the operator of %s, %s %s", o.Zone, o.MName, o.RName)
		}
	}
}
