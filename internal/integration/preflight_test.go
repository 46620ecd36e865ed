//go:build linux

package integration_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/netready/netready/endpoints"
)

// TestPreflight is one test, so that what is costly is made once. Its groups
// have a network each, and run at the same time.
func TestPreflight(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real servers")
	}
	need(t)
	l := newLab(t)
	for name, group := range map[string]func(*testing.T, *rig){
		"ready":    testReady,
		"resolver": testResolver,
		"names":    testNames,
		"https":    testHTTPS,
		"http":     testHTTP,
		"hosts":    testHosts,
		"time":     testTime,
		"tls":      testTLS,
		"nowhere":  testNowhere,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group(t, newRig(t, l))
		})
	}
}

// need skips the test where it cannot run, unless it has to.
func need(t *testing.T) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("NETREADY_INTEGRATION") == "require" {
		missing = t.Fatalf
	}
	if os.Geteuid() != 0 {
		missing("needs root, to make network namespaces")
	}
	for _, program := range []string{"ip", "ss", "nft", "unbound", "dnsmasq", "nginx", "chronyd", "chronyc"} {
		if _, err := exec.LookPath(program); err != nil {
			missing("needs %s: %v", program, err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", "--net", "true").CombinedOutput(); err != nil {
		missing("cannot make network namespaces: %v: %s", err, out)
	}
}

// scenarios are those that the issue of a network's readiness is about.
func scenarios() []endpoints.Scenario {
	return []endpoints.Scenario{
		endpoints.ScenarioAutopilot, endpoints.ScenarioDevicePreparation, endpoints.ScenarioAutopatch,
	}
}
