package render

import (
	"fmt"
	"strings"

	"github.com/netready/netready/readiness"
)

// missing names the checks that were not completed, the first few of many, and
// says why.
func missing(r *readiness.Report) string {
	if len(r.Missing) == 0 {
		return ""
	}
	const few = 8
	var names []string
	for _, c := range r.Missing[:min(len(r.Missing), few)] {
		names = append(names, c.ID())
	}
	text := checksWere(len(r.Missing)) + " not completed"
	if r.CutOff {
		text += ", because the run was cut off"
	}
	text += ": " + strings.Join(names, ", ")
	if more := len(r.Missing) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + ". Nothing is concluded from them."
}

// orEarlier warns that an earlier phase may stop too, because some checks were
// not completed.
func orEarlier(r *readiness.Report) string {
	if len(r.Missing) == 0 {
		return ""
	}
	return ", if not earlier"
}

func checksWere(n int) string {
	if n == 1 {
		return "1 check was"
	}
	return fmt.Sprintf("%d checks were", n)
}
