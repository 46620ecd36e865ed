package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/readiness"
)

// device writes how what is known of the devices compares with what the
// documents ask of them. What is not known is one paragraph, however much it is.
func device(b *bytes.Buffer, r *readiness.Report) {
	if len(r.Device) == 0 {
		return
	}
	fmt.Fprintf(b, "\nDEVICES\n\n")
	var unknown []string
	for _, f := range ranked(r.Device) {
		switch f.Status {
		case readiness.Failed:
			wrap(b, "  failed       ", fmt.Sprintf("%s (%s): %s; wanted: %s. %s", f.Prerequisite.Title(), f.Impact, f.Found, f.Wanted, f.Consequence))
			for _, s := range f.Sources {
				wrap(b, "               ", "Says: "+s.Title+" ("+s.Date+")")
			}
		case readiness.OK:
			wrap(b, "  ok           ", f.Prerequisite.Title()+": "+f.Found)
		case readiness.NotRun:
			text := f.Prerequisite.Title()
			if f.Found != "" { // something is known, and it is not enough
				text += fmt.Sprintf(" (%s: %s)", f.Found, f.Reason)
			}
			unknown = append(unknown, text)
		}
	}
	if unknown != nil {
		wrap(b, "  not checked  ", strings.Join(unknown, ", "))
	}
}

// ranked returns the findings, those that failed first.
func ranked(in []readiness.DeviceFinding) []readiness.DeviceFinding {
	rank := func(f readiness.DeviceFinding) int {
		if f.Status == readiness.Failed {
			return -int(f.Impact)
		}
		return 1
	}
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b readiness.DeviceFinding) int { return rank(a) - rank(b) })
	return out
}
