package device_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/device"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// Service plans of some products, as Microsoft lists them.
var (
	plansE3 = []string{
		"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "43de0ff5-c92c-492b-9116-175376d08c38",
		"21b439ba-a0ca-424f-a6cc-52f954a5b111", "9a6eeb79-0b4b-4bf0-9808-39d99a2cd5a3", "7bf960f6-2cd9-443a-8046-5dbff9558365",
	}
	plansF3              = []string{"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "C1EC4A95-1F05-45B3-A911-AA3FA01094F5", "e041597c-9c7f-4ed9-99b0-2663301576f7", "7bf960f6-2cd9-443a-8046-5dbff9558365"}
	plansBusinessPremium = []string{"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "8e9ff0ff-aa7a-4b20-83c1-2f636b600ac2", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "8e229017-d77b-43d5-9305-903395523b99", "7bf960f6-2cd9-443a-8046-5dbff9558365"}
	plansEducation       = []string{"da24caf9-af8e-485c-b7c8-e73336da2693"}
	plansGCC             = []string{"d216f254-796f-4dab-bbfa-710686e646b9"}
	plansBusinessBasic   = []string{"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "882e1d05-acd1-4ccb-8708-6ee03664b117"} // Exchange, and the MDM of Office 365
)

// TestDeviceTable keeps the results of each situation in each scenario in a
// file, so that reviewers see every changed verdict.
func TestDeviceTable(t *testing.T) {
	situations := []struct {
		name  string
		facts device.Facts
	}{
		{"nothing known", device.Facts{}},
		{"Pro of 24H2 with Microsoft 365 E3", device.Facts{Edition: device.EditionPro, Build: device.Build{Number: 26100, Revision: 3323}, ServicePlans: plansE3}},
		{"LTSC with Microsoft 365 F3", device.Facts{Edition: device.EditionEnterpriseLTSC, Build: device.Build{Number: 26100}, ServicePlans: plansF3}},
		{"Microsoft 365 Business Premium", device.Facts{ServicePlans: plansBusinessPremium}},
		{"Intune for Education", device.Facts{Edition: device.EditionEducation, ServicePlans: plansEducation}},
		{"Home of 23H2 before the update, with Business Basic", device.Facts{Edition: device.EditionHome, Build: device.Build{Number: 22631, Revision: 3296}, ServicePlans: plansBusinessBasic}},
		{"IoT Enterprise of 24H2 with the update of 2026 and Intune of GCC", device.Facts{Edition: device.EditionIoTEnterprise, Build: device.Build{Number: 26100, Revision: 9278}, ServicePlans: plansGCC}},
		{"no licenses, and another MDM service", device.Facts{Edition: device.EditionOther, ServicePlans: []string{}, OtherMDM: true}},
	}
	var b strings.Builder
	for _, s := range situations {
		fmt.Fprintf(&b, "%s\n", s.name)
		for _, scenario := range endpoints.Scenarios() {
			fmt.Fprintf(&b, "  %s\n", scenario)
			for _, f := range check(t, s.facts, endpoints.Scope{Scenario: scenario}) {
				fmt.Fprintf(&b, "    %-8s %-27s %-13s %-10s %s\n", f.Outcome, f.ID, f.Impact, f.Basis, strings.Join(nonEmpty(f.Found, f.Reason), ": "))
			}
		}
	}
	golden(t, "device.txt", b.String())
}

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// TestDeviceSources keeps the texts and documents of each prerequisite.
func TestDeviceSources(t *testing.T) {
	var b strings.Builder
	for _, scenario := range endpoints.Scenarios() {
		fmt.Fprintf(&b, "%s\n", scenario)
		for _, f := range check(t, device.Facts{}, endpoints.Scope{Scenario: scenario}) {
			fmt.Fprintf(&b, "  %s: %s\n    wanted: %s\n    without: %s\n", f.ID, f.Name, f.Wanted, f.Loss)
			if f.Wanted == "" || f.Loss == "" || f.Basis == "" || f.Impact == readiness.Unjudged || len(f.Sources) == 0 {
				t.Errorf("%s in %s is incomplete: %+v", f.ID, scenario, f)
			}
			for _, src := range f.Sources {
				fmt.Fprintf(&b, "    says: %s (%s)\n", src.Title, src.Date)
				if src.Title == "" || src.Ref == "" || src.Date == "" {
					t.Errorf("%s in %s: incomplete source %+v", f.ID, scenario, src)
				}
			}
		}
	}
	golden(t, "sources.txt", b.String())
}

func TestDeviceBuild(t *testing.T) {
	tests := []struct {
		name     string
		scenario endpoints.Scenario
		windows  endpoints.Windows
		build    string
		want     readiness.Outcome
	}{
		{"24H2", endpoints.ScenarioDevicePreparation, "", "26100", readiness.OK},
		{"later than 24H2", endpoints.ScenarioDevicePreparation, "", "10.0.26200.1", readiness.OK},
		{"23H2 with the update", endpoints.ScenarioDevicePreparation, "", "22631.3374", readiness.OK},
		{"22H2 with a later update", endpoints.ScenarioDevicePreparation, "", "10.0.22621.4391", readiness.OK},
		{"23H2 before the update", endpoints.ScenarioDevicePreparation, "", "22631.3373", readiness.Failed},
		{"23H2 with updates not known", endpoints.ScenarioDevicePreparation, "", "22631", readiness.NotRun},
		{"between the versions", endpoints.ScenarioDevicePreparation, "", "25398.1", readiness.NotRun},
		{"21H2", endpoints.ScenarioDevicePreparation, "", "22000.2899", readiness.Failed},
		{"Windows 10 by its build", endpoints.ScenarioDevicePreparation, "", "19045.5073", readiness.Failed},
		{"Windows 10 by the scope", endpoints.ScenarioDevicePreparation, endpoints.Windows10, "", readiness.Failed},
		{"Windows 11 by the scope", endpoints.ScenarioDevicePreparation, endpoints.Windows11, "", readiness.NotRun},
		{"22H2 for device association", endpoints.ScenarioDeviceAssociation, "", "22621.4391", readiness.Failed},
		{"23H2 for device association", endpoints.ScenarioDeviceAssociation, "", "22631.9999", readiness.Failed},
		{"24H2 with the update for device association", endpoints.ScenarioDeviceAssociation, "", "26100.9278", readiness.OK},
		{"24H2 before it", endpoints.ScenarioDeviceAssociation, "", "26100.9277", readiness.Failed},
		{"25H2 with it", endpoints.ScenarioDeviceAssociation, "", "10.0.26200.9300", readiness.OK},
		{"25H2 with updates not known", endpoints.ScenarioDeviceAssociation, "", "26200", readiness.NotRun},
		{"later than the document knows", endpoints.ScenarioDeviceAssociation, "", "28000.9999", readiness.NotRun},
		{"Windows 10 for device association, by the scope", endpoints.ScenarioDeviceAssociation, endpoints.Windows10, "", readiness.Failed},
		{"24H2 where the lifecycle decides", endpoints.ScenarioAutopilot, "", "26100.3323", readiness.NotRun},
		{"Windows 10 where the lifecycle decides", endpoints.ScenarioAutopatch, "", "19045.5073", readiness.NotRun},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var facts device.Facts
			if err := facts.Build.UnmarshalText([]byte(tt.build)); err != nil {
				t.Fatal(err)
			}
			f := one(t, facts, endpoints.Scope{Scenario: tt.scenario, Windows: tt.windows}, "windows.build")
			if f.Outcome != tt.want || (f.Outcome == readiness.NotRun) != (f.Reason != "") {
				t.Errorf("%s: %q, want %s", f.Outcome, f.Reason, tt.want)
			}
		})
	}
}

// check compares facts with the prerequisites of a scope.
func check(t *testing.T, f device.Facts, s endpoints.Scope) []readiness.Prerequisite {
	t.Helper()
	out, err := f.Check(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// one returns the prerequisite with an id.
func one(t *testing.T, f device.Facts, s endpoints.Scope, id string) readiness.Prerequisite {
	t.Helper()
	for _, p := range check(t, f, s) {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no prerequisite %s", id)
	return readiness.Prerequisite{}
}

// TestDeviceOfAnotherCloud shows that service plans of an unknown list do not
// count as none.
func TestDeviceOfAnotherCloud(t *testing.T) {
	s := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudChina}
	if p := one(t, device.Facts{ServicePlans: plansBusinessBasic}, s, "licence.mdm"); p.Outcome != readiness.NotRun || p.Reason == "" {
		t.Errorf("plans that are not known: %+v", p)
	}
	if p := one(t, device.Facts{ServicePlans: plansE3}, s, "licence.mdm"); p.Outcome != readiness.OK {
		t.Errorf("plans that are known: %+v", p)
	}
}

// TestDeviceInReport shows how facts change the verdict on a ready network.
func TestDeviceInReport(t *testing.T) {
	p, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	obs := make([]probe.Observation, len(p.Checks))
	for i, c := range p.Checks {
		obs[i] = probe.Observation{Target: c.Target, Attempts: 1}
	}
	tests := []struct {
		name  string
		facts device.Facts
		want  readiness.Verdict
		err   string
	}{
		{"nothing known", device.Facts{}, readiness.Ready, "<nil>"},
		{"all there", device.Facts{Edition: device.EditionPro, ServicePlans: plansE3}, readiness.Ready, "<nil>"},
		{"what is recommended is missing", device.Facts{ServicePlans: plansBusinessPremium}, readiness.Ready, "<nil>"},
		{"an edition that is not supported", device.Facts{Edition: device.EditionHome}, readiness.Blocked, "readiness: blocked: Windows edition: Home"},
		{"no licenses", device.Facts{ServicePlans: []string{}}, readiness.Blocked, "readiness: blocked: License for Microsoft Entra ID: not among the service plans"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := readiness.Runner{Device: tt.facts.Check}.Judge(p, obs)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Device) != 6 {
				t.Errorf("prerequisites: %+v", r.Device)
			}
			if got := fmt.Sprint(r.Err()); r.Verdict != tt.want || got != tt.err {
				t.Errorf("%s, %s; want %s, %s", r.Verdict, got, tt.want, tt.err)
			}
		})
	}
}

func TestDeviceValidate(t *testing.T) {
	tests := []struct {
		name  string
		facts device.Facts
		field string // empty for none
	}{
		{"nothing", device.Facts{}, ""},
		{"capital letters", device.Facts{ServicePlans: []string{"C1EC4A95-1F05-45B3-A911-AA3FA01094F5"}}, ""},
		{"an id of Windows itself", device.Facts{Edition: "Professional"}, "edition"},
		{"the name of a plan", device.Facts{ServicePlans: []string{"INTUNE_A"}}, "service plan"},
		{"an id in braces", device.Facts{ServicePlans: []string{"{c1ec4a95-1f05-45b3-a911-aa3fa01094f5}"}}, "service plan"},
		{"an id and more", device.Facts{ServicePlans: []string{"c1ec4a95-1f05-45b3-a911-aa3fa01094f5\n"}}, "service plan"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.facts.Check(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
			var field string
			if bad, ok := errors.AsType[*endpoints.Error](err); ok {
				field = bad.Field
			}
			if field != tt.field || (err == nil) != (tt.field == "") {
				t.Errorf("%v, want the field %q", err, tt.field)
			}
		})
	}
}

// TestDeviceJSON shows that facts survive storage, including an empty list of
// licenses.
func TestDeviceJSON(t *testing.T) {
	tests := []struct {
		facts device.Facts
		text  string
	}{
		{device.Facts{}, `{}`},
		{device.Facts{ServicePlans: []string{}}, `{"service_plans":[]}`},
		{
			device.Facts{Edition: device.EditionPro, Build: device.Build{Number: 22631, Revision: 3374}, ServicePlans: plansEducation, OtherMDM: true},
			`{"edition":"pro","build":"22631.3374","service_plans":["da24caf9-af8e-485c-b7c8-e73336da2693"],"other_mdm":true}`,
		},
	}
	for _, tt := range tests {
		text, err := json.Marshal(tt.facts)
		if err != nil || string(text) != tt.text {
			t.Errorf("%s, %v; want %s", text, err, tt.text)
		}
		var back device.Facts
		if err := json.Unmarshal([]byte(tt.text), &back); err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if diff := cmp.Diff(tt.facts, back); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestEditions(t *testing.T) {
	for _, e := range device.Editions() {
		if e.Title() == string(e) || e.Title() == "" {
			t.Errorf("%s has no title", e)
		}
	}
	if got := device.Edition("moon").Title(); got != "moon" {
		t.Errorf("an unknown edition is called %q", got)
	}
}

func FuzzParseBuild(f *testing.F) {
	for _, s := range []string{"26100", "26100.3323", "10.0.22631.3374", "10.0", "10.0.", "10", "10.0.26100", "0", "-1", "1.2.3", "22631.", ".1", "99999999999", "1e3", "١"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := device.ParseBuild(s)
		if (err != nil) != (b == device.Build{}) {
			t.Fatalf("ParseBuild(%q) = %v, %v", s, b, err)
		}
		if err != nil {
			return
		}
		if again, err := device.ParseBuild("10.0." + b.String()); err != nil || again != b {
			t.Errorf("ParseBuild(%q) = %v, which reads as %v, %v", s, b, again, err)
		}
	})
}

func ExampleFacts_Check() {
	facts := device.Facts{Edition: device.EditionPro, Build: device.Build{Number: 22631, Revision: 3296}}
	prerequisites, err := facts.Check(endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range prerequisites[:3] {
		fmt.Printf("%s: %s, %s\n", p.ID, p.Outcome, p.Found+p.Reason)
	}
	// Output:
	// windows.edition: ok, Pro
	// windows.build: failed, 22631.3296
	// licence.entra-id: not_run, the service plans are not known
}

func ExampleParseBuild() {
	b, err := device.ParseBuild("10.0.26100.3323")
	fmt.Println(b.Number, b.Revision, b, err)
	_, err = device.ParseBuild("24H2")
	fmt.Println(err)
	// Output:
	// 26100 3323 26100.3323 <nil>
	// device: "24H2" is not a build of Windows: want one like 26100.3323
}
