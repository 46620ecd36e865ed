package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/readiness"
)

// device compares the devices with the documented prerequisites. Everything
// unknown shares one paragraph. If nothing is known, the report's head says so.
func device(b *page, r *readiness.Report) {
	if !deviceKnown(r) {
		return
	}
	b.WriteString("\nDEVICES\n\n")
	var unknown []string
	for _, p := range ranked(r.Device) {
		switch p.Outcome {
		case readiness.Failed:
			b.wrap("  failed       ", fmt.Sprintf("%s (%s): %s; wanted: %s. %s", p.Name, p.Impact, p.Found, p.Wanted, p.Loss))
			for _, s := range p.Sources {
				b.wrap("               ", "Source: "+s.Title+" ("+s.Date+")")
			}
		case readiness.OK:
			b.wrap("  ok           ", p.Name+": "+p.Found)
		case readiness.NotRun:
			text := p.Name
			if p.Found != "" { // known but not sufficient
				text += fmt.Sprintf(" (%s: %s)", p.Found, p.Reason)
			}
			unknown = append(unknown, text)
		}
	}
	if unknown != nil {
		b.wrap("  not checked  ", strings.Join(unknown, ", "))
	}
}

// deviceKnown reports whether anything is known of the devices.
func deviceKnown(r *readiness.Report) bool {
	return slices.ContainsFunc(r.Device, func(p readiness.Prerequisite) bool { return p.Outcome != readiness.NotRun || p.Found != "" })
}

// ranked returns the prerequisites, those that failed first.
func ranked(in []readiness.Prerequisite) []readiness.Prerequisite {
	rank := func(p readiness.Prerequisite) int {
		if p.Outcome == readiness.Failed {
			return -int(p.Impact)
		}
		return 1
	}
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b readiness.Prerequisite) int { return rank(a) - rank(b) })
	return out
}
