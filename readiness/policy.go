package readiness

import (
	"slices"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// MaxPhaseCorrection is the largest clock error that the Windows Time service
// of a device outside a domain corrects: MaxPosPhaseCorrection and
// MaxNegPhaseCorrection are 54,000 seconds (Microsoft, "Windows Time service
// tools and settings", 2020-02).
const MaxPhaseCorrection = 15 * time.Hour

// A Case is what a policy judges: a documented endpoint in a scope, and what
// was seen of it.
type Case struct {
	Scope    Scope
	Endpoint endpoints.Endpoint

	// Prerequisite is what is judged instead of an endpoint, or empty. Status
	// then says how Scope.Device compares; the fields below are zero otherwise.
	Prerequisite Prerequisite

	// Target, Status and Observation are the result of one check of the
	// endpoint. They are zero when the policy is asked what the endpoint
	// matters, whatever was seen.
	Target      probe.Target
	Status      Status
	Code        probe.Code // why the check failed or was not run; it may rest on other checks too
	Observation probe.Observation
}

// A Verdict is what a policy says of a case.
type Verdict struct {
	Impact Impact
	Basis  Basis

	// Consequence says in plain words what is lost.
	Consequence string

	// Sources are the documents that the verdict rests on.
	Sources []endpoints.Source

	// Decisive says that the failure of this endpoint alone decides over its
	// service.
	Decisive bool
}

// A Policy judges one case. It is a pure function. Policies are composed by
// calling one another.
type Policy func(Case) Verdict

// Documented is the policy that reads the documents strictly, and the default.
// A service whose text says that provisioning continues without it is
// degrading, with the loss that the text names. A service that the text
// requires without such a note is fatal, on the inferred basis that the note is
// missing.
func Documented(c Case) Verdict {
	if c.Prerequisite != "" {
		return deviceVerdict(c)
	}
	r := ruleOf(c.Endpoint, c.Scope.Scenario)
	v := atRest(c, r, r.strict())
	if r.documented != "" && v.Impact != r.field.impact(c.Scope.Scenario) {
		v.Basis = BasisInferred
	}
	return measured(c, v)
}

// Field is the policy of practice. It is [Documented], but for time, activation
// and revocation lists: devices get through setup without them, so they are
// degrading unless what was measured says otherwise.
func Field(c Case) Verdict {
	if c.Prerequisite != "" {
		return deviceVerdict(c)
	}
	r := ruleOf(c.Endpoint, c.Scope.Scenario)
	return measured(c, atRest(c, r, r.field))
}

// atRest judges an endpoint by one column of the table, whatever was seen of it.
func atRest(c Case, r rule, col column) Verdict {
	e := c.Endpoint
	v := Verdict{
		Impact:      col.impact(c.Scope.Scenario),
		Basis:       r.basis,
		Consequence: e.Consequence,
		Decisive:    e.Core,
	}
	if v.Consequence == "" {
		v.Consequence = r.loss
	}
	for _, k := range r.sources {
		v.Sources = append(v.Sources, k.source())
	}
	if !slices.Contains(v.Sources, e.Source) {
		v.Sources = append(v.Sources, e.Source)
	}
	switch {
	case v.Impact == Conditional && declared(c.Scope, e):
		v.Impact, v.Basis = r.declared, BasisInferred
	case e.Service == endpoints.ServiceHybridDomainController && slices.Contains(c.Scope.Features, endpoints.FeatureSkipDomainCheck):
		v.Impact = Informational
	case e.Service == endpoints.ServiceNCSI && c.Target.Port == dnsPort && c.Scope.Windows == endpoints.Windows10:
		// Windows 10 probes by HTTP once the DNS probe has failed (NCSI FAQ, 2023-04-06).
		v.Impact, v.Basis, v.Decisive = Degrading, BasisInferred, false
	case e.Service == endpoints.ServiceNCSI && c.Target.Port == dnsPort:
		// Windows 11 always uses the web probe (NCSI overview, 2023-06-23).
		v.Impact, v.Decisive = Informational, false
	}
	return v
}

// declared reports whether a scope names what makes a conditional endpoint needed.
func declared(s Scope, e endpoints.Endpoint) bool {
	if e.TPM != "" {
		return s.TPM == e.TPM
	}
	return slices.ContainsFunc(e.Features, func(f endpoints.Feature) bool {
		return slices.Contains(s.Features, f)
	})
}

// measured changes a verdict by what was seen.
func measured(c Case, v Verdict) Verdict {
	if c.Status != Failed {
		return v
	}
	switch c.Code {
	case probe.TLSInspected:
		return inspected(c.Endpoint, v)
	case probe.DNSRewritten:
		v.Consequence = "Names that do not exist seem to: Windows may take a made-up host for a proxy, a server of the domain, or the internet."
	case probe.ProxyAuthRequired:
		v.Decisive = v.Decisive || v.Impact == Fatal
		v.Consequence = "The proxy asks for credentials, and nobody can enter them while Windows is set up."
	case probe.NTPOffset:
		v.Impact, v.Basis, v.Decisive = Fatal, BasisInferred, true
		v.Consequence = "Devices end up with a wrong clock: the time server's, or their own if the two differ by more than the 15 hours that the Windows Time service corrects. Certificates and tokens are then refused."
	}
	return v
}

// inspected judges TLS inspection that the machine trusts: it breaks what is to
// be exempt from inspection, and is a loss elsewhere.
func inspected(e endpoints.Endpoint, v Verdict) Verdict {
	switch {
	case e.Has(endpoints.TraitNoInspection):
		if v.Impact == Fatal {
			v.Basis = BasisDocumented
		}
		v.Consequence = "TLS inspection is not supported for this name. " + v.Consequence
		return v
	case e.Has(endpoints.TraitNoInspectionRecommended):
		v.Basis = BasisInferred
		v.Consequence = "A device that does not trust the inspecting authority, as none does that is fresh from its maker, refuses the connection. " + v.Consequence
		return v
	}
	if v.Impact.rank() > Degrading.rank() {
		v.Impact, v.Basis = Degrading, BasisInferred
	}
	v.Decisive = false
	v.Consequence = "Works only on devices that trust the inspecting authority, which a device fresh from its maker does not."
	return v
}
