package readinesstest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/readinesstest"
)

// suites are reports to test, by the name of the network.
func suites() map[string]func(t *testing.T) *readiness.Report {
	return map[string]func(t *testing.T) *readiness.Report{
		"healthy": func(t *testing.T) *readiness.Report { t.Helper(); return site(t, readiness.Policy{}) },
		"broken": func(t *testing.T) *readiness.Report {
			t.Helper()
			return site(t, readiness.Policy{}, probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Drop}, ntpDropped())
		},
		"accepted": func(t *testing.T) *readiness.Report {
			t.Helper()
			return site(t, readiness.FieldPolicy().With(readiness.Informational, endpoints.ServiceNTP), ntpDropped())
		},
		"cut off": func(t *testing.T) *readiness.Report {
			t.Helper()
			r := site(t, readiness.Policy{})
			cut, err := readiness.Runner{}.Judge(r.Plan, r.Observations[:len(r.Observations)-1])
			if err != nil {
				t.Fatal(err)
			}
			return cut
		},
		"nothing": func(*testing.T) *readiness.Report { return nil },
		"a device that is too old": func(t *testing.T) *readiness.Report {
			t.Helper()
			r := site(t, readiness.Policy{})
			r.Verdict = readiness.Blocked
			r.Device = []readiness.Prerequisite{{Name: "Windows build", Outcome: readiness.Failed, Found: "7601", Ruling: readiness.Ruling{Impact: readiness.Fatal}}}
			return r
		},
	}
}

func ntpDropped() probetest.Fault {
	return probetest.At{Network: "udp", Port: 123, Fault: probetest.Drop}
}

// site assesses a site with a few endpoints.
func site(t *testing.T, policy readiness.Policy, faults ...probetest.Fault) *readiness.Report {
	t.Helper()
	var few []endpoints.Endpoint
	for _, e := range endpoints.Embedded().Endpoints() {
		switch e.Host.String() {
		case "time.windows.com", "login.live.com", "$wpad", "*.lync.com":
			few = append(few, e)
		}
	}
	catalog, err := new(endpoints.Catalog).With(few...)
	if err != nil {
		t.Fatal(err)
	}
	var report *readiness.Report
	synctest.Test(t, func(t *testing.T) {
		r := readiness.Runner{Catalog: catalog, Policy: policy, Network: probe.Network{SearchDomains: []string{}}}
		scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
		plan, err := r.Plan(scope)
		if err != nil {
			t.Fatal(err)
		}
		r.Network = (&probetest.Internet{Hosts: plan.Hosts(), Faults: faults}).Network()
		r.Network.SearchDomains = []string{}
		if report, err = r.Assess(t.Context(), scope); err != nil {
			t.Fatal(err)
		}
	})
	return report
}

// TestSite is a site's test. TestTestReport runs it in processes of its own.
func TestSite(t *testing.T) {
	network := os.Getenv("NETREADY_TEST_SITE")
	if network == "" {
		network = "healthy"
	}
	readinesstest.TestReport(t, suites()[network](t))
}

func TestTestReport(t *testing.T) {
	for name, want := range map[string][]string{
		"healthy":  {"PASS: TestSite", "PASS: TestSite/deployment-service", "PASS: TestSite/ntp", "SKIP: TestSite/proxy", "SKIP: TestSite/teams"},
		"accepted": {"PASS: TestSite", "PASS: TestSite/deployment-service", "PASS: TestSite/ntp", "SKIP: TestSite/proxy", "SKIP: TestSite/teams"},
		"broken": {
			"FAIL: TestSite", "SKIP: TestSite/proxy", "FAIL: TestSite/ntp", "UDP port 123 (NTP) gets no answer [egress.ntp_blocked, fatal]",
			"FAIL: TestSite/deployment-service", "login.live.com cannot be reached (tcp.timeout) [host.unreachable, fatal]",
			"  Do: Allow devices to reach login.live.com on TCP port 443.",
		},
		"cut off":                  {"FAIL: TestSite", "FAIL: TestSite/teams", "unproven: not completed: soa lync.com:0 (canceled)"},
		"nothing":                  {"FAIL: TestSite", "readiness: unproven: not everything that provisioning needs was measured"},
		"a device that is too old": {"FAIL: TestSite", "PASS: TestSite/ntp", "readiness: blocked: Windows build: 7601"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSite$", "-test.v") //nolint:gosec // this test itself
			cmd.Env = append(os.Environ(), "NETREADY_TEST_SITE="+name)
			out, err := cmd.CombinedOutput()
			text := strings.ReplaceAll(string(out), "\r\n", "\n")
			if failed := strings.HasPrefix(want[0], "FAIL"); (err != nil) != failed {
				t.Errorf("%v\n%s", err, text)
			}
			var missing []string
			for _, w := range want {
				if !strings.Contains(text, w) {
					missing = append(missing, w)
				}
			}
			if diff := cmp.Diff([]string(nil), missing); diff != "" {
				t.Errorf("missing (-want +got):\n%s\nin\n%s", diff, text)
			}
		})
	}
}
