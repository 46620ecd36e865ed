package accuracy

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Told is what a report says of a network.
type Told struct {
	Verdict readiness.ReportVerdict

	// Causes are the causes, sorted. The causes of one host count once, whatever
	// their codes: the report has one for each.
	Causes []Key

	// Statuses are what came of each check, and Owners the cause that explains
	// it, or the zero Key.
	Statuses []readiness.Status
	Owners   []Key
}

// Tell reads a report.
func Tell(r *readiness.Report) Told {
	t := Told{
		Verdict:  r.Verdict,
		Statuses: make([]readiness.Status, len(r.Plan.Checks)),
		Owners:   make([]Key, len(r.Plan.Checks)),
	}
	keys := make([]Key, len(r.Causes))
	for i, c := range r.Causes {
		keys[i] = keyOf(r, c)
		if keys[i].Code == readiness.CauseHostUnreachable && slices.Contains(t.Causes, keys[i]) {
			continue
		}
		t.Causes = append(t.Causes, keys[i])
	}
	slices.SortFunc(t.Causes, compareKeys)
	for _, f := range r.Findings {
		if f.Service == endpoints.ServiceCRL && r.Plan.Checks[f.Check].Target.Protocol == probe.ProtocolHTTPS {
			continue // about what the certificate points to, and not about the host
		}
		t.Statuses[f.Check] = f.Status
		if f.Cause >= 0 {
			t.Owners[f.Check] = keys[f.Cause]
		}
	}
	return t
}

// The forms of names that are filtered, beside those that no resolver resolves:
// another resolver resolves them, or they lead to a host that is not theirs.
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
	first := c.Checks[0]
	switch c.Code {
	case readiness.CauseDNSFiltered:
		if !slices.ContainsFunc(r.Findings, func(f readiness.Finding) bool { return f.Cause >= 0 && r.Causes[f.Cause].Title == c.Title }) {
			k.About = oneResolverOnly // nothing fails by it
		} else if code := r.Observations[first].Code(); code != "" && !strings.HasPrefix(string(code), "dns.") {
			k.About = elsewhere
		}
	case readiness.CauseHostUnreachable:
		k.About = r.Plan.Checks[first].Target.Host
	case readiness.CauseTLSInspection, readiness.CauseTLSUntrusted:
		if f := r.Observations[first].TLS; f != nil && len(f.Chain) > 0 {
			k.About = f.Chain[0].Organization
		}
	}
	return k
}
