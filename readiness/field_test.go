package readiness_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// fieldFile returns what preflight writes of a network with faults in a world.
func fieldFile(t *testing.T, w world, s endpoints.Scope, faults ...probetest.Fault) (data []byte, measured *readiness.Report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := plan(t, s)
		runner := readiness.Runner{Network: w(p, &probetest.Internet{Faults: faults}).Network()}
		runner.Network.SearchDomains = []string{}
		var err error
		if measured, err = assessPlan(t.Context(), runner, p); err != nil {
			t.Fatal(err)
		}
		data = encoded(t, measured.Redacted())
	})
	return data, measured
}

// judgedAgain judges a file from the field as it is judged today. Checks that a
// newer catalog has and the file does not are left out of account.
func judgedAgain(t *testing.T, data []byte) (stored, now *readiness.Report, faults []string) {
	t.Helper()
	stored = readBack(t, data)
	now, err := readiness.Runner{}.Rejudge(stored)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[probe.Target]bool)
	for _, o := range stored.Observations {
		seen[o.Target] = true
	}
	for _, c := range now.Causes {
		if c.Impact != readiness.Informational {
			faults = append(faults, c.Title)
		}
	}
	for _, c := range now.Missing {
		if seen[c.Target] {
			faults = append(faults, c.ID()+" was not completed")
		}
	}
	for _, s := range now.Services {
		if s.Verdict == readiness.Blocked || s.Verdict == readiness.Degraded && s.Impact != readiness.Informational {
			faults = append(faults, s.Name+" is "+s.Verdict.String())
		}
	}
	return stored, now, faults
}

// Every file of a healthy network from the field is ready. Whether or not there is
// one, a file of the world as it is passes, and one with a fault fails.
func TestField(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "field", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := wrongInField(t, data); wrong != nil {
				t.Errorf("%q", wrong)
			}
		})
	}

	healthy, measured := fieldFile(t, asItIs, autopilot())
	_, broken := fieldFile(t, asItIs, autopilot(), probetest.At{Host: "go.microsoft.com", Network: "tcp", Fault: probetest.Drop})
	calledReady := broken.Redacted()
	calledReady.Verdict = readiness.Ready
	for _, tt := range []struct {
		name string
		data []byte
		ok   bool
	}{
		{"of the world as it is", healthy, true},
		{"of a broken network", encoded(t, broken.Redacted()), false},
		{"of a broken network that was called ready", encoded(t, calledReady), false},
		{"with what is private", encoded(t, measured), false},
	} {
		if wrong := wrongInField(t, tt.data); (wrong == nil) != tt.ok {
			t.Errorf("a file %s: %q", tt.name, wrong)
		}
	}
}

// wrongInField returns why a file is not of a healthy network, or what is private in
// it.
func wrongInField(t *testing.T, data []byte) []string {
	t.Helper()
	stored, now, wrong := judgedAgain(t, data)
	if stored.Verdict != readiness.Ready || now.Verdict != readiness.Ready && len(now.Missing) == 0 {
		wrong = append(wrong, "measured "+stored.Verdict.String()+", judged again "+now.Verdict.String())
	}
	if s := stored.Plan.Scope; s.Tenant != "" || s.Domains != nil || s.ADDomain != "" || stored.Plan.SearchDomains != nil {
		wrong = append(wrong, "private in the scope: "+s.String())
	}
	for _, o := range stored.Observations {
		if o.TCP != nil || o.Steps != nil || !o.Start.IsZero() || o.DNS != nil && slices.ContainsFunc(o.DNS.Queries, func(q probe.DNSQuery) bool { return q.Resolver.IsValid() }) {
			wrong = append(wrong, "private in "+o.Target.String())
		}
	}
	return wrong
}

// A file from the world as it is judged as its network was, and so is one from a
// broken network: the test of the field cannot pass by saying nothing.
func TestFieldFilesAreJudgedAsTheirNetworksWere(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
	}{
		{"as it is", nil},
		{"an optional host is silent", []probetest.Fault{probetest.At{Host: "settings-win.data.microsoft.com", Network: "tcp", Fault: probetest.Drop}}},
		{"a name is gone, as the operator of its zone says", []probetest.Fault{at("go.microsoft.com", denied(azure()))}},
		{"a name is withheld", []probetest.Fault{at("go.microsoft.com", probetest.NXDomain)}},
		{"a required host is silent", []probetest.Fault{probetest.At{Host: "go.microsoft.com", Network: "tcp", Fault: probetest.Drop}}},
		{"a core host is silent", []probetest.Fault{probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop}}},
		{"TLS inspection", []probetest.Fault{probetest.Inspect{}}},
		{"an internal zone", []probetest.Fault{probetest.InternalZone{SOA: probe.SOARecord{Owner: "windowsupdate.com", MName: "dc1.corp.example", RName: "hostmaster.corp.example"}}}},
		{"UDP 123 is blocked", []probetest.Fault{onPort("udp", 123, probetest.Drop)}},
	}
	for _, scenario := range sampletest.Of([]endpoints.Scenario{endpoints.ScenarioAutopilot, endpoints.ScenarioAutopatch}) {
		for _, tt := range sampletest.Of(tests) {
			for name, w := range worlds() {
				t.Run(string(scenario)+"/"+tt.name+"/"+name, func(t *testing.T) {
					t.Parallel()
					data, measured := fieldFile(t, w, endpoints.Scope{Scenario: scenario}, tt.faults...)
					_, now, faults := judgedAgain(t, data)
					if diff := cmp.Diff(comparedIn(measured), comparedIn(now)); diff != "" {
						t.Errorf("(-measured +judged again):\n%s", diff)
					}
					if healthy := now.Verdict == readiness.Ready; healthy != (faults == nil) {
						t.Errorf("%v, and faults %q", now.Verdict, faults)
					}
				})
			}
		}
	}
}
