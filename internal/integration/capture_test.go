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
	"github.com/google/go-cmp/cmp/cmpopts"

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
		_, _ = try(t.Context(), inside(r.client, "curl", "-s", "-k", "-m", "15", "-o", "/dev/null", "-x", proxyURL, url)...)
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

// An end is how the requests to a host ended, according to a capture.
type end struct {
	Denied, Failed int
	Reasons        []string
}

// TestReasonsOnTheWire sends requests through rules of a real firewall. A capture
// of the packets tells how each ended, and why.
func TestReasonsOnTheWire(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const clock = "time.windows.com"
	tests := map[string]struct {
		rule string // after the address
		want end
	}{
		"login.live.com":                     {"accept", end{}},
		"ztd.dds.microsoft.com":              {"drop", end{Failed: 1, Reasons: []string{"no answer to SYN"}}},
		"enrollment.manage.microsoft.com":    {"meta l4proto tcp reject with tcp reset", end{Failed: 1, Reasons: []string{"connection refused (RST)"}}},
		"login.microsoftonline.com":          {"reject with icmpx admin-prohibited", end{Denied: 1, Reasons: []string{"ICMP DestinationUnreachable(CommAdminProhibited)"}}},
		"enterpriseregistration.windows.net": {"reject with icmpx host-unreachable", end{Failed: 1, Reasons: []string{"ICMP DestinationUnreachable(Host)"}}},
		"device.login.microsoftonline.com":   {"tcp dport 443 meta length > 100 drop", end{Failed: 1, Reasons: []string{"no answer during the TLS handshake"}}},
		clock:                                {"udp dport 123 drop", end{Failed: 1, Reasons: []string{"no answer"}}},
	}
	var rules []string
	for host, tt := range tests {
		v4, _ := r.addresses(t, host)
		rules = append(rules, "ip daddr "+v4.String()+" "+tt.rule)
	}
	r.firewall(t, rules...)
	resolvConf(t, r.client, "nameserver "+resolverAddr+"\n")
	packets := filepath.Join(r.dir, "packets.pcap")
	dump := start(t, func() bool { return exists(packets) }, inside(r.client, "tcpdump", "-i", "wan", "-U", "--immediate-mode", "-Z", "root", "-w", packets)...)
	script := ""
	for host := range tests {
		if host != clock {
			script += "curl --noproxy '*' -4 -s -k -m 8 -o /dev/null https://" + host + "/ &\n"
		}
	}
	v4, _ := r.addresses(t, clock)
	script += "getent ahostsv4 " + clock + " >/dev/null\nprintf '\\043%047d' 0 >/dev/udp/" + v4.String() + "/123\n" +
		"wait\ncurl --noproxy '*' -4 -s -k -m 8 -o /dev/null https://login.live.com/\ntrue\n"
	run(t, script, inside(r.client, "bash")...)
	dump.stop()

	var doc struct {
		Hosts []struct {
			Host string
			end
		}
	}
	if err := json.Unmarshal(capture(t, packets), &doc); err != nil {
		t.Fatal(err)
	}
	got, want := make(map[string]end), make(map[string]end)
	for _, h := range doc.Hosts {
		got[h.Host] = h.end
	}
	for host, tt := range tests {
		want[host] = tt.want
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// captured returns what a capture says.
func captured(t *testing.T, path string) told {
	t.Helper()
	return decodeTold(t, capture(t, path))
}

// capture returns what the command of the module examples/capture says about a
// capture, as JSON.
func capture(t *testing.T, path string) []byte {
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
	return out
}

func decodeTold(t *testing.T, data []byte) (out told) {
	t.Helper()
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
