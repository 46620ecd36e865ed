package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// blockPages finds filters that answer in the place of hosts, a cause for each
// responder.
func (d *diagnosis) blockPages() {
	type page struct {
		by     string
		checks []int
	}
	var pages []page
	for _, i := range d.coded(probe.HTTPBlockPage) {
		by := responder(d.obs[i])
		k := slices.IndexFunc(pages, func(p page) bool { return p.by == by })
		if k < 0 {
			pages = append(pages, page{by: by})
			k = len(pages) - 1
		}
		pages[k].checks = append(pages[k].checks, i)
	}
	for _, p := range pages {
		names := d.names(p.checks)
		evidence := []string{d.stepEvidence(p.checks[0])}
		if others := without(names, d.target(p.checks[0]).Host); len(others) > 0 {
			evidence = append(evidence, "So were: "+list(others)+".")
		}
		title := "A filter answers in the place of " + count(len(names), "host")
		if p.by != "" {
			title = "A filter, " + p.by + ", answers in the place of " + count(len(names), "host")
		}
		d.add(Cause{
			Code:     CauseBlockPage,
			Title:    title,
			Evidence: evidence,
			Remedy:   "Allow these names in the web filter. " + d.allow(p.checks) + ".",
		}, p.checks...)
	}
}

// responder returns what names whoever made an answer: where it redirects to,
// or what it says of itself.
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
		for _, f := range o.HTTP.Header {
			if strings.EqualFold(f.Name, name) {
				return fmt.Sprintf("%.80s", f.Value)
			}
		}
	}
	return ""
}
