// Package readinesstest tests sites, and simulates healthy networks for tests.
//
// [TestReport] turns the report on a network into subtests, one for each
// service. The go test suite of a site is:
//
//	func TestNetwork(t *testing.T) {
//		report, err := readiness.Assess(t.Context(), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
//		if err != nil {
//			t.Fatal(err)
//		}
//		readinesstest.TestReport(t, report)
//	}
//
// The lists of endpoints say what may be needed, not what answers: some hosts
// present a CDN's certificate, never answer on port 80, or no longer exist.
// [World] simulates the real internet from the catalog's facts about each host
// and port:
//
//	internet := readinesstest.World(plan)
//	internet.Faults = append(internet.Faults, probetest.At{Host: "login.live.com", Fault: probetest.Drop})
//	runner := readiness.Runner{Network: internet.Network()}
//
// Every plan is ready there until you add faults. Testing a fault on an
// otherwise perfect network proves little.
package readinesstest
