package readiness

import (
	"fmt"

	"github.com/netready/netready/endpoints"
)

// CauseNameGone means that documented names no longer exist: the catalog says
// so, or the DNS answer proves it. It is informational.
const CauseNameGone CauseCode = "name.gone"

func nameGone(v *view) []found {
	checks := v.open(func(i int, r outcome) bool {
		excused := v.outcomes.excuses[i] == byAnswer || v.outcomes.excuses[i] == byCatalog && v.outcomes.facts[i].How == endpoints.HowNoSuchName && gone(r.code)
		return excused && !v.allExcused(i) // which searches the plan
	})
	if len(checks) == 0 {
		return nil
	}
	names := v.names(checks)
	title := names[0] + " no longer exists"
	if len(names) > 1 {
		title = fmt.Sprintf("%d documented names no longer exist", len(names))
	}
	var evidence []string
	for _, i := range checks {
		if v.outcomes.excuses[i] == byAnswer {
			evidence = append(evidence, v.departure(i))
			continue
		}
		evidence = append(evidence, v.target(i).Host+": known not to exist"+cited(v.outcomes.facts[i].Source))
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: firstLines(unique(evidence), fewLines, "The same for %d more."),
		Remedy:   "Change nothing on this network. Rules that allow " + these(names) + " can stay: " + some(names, fewNames) + ".",
		Names:    names,
	}, explains: unreached(checks...), most: Informational}}
}
