package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// CauseRangeStripped means that something on the path does not let byte ranges
// work: it removes them from requests or responses, or ends the connection.
const CauseRangeStripped CauseCode = "range.stripped"

// rangeStripped counts HTTP and HTTPS separately, because what rewrites plain
// HTTP may not see inside TLS.
func rangeStripped(v *view) []found {
	var hit []int
	var over, evidence []string
	for _, p := range []probe.Protocol{probe.HTTP, probe.HTTPS} {
		checks, some := v.stripped(p)
		if len(checks) == 0 {
			continue
		}
		hit = append(hit, checks...)
		name := strings.ToUpper(string(p))
		first := checks[max(0, slices.IndexFunc(checks, v.delivers))]
		evidence = append(evidence, v.rangeEvidence(first))
		if others := without(v.names(checks), v.target(first).Host); len(others) > 0 {
			evidence = append(evidence, "Ranges fail as well for: "+list(others)+".")
		}
		if some {
			name += " for " + countOrName(v.names(checks), "host")
		} else {
			evidence = append(evidence, "No host returned a partial response over "+name+".")
		}
		over = append(over, name)
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

// rangeEvidence says how a request for the first byte failed.
func (v *view) rangeEvidence(check int) string {
	h := v.obs[check].HTTP
	switch h.Range.Code {
	case probe.HTTPRangeUnsupported:
		return fmt.Sprintf("%s returned the whole file with status %d when only its first byte was requested (%s).", h.URL, h.Status, h.Range.Code)
	case probe.HTTPMalformed:
		if h.Status == 206 {
			return fmt.Sprintf("%s returned status 206 with the Content-Range %q when its first byte was requested (%s).", h.URL, h.Range.ContentRange, h.Range.Code)
		}
	}
	return fmt.Sprintf("%s: a request for the first byte fails, %s (%s). A request for the whole file gets status %d.", h.URL, behaved(h.Range.Code), h.Range.Code, h.Status)
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

// stripped returns the checks of a protocol for which ranges do not work, and
// whether they work for others.
//
// A server may ignore a range, as it does for generated pages. So hosts of
// several owners must agree, and if ranges work for others, nothing about them
// may be normal. A single host is enough if the file that it returned whole is
// documented and no host returned a part.
func (v *view) stripped(p probe.Protocol) (hit []int, some bool) {
	var odd []int // those that no server explains
	documented := false
	for i, o := range v.obs {
		if v.target(i).Protocol != p || v.outcomes.each[i].status != OK || o.HTTP == nil || o.HTTP.Range == nil {
			continue
		}
		switch r := o.HTTP.Range; {
		case r.Supported:
			some = true
		case r.Code == "":
		default:
			hit = append(hit, i)
			if r.Code != probe.HTTPRangeUnsupported || dividable(o) {
				odd = append(odd, i)
				documented = documented || v.target(i).Path != ""
			}
		}
	}
	switch {
	case some && (v.owners(odd) >= severalOwners || len(v.names(odd)) >= unrelatedOwners):
		return odd, true
	case !some && (v.owners(hit) >= severalOwners || documented):
		return hit, false
	}
	return nil, some
}

// dividable reports whether a complete response says that ranges may be
// requested, RFC 9110 section 14.3.
func dividable(o probe.Observation) bool {
	return strings.EqualFold(o.HTTP.Range.AcceptRanges, "bytes")
}

// rangeNote lists the hosts that were reached and whose answers say nothing
// about ranges.
func (j *judgment) rangeNote() []string {
	var names []string
	for i, o := range j.obs {
		if j.outcomes.each[i].status == OK && o.HTTP != nil && o.HTTP.Range != nil && o.HTTP.Range.Code == "" && !o.HTTP.Range.Supported {
			names = append(names, o.Target.Addr())
		}
	}
	if len(names) == 0 {
		return nil
	}
	names = unique(names)
	return []string{fmt.Sprintf("Byte ranges were not tested for %s, because no document names a file to request: %s. Allow Range headers and 206 responses there.",
		count(len(names), "port"), list(names))}
}
