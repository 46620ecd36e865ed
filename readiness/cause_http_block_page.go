package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseBlockPage means that a filter answers in place of hosts.
const CauseBlockPage CauseCode = "http.block_page"

// blockPage returns a cause for each responder.
func blockPage(v *view) []found {
	var out []found
	pages := groupBy(v.coded(probe.HTTPBlockPage), func(i int) string { return responder(v.obs[i]) })
	for by, checks := range pages.all() {
		names := v.names(checks)
		evidence := []string{v.stepEvidence(checks[0])}
		if others := without(names, v.target(checks[0]).Host); len(others) > 0 {
			evidence = append(evidence, "The same for: "+list(others)+".")
		}
		title := "A web filter blocks " + countOrName(names, "host")
		if by != "" {
			title = "A web filter (" + by + ") blocks " + countOrName(names, "host")
		}
		out = append(out, found{Cause: Cause{
			Title:    title,
			Evidence: evidence,
			Remedy:   "Allow " + these(v.exempt(checks)) + " in the web filter: " + some(v.exempt(checks), fewNames) + ".",
			Names:    v.exempt(checks),
		}, explains: unreached(checks...)})
	}
	return out
}

// responder returns a name for whoever sent a response: the vendor, the host it
// redirects to, or what it says about itself.
func responder(o probe.Observation) string {
	switch {
	case o.HTTP == nil:
		return ""
	case o.HTTP.Vendor != "":
		return o.HTTP.Vendor
	}
	if h := hostOf(o.HTTP.Location); h != "" {
		return h
	}
	if o.HTTP.Title != "" {
		return fmt.Sprintf("%q", o.HTTP.Title)
	}
	for _, name := range []string{"Via", "Server"} {
		if value := o.HTTP.Header.Get(name); value != "" {
			return fmt.Sprintf("%.80s", value)
		}
	}
	return ""
}
