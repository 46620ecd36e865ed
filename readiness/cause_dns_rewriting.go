package readiness

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/netready/netready/probe"
)

// CauseDNSRewriting means that resolvers return addresses for names that do not
// exist.
const CauseDNSRewriting CauseCode = "dns.rewriting"

func dnsRewriting(v *view) []found {
	if !v.outcomes.signs.rewriting {
		return nil
	}
	var evidence []string
	var madeUp []netip.Addr
	rewritten := v.coded(probe.DNSRewritten)
	for _, i := range rewritten {
		f := v.obs[i].DNS
		if f == nil {
			continue
		}
		for _, q := range f.Queries {
			if q.Code == probe.DNSRewritten && q.Type == "A" {
				evidence = append(evidence, fmt.Sprintf("%s resolved %s to %v, although the name does not exist.", q.Resolver, f.Name, q.Addresses))
			}
			madeUp = append(madeUp, q.Addresses...)
		}
	}
	// A proxy is looked for under a name that may not exist either.
	proxies := v.open(func(i int, r outcome) bool {
		f := v.obs[i].DNS
		return r.code != probe.DNSRewritten && v.target(i).Protocol == probe.WPAD &&
			f != nil && len(f.Addresses) > 0 && subset(f.Addresses, madeUp)
	})
	return []found{{Cause: Cause{
		Title:    "DNS returns addresses for names that do not exist",
		Evidence: evidence,
		Remedy:   "On the DNS servers, turn off redirection of nonexistent names (\"search assistance\", \"NXDOMAIN redirection\").",
	}, explains: unreached(slices.Concat(rewritten, proxies)...)}}
}

// subset reports whether all of some addresses are among others.
func subset(some, others []netip.Addr) bool {
	return !slices.ContainsFunc(some, func(a netip.Addr) bool { return !slices.Contains(others, a) })
}
