package readiness

import (
	"net/url"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// revocationHosts finds that revocation hosts are unreachable together: either
// all that were tried, or several to which the certificates seen here point. A
// single one is treated like any other host.
func revocationHosts(v *view) []found {
	checks := v.open(func(i int, r outcome) bool { return mute(r.code) && v.onlyRevocation(i) })
	pointed := v.pointedTo()
	named := slices.DeleteFunc(v.names(checks), func(host string) bool { return !pointed[host] })
	if len(v.names(checks)) < severalHosts || len(named) < severalHosts && v.anyRevocation() {
		return nil
	}
	names := v.names(checks)
	return []found{{Cause: Cause{
		Title:    countOrName(names, "revocation host") + " cannot be reached",
		Evidence: firstLines(v.hostEvidence(checks), fewLines, "The same for %d more."),
		Remedy:   "Allow outbound TCP 80, without proxy authentication, to " + some(names, fewNames) + ".",
		Names:    names,
	}, explains: unreached(checks...)}}
}

// onlyRevocation reports whether a check is over plain HTTP and of a host that
// is needed only for revocation.
func (v *view) onlyRevocation(check int) bool {
	for e := range v.endpoints(check) {
		if e.Service != endpoints.ServiceCRL {
			return false
		}
	}
	return v.target(check).Protocol == probe.HTTP
}

// anyRevocation reports whether any revocation host was reached.
func (v *view) anyRevocation() bool {
	for i, r := range v.outcomes.each {
		if r.status == OK && v.onlyRevocation(i) {
			return true
		}
	}
	return false
}

// pointedTo returns the revocation hosts of the chains that could not be
// checked.
func (v *view) pointedTo() map[string]bool {
	out := make(map[string]bool)
	for i, r := range v.outcomes.revocation {
		if r.status != Failed {
			continue
		}
		for _, s := range v.obs[i].Revocation.Sources {
			if u, err := url.Parse(s.URL); err == nil && s.Code != "" && s.Code != probe.Skipped {
				out[u.Hostname()] = true
			}
		}
	}
	return out
}
