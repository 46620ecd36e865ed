package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/examples/internal/clitest"
	"github.com/netready/netready/internal/sampletest"
)

// A diagnosis is a report's result.
type diagnosis struct {
	Verdict string
	Status  int
	StopsAt string
	Causes  []string // the codes, sorted, without duplicates
}

// The phases at which provisioning stops.
const (
	start   = "network-bring-up"
	account = "device-identity"
	profile = "profile-download"
	signIn  = "entra-sign-in"
	join    = "device-registration"
	enrol   = "mdm-enrollment"
)

func ready(causes ...string) diagnosis    { return diagnosis{"ready", 0, "", causes} }
func degraded(causes ...string) diagnosis { return diagnosis{"degraded", 0, "", causes} }

func blocked(stop string, causes ...string) diagnosis {
	return diagnosis{"blocked", 1, stop, causes}
}

// TestSimulate checks each simulated fault: the verdict, the exit status, and
// exactly the causes that it names.
func TestSimulate(t *testing.T) {
	want := map[string]diagnosis{
		"none":    ready(),
		"slow":    ready(),
		"dns-tcp": ready(),

		"network-down":      blocked(start, "network.down"),
		"resolver-dead":     blocked(start, "dns.unreachable"),
		"resolver-closed":   blocked(start, "dns.unreachable"),
		"resolver-refusing": blocked(start, "dns.unreachable"),
		"resolver-failing":  blocked(start, "dns.unreachable"),
		"resolver-garbled":  blocked(start, "dns.unreachable"),

		"portal-redirect": blocked(start, "captive_portal"),
		"portal-page":     blocked(start, "captive_portal"),
		"portal-511":      blocked(start, "captive_portal"),

		"http-blocked":  blocked(start, "egress.http_blocked"),
		"https-blocked": blocked(account, "egress.https_blocked"),
		"https-refused": blocked(account, "egress.https_blocked"),
		"https-reset":   blocked(account, "egress.https_blocked"),
		"ntp-blocked":   blocked(start, "egress.ntp_blocked"),
		"https-only":    blocked(start, "egress.http_blocked", "egress.ntp_blocked"),

		"clock-hours":  ready("clock.wrong"),
		"clock-days":   blocked(start, "clock.wrong"),
		"clock-ahead":  blocked(start, "clock.wrong"),
		"ntp-lying":    blocked(start, "ntp.unusable"),
		"ntp-unusable": blocked(start, "ntp.unusable"),
		"ntp-refusing": blocked(start, "ntp.unusable"),
		"ntp-closed":   blocked(start, "egress.ntp_blocked"),

		"tls-inspection": blocked(account, "tls.inspection"),
		"tls-untrusted":  blocked(account, "tls.inspection"),
		"tls12-refused":  blocked(account, "tls.version"),
		"tls-garbled":    blocked(account, "egress.https_blocked"),

		"dns-filtered": blocked(account, "dns.filtered"),
		"dns-blocked":  blocked(account, "dns.filtered"),
		"dns-empty":    blocked(account, "dns.filtered"),
		"sinkhole":     blocked(account, "dns.filtered"),
		"ncsi-dns":     ready("host.unreachable"),

		"host-blocked":       blocked(account, "host.unreachable"),
		"host-refused":       blocked(signIn, "host.unreachable"),
		"host-reset":         blocked(enrol, "host.unreachable"),
		"host-silent":        blocked(profile, "host.unreachable"),
		"host-alert":         blocked(enrol, "host.unreachable"),
		"host-expired":       blocked(signIn, "host.unreachable"),
		"host-wrong-name":    blocked(signIn, "host.unreachable"),
		"intune-inspected":   blocked(enrol, "tls.inspection"),
		"account-inspected":  blocked(account, "tls.inspection"),
		"wns-blocked":        degraded("host.unreachable"),
		"block-page":         blocked(start, "http.block_page"),
		"address-partial":    degraded("address.partial"),
		"proxy":              ready(),
		"proxy-down":         blocked(start, "proxy.unreachable"),
		"proxy-auth":         blocked(start, "proxy.auth_required"),
		"proxy-denying":      blocked(account, "proxy.denied"),
		"proxy-only":         blocked(start, "egress.http_blocked", "egress.https_blocked"),
		"proxy,host-blocked": blocked(account, "host.unreachable"),
		"proxy-needed":       degraded("proxy.required"),
		"revocation-blocked": blocked(start, "revocation.unreachable"),
		"revocation-stale":   blocked(start, "revocation.unreachable"),
		"revocation-forged":  blocked(start, "revocation.unreachable"),
		"host-revoked":       blocked(enrol, "host.unreachable"),
		"host-leaf-only":     ready(),
		"host-leaf-alone":    blocked(account, "tls.untrusted"),
		"host-old-chain":     ready(),
		"host-unverifiable":  {"unproven", 2, "", []string{"tls.incomplete"}},
		"dns-rewriting":      degraded("dns.rewriting"),
		"hosts-file":         ready("dns.overridden"),
		"ipv6-broken":        degraded("ipv6.broken"),
		"range-stripped":     ready(), // the small catalog has no host that serves files
		"path-mtu":           blocked(account, "path.mtu"),
		"tls13-blocked":      ready("tls.version13_blocked"),
		"hello-blocked":      ready("tls.large_hello_blocked"),
		"reset-once":         ready(),

		// Faults combine.
		"ntp-blocked,host-refused": blocked(start, "egress.ntp_blocked", "host.unreachable"),
		"clock-hours,clock-days":   blocked(start, "clock.wrong"),
		"tls-untrusted,sinkhole":   blocked(account, "dns.filtered", "tls.inspection"),
	}
	for _, s := range simulations() {
		if _, ok := want[s.name]; !ok && s.protocol == "" {
			t.Errorf("the fault %s has no row here", s.name)
		}
	}
	for name, want := range want {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, report := diagnose(t, "-catalog", small, "-simulate", name)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				var doc struct{ Notes []string }
				unmarshal(t, report, &doc)
				if !strings.HasPrefix(doc.Notes[0], "Simulated (") {
					t.Errorf("the notes do not say that it is simulated: %q", doc.Notes)
				}
			})
		})
	}
}

// TestSimulateWhole checks the faults that affect many hosts on the whole
// built-in catalog.
func TestSimulateWhole(t *testing.T) {
	tests := map[string]diagnosis{
		"none":              ready(),
		"network-down":      blocked(start, "network.down"),
		"resolver-refusing": blocked(start, "dns.unreachable"),
		"portal-redirect":   blocked(start, "captive_portal"),
		"http-blocked":      blocked(start, "egress.http_blocked"),
		"https-blocked":     blocked(account, "egress.https_blocked"),
		"ntp-blocked":       blocked(start, "egress.ntp_blocked"),
		"clock-days":        blocked(start, "clock.wrong"),
		"range-stripped":    degraded("range.stripped"),
		"tls-inspection":    blocked(account, "tls.inspection"),
		"tls-untrusted":     blocked(account, "tls.inspection"),
		"tls12-refused":     blocked(account, "tls.version"),
		"sinkhole":          blocked(account, "dns.filtered"),
		"host-blocked":      blocked(account, "host.unreachable"),
		"wns-blocked":       degraded("host.unreachable"),
		"proxy-auth":        blocked(start, "proxy.auth_required"),
	}
	for _, name := range sampletest.Of(slices.Sorted(maps.Keys(tests))) {
		want := tests[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got, _ := diagnose(t, "-simulate", name)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestSimulateDomains checks faults of domains, which need flags.
func TestSimulateDomains(t *testing.T) {
	domain := []string{"-scenario", "hybrid-join", "-ad-domain", "corp.contoso.com", "-tenant", "contoso.com"}
	tests := map[string]diagnosis{
		"none":          ready(),
		"dc-unknown":    blocked("device-registration", "domain_controller.unknown"),
		"dc-blocked":    blocked("device-registration", "domain_controller.unreachable"),
		"alias-missing": ready("tenant.alias"),
		"alias-wrong":   ready("tenant.alias"),
		"resolver-dead": blocked(start, "dns.unreachable"),
	}
	for _, name := range sampletest.Of(slices.Sorted(maps.Keys(tests))) {
		want := tests[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				got, _ := diagnose(t, append(domain, "-simulate", name)...)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
	for _, s := range simulations() {
		if s.protocol == "" {
			continue
		}
		got := call(t.Context(), isolated(t), "-catalog", small, "-simulate", s.name)
		want := "preflight: -simulate " + s.name + ": the plan has no check that it affects: it needs " + s.needs + "\n"
		if diff := cmp.Diff(clitest.Outcome{Status: 2, Stderr: want}, got); diff != "" {
			t.Errorf("%s without the flags (-want +got):\n%s", s.name, diff)
		}
	}
}

// diagnose runs the command. What is known of hosts, and for information, is left
// out of the causes.
func diagnose(t *testing.T, args ...string) (diagnosis, string) {
	t.Helper()
	got := call(t.Context(), isolated(t), append(args, "-format", "json")...)
	if got.Stderr != "" {
		t.Error(got.Stderr)
	}
	var doc struct {
		Verdict string
		StopsAt string `json:"stops_at"`
		Causes  []struct{ Code string }
	}
	unmarshal(t, got.Stdout, &doc)
	d := diagnosis{Verdict: doc.Verdict, Status: got.Status, StopsAt: doc.StopsAt}
	for _, c := range doc.Causes {
		if c.Code != "host.contradicted" && c.Code != "name.gone" {
			d.Causes = append(d.Causes, c.Code)
		}
	}
	slices.Sort(d.Causes)
	d.Causes = slices.Compact(d.Causes)
	return d, got.Stdout
}

// TestSimulateScenarios: every scenario is ready when nothing is wrong, and a
// machine without a network is not mistaken for a slow one.
func TestSimulateScenarios(t *testing.T) {
	tests := map[string]diagnosis{
		// Without a domain, no domain controller is found, so it stays unproven
		// unless the profile does not need one.
		"hybrid-join": {Verdict: "unproven", Status: 2},
		"hybrid-join -features skip-domain-check": ready(),
		"self-deploying":     ready(),
		"pre-provisioning":   ready(),
		"device-preparation": ready(),
		"device-association": ready(),
		"autopatch":          ready(),
	}
	for _, scenario := range sampletest.Of(slices.Sorted(maps.Keys(tests))) {
		want := tests[scenario]
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"-scenario"}, strings.Fields(scenario)...)
			synctest.Test(t, func(t *testing.T) {
				got, _ := diagnose(t, append(args, "-simulate", "none")...)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("none (-want +got):\n%s", diff)
				}
				began := time.Now()
				got, _ = diagnose(t, append(args, "-simulate", "resolver-dead")...)
				dead := blocked(start, "dns.unreachable")
				if diff := cmp.Diff(dead, got); diff != "" {
					t.Errorf("resolver-dead (-want +got):\n%s", diff)
				}
				if took := time.Since(began); took > simulatedTimeout+time.Second {
					t.Errorf("a dead resolver took %s", took)
				}
			})
		})
	}
}

// TestFailOn: -fail-on degraded fails a degraded network.
func TestFailOn(t *testing.T) {
	for value, want := range map[string]int{"blocked": 0, "degraded": 1} {
		synctest.Test(t, func(t *testing.T) {
			if got := call(t.Context(), isolated(t), "-catalog", small, "-simulate", "wns-blocked", "-fail-on", value); got.Status != want {
				t.Errorf("-fail-on %s: exit status %d, want %d", value, got.Status, want)
			}
		})
	}
}

// TestReport checks whole reports.
func TestReport(t *testing.T) {
	for _, fault := range []string{"none", "resolver-dead", "tls-inspection", "https-blocked", "wns-blocked", "proxy-auth"} {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := call(t.Context(), isolated(t), "-catalog", small, "-simulate", fault)
				golden(t, "report-"+fault+".txt", got.Stdout)
			})
		})
	}
}

// TestReportFields checks the field names of the document.
func TestReportFields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := call(t.Context(), isolated(t), "-catalog", small, "-simulate", "host-blocked", "-format", "json")
		want := []string{
			"catalog", "causes", "cut_off", "device", "duration_ms", "findings", "missing", "notes", "observations", "policy", "schema", "scope",
			"services", "started", "stops_at", "traffic", "unconfirmed", "untested", "verdict",
		}
		if diff := cmp.Diff(want, fields(t, got.Stdout)); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	})
}

// TestSimulateList: every fault has a name and a sentence.
func TestSimulateList(t *testing.T) {
	got := call(t.Context(), isolated(t), "-simulate", "list")
	if diff := cmp.Diff(clitest.Outcome{Stdout: got.Stdout}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	seen := make(map[string]bool)
	for line := range strings.SplitSeq(strings.TrimSuffix(got.Stdout, "\n"), "\n") {
		name, what, _ := strings.Cut(line, "  ")
		what = strings.TrimSpace(what)
		if seen[name] || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%q is no name, or there twice", name)
		}
		if !strings.HasSuffix(what, ".") || strings.Count(what, ". ") > 0 {
			t.Errorf("%s: %q is no sentence", name, what)
		}
		seen[name] = true
	}
	if len(seen) != len(simulations()) {
		t.Errorf("%d faults, want %d", len(seen), len(simulations()))
	}
}
