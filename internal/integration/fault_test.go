//go:build linux

package integration_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/probe"
)

// A fault is one thing that is wrong with a network, and what the command must
// report.
type fault struct {
	name  string
	apply func(*testing.T)
	args  []string
	want  outcome
	code  probe.Code                 // of every failure, unless empty
	more  func(*testing.T, document) // for further checks
}

// faults tests one fault after the other in a network that otherwise works.
func (r *rig) faults(t *testing.T, all []fault) {
	t.Helper()
	for _, f := range all {
		t.Run(f.name, func(t *testing.T) {
			r.reset(t)
			if f.apply != nil {
				f.apply(t)
			}
			doc := r.check(t, f.args...)
			doc.expect(t, f.want)
			for _, finding := range doc.direct() {
				if finding.Status == "failed" && f.code != "" && finding.Code != string(f.code) {
					t.Errorf("%s: %s, want %s", finding.Check, finding.Code, f.code)
				}
			}
			if f.more != nil {
				f.more(t, doc)
			}
		})
	}
	t.Run("nothing any more", func(t *testing.T) {
		r.reset(t)
		r.check(t).expect(t, outcome{Verdict: "ready"})
	})
}

// blocked returns the outcome of a fault that stops provisioning.
func blocked(causes ...string) outcome { return outcome{Verdict: "blocked", Exit: 1, Causes: causes} }

// degraded returns the outcome of a fault that provisioning survives.
func degraded(causes ...string) outcome { return outcome{Verdict: "degraded", Causes: causes} }

// firewalling, naming, siting and timing return functions that create a fault.
func (r *rig) firewalling(rules ...string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		r.firewall(t, rules...)
	}
}

func (r *rig) naming(n names) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		r.serveNames(t, n)
	}
}

func (r *rig) siting(s site) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		r.serveSite(t, s)
	}
}

func (r *rig) timing(c ticking) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		r.serveTime(t, c)
	}
}

// dropped returns firewall rules that drop all packets to a host.
func (r *rig) dropped(t *testing.T, host string) []string {
	t.Helper()
	v4, v6 := r.addresses(t, host)
	return []string{"ip daddr " + v4.String() + " drop", "ip6 daddr " + v6.String() + " drop"}
}

// refused returns firewall rules that reset connections to a host, or their
// segments that match.
func (r *rig) refused(t *testing.T, host string, match ...string) []string {
	t.Helper()
	v4, v6 := r.addresses(t, host)
	what := strings.Join(append([]string{"meta l4proto tcp"}, match...), " ")
	return []string{
		"ip daddr " + v4.String() + " " + what + " reject with tcp reset",
		"ip6 daddr " + v6.String() + " " + what + " reject with tcp reset",
	}
}
