//go:build linux

package integration_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// A told is what a log says about the traffic of a device.
type told struct {
	Verdict traffic.Verdict `json:"verdict"`
	Phases  []struct {
		Phase endpoints.Phase `json:"phase"`
		Hosts []string        `json:"hosts"`
	} `json:"phases"`
	Stop struct {
		Phase endpoints.Phase `json:"phase"`
		Host  string          `json:"host"`
		Next  endpoints.Phase `json:"next"`
	} `json:"stop"`
}

// TestThreeLogs sends a device through provisioning until the filter of its
// resolver stops it. The log of its proxy, that of the resolver and a capture of
// its packets tell the same.
func TestThreeLogs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const stopped = "enrollment.manage.microsoft.com"
	queries, packets := filepath.Join(r.dir, "queries.log"), filepath.Join(r.dir, "packets.pcap")
	r.serveNames(t, names{queries: queries, dnsmasq: []string{"--address=/" + stopped + "/"}})
	r.serveProxy(t, proxying{on: true, log: true})
	dump := start(t, func() bool { return exists(packets) }, inside(r.client, "tcpdump", "-i", "wan", "-U", "--immediate-mode", "-Z", "root", "-w", packets)...)
	for _, url := range []string{
		"http://www.msftconnecttest.com/connecttest.txt", "https://login.live.com/", "https://ztd.dds.microsoft.com/",
		"https://login.microsoftonline.com/", "https://enterpriseregistration.windows.net/", "https://" + stopped + "/",
	} {
		// What comes back does not matter, and neither does the lab's CA.
		_ = exec.CommandContext(t.Context(), "ip", inside(r.client, "curl", "-s", "-k", "-m", "15", "-o", "/dev/null", "-x", proxyURL, url)[1:]...).Run()
		time.Sleep(1100 * time.Millisecond) // dnsmasq logs whole seconds
	}
	dump.stop()

	got := map[string]told{
		"proxy": annotated(t, []byte(r.accessLog(t))), "resolver": annotated(t, readFile(t, queries)), "packets": captured(t, packets),
	}
	want := told{Verdict: traffic.VerdictDenied}
	want.Stop.Phase, want.Stop.Host, want.Stop.Next = endpoints.PhaseDeviceRegistration, stopped, endpoints.PhaseMDMEnrollment
	want.Phases = got["proxy"].Phases
	if len(want.Phases) != 6 {
		t.Errorf("%d phases: %+v", len(want.Phases), want.Phases)
	}
	for name, g := range got {
		if diff := cmp.Diff(want, g); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// annotated returns what a log says.
func annotated(t *testing.T, log []byte) told {
	t.Helper()
	sum, err := traffic.Annotate(strings.NewReader(string(log)), traffic.Auto, nil, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	data, err := json.Marshal(sum)
	if err != nil {
		t.Fatal(err)
	}
	return decodeTold(t, data)
}

// captured returns what a capture says, according to the command of the module
// examples/capture.
func captured(t *testing.T, path string) told {
	t.Helper()
	program := filepath.Join(t.TempDir(), "capture")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "examples", "capture")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), program, "-format", "json", path).Output()
	if len(out) == 0 {
		t.Fatal(err) // its status is the verdict
	}
	return decodeTold(t, out)
}

func decodeTold(t *testing.T, data []byte) (out told) {
	t.Helper()
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
