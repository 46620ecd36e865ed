package readiness

import (
	"cmp"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// An outcome is the result of one check.
type outcome struct {
	status Outcome
	code   probe.Code // why it failed or was not run
}

// outcomes are the results of a plan's checks, before any policy is applied.
type outcomes struct {
	// each says by check whether the target was reached. A check that is made
	// only for comparison has the zero outcome.
	each []outcome

	// revocation says by check whether the revocation of the chain could be
	// checked. It is OK if there was nothing to check.
	revocation []outcome

	works map[probe.Protocol]bool // those by which any target was reached
	signs signs

	facts   []endpoints.Fact // by check: what is known of its host and port
	excuses []excuse         // by check: why its failure does not count against the network
	noted   int              // the check of the one host that was reached and stayed silent, or -1
}

// outcomesOf returns the results of a plan's checks. obs has one observation
// for each check, in the plan's order.
func outcomesOf(p *Plan, obs []probe.Observation) *outcomes {
	out := &outcomes{each: make([]outcome, len(p.Checks)), works: make(map[probe.Protocol]bool), signs: signsOf(p, obs), facts: factsOf(p)}
	lying := out.signs.clocks.lying()
	for i, c := range p.Checks {
		if len(c.Endpoints) == 0 {
			continue
		}
		o := obs[i]
		switch {
		case (o.OK() || begun(o)) && out.signs.portal.answered(o):
			out.each[i] = outcome{Failed, probe.HTTPCaptivePortal}
		case c.Target.Protocol == probe.SOA:
			out.each[i] = zoneOutcome(p, obs, i)
		case misdirected(p, i, o):
			out.each[i] = outcome{Failed, WrongAlias}
		case o.OK() && lying && tells(o):
			out.each[i] = outcome{Failed, probe.NTPOffset}
		case (o.OK() || begun(o)) && intercepted(o) != "":
			out.each[i] = outcome{Failed, intercepted(o)}
		case o.OK() && bare(c.Target) && out.signs.intercepted.found:
			out.each[i] = outcome{NotRun, probe.Skipped}
		case o.OK(), begun(o):
			out.each[i] = outcome{OK, ""}
		case out.signs.honest() && c.Target.Protocol == probe.NXDomain && o.Attempts > 0 && !inconclusive(o.Code()):
			out.each[i] = outcome{OK, ""} // no resolver was found to invent addresses
		case o.Error == nil, inconclusive(o.Code()):
			out.each[i] = outcome{NotRun, cmp.Or(o.Code(), probe.Canceled)}
		default:
			out.each[i] = outcome{Failed, out.signs.noIPv6.code(o)}
		}
	}
	for _, i := range sameAnswers(p, obs, out) {
		out.each[i] = outcome{Failed, SameAnswer}
	}
	if out.noted = reachedSilently(p, obs, out); out.noted >= 0 {
		out.each[out.noted] = outcome{OK, ""}
	}
	out.excuses = excusesOf(p, obs, out)
	for i, r := range out.each {
		if r.status == OK {
			out.works[p.Checks[i].Target.Protocol] = true
		}
	}
	out.revocation = revocationsOf(p, obs, out.each)
	return out
}

// inconclusive reports whether a code says nothing about the network. The facts
// of such an observation are never evidence against anyone, but may clear
// someone.
func inconclusive(c probe.Code) bool {
	return c == probe.Canceled || c == probe.Skipped || c == probe.NotTestable || c == probe.TLSIncomplete || c == probe.Panicked || local(c)
}

// local reports whether a code is about this machine.
func local(c probe.Code) bool {
	return c == probe.LocalResource || c == probe.LocalDenied || c == probe.LocalSocket
}

// cutOff reports whether the end of the run cut a check off or prevented it.
func cutOff(o probe.Observation) bool {
	return !o.OK() && cmp.Or(o.Code(), probe.Canceled) == probe.Canceled
}

// genuine reports whether a chain ends in a root that Windows or the public
// trusts, regardless of expiry and name.
func genuine(f *probe.TLSFacts) bool {
	return f != nil && slices.Contains([]string{"public", "microsoft", "windows"}, f.VerifiedBy)
}

// gone reports whether a code says that a name has no address. Members of
// patterns are examples, and Microsoft retires names without notice.
func gone(c probe.Code) bool { return c == probe.DNSNXDomain || c == probe.DNSNoData }

// mute reports whether a code says that a TCP port did not let a conversation
// begin: nothing answered, or nothing that speaks the protocol.
func mute(c probe.Code) bool {
	switch c {
	case probe.TCPTimeout, probe.TCPRefused, probe.TCPReset, probe.TCPUnreachable,
		probe.TLSTimeout, probe.TLSReset, probe.TLSClosed, probe.TLSNotTLS, probe.TLSMalformed, probe.TLSAlert,
		probe.HTTPTimeout, probe.HTTPReset, probe.HTTPMalformed:
		return true
	}
	return false
}

// answered reports whether anything answered a TCP check: the host, or
// something in its place.
func (r outcome) answered(o probe.Observation) bool {
	switch {
	case r.status == OK,
		o.TLS != nil && o.TLS.Version != "",
		o.HTTP != nil && o.HTTP.Status != 0,
		o.NCSI != nil && (spoke(o.NCSI.IPv4) || spoke(o.NCSI.IPv6)):
		return true
	}
	return r.status == Failed && !mute(r.code) && o.TCP != nil && o.TCP.Remote.IsValid()
}

func spoke(a *probe.NCSIAnswer) bool { return a != nil && a.Status != 0 }
