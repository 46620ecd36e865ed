package accuracy

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Told is what a report says about a network.
type Told struct {
	Verdict readiness.Verdict

	// Causes are the causes, sorted. A cause of hosts that fail alike counts once
	// for each host, and a host's causes count once, whatever their codes.
	Causes []Key

	// Outcomes are the checks' outcomes. Owners are the causes that explain
	// them, or the zero Key.
	Outcomes []readiness.Outcome
	Owners   []Key
}

// Tell reads a report.
func Tell(r *readiness.Report) Told {
	t := Told{
		Verdict:  r.Verdict,
		Outcomes: make([]readiness.Outcome, len(r.Plan.Checks)),
		Owners:   make([]Key, len(r.Plan.Checks)),
	}
	for _, c := range r.Causes {
		if c.Code != readiness.CauseHostUnreachable {
			t.Causes = append(t.Causes, keyOf(r, c))
			continue
		}
		for _, check := range c.Checks {
			if k := (Key{c.Code, check.Target.Host}); !slices.Contains(t.Causes, k) {
				t.Causes = append(t.Causes, k)
			}
		}
	}
	slices.SortFunc(t.Causes, compareKeys)
	at := make(map[probe.Target]int)
	for i, c := range r.Plan.Checks {
		at[c.Target] = i
	}
	for _, f := range r.Findings {
		if f.Service == endpoints.ServiceCRL && f.Check.Target.Protocol == probe.HTTPS {
			continue // about what the certificate points to, and not about the host
		}
		t.Outcomes[at[f.Check.Target]] = f.Outcome
		if f.Cause != nil {
			k := keyOf(r, *f.Cause)
			if k.Code == readiness.CauseHostUnreachable {
				k.About = f.Check.Target.Host
			}
			t.Owners[at[f.Check.Target]] = k
		}
	}
	return t
}

// How names are filtered although some resolver answers: another resolver
// resolves them, or they lead to someone else's host.
const (
	oneResolverOnly = "one resolver only"
	elsewhere       = "elsewhere"
)

// keyOf identifies a cause by the checks that it explains.
func keyOf(r *readiness.Report, c readiness.Cause) Key {
	k := Key{Code: c.Code}
	if len(c.Checks) == 0 {
		return k
	}
	first := c.Checks[0].Target
	seen := r.Observations[slices.IndexFunc(r.Observations, func(o probe.Observation) bool { return o.Target == first })]
	switch c.Code {
	case readiness.CauseDNSFiltered:
		if !slices.ContainsFunc(r.Findings, func(f readiness.Finding) bool { return f.Cause != nil && f.Cause.Title == c.Title }) {
			k.About = oneResolverOnly // nothing fails by it
		} else if code := seen.Code(); code != "" && !strings.HasPrefix(string(code), "dns.") {
			k.About = elsewhere
		}
	case readiness.CauseTLSInspection, readiness.CauseTLSUntrusted:
		if f := seen.TLS; f != nil && len(f.Chain) > 0 {
			k.About = f.Chain[0].Organization
		}
	}
	return k
}
