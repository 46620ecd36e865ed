package accuracy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// codesOf reads the cause codes from the source of package readiness, so the
// tests notice new ones.
func codesOf(t *testing.T) map[readiness.CauseCode]bool {
	t.Helper()
	names, err := filepath.Glob("../../readiness/cause_*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := make(map[readiness.CauseCode]bool)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "CauseCode" {
					codes[codeIn(t, spec)] = true
				}
			}
			return true
		})
	}
	return codes
}

// codeIn returns a constant's value.
func codeIn(t *testing.T, spec *ast.ValueSpec) readiness.CauseCode {
	t.Helper()
	lit, ok := spec.Values[0].(*ast.BasicLit)
	if !ok {
		t.Fatalf("%s is no literal", spec.Names[0])
	}
	code, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return readiness.CauseCode(code)
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
		delete(want, code) // about domains, which the measured scopes do not name
	}
	for _, code := range []readiness.CauseCode{
		readiness.CauseHostContradicted, readiness.CauseNameGone, readiness.CauseHostDoubtful, readiness.CauseHostBaseline,
	} {
		delete(want, code) // excuses, which healthy networks have
	}
	delete(want, readiness.CauseHTTPNoAnswer)  // from several hosts of the kind "host-broken"
	delete(want, readiness.CauseNCSIOneFamily) // from kinds that close a host, if it is that of Windows' probe
	delete(want, readiness.CauseOneResponder)  // not drawn yet
	delete(want, readiness.CauseMachine)       // about the checking machine, not a network
	delete(want, readiness.CauseTLSIncomplete) // about the machine, not a network
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
		part    string
	}
	parts := func(p *readiness.Plan) map[part]bool {
		m := make(map[part]bool)
		for e := range p.Endpoints() {
			m[part{e.Service, e.Part}] = true
		}
		return m
	}
	count := func(p *readiness.Plan) (n int) {
		for range p.Endpoints() {
			n++
		}
		return n
	}
	for _, scenario := range endpoints.Scenarios() {
		s := endpoints.Scope{Scenario: scenario}
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
			count(sample.Plain), count(whole.Plain), len(sample.Plain.Checks), len(whole.Plain.Checks))
	}
}
