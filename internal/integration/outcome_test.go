//go:build linux

package integration_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/probe"
)

// A document is the part of a report's JSON that the tests read.
type document struct {
	Schema     string  `json:"schema"`
	Verdict    string  `json:"verdict"`
	DurationMS float64 `json:"duration_ms"`
	StopsAt    string  `json:"stops_at"`
	Services   []struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	} `json:"services"`
	Causes       []cause       `json:"causes"`
	Findings     []finding     `json:"findings"`
	Observations []observation `json:"observations"`

	exit   int
	stderr string
}

type cause struct {
	Code     string   `json:"code"`
	Title    string   `json:"title"`
	Impact   string   `json:"impact"`
	Evidence []string `json:"evidence"`
	Remedy   string   `json:"remedy"`
	Checks   []string `json:"checks"`
}

type finding struct {
	Check       string `json:"check"`
	Service     string `json:"service"`
	Host        string `json:"host"`
	Protocol    string `json:"protocol"`
	Port        uint16 `json:"port"`
	Status      string `json:"status"`
	Code        string `json:"code"`
	Cause       string `json:"cause"`
	Observation int    `json:"observation"`
}

type observation struct {
	Target   probe.Target `json:"target"`
	Attempts int          `json:"attempts"`
	DNS      struct {
		Queries []struct {
			Transport string `json:"transport"`
			Truncated bool   `json:"truncated"`
		} `json:"queries"`
	} `json:"dns"`
	Proxy struct {
		URL string `json:"url"`
	} `json:"proxy"`
	TLS struct {
		FetchedIssuers []string `json:"fetched_issuers"`
		IssuerFailures []source `json:"issuer_failures"`
	} `json:"tls"`
	HTTP struct {
		Status int    `json:"status"`
		Range  ranges `json:"range"`
	} `json:"http"`
	Revocation struct {
		Sources []source `json:"sources"`
	} `json:"revocation"`
	WPAD  wpad `json:"wpad"`
	Error *struct {
		Code string `json:"code"`
	} `json:"error"`
}

// A source is one place that knows whether a certificate is revoked, or that
// has its issuer's certificate.
type source struct {
	URL    string `json:"url"`
	Status string `json:"status"`
	Code   string `json:"code"`
}

type ranges struct {
	Supported bool   `json:"supported"`
	Code      string `json:"code"`
}

type wpad struct {
	URL      string   `json:"url"`
	Script   bool     `json:"script"`
	Mentions []string `json:"mentions"`
}

// check runs the command in the client's namespace, with the arguments and,
// unless they differ, those that it needs in the rig.
func (r *rig) check(t *testing.T, args ...string) document {
	t.Helper()
	return r.checkIn(t, r.client, r.arguments(args...)...)
}

// arguments returns the arguments with those that the command needs in the rig.
func (r *rig) arguments(args ...string) []string {
	defaults := [][2]string{
		{"-scenario", "autopilot"},
		{"-resolver", resolverAddr + ":53"},
		{"-roots", r.pki.genuine.rootFile},
		{"-public-roots", r.pki.genuine.rootFile},
	}
	for _, d := range defaults {
		if !slices.Contains(args, d[0]) {
			args = append(args, d[:]...)
		}
	}
	return args
}

// checkIn runs the command in a namespace with only these arguments.
func (r *rig) checkIn(t *testing.T, namespace string, args ...string) document {
	t.Helper()
	return r.checkUntil(t, nil, namespace, args...)
}

// checkUntil interrupts the command once so returns true, unless so is nil.
func (r *rig) checkUntil(t *testing.T, so func() bool, namespace string, args ...string) document {
	t.Helper()
	line := inside(namespace, append([]string{r.preflight, "-format", "json"}, args...)...)
	cmd := exec.CommandContext(t.Context(), line[0], line[1:]...)
	cmd.Env = append([]string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"}, r.environ...) // without a proxy, for example
	cmd.SysProcAttr = dieWithParent()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if so != nil {
		awaitSo(t, so)
		cmd.Process.Signal(os.Interrupt) //nolint:errcheck // a failure shows when it ends
	}
	err := cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || ok && !exit.Exited() {
		t.Fatalf("%s: %v\n%s", strings.Join(line, " "), err, stderr.String())
	}
	doc := document{exit: cmd.ProcessState.ExitCode(), stderr: stderr.String()}
	if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
		t.Fatalf("%s: exit status %d, not a report: %v\n%s%s", strings.Join(line, " "), doc.exit, err, stdout.String(), doc.stderr)
	}
	t.Logf("%s after %s", doc.Verdict, time.Since(begin).Round(time.Millisecond))
	return doc
}

// An outcome is what a report must say.
type outcome struct {
	Verdict string
	Exit    int
	Causes  []string // sorted codes, one for each cause
}

// expect compares a report with an outcome, and checks its consistency.
func (d document) expect(t *testing.T, want outcome) {
	t.Helper()
	got := outcome{Verdict: d.Verdict, Exit: d.exit}
	for _, c := range d.Causes {
		got.Causes = append(got.Causes, c.Code)
	}
	slices.Sort(got.Causes)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcome (-want +got):\n%s%s%s", diff, d.describe(), d.stderr)
	}
	d.consistent(t)
}

// touching returns the causes that may also name hosts that work or fail for
// another reason.
func touching() []string {
	return []string{
		"address.partial", "egress.rate_limited", "ipv4.missing", "ipv6.broken", "ipv6.broken_above_tcp", "ipv6.filtered", "egress.https_blocked", "dns.filtered", "dns.overridden",
		"path.mtu", "proxy.required", "range.stripped", "tls.large_hello_blocked", "tls.version13_blocked",
	}
}

// consistent checks that every failure has a cause that names it, that no cause
// names what works, and that each has evidence and a remedy.
func (d document) consistent(t *testing.T) {
	t.Helper()
	failed := make(map[string]bool)
	claimed := make(map[string]string)
	for _, c := range d.Causes {
		if c.Title == "" || c.Remedy == "" || len(c.Evidence) == 0 {
			t.Errorf("cause %s without title, evidence or remedy: %+v", c.Code, c)
		}
		for _, check := range c.Checks {
			if slices.Contains(touching(), c.Code) && !d.explained(check, c.Code) {
				continue
			}
			if other := claimed[check]; other != "" {
				t.Errorf("%s belongs to two causes, %s and %s", check, other, c.Code)
			}
			claimed[check] = c.Code
		}
	}
	for _, f := range d.Findings {
		if f.Status == "ok" {
			continue
		}
		failed[f.Check] = true
		if f.Cause == "" || f.Cause != claimed[f.Check] {
			t.Errorf("%s for %s: %s %s, cause %q, but claimed by %q", f.Check, f.Service, f.Status, f.Code, f.Cause, claimed[f.Check])
		}
		if f.Status == "not_run" && f.Code != "skipped" && !f.ofRevocation() {
			t.Errorf("%s was not run: %s", f.Check, f.Code)
		}
	}
	for check, cause := range claimed {
		if !failed[check] {
			t.Errorf("%s works, and yet %s claims it", check, cause)
		}
	}
}

// explained reports whether the findings explain a failed check by a cause.
func (d document) explained(check, cause string) bool {
	return slices.ContainsFunc(d.Findings, func(f finding) bool { return f.Check == check && f.Status != "ok" && f.Cause == cause })
}

// direct returns the findings about the hosts themselves, without those about
// their certificates' revocation.
func (d document) direct() []finding {
	return slices.DeleteFunc(slices.Clone(d.Findings), finding.ofRevocation)
}

// pastProxy reports whether a finding is about a check that bypasses any proxy.
func (f finding) pastProxy() bool { return strings.HasSuffix(f.Check, " direct") }

// ofRevocation reports whether a finding is about the revocation of its host's
// certificate: the result, or that no time was left for it.
func (f finding) ofRevocation() bool {
	return strings.HasPrefix(f.Code, "revocation.") || f.Status == "not_run" && f.Service == "crl" && f.Code == string(probe.Timeout)
}

// describe formats a report's causes.
func (d document) describe() string {
	var b strings.Builder
	for _, c := range d.Causes {
		fmt.Fprintf(&b, "%s: %s\n  %s\n  checks: %.300s\n", c.Code, c.Title, strings.Join(c.Evidence, "\n  "), strings.Join(c.Checks, ", "))
	}
	for _, s := range d.Services {
		if s.Status != "ok" {
			b.WriteString("service " + s.ID + ": " + s.Status + "\n")
		}
	}
	return b.String()
}
