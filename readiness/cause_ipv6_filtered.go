package readiness

import (
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// CauseIPv6Filtered means that DNS servers withhold the IPv6 addresses of every
// name, so that devices use IPv4 only. That is a common setting, and
// informational.
const CauseIPv6Filtered CauseCode = "ipv6.filtered"

const (
	onlyIPv4Used = "Devices on this network use IPv4 only."
	keepIPv4Only = "Change nothing if this network is meant to use IPv4 only. Otherwise turn off the filtering of AAAA records on the DNS servers."
)

func ipv6Filtered(v *view) []found {
	type answer struct{ resolver, how string }
	var names grouping[answer, string]
	var hit []int
	errs := false
	filters := v.outcomes.signs.noIPv6
	for i := range v.obs {
		o := &v.obs[i]
		if len(filters) == 0 || o.DNS == nil || o.Proxy != nil || v.outcomes.each[i].status == NotRun {
			continue
		}
		for _, q := range o.DNS.Queries {
			if filters.of(q) && hasIPv4(o.DNS, q.Resolver) {
				names.add(answer{q.Resolver.String(), fmt.Sprintf("%s (%s%s)", said(q.Code), q.Code, details(q))}, o.DNS.Name)
				hit = append(hit, i)
				errs = errs || q.Code == probe.DNSNXDomain || q.Code == probe.DNSRefused
			}
		}
	}
	if hit == nil {
		i := leavesOutIPv6(v.plan, v.obs)
		if i < 0 {
			return nil
		}
		return []found{{Cause: Cause{
			Title:    "DNS withholds the IPv6 addresses of every name",
			Evidence: []string{"DNS returned no IPv6 address for any name, not even for " + ncsiIPv6Host + ", which has no others.", onlyIPv4Used},
			Remedy:   keepIPv4Only,
		}, affects: []int{i}, most: Informational}}
	}
	var evidence []string
	remedy := keepIPv4Only
	for a, of := range names.all() {
		evidence = append(evidence, fmt.Sprintf("%s returned the IPv4 addresses of %s, and to the question for IPv6 %s: %s.",
			a.resolver, countOrName(unique(of), "name"), a.how, list(unique(of))))
	}
	evidence = append(evidence, onlyIPv4Used)
	if errs {
		evidence = append(evidence, "A name that exists is not to be denied: some devices then do not use its IPv4 addresses either (RFC 4074, section 4.2).")
		remedy = "Have the DNS servers answer AAAA questions with records or without any, but not with an error."
	}
	return []found{{Cause: Cause{
		Title:    "DNS withholds the IPv6 addresses of every name",
		Evidence: evidence,
		Remedy:   remedy,
	}, affects: slices.Compact(hit), most: Informational}}
}
