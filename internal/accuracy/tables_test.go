package accuracy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// codesOf reads the codes of causes from the source of package readiness, so
// that a new one cannot be forgotten here.
func codesOf(t *testing.T) map[readiness.CauseCode]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../readiness/cause.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := make(map[readiness.CauseCode]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "CauseCode" {
			return true
		}
		for _, v := range spec.Values {
			lit, ok := v.(*ast.BasicLit)
			if !ok {
				continue
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[readiness.CauseCode(s)] = true
		}
		return true
	})
	return codes
}

func TestEveryCauseCanBeDrawn(t *testing.T) {
	got := make(map[readiness.CauseCode]bool)
	for _, code := range Causes() {
		got[code] = true
	}
	want := codesOf(t)
	for _, code := range []readiness.CauseCode{
		readiness.CauseControllerUnknown, readiness.CauseController, readiness.CauseTenantAlias,
	} {
		delete(want, code) // they are about domains, which the scopes measured here do not name
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("causes of the table of kinds (-want +got):\n%s", diff)
	}
}

func TestTablesSayWhy(t *testing.T) {
	names := make(map[string]bool)
	entry := func(name, why string) {
		if name == "" || why == "" || names[name] {
			t.Errorf("entry %q: %q", name, why)
		}
		names[name] = true
	}
	for _, h := range hidings() {
		entry(h.name, h.why)
	}
	for _, a := range ambiguities() {
		entry(a.name, a.why)
		if len(a.causes) < 2 {
			t.Errorf("%s: %v cannot be confused", a.name, a.causes)
		}
	}
	for _, k := range kinds() {
		entry(k.name, string(k.cause))
		if k.weight <= 0 || len(k.variants) == 0 {
			t.Errorf("kind %s is never drawn", k.name)
		}
	}
	for _, v := range variations() {
		entry(v.name, "harmless")
	}
}

// Every part of every service has an impact in every scenario.
func TestImpacts(t *testing.T) {
	for _, scenario := range endpoints.Scenarios() {
		for _, e := range endpoints.Embedded().Endpoints() {
			if got := impact(e.Service, e.Part, scenario); got == readiness.Unjudged {
				t.Errorf("no impact of %s:%s in %s", e.Service, e.Part, scenario)
			}
		}
	}
	if got := impact("no-such-service", "", endpoints.ScenarioAutopilot); got != readiness.Unjudged {
		t.Errorf("an unknown service is %s", got)
	}
}

func TestSampleHoldsEveryPart(t *testing.T) {
	type part struct {
		service endpoints.Service
		part    endpoints.Part
	}
	parts := func(p *readiness.Plan) map[part]bool {
		m := make(map[part]bool)
		for _, e := range p.Endpoints {
			m[part{e.Endpoint.Service, e.Endpoint.Part}] = true
		}
		return m
	}
	for _, scenario := range endpoints.Scenarios() {
		s := readiness.Scope{Scenario: scenario}
		whole, err := Whole(s)
		if err != nil {
			t.Fatal(err)
		}
		sample, err := Sample(s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parts(whole.Plain), parts(sample.Plain)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", scenario, diff)
		}
		if few, all := len(sample.Plain.Checks), len(whole.Plain.Checks); few*2 > all {
			t.Errorf("%s: a sample of %d checks of %d", scenario, few, all)
		}
		t.Logf("%s: %d endpoints of %d, %d checks of %d", scenario,
			len(sample.Plain.Endpoints), len(whole.Plain.Endpoints), len(sample.Plain.Checks), len(whole.Plain.Checks))
	}
}
