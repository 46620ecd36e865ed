package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseHostUnreachable means that single hosts cannot be reached. There is one
// for each host and symptom, and one for hosts of one owner or service that fail
// alike.
const CauseHostUnreachable CauseCode = "host.unreachable"

// hostUnreachable explains all failures that no other cause explains.
func hostUnreachable(v *view) []found {
	var out []found
	for _, checks := range v.failedAlike() {
		if names := v.names(checks); len(names) > 1 {
			out = append(out, found{Cause: v.hostsCause(names, checks), explains: unreached(checks...)})
			continue
		}
		out = append(out, found{Cause: v.hostCause(checks), explains: unreached(checks...)})
	}
	return out
}

// hostCause words the failure of one host.
func (v *view) hostCause(checks []int) Cause {
	host, code := v.target(checks[0]).Host, v.outcomes.each[checks[0]].code
	codes := v.codes(checks)
	c := Cause{
		Title:    hostTitle(host, code, codes),
		Evidence: v.hostEvidence(checks),
		Remedy:   hostRemedy(code, host, v.ports(checks)),
		Names:    []string{host},
	}
	if code == probe.TLSNameMismatch && genuine(v.obs[checks[0]].TLS) {
		v.otherServer(&c, host, checks[0])
	}
	if odd := v.oddAddress(checks[0]); odd != "" {
		c.Evidence = append(c.Evidence, odd)
		c.Remedy = compareAnswers(host, v.ports(checks))
	}
	if v.unconfirmed(checks) {
		c.Remedy += " " + unconfirmedAdvice
	}
	if v.inBody(checks) {
		c.Title = fmt.Sprintf("%s sends no complete response (%s)", host, codes)
		c.Remedy = "Find what interrupts responses from " + host + ", such as a proxy or a filter, and let them pass unchanged."
	}
	if servers := v.overTCP(checks); servers != nil {
		c.Remedy = allowTCP(servers)
	}
	if v.ownFailure(checks) {
		v.ownWords(&c, host, code, checks)
	}
	return c
}

// compareAnswers is the remedy if the addresses of a host may not be its own.
func compareAnswers(host, ports string) string {
	return "Compare the DNS servers' answers for " + host + " with those of a public DNS server. If they differ, correct the DNS zone, filter or VPN that changes them; if they agree, let devices reach " + ports + "."
}

// codes returns the distinct codes of checks for display.
func (v *view) codes(checks []int) string {
	var out []string
	for _, i := range checks {
		out = append(out, string(v.outcomes.each[i].code))
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// otherServer words the case of a genuine certificate for another name: the
// server that answers is not the host, but it is not an impostor either.
func (v *view) otherServer(c *Cause, host string, check int) {
	leaf := v.leaf(check)
	line := fmt.Sprintf("The certificate is genuine and belongs to %s, so another internet server answered", certified(leaf))
	if f := v.obs[check].DNS; f != nil && len(f.Addresses) > 0 {
		if alias := last(f.CNAMEs); alias != "" {
			line += ", which DNS reaches through the alias " + alias
		}
		line += fmt.Sprintf(" at %s", remote(v.obs[check]))
	}
	c.Evidence = append(c.Evidence, line+".")
	c.Remedy = "Compare the DNS servers' answers for " + host + " with those of a public DNS server. If they differ, remove the override; if they agree, let devices reach the real " +
		v.ports([]int{check}) + "."
}

// unconfirmed reports whether no record shows that any of the checks works on
// any network.
func (v *view) unconfirmed(checks []int) bool {
	return !slices.ContainsFunc(checks, func(i int) bool { return !v.outcomes.unrecorded(v.plan, i) })
}

// inBody reports whether every check got a status line but no complete body.
func (v *view) inBody(checks []int) bool {
	return !slices.ContainsFunc(checks, func(i int) bool {
		e, h := v.obs[i].Error, v.obs[i].HTTP
		return e == nil || e.Op != probe.OpBody || h == nil || h.Status == 0
	})
}

// hostEvidence says how each check failed. Lookups that failed alike share a
// line.
func (v *view) hostEvidence(checks []int) []string {
	var lookups []int
	var out []string
	for _, i := range checks {
		o, r := v.obs[i], v.outcomes.each[i]
		switch {
		case o.Error == nil:
			out = append(out, fmt.Sprintf("%s: %s", v.target(i), r.code))
		case o.Error.Op == probe.OpResolve:
			lookups = append(lookups, i)
		default:
			out = append(out, v.stepEvidence(i))
		}
	}
	return append(v.resolverEvidence(lookups), out...)
}

// hostTitle says what is wrong with a single host.
func hostTitle(host string, c probe.Code, codes string) string {
	return fmt.Sprintf("%s %s (%s)", host, faultOf(c).one, codes)
}

// A fault says what is wrong with one host, and with several.
type fault struct{ one, several string }

func faultOf(c probe.Code) fault {
	switch c {
	case probe.NCSIDNSMismatch:
		return fault{"has addresses that Windows does not expect", "have addresses that Windows does not expect"}
	case probe.TLSNameMismatch:
		return fault{"presents a certificate for another name", "present certificates for other names"}
	case probe.TLSExpired:
		return fault{"presents an expired certificate", "present expired certificates"}
	case probe.TLSNotYetValid:
		return fault{"presents a certificate that is not valid yet", "present certificates that are not valid yet"}
	case probe.TLSRevoked:
		return fault{"presents a revoked certificate", "present revoked certificates"}
	case probe.HTTPStatus:
		return fault{"answers with an unexpected status", "answer with an unexpected status"}
	}
	if step, _, _ := strings.Cut(string(c), "."); step == "dns" {
		return fault{"does not resolve", "do not resolve"}
	}
	return fault{"cannot be reached", "cannot be reached"}
}

// hostRemedy says what to change for a single host.
func hostRemedy(c probe.Code, host, ports string) string {
	switch c {
	case probe.NCSIDNSMismatch:
		return "Have the DNS servers return the public addresses of " + host + "."
	case probe.TLSNameMismatch, probe.TLSExpired, probe.TLSNotYetValid, probe.TLSRevoked:
		return "Find out what presents this certificate in place of " + host + ", and let devices reach the real " + ports + "."
	}
	switch step, _, _ := strings.Cut(string(c), "."); step {
	case "dns":
		if !gone(c) {
			return "Find out why the DNS servers resolve other names but not " + host + "."
		}
		return "If the name still exists, have the DNS servers resolve " + host + "."
	case "tls":
		return "Let TLS 1.2 pass unchanged between devices and " + ports + "."
	}
	return "Allow devices to reach " + ports + "."
}
