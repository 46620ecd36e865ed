package readiness

import (
	"maps"
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
	for _, host := range slices.Sorted(maps.Keys(pointed)) {
		if !v.planned(host) {
			names = append(names, host) // only certificates name it
		}
	}
	evidence := firstLines(v.hostEvidence(checks), fewLines, "The same for %d more.")
	if len(pointed) > 0 {
		evidence = append(evidence, "Certificates that hosts sent point to: "+list(slices.Sorted(maps.Keys(pointed)))+".")
	}
	return []found{{Cause: Cause{
		Title:    countOrName(names, "revocation host") + " cannot be reached",
		Evidence: evidence,
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

// planned reports whether the plan has a check of a host.
func (v *view) planned(host string) bool {
	return slices.ContainsFunc(v.plan.Checks, func(c Check) bool { return c.Target.Host == host })
}

// pointedTo returns the revocation hosts of the chains that could not be
// checked, because these hosts gave no answer.
func (v *view) pointedTo() map[string]bool {
	out := make(map[string]bool)
	for i, r := range v.outcomes.revocation {
		if r.status != Failed {
			continue
		}
		for _, s := range v.obs[i].Revocation.Sources {
			if host := hostOf(s.URL); host != "" && unanswered(s.Code) {
				out[host] = true
			}
		}
	}
	return out
}

// unanswered reports whether a code says that a revocation source could not be
// fetched.
func unanswered(c probe.Code) bool {
	switch c {
	case "", probe.Skipped, probe.NotTestable, probe.RevocationStale, probe.RevocationBadSignature, probe.RevocationMalformed, probe.RevocationUnknown:
		return false
	}
	return true
}

// hostsOf returns the earlier cause that revocation hosts are unreachable, if all
// of these are among them.
func (v *view) hostsOf(failed []failedFetch) *recorded {
	k := slices.IndexFunc(v.causes, func(c *recorded) bool { return c.Code == CauseRevocation })
	if k < 0 || len(failed) == 0 {
		return nil
	}
	for _, d := range failed {
		if !unanswered(d.code) || !slices.Contains(v.causes[k].Names, hostOf(d.url)) {
			return nil
		}
	}
	return v.causes[k]
}
