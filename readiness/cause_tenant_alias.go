package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseTenantAlias means that CNAME records in the tenant's domains are missing
// or point elsewhere. It is informational.
const CauseTenantAlias CauseCode = "tenant.alias"

func tenantAlias(v *view) []found {
	checks := v.open(func(i int, r outcome) bool {
		return v.target(i).Protocol == probe.CNAME && len(targets(v.plan, i)) > 0 &&
			(r.code == WrongAlias || r.code == probe.DNSNXDomain || r.code == probe.DNSNoData)
	})
	if len(checks) == 0 {
		return nil
	}
	var evidence, records, names []string
	for _, i := range checks {
		host, wanted := v.target(i).Host, targets(v.plan, i)[0]
		said := "does not exist"
		switch f := v.obs[i].DNS; {
		case f == nil:
		case len(f.CNAMEs) > 0:
			said = "is an alias of " + f.CNAMEs[0]
		case len(f.Addresses) > 0:
			said = fmt.Sprintf("is not an alias and has the addresses %v", f.Addresses)
		}
		evidence = append(evidence, fmt.Sprintf("%s %s; Microsoft documents a CNAME record that points to %s.", host, said, wanted))
		records = append(records, host+" CNAME "+wanted)
		names = append(names, host)
	}
	title := "1 manual-enrollment CNAME record is missing or wrong"
	if n := len(checks); n > 1 {
		title = fmt.Sprintf("%d manual-enrollment CNAME records are missing or wrong", n)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: evidence,
		Remedy:   "If users enroll devices manually, create or correct these records, also in internal DNS: " + some(records, fewNames/2) + ".",
		Names:    names,
	}, explains: unreached(checks...)}}
}
