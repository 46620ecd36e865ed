package readiness_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// Service plans as Microsoft's list has them for some products.
var (
	plansE3 = []string{
		"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "43de0ff5-c92c-492b-9116-175376d08c38",
		"21b439ba-a0ca-424f-a6cc-52f954a5b111", "9a6eeb79-0b4b-4bf0-9808-39d99a2cd5a3", "7bf960f6-2cd9-443a-8046-5dbff9558365",
	}
	plansF3              = []string{"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "C1EC4A95-1F05-45B3-A911-AA3FA01094F5", "e041597c-9c7f-4ed9-99b0-2663301576f7", "7bf960f6-2cd9-443a-8046-5dbff9558365"}
	plansBusinessPremium = []string{"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "8e9ff0ff-aa7a-4b20-83c1-2f636b600ac2", "c1ec4a95-1f05-45b3-a911-aa3fa01094f5", "8e229017-d77b-43d5-9305-903395523b99", "7bf960f6-2cd9-443a-8046-5dbff9558365"}
	plansEducation       = []string{"da24caf9-af8e-485c-b7c8-e73336da2693"}
	plansBusinessBasic   = []string{"9aaf7827-d63c-4b61-89c3-182f06f82e5c", "882e1d05-acd1-4ccb-8708-6ee03664b117"} // Exchange, and the MDM of Office 365
)

// TestDeviceTable keeps what is made of each situation in each scenario in a
// file, so that a change of any verdict is seen in review.
func TestDeviceTable(t *testing.T) {
	situations := []struct {
		name   string
		device readiness.Device
	}{
		{"nothing known", readiness.Device{}},
		{"Pro of 24H2 with Microsoft 365 E3", readiness.Device{Edition: readiness.EditionPro, Build: readiness.Build{Number: 26100, Revision: 3323}, ServicePlans: plansE3}},
		{"LTSC with Microsoft 365 F3", readiness.Device{Edition: readiness.EditionEnterpriseLTSC, Build: readiness.Build{Number: 26100}, ServicePlans: plansF3}},
		{"Microsoft 365 Business Premium", readiness.Device{ServicePlans: plansBusinessPremium}},
		{"Intune for Education", readiness.Device{Edition: readiness.EditionEducation, ServicePlans: plansEducation}},
		{"Home of 23H2 before the update, with Business Basic", readiness.Device{Edition: readiness.EditionHome, Build: readiness.Build{Number: 22631, Revision: 3296}, ServicePlans: plansBusinessBasic}},
		{"no licences, and another MDM service", readiness.Device{Edition: readiness.EditionOther, ServicePlans: []string{}, OtherMDM: true}},
	}
	var b strings.Builder
	for _, s := range situations {
		fmt.Fprintf(&b, "%s\n", s.name)
		for _, scenario := range scenarios() {
			fmt.Fprintf(&b, "  %s\n", scenario)
			for _, f := range readiness.JudgeDevice(readiness.Scope{Scenario: scenario, Device: s.device}, readiness.Documented) {
				fmt.Fprintf(&b, "    %-8s %-27s %-13s %-10s %s\n", f.Status, f.Prerequisite, f.Impact, f.Basis, strings.Join(nonEmpty(f.Found, f.Reason), ": "))
			}
		}
	}
	golden(t, "device.txt", b.String())
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

// TestDeviceSources keeps the words and the documents of each prerequisite.
func TestDeviceSources(t *testing.T) {
	var b strings.Builder
	for _, scenario := range scenarios() {
		fmt.Fprintf(&b, "%s\n", scenario)
		for _, f := range readiness.JudgeDevice(readiness.Scope{Scenario: scenario}, readiness.Field) {
			fmt.Fprintf(&b, "  %s: %s\n    wanted: %s\n    without: %s\n", f.Prerequisite, f.Prerequisite.Title(), f.Wanted, f.Consequence)
			if f.Wanted == "" || f.Consequence == "" || f.Basis == "" || f.Impact == readiness.Unjudged || len(f.Sources) == 0 {
				t.Errorf("%s in %s is incomplete: %+v", f.Prerequisite, scenario, f)
			}
			for _, src := range f.Sources {
				fmt.Fprintf(&b, "    says: %s (%s)\n", src.Title, src.Date)
				if src.Title == "" || src.Ref == "" || src.Date == "" {
					t.Errorf("%s in %s: incomplete source %+v", f.Prerequisite, scenario, src)
				}
			}
		}
	}
	golden(t, "device_sources.txt", b.String())
}

func TestDeviceBuild(t *testing.T) {
	tests := []struct {
		name     string
		scenario endpoints.Scenario
		windows  endpoints.Windows
		build    string
		want     readiness.Status
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
		{"24H2 for device association", endpoints.ScenarioDeviceAssociation, "", "26100.9999", readiness.NotRun},
		{"24H2 where the lifecycle decides", endpoints.ScenarioAutopilot, "", "26100.3323", readiness.NotRun},
		{"Windows 10 where the lifecycle decides", endpoints.ScenarioAutopatch, "", "19045.5073", readiness.NotRun},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := readiness.Scope{Scenario: tt.scenario, Windows: tt.windows}
			if err := s.Device.Build.UnmarshalText([]byte(tt.build)); err != nil {
				t.Fatal(err)
			}
			f := finding(t, s, readiness.PrerequisiteBuild, nil)
			if f.Status != tt.want || (f.Status == readiness.NotRun) != (f.Reason != "") {
				t.Errorf("%s: %q, want %s", f.Status, f.Reason, tt.want)
			}
		})
	}
}

// finding returns the finding of one prerequisite.
func finding(t *testing.T, s readiness.Scope, p readiness.Prerequisite, policy readiness.Policy) readiness.DeviceFinding {
	t.Helper()
	for _, f := range readiness.JudgeDevice(s, policy) {
		if f.Prerequisite == p {
			return f
		}
	}
	t.Fatalf("no finding of %s", p)
	return readiness.DeviceFinding{}
}

// TestDeviceOfAnotherCloud shows that plans whose list was not read are not
// taken for no plans.
func TestDeviceOfAnotherCloud(t *testing.T) {
	s := readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Cloud: endpoints.CloudChina, Device: readiness.Device{ServicePlans: plansBusinessBasic}}
	if f := finding(t, s, readiness.PrerequisiteMDM, nil); f.Status != readiness.NotRun || f.Reason == "" {
		t.Errorf("plans that are not known: %+v", f)
	}
	s.Device.ServicePlans = plansE3
	if f := finding(t, s, readiness.PrerequisiteMDM, nil); f.Status != readiness.OK {
		t.Errorf("plans that are known: %+v", f)
	}
}

// TestDevicePolicy shows that an embedder's policy judges prerequisites too, and
// that one that forgets them blocks.
func TestDevicePolicy(t *testing.T) {
	s := readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Device: readiness.Device{ServicePlans: []string{}}}
	strict := func(c readiness.Case) readiness.Verdict {
		v := readiness.Documented(c)
		if c.Prerequisite == readiness.PrerequisiteOfficeApps {
			v.Impact = readiness.Fatal
		}
		return v
	}
	if f := finding(t, s, readiness.PrerequisiteOfficeApps, strict); f.Status != readiness.Failed || f.Impact != readiness.Fatal {
		t.Errorf("strict: %+v", f)
	}
	forgetful := func(readiness.Case) readiness.Verdict { return readiness.Verdict{} }
	if f := finding(t, s, readiness.PrerequisiteOfficeApps, forgetful); !f.Impact.Blocks() {
		t.Errorf("forgetful: %+v", f)
	}
	if v := readiness.Documented(readiness.Case{Prerequisite: "moon.phase"}); !v.Impact.Blocks() {
		t.Errorf("a prerequisite that nobody knows: %+v", v)
	}
}

// TestDeviceInReport shows what facts do to the verdict of a network that is ready.
func TestDeviceInReport(t *testing.T) {
	tests := []struct {
		name   string
		device readiness.Device
		want   readiness.ReportVerdict
		err    string
	}{
		{"nothing known", readiness.Device{}, readiness.Ready, "<nil>"},
		{"all there", readiness.Device{Edition: readiness.EditionPro, ServicePlans: plansE3}, readiness.Ready, "<nil>"},
		{"what is recommended is missing", readiness.Device{ServicePlans: plansBusinessPremium}, readiness.Ready, "<nil>"},
		{"an edition that is not supported", readiness.Device{Edition: readiness.EditionHome}, readiness.Blocked, "readiness: blocked: Windows edition: Home"},
		{"no licences", readiness.Device{ServicePlans: []string{}}, readiness.Blocked, "readiness: blocked: Licence for Microsoft Entra ID: none of it among the service plans"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scope := autopilot()
			scope.Device = tt.device
			p, err := readiness.NewPlan(scope, few(t))
			if err != nil {
				t.Fatal(err)
			}
			r := readiness.NewReport(p, reached(p), nil)
			if got := fmt.Sprint(r.Err()); r.Verdict != tt.want || got != tt.err {
				t.Errorf("%s, %s; want %s, %s", r.Verdict, got, tt.want, tt.err)
			}
		})
	}
}

func TestDeviceValidate(t *testing.T) {
	tests := []struct {
		name   string
		device readiness.Device
		field  string // empty for none
	}{
		{"nothing", readiness.Device{}, ""},
		{"capital letters", readiness.Device{ServicePlans: []string{"C1EC4A95-1F05-45B3-A911-AA3FA01094F5"}}, ""},
		{"an id of Windows itself", readiness.Device{Edition: "Professional"}, "edition"},
		{"the name of a plan", readiness.Device{ServicePlans: []string{"INTUNE_A"}}, "service plan"},
		{"an id in braces", readiness.Device{ServicePlans: []string{"{c1ec4a95-1f05-45b3-a911-aa3fa01094f5}"}}, "service plan"},
		{"an id and more", readiness.Device{ServicePlans: []string{"c1ec4a95-1f05-45b3-a911-aa3fa01094f5\n"}}, "service plan"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := readiness.Scope{Scenario: endpoints.ScenarioAutopilot, Device: tt.device}.Validate()
			var field string
			if bad, ok := errors.AsType[*readiness.ScopeError](err); ok {
				field = bad.Field
			}
			if field != tt.field || (err == nil) != (tt.field == "") {
				t.Errorf("%v, want the field %q", err, tt.field)
			}
		})
	}
}

// TestDeviceJSON shows that facts survive being stored, no licences among them.
func TestDeviceJSON(t *testing.T) {
	tests := []struct {
		device readiness.Device
		text   string
	}{
		{readiness.Device{}, `{}`},
		{readiness.Device{ServicePlans: []string{}}, `{"service_plans":[]}`},
		{
			readiness.Device{Edition: readiness.EditionPro, Build: readiness.Build{Number: 22631, Revision: 3374}, ServicePlans: plansEducation, OtherMDM: true},
			`{"edition":"pro","build":"22631.3374","service_plans":["da24caf9-af8e-485c-b7c8-e73336da2693"],"other_mdm":true}`,
		},
	}
	for _, tt := range tests {
		text, err := json.Marshal(tt.device)
		if err != nil || string(text) != tt.text {
			t.Errorf("%s, %v; want %s", text, err, tt.text)
		}
		var back readiness.Device
		if err := json.Unmarshal([]byte(tt.text), &back); err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
		if diff := cmp.Diff(tt.device, back); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestEditions(t *testing.T) {
	for _, e := range readiness.Editions() {
		if e.Title() == string(e) || e.Title() == "" {
			t.Errorf("%s has no title", e)
		}
	}
	if got := readiness.Edition("moon").Title(); got != "moon" {
		t.Errorf("an unknown edition is called %q", got)
	}
}

func FuzzParseBuild(f *testing.F) {
	for _, s := range []string{"26100", "26100.3323", "10.0.22631.3374", "10.0", "10.0.", "10", "10.0.26100", "0", "-1", "1.2.3", "22631.", ".1", "99999999999", "1e3", "١"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := readiness.ParseBuild(s)
		if (err != nil) != (b == readiness.Build{}) {
			t.Fatalf("ParseBuild(%q) = %v, %v", s, b, err)
		}
		if err != nil {
			return
		}
		if again, err := readiness.ParseBuild("10.0." + b.String()); err != nil || again != b {
			t.Errorf("ParseBuild(%q) = %v, which reads as %v, %v", s, b, again, err)
		}
	})
}

func ExampleJudgeDevice() {
	scope := readiness.Scope{
		Scenario: endpoints.ScenarioDevicePreparation,
		Device: readiness.Device{
			Edition: readiness.EditionPro,
			Build:   readiness.Build{Number: 22631, Revision: 3296},
		},
	}
	for _, f := range readiness.JudgeDevice(scope, readiness.Documented)[:3] {
		fmt.Printf("%s: %s, %s\n", f.Prerequisite, f.Status, f.Found+f.Reason)
	}
	// Output:
	// windows.edition: ok, Pro
	// windows.build: failed, 22631.3296
	// licence.entra-id: not_run, the service plans are not known
}

func ExampleParseBuild() {
	b, err := readiness.ParseBuild("10.0.26100.3323")
	fmt.Println(b.Number, b.Revision, b, err)
	_, err = readiness.ParseBuild("24H2")
	fmt.Println(err)
	// Output:
	// 26100 3323 26100.3323 <nil>
	// readiness: "24H2" is no build of Windows: want one as in 26100.3323
}
