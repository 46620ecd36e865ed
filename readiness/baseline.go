package readiness

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// staleBaseline is the age from which a report says how old its baseline is.
const staleBaseline = 30 * 24 * time.Hour

// A baseline is what a policy keeps of the report of a network that works.
type baseline struct {
	fault     string // why it cannot be a baseline, or empty
	scope     endpoints.Scope
	catalog   string
	started   time.Time
	resolvers []netip.Addr
	failures  map[probe.Target]failure
}

// A failure says at which step a check failed, and how.
type failure struct {
	op   string
	code probe.Code
}

// Against returns a copy of p that compares a report with that of a network
// known to work, such as a mobile hotspot. A check that fails in both at the
// same host, port and step, with the same code, is then informational, and
// [CauseHostBaseline] explains it. The good report must be complete, and ready
// or degraded; otherwise [Runner.Run] and [Runner.Judge] return an
// [*endpoints.Error] with the field "baseline". A nil report changes nothing.
//
// Only failures of single hosts are excused, and only those that a server can
// cause: no answer, a refusal, an alert, or a genuine certificate that has
// expired or is for other names. A fault of a port, an address family, a
// resolver or a proxy still counts. So does a fault that this machine may cause
// on every network, such as inspection. A decisive endpoint is never excused,
// and a service that is blocked without a baseline is blocked with it.
//
// The report's notes say whether the baseline's catalog or scope differs, and
// its age if that is over 30 days. Tenants and domains may differ without a
// note.
func (p Policy) Against(good *Report) Policy {
	if good == nil {
		return p
	}
	b := &baseline{fault: unfit(good), catalog: good.Catalog, started: good.Started, failures: make(map[probe.Target]failure)}
	if good.Plan != nil {
		b.scope = good.Plan.Scope
	}
	broad := make(map[probe.Target]bool)
	for _, c := range good.Causes {
		if singles(c.Code) {
			continue
		}
		for _, check := range c.Checks {
			broad[sameTarget(check.Target)] = true
		}
	}
	for _, o := range good.Observations {
		if t := sameTarget(o.Target); servers(o) && !broad[t] {
			b.failures[t] = failure{o.Error.Op, o.Error.Code}
		}
	}
	b.resolvers = resolversIn(good.Observations)
	p.baseline = b
	return p
}

// unfit says why a report cannot be a baseline, or returns "".
func unfit(r *Report) string {
	switch {
	case r.CutOff, len(r.Missing) > 0:
		return "not every check of it was completed"
	case !r.Verdict.Works():
		return "it is " + r.Verdict.String() + ": want the report of a network that works"
	case len(r.Observations) == 0:
		return "it has no observations"
	}
	return ""
}

// singles reports whether causes with a code are about single hosts. What they
// explain is then no sign of a wider fault.
func singles(c CauseCode) bool {
	switch c {
	case CauseHostUnreachable, CauseHostDoubtful, CauseHostContradicted, CauseHostBaseline:
		return true
	}
	return false
}

// sameTarget returns a target without the fields that only say how thoroughly
// it is measured.
func sameTarget(t probe.Target) probe.Target {
	return probe.Target{Protocol: t.Protocol, Host: t.Host, Port: t.Port, Path: t.Path, Direct: t.Direct}
}

// servers reports whether a server could have caused a check's failure, as
// opposed to the network or this machine.
func servers(o probe.Observation) bool {
	if o.Error == nil || o.Error.Op == probe.OpProxy || ruled(o) {
		return false
	}
	switch c := o.Code(); c {
	case probe.TLSNameMismatch, probe.TLSExpired:
		return genuine(o.TLS)
	default:
		return innocent(c)
	}
}

// resolversIn returns the distinct resolvers that were queried.
func resolversIn(obs []probe.Observation) []netip.Addr {
	var out []netip.Addr
	for _, o := range obs {
		if o.DNS == nil {
			continue
		}
		for _, q := range o.DNS.Queries {
			if a := q.Resolver.Addr(); a.IsValid() && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	slices.SortFunc(out, netip.Addr.Compare)
	return out
}

// check returns an [*endpoints.Error] if the baseline is unfit.
func (b *baseline) check() error {
	if b == nil || b.fault == "" {
		return nil
	}
	return &endpoints.Error{Code: endpoints.BadValue, Field: "baseline", Reason: b.fault}
}

// has reports whether a check failed the same way in the baseline.
func (b *baseline) has(o probe.Observation) bool {
	return servers(o) && b.failures[sameTarget(o.Target)] == failure{o.Error.Op, o.Error.Code}
}

// day says when the baseline was measured.
func (b *baseline) day() string {
	if b.started.IsZero() {
		return "the baseline"
	}
	return "the baseline of " + b.started.UTC().Format(time.DateOnly)
}

// notes says what a reader must know about the baseline.
func (b *baseline) notes(r *Report, excused int) []string {
	if b == nil {
		return nil
	}
	out := []string{fmt.Sprintf("Compared with %s: %s.", b.day(), count(excused, "failure")+" alike")}
	if d := differences(b.scope, r.Plan.Scope); d != nil {
		out = append(out, "The baseline is for another scope: "+strings.Join(d, "; ")+".")
	}
	if b.catalog != r.Catalog {
		out = append(out, "The baseline was measured by the catalog "+b.catalog+", and this network by "+r.Catalog+".")
	}
	switch age := r.Started.Sub(b.started); {
	case r.Started.IsZero():
	case b.started.IsZero():
		out = append(out, "The baseline does not say when it was measured.")
	case age.Abs() > staleBaseline:
		when := "before"
		if age < 0 {
			when = "after"
		}
		out = append(out, fmt.Sprintf("The baseline was measured %d days %s this network.", int(math.Round(age.Abs().Hours()/24)), when))
	}
	if here := resolversIn(r.Observations); len(here) > 0 && slices.Equal(here, b.resolvers) {
		out = append(out, "The baseline was measured through the same DNS servers, so it may be of this same network.")
	}
	return out
}

// differences names the fields in which two scopes differ. Tenants and domains
// do not count, because each has its own hosts.
func differences(was, is endpoints.Scope) []string {
	var out []string
	field := func(name, was, is string) {
		if was != is {
			out = append(out, fmt.Sprintf("%s %s, and here %s", name, text(was), text(is)))
		}
	}
	features := func(s endpoints.Scope) string {
		return strings.Join(slices.Compact(slices.Sorted(slices.Values(texts(s.Features)))), " ")
	}
	field("scenario", string(was.Scenario), string(is.Scenario))
	field("cloud", string(cloudOf(was)), string(cloudOf(is)))
	field("region", string(was.Region), string(is.Region))
	field("TPM", string(was.TPM), string(is.TPM))
	field("Windows", string(was.Windows), string(is.Windows))
	field("features", features(was), features(is))
	return out
}

func text(s string) string {
	if s == "" {
		return "not given"
	}
	return s
}
