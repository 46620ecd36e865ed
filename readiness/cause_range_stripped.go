package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// CauseRangeStripped means that something on the path removes byte ranges from
// requests.
const CauseRangeStripped CauseCode = "range.stripped"

// rangeStripped needs several hosts: one host that returns the whole file
// proves nothing, and one that returns a part disproves it. HTTP and HTTPS
// count separately, because what rewrites plain HTTP may not see inside TLS.
func rangeStripped(v *view) []found {
	var hit []int
	var over, evidence []string
	for _, p := range []probe.Protocol{probe.HTTP, probe.HTTPS} {
		checks := v.stripped(p)
		if len(checks) == 0 {
			continue
		}
		hit = append(hit, checks...)
		over = append(over, strings.ToUpper(string(p)))
		first := checks[max(0, slices.IndexFunc(checks, v.delivers))]
		evidence = append(evidence, fmt.Sprintf("%s returned the whole file with status %d when only its first byte was requested (http.range_unsupported).",
			v.obs[first].HTTP.URL, v.obs[first].HTTP.Status))
		if others := without(v.names(checks), v.target(first).Host); len(others) > 0 {
			evidence = append(evidence, "The same for: "+list(others)+". No host returned a partial response over "+strings.ToUpper(string(p))+".")
		}
	}
	if len(hit) == 0 {
		return nil
	}
	slices.Sort(hit)
	evidence = append(evidence, "Without byte ranges, devices download whole files from the internet or cannot download at all.")
	names := v.exempt(hit)
	return []found{{Cause: Cause{
		Title:    "Byte-range requests do not work over " + strings.Join(over, " and "),
		Evidence: evidence,
		Remedy:   "Configure the proxy or filter to pass Range headers and 206 responses unchanged, without scanning whole files. Updates and apps download in parts from: " + some(names, fewNames) + ".",
		Names:    names,
	}, affects: hit}}
}

// delivers reports whether a check's host delivers content.
func (v *view) delivers(check int) bool {
	for e := range v.endpoints(check) {
		if e.Service == endpoints.ServiceDeliveryOptimization {
			return true
		}
	}
	return false
}

// stripped returns the checks of a protocol whose hosts returned the whole
// file, if several unrelated hosts did and none returned a part.
func (v *view) stripped(p probe.Protocol) []int {
	var hit []int
	for i, o := range v.obs {
		if v.target(i).Protocol != p || v.outcomes.each[i].status != OK || o.HTTP == nil || o.HTTP.Range == nil {
			continue
		}
		switch {
		case o.HTTP.Range.Supported:
			return nil
		case o.HTTP.Range.Code == probe.HTTPRangeUnsupported:
			hit = append(hit, i)
		}
	}
	if v.owners(hit) < severalOwners {
		return nil
	}
	return hit
}
