package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseHostUnreachable means that a single host cannot be reached. There is one
// for each host and code.
const CauseHostUnreachable CauseCode = "host.unreachable"

// hostUnreachable explains all failures that no other cause explains.
func hostUnreachable(v *view) []found {
	type failure struct {
		host string
		code probe.Code
	}
	// A chain that may only be incomplete is left to a later diagnosis.
	left := v.open(func(i int, r outcome) bool { return r.code != probe.TLSUntrusted || v.unfetched(i) == nil })
	failures := groupBy(left, func(i int) failure { return failure{v.target(i).Host, v.outcomes.each[i].code} })
	var out []found
	for f, checks := range failures.all() {
		c := Cause{
			Title:    hostTitle(f.host, f.code),
			Evidence: v.hostEvidence(checks),
			Remedy:   hostRemedy(f.code, f.host, v.ports(checks)),
			Names:    []string{f.host},
		}
		if f.code == probe.TLSNameMismatch && genuine(v.obs[checks[0]].TLS) {
			v.otherServer(&c, f.host, checks[0])
		}
		if v.unconfirmed(checks) {
			c.Remedy += " " + unconfirmedAdvice
		}
		if v.inBody(checks) {
			c.Title = fmt.Sprintf("%s sends no complete response (%s)", f.host, f.code)
			c.Remedy = "Find what interrupts responses from " + f.host + ", such as a proxy or a filter, and let them pass unchanged."
		}
		if servers := v.overTCP(checks); servers != nil {
			c.Remedy = allowTCP(servers)
		}
		if v.ownFailure(checks) {
			v.ownWords(&c, f.host, f.code, checks)
		}
		out = append(out, found{Cause: c, explains: unreached(checks...)})
	}
	return out
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

func (v *view) hostEvidence(checks []int) []string {
	var out []string
	for _, i := range checks {
		o, r := v.obs[i], v.outcomes.each[i]
		switch {
		case o.Error == nil:
			out = append(out, fmt.Sprintf("%s: %s", v.target(i), r.code))
		case o.Error.Op == probe.OpResolve:
			out = append(out, v.resolverEvidence([]int{i})...)
		default:
			out = append(out, v.stepEvidence(i))
		}
	}
	return out
}

// hostTitle says what is wrong with a single host.
func hostTitle(host string, c probe.Code) string {
	fault := "cannot be reached"
	switch c {
	case probe.NCSIDNSMismatch:
		fault = "has addresses that Windows does not expect"
	case probe.TLSNameMismatch:
		fault = "presents a certificate for another name"
	case probe.TLSExpired:
		fault = "presents an expired certificate"
	case probe.TLSNotYetValid:
		fault = "presents a certificate that is not valid yet"
	case probe.TLSRevoked:
		fault = "presents a revoked certificate"
	case probe.HTTPStatus:
		fault = "answers with an unexpected status"
	default:
		if step, _, _ := strings.Cut(string(c), "."); step == "dns" {
			fault = "does not resolve"
		}
	}
	return fmt.Sprintf("%s %s (%s)", host, fault, c)
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
