package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// WrongAlias is the code of a check whose name is an alias of a name other than
// the documented ones.
const WrongAlias probe.Code = "dns.wrong_alias"

// misdirected reports whether a name is an alias of a name other than the
// documented ones.
func misdirected(p *Plan, check int, o probe.Observation) bool {
	if o.Target.Protocol != probe.CNAME || !o.OK() || o.DNS == nil {
		return false
	}
	wanted := targets(p, check)
	return len(wanted) > 0 && !slices.ContainsFunc(o.DNS.CNAMEs, func(name string) bool {
		return slices.Contains(wanted, strings.ToLower(name))
	})
}

// targets returns the documented targets of a CNAME check, the preferred one
// first.
func targets(p *Plan, check int) []string {
	for _, e := range p.Checks[check].Endpoints {
		if names := e.CNAMEs[cloudOf(p.Scope)]; len(names) > 0 {
			return names
		}
	}
	return nil
}
