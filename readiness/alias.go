package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// WrongAlias is the code of a check whose name is an alias, but of none of the
// names that the document gives.
const WrongAlias probe.Code = "dns.wrong_alias"

// misdirected reports whether a name was found to be an alias of another name
// than the document gives.
func misdirected(p *Plan, check int, o probe.Observation) bool {
	if o.Target.Protocol != probe.ProtocolCNAME || !o.OK() || o.DNS == nil {
		return false
	}
	wanted := targets(p, check)
	return len(wanted) > 0 && !slices.ContainsFunc(o.DNS.CNAMEs, func(name string) bool {
		return slices.Contains(wanted, strings.ToLower(name))
	})
}

// targets returns the names of which the host of a check should be an alias, the
// one that the document prefers first.
func targets(p *Plan, check int) []string {
	for _, i := range p.Checks[check].Endpoints {
		if names := p.Endpoints[i].Endpoint.CNAMEs[p.Scope.cloud()]; len(names) > 0 {
			return names
		}
	}
	return nil
}

// aliases finds records in the domains of the tenant that are missing or point
// elsewhere.
func (d *diagnosis) aliases() {
	checks := d.open(func(i int, r result) bool {
		return d.target(i).Protocol == probe.ProtocolCNAME && len(targets(d.plan, i)) > 0 &&
			(r.code == WrongAlias || r.code == probe.DNSNXDomain || r.code == probe.DNSNoData)
	})
	if len(checks) == 0 {
		return
	}
	var evidence, records []string
	for _, i := range checks {
		host, wanted := d.target(i).Host, targets(d.plan, i)[0]
		said := "there is no such name"
		switch f := d.obs[i].DNS; {
		case f == nil:
		case len(f.CNAMEs) > 0:
			said = "an alias of " + f.CNAMEs[0]
		case len(f.Addresses) > 0:
			said = fmt.Sprintf("no alias, but the addresses %v", f.Addresses)
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s; %s is documented.", host, said, wanted))
		records = append(records, host+" CNAME "+wanted)
	}
	d.add(Cause{
		Code:     CauseTenantAlias,
		Title:    count(len(checks), "record") + " of the tenant's domains for enrolment by hand missing or pointing elsewhere",
		Evidence: evidence,
		Remedy: "Nothing, if devices are only enrolled automatically, as provisioning does. If users enrol devices by hand, " +
			"create or correct, also in the DNS of the internal network: " + strings.Join(records, ", ") + ".",
	}, checks...)
}
