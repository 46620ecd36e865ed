package readiness

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// MaxPhaseCorrection is the largest clock error that the Windows Time service
// of a device outside a domain corrects: MaxPosPhaseCorrection and
// MaxNegPhaseCorrection are 54,000 seconds (Microsoft, "Windows Time service
// tools and settings", 2020-02).
const MaxPhaseCorrection = probe.MaxClockOffset

// onFailure returns what a check's failure means for an endpoint. It is
// f.Ruling, what losing the service means, unless the failure changes that.
func onFailure(s endpoints.Scope, e endpoints.Endpoint, f Finding) Ruling {
	r := f.Ruling
	if e.Service == endpoints.ServiceNCSI && f.Observation != nil && f.Observation.Target.Port == dnsPort {
		switch {
		case s.Windows != endpoints.Windows10:
			r.Impact = Informational // Windows 11 always uses the web probe (NCSI overview, 2023-06-23)
		case r.Impact.rank() >= Degrading.rank():
			r.Impact, r.Basis = Degrading, endpoints.BasisInferred // Windows 10 probes by HTTP after DNS (NCSI FAQ, 2023-04-06)
		}
	}
	if f.Outcome != Failed {
		return r
	}
	if e.NeedFor(s.Scenario) == endpoints.FormerlyRequired {
		return formerly(s, e, r)
	}
	switch f.Code {
	case probe.TLSInspected:
		return inspected(e, r)
	case probe.DNSRewritten:
		r.Loss = "Nonexistent names appear to exist, so Windows may mistake a wrong host for a proxy, a domain controller or the internet."
	case probe.ProxyAuthRequired:
		r.Loss = "The proxy asks for credentials that nobody can enter during setup."
	case probe.NTPOffset:
		r.Impact, r.Basis = Fatal, endpoints.BasisInferred
		r.Loss = "Devices run on a wrong clock, because Windows corrects at most 15 hours; certificates and sign-in tokens are refused."
	}
	return r
}

// formerly judges the failure of a name that only older documents require. It
// is Degrading at most.
func formerly(s endpoints.Scope, e endpoints.Endpoint, r Ruling) Ruling {
	if r.Impact.rank() > Degrading.rank() {
		r.Impact = Degrading
	}
	r.Basis = endpoints.BasisInferred
	r.Loss = "Only older documents require this name" + newest(e, s.Scenario) + "."
	return r
}

// inspected judges TLS inspection by a CA that this machine trusts. It breaks
// names that documents exempt from inspection, and is Degrading at most for all
// others.
func inspected(e endpoints.Endpoint, r Ruling) Ruling {
	switch {
	case e.Has(endpoints.TraitNoInspection):
		if r.Impact == Fatal {
			r.Basis = endpoints.BasisDocumented
		}
		r.Loss = "TLS inspection is not supported for this name. " + r.Loss
	case e.Has(endpoints.TraitNoInspectionRecommended):
		r.Basis = endpoints.BasisInferred
		r.Loss = "Factory-fresh devices do not trust the inspecting CA and refuse the connection. " + r.Loss
	default:
		if r.Impact.rank() > Degrading.rank() {
			r.Impact, r.Basis = Degrading, endpoints.BasisInferred
		}
		r.Loss = "Only devices that trust the inspecting CA can connect, and factory-fresh devices do not."
	}
	return r
}

// decidesAlone reports whether an endpoint's failure stops its service: the
// endpoint is decisive, or no other endpoint can make up for the failure.
func decidesAlone(e endpoints.Endpoint, c probe.Code) bool {
	return e.Decisive || c == probe.ProxyAuthRequired || c == probe.NTPOffset
}
