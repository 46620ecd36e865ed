package readiness_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// What nobody knows counts, unless it is optional and alone.
func TestUnknownHosts(t *testing.T) {
	judgeAll(t, []rule{
		{
			"an optional host does not answer", endpoints.ScenarioAutopilot,
			drop("settings-win.data.microsoft.com"),
			ready,
			causes{readiness.CauseHostDoubtful},
		},
		{
			"two optional hosts of different services do not", endpoints.ScenarioAutopilot,
			drop("settings-win.data.microsoft.com", "catalog.update.microsoft.com"),
			ready,
			causes{readiness.CauseHostDoubtful},
		},
		{
			"three do not", endpoints.ScenarioAutopilot,
			drop("settings-win.data.microsoft.com", "catalog.update.microsoft.com", "geover-prod.do.dsp.mp.microsoft.com"),
			degraded,
			causes{readiness.CauseHostDoubtful},
		},
		{
			"two of one service do not", endpoints.ScenarioAutopilot,
			drop("settings-win.data.microsoft.com", "settings.data.microsoft.com"),
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"an optional host that is known to answer does not", endpoints.ScenarioAutopilot,
			drop("v10.events.data.microsoft.com"),
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a reset after the ClientHello for an optional host", endpoints.ScenarioAutopilot,
			[]probetest.Fault{probetest.At{Host: "settings-win.data.microsoft.com", Network: "tcp", Port: 443, Stage: probetest.AfterHello, Fault: probetest.Reset}},
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"an ICMP rejection of an optional host", endpoints.ScenarioAutopilot,
			[]probetest.Fault{atPort("settings-win.data.microsoft.com", 443, probetest.Unreachable{})},
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a sinkhole for an optional host", endpoints.ScenarioAutopilot,
			[]probetest.Fault{at("settings-win.data.microsoft.com", probetest.Sinkhole)},
			degraded,
			causes{readiness.CauseDNSFiltered},
		},
		{
			"a default-deny firewall forgot one required name", endpoints.ScenarioAutopilot,
			drop("go.microsoft.com"),
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a default-deny firewall forgot one required name and an optional one", endpoints.ScenarioAutopilot,
			drop("go.microsoft.com", "settings-win.data.microsoft.com"),
			degraded,
			causes{readiness.CauseHostUnreachable, readiness.CauseHostDoubtful},
		},
		{
			"a default-deny firewall forgot an attestation host", endpoints.ScenarioDeviceAssociation,
			drop("peapdamaa1.eus2.attest.azure.net"),
			blocked,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"a default-deny firewall forgot device.autopatch", endpoints.ScenarioAutopatch,
			drop("device.autopatch.microsoft.com"),
			blocked,
			causes{readiness.CauseHostUnreachable},
		},
	})
}

// An optional host is not in doubt if a cause explains others that fail the same
// way, unless that cause accuses nobody.
func TestDoubtBesideOtherCauses(t *testing.T) {
	const optional, silent = "settings-win.data.microsoft.com", "licensing.mp.microsoft.com" // on port 80, on every network
	p := plan(t, autopilot())
	plain := func(t probe.Target) bool { return t.Port == 80 }
	for _, tt := range []struct {
		name   string
		others func(probe.Target) bool // that time out
		code   probe.Code
		want   causes
	}{
		{"a blocked port is silent too", plain, probe.TCPTimeout, causes{readiness.CauseHTTPBlocked, readiness.CauseHostUnreachable}},
		{"a blocked port is silent, and the host refuses", plain, probe.TCPRefused, causes{readiness.CauseHTTPBlocked, readiness.CauseHostDoubtful}},
		{
			"a port is silent that is so on every network", func(t probe.Target) bool { return plain(t) && t.Host == silent },
			probe.TCPTimeout,
			causes{readiness.CauseHostContradicted, readiness.CauseHostDoubtful},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, tt.others)
			got := codes(judge(t, p, fail(obs, probe.OpConnect, tt.code, host(optional)), readiness.Policy{}))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

// What only older documents require counts if it is known to exist.
func TestFormerRequirements(t *testing.T) {
	judgeAll(t, []rule{
		{
			"a name that only older documents require does not answer", endpoints.ScenarioAutopatch,
			drop("support.mmd.microsoft.com"),
			ready,
			causes{readiness.CauseHostUnreachable},
		},
		{
			"one that is known to answer does not", endpoints.ScenarioDevicePreparation,
			drop("ztd.dds.microsoft.com"),
			degraded,
			causes{readiness.CauseHostUnreachable},
		},
	})
}

// What one port of a host does is said of that port, and a port beside one that is
// known to answer and does not is no doubt.
func TestDoubtfulPorts(t *testing.T) {
	const host, doubtful = "config.office.com", " did not answer, and no record shows that it answers on any network"
	p := plan(t, autopilot())
	for _, tt := range []struct {
		name    string
		down    func(probe.Target) bool
		verdict readiness.Verdict
		code    readiness.CauseCode
		title   string
	}{
		{"a port that nobody saw answer", func(t probe.Target) bool { return t.Host == host && t.Port == 80 }, ready, readiness.CauseHostDoubtful, host + ":80" + doubtful},
		{"two optional hosts", func(t probe.Target) bool {
			return t.Host == "settings-win.data.microsoft.com" || t.Host == "catalog.update.microsoft.com"
		}, ready, readiness.CauseHostDoubtful, "2 names did not answer, and no record shows that they answer on any network"},
		{"the host, which is known to answer", func(t probe.Target) bool { return t.Host == host }, degraded, readiness.CauseHostUnreachable, host + " cannot be reached (tcp.timeout)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := judge(t, p, fail(reached(p), probe.OpConnect, probe.TCPTimeout, tt.down), readiness.Policy{})
			if r.Verdict != tt.verdict || len(r.Causes) != 1 || r.Causes[0].Code != tt.code || r.Causes[0].Title != tt.title {
				t.Errorf("%v, want %v; causes %+v", r.Verdict, tt.verdict, r.Causes)
			}
			if slices.Contains(r.Unconfirmed, host) {
				t.Errorf("%s is known to answer, and among %q", host, r.Unconfirmed)
			}
		})
	}
}
