package readiness

import (
	"fmt"
	"slices"
)

// CauseDNSOverridden means that this machine's hosts file overrides names.
const CauseDNSOverridden CauseCode = "dns.overridden"

// dnsOverridden is informational: devices ask the DNS servers, as the probes
// did.
func dnsOverridden(v *view) []found {
	var evidence []string
	var hit []int
	for i := range v.obs {
		f := v.obs[i].DNS
		if f == nil || v.obs[i].Proxy != nil || inconclusive(v.obs[i].Code()) || subset(f.HostsFile, f.Addresses) {
			continue
		}
		hit = append(hit, i)
		line := fmt.Sprintf("%s: the hosts file says %v, but the DNS servers say %v.", f.Name, f.HostsFile, f.Addresses)
		if !slices.Contains(evidence, line) {
			evidence = append(evidence, line)
		}
	}
	if len(hit) == 0 {
		return nil
	}
	names := v.names(hit)
	return []found{{Cause: Cause{
		Title:    "This machine's hosts file overrides " + countOrName(names, "name"),
		Evidence: append(evidence, "The checks used the addresses from the DNS servers."),
		Remedy:   "Remove " + these(names) + " from the hosts file, and from the one in the devices' image: " + some(names, fewNames) + ".",
		Names:    names,
	}, affects: hit, most: Informational}}
}
