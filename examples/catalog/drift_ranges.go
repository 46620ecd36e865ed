package main

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
	"github.com/netready/netready/endpoints/ranges"
)

// ranges compares the ranges of publications with the built-in ones.
func (c *comparer) ranges(pubs []publication) {
	given := make(map[string][]netip.Prefix) // by cloud and kind of publication
	areas := make(map[string][]string)
	names := make(map[string]publication)
	for _, p := range pubs {
		if len(p.prefixes) == 0 {
			continue
		}
		key := string(p.cloud) + p.title
		given[key] = append(given[key], p.prefixes...)
		areas[key] = append(areas[key], p.area)
		if _, ok := names[key]; !ok {
			names[key] = p
		}
		for _, prefix := range p.prefixes {
			if !contained(prefix, builtIn(p)) {
				c.note(deviationRangeNew, p, listed{}, prefix.String(), "listed, but not among the built-in ranges")
			}
		}
	}
	for key, p := range names {
		if p.title == "" && !wholeService(areas[key]) {
			continue // a missing area may have the range
		}
		for _, prefix := range builtIn(p) {
			if !contained(prefix, given[key]) {
				c.note(deviationRangeRemoved, p, listed{}, prefix.String(), "no longer listed, but among the built-in ranges")
			}
		}
	}
}

// wholeService reports whether areas include every area of the endpoint service
// with ranges.
func wholeService(areas []string) bool {
	for _, area := range []string{m365.AreaCommon, m365.AreaExchange, m365.AreaSharePoint, m365.AreaSkype} {
		if !slices.Contains(areas, area) {
			return false
		}
	}
	return true
}

// builtIn returns the built-in ranges from the kind of publication that p is.
func builtIn(p publication) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range ranges.Embedded() {
		ofIntune := strings.Contains(s.Source.Title, "Intune")
		if s.Cloud != p.cloud || ofIntune != (p.title != "") || p.title == "" && s.Service == endpoints.ServiceIntune && p.area != m365.AreaMEM {
			continue
		}
		for _, prefix := range s.Prefixes {
			if !slices.Contains(out, prefix) {
				out = append(out, prefix)
			}
		}
	}
	return out
}

func contained(p netip.Prefix, all []netip.Prefix) bool {
	return slices.ContainsFunc(all, func(q netip.Prefix) bool { return q.Bits() <= p.Bits() && q.Overlaps(p) })
}
