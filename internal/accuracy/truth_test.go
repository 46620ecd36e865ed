package accuracy

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// of returns a fault of a kind, in the variant described by what.
func of(t *testing.T, kind, what string, hosts ...string) Fault {
	t.Helper()
	for _, k := range kinds() {
		for _, v := range k.variants {
			if k.name != kind || v.what != what {
				continue
			}
			f := Fault{Kind: k.name, Cause: k.cause, What: v.what, Hosts: hosts, direct: k.direct, effect: v.effect}
			k.place(v, &f)
			return f
		}
	}
	t.Fatalf("no variant %q of %q", what, kind)
	return Fault{}
}

func key(code readiness.CauseCode, about string) Key { return Key{code, about} }

func TestTruthBySituation(t *testing.T) {
	clock := func(skew time.Duration) Fault {
		return Fault{Kind: "clock", Cause: readiness.CauseClockWrong, effect: effectClock, skew: skew}
	}
	lie := func(ahead time.Duration) Fault {
		return Fault{Kind: "time-lie", Cause: readiness.CauseNTPUnusable, effect: effectClock, ahead: ahead}
	}
	inspected := func(hosts ...string) Fault {
		return Fault{
			Kind: "inspection", Cause: readiness.CauseTLSInspection, Hosts: hosts, issuer: "Gateway",
			effect: effectInspected, strikes: []strike{{StepIssuer, onHTTPS}},
		}
	}
	portal := of(t, "portal", "302")
	tests := []struct {
		name    string
		faults  []Fault
		proxied bool
		ipv6    bool
		causes  []Key
		unclear []Key
		verdict readiness.Verdict
	}{
		{
			name: "nothing is wrong", verdict: readiness.Ready,
		},
		{
			name:    "a host that decides is dropped",
			faults:  []Fault{of(t, "host-closed", "dropped", "login.live.com")},
			causes:  []Key{key(readiness.CauseHostUnreachable, "login.live.com")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a host without which provisioning goes on",
			faults:  []Fault{of(t, "host-closed", "dropped", "sin.notify.windows.com")},
			causes:  []Key{key(readiness.CauseHostUnreachable, "sin.notify.windows.com")},
			verdict: readiness.Degraded,
		},
		{
			name:    "the plain port next to a secure one",
			faults:  []Fault{of(t, "host-closed", "plain HTTP dropped", "login.microsoftonline.com")},
			causes:  []Key{key(readiness.CauseHostUnreachable, "login.microsoftonline.com")},
			verdict: readiness.Degraded,
		},
		{
			name:    "the secure port next to a plain one",
			faults:  []Fault{of(t, "host-closed", "TLS dropped", "login.microsoftonline.com")},
			causes:  []Key{key(readiness.CauseHostUnreachable, "login.microsoftonline.com")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a dead resolver hides everything",
			faults:  []Fault{of(t, "resolver-dead", "silent"), of(t, "http-closed", "dropped"), inspected()},
			causes:  []Key{key(readiness.CauseDNSUnreachable, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a closed port hides what is wrong with a certificate",
			faults:  []Fault{of(t, "https-closed", "dropped"), inspected("login.live.com")},
			causes:  []Key{key(readiness.CauseHTTPSBlocked, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a port that is reset for everyone hides that a host is dropped",
			faults:  []Fault{of(t, "https-closed", "reset when asked"), of(t, "host-closed", "TLS dropped", "login.live.com")},
			causes:  []Key{key(readiness.CauseHTTPSBlocked, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a portal hides that the time server is out of reach",
			faults:  []Fault{of(t, "ntp-closed", "dropped"), portal},
			causes:  []Key{key(readiness.CauseCaptivePortal, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a portal does not hide a host, where others answer over TLS",
			faults:  []Fault{portal, of(t, "host-closed", "TLS dropped", "login.live.com")},
			causes:  []Key{key(readiness.CauseCaptivePortal, ""), key(readiness.CauseHostUnreachable, "login.live.com")},
			verdict: readiness.Blocked,
		},
		{
			name:    "inspection of a host that forbids it",
			faults:  []Fault{inspected("enrollment.manage.microsoft.com")},
			causes:  []Key{key(readiness.CauseTLSInspection, "Gateway")},
			verdict: readiness.Blocked,
		},
		{
			name:    "inspection of a host that does not",
			faults:  []Fault{inspected("login.microsoftonline.com")},
			causes:  []Key{key(readiness.CauseTLSInspection, "Gateway")},
			verdict: readiness.Degraded,
		},
		{
			name:    "a clock that Windows corrects",
			faults:  []Fault{clock(time.Hour)},
			causes:  []Key{key(readiness.CauseClockWrong, "")},
			verdict: readiness.Ready,
		},
		{
			name:    "a clock that it does not",
			faults:  []Fault{clock(16 * time.Hour)},
			causes:  []Key{key(readiness.CauseClockWrong, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a time server that everyone contradicts",
			faults:  []Fault{lie(time.Hour)},
			causes:  []Key{key(readiness.CauseNTPUnusable, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a time server that nobody contradicts",
			faults:  []Fault{of(t, "https-closed", "dropped"), lie(time.Hour)},
			causes:  []Key{key(readiness.CauseHTTPSBlocked, "")},
			unclear: []Key{key(readiness.CauseClockWrong, ""), key(readiness.CauseNTPUnusable, "")},
			verdict: readiness.Blocked,
		},
		{
			name:    "a required name is denied, and one that is not",
			faults:  []Fault{of(t, "name-denied", "does not exist", "login.live.com"), of(t, "name-denied", "does not exist", "client.hip.live.com")},
			causes:  []Key{key(readiness.CauseDNSFiltered, ""), key(readiness.CauseHostUnreachable, "client.hip.live.com")},
			verdict: readiness.Blocked,
		},
		{
			name:    "through a proxy that resolves names by itself, a name no longer matters",
			faults:  []Fault{of(t, "name-denied", "does not exist", "client.hip.live.com")},
			proxied: true,
			verdict: readiness.Ready,
		},
		{
			name:    "the port is closed, and the proxy leads on",
			faults:  []Fault{of(t, "https-closed", "dropped")},
			proxied: true,
			causes:  []Key{key(readiness.CauseProxyRequired, "")},
			verdict: readiness.Degraded, // notifications do not go through it
		},
		{
			name:    "Windows' own test is closed over IPv4, and answers over IPv6",
			faults:  []Fault{of(t, "host-closed", "plain HTTP dropped", "www.msftconnecttest.com")},
			ipv6:    true,
			causes:  []Key{key(readiness.CauseNCSIOneFamily, "")},
			verdict: readiness.Ready,
		},
		{
			name:    "Windows' own test is closed, and there is no IPv6",
			faults:  []Fault{of(t, "host-closed", "plain HTTP dropped", "www.msftconnecttest.com")},
			causes:  []Key{key(readiness.CauseHostUnreachable, "www.msftconnecttest.com")},
			verdict: readiness.Blocked,
		},
		{
			name:    "port 80 is closed, and with it the way to revocation lists",
			faults:  []Fault{of(t, "http-closed", "dropped")},
			causes:  []Key{key(readiness.CauseHTTPBlocked, "")},
			verdict: readiness.Blocked,
		},
	}
	plans, err := Sample(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := &Network{Plan: plans.Plain, Faults: tt.faults, proxied: tt.proxied, ipv6: tt.ipv6}
			if n.proxied {
				n.Plan = plans.Proxied
			}
			got := n.Truth()
			if diff := cmp.Diff(tt.causes, got.Causes); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.unclear, got.Unclear); diff != "" {
				t.Errorf("unclear (-want +got):\n%s", diff)
			}
			if got.Verdict != tt.verdict {
				t.Errorf("verdict %s, want %s", got.Verdict, tt.verdict)
			}
		})
	}
}

func TestGenerateRepeatsItself(t *testing.T) {
	plans, err := Sample(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	words := func(number uint64) []string {
		n := Generate(plans, 3, number)
		out := n.Variations
		for _, f := range n.Faults {
			out = append(out, f.String())
		}
		return out
	}
	different := 0
	for number := range uint64(50) {
		if diff := cmp.Diff(words(number), words(number)); diff != "" {
			t.Errorf("network %d (-once +again):\n%s", number, diff)
		}
		if cmp.Diff(words(number), words(number+1)) != "" {
			different++
		}
	}
	if different < 45 {
		t.Errorf("only %d of 50 networks differ from the next", different)
	}
}
