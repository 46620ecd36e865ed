package readiness

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/probe"
)

// CauseRevocation means that revocation sources (CRLs, OCSP responders) give no
// usable answer.
const CauseRevocation CauseCode = "revocation.unreachable"

// revocationUnreachable finds why chains could not be checked: because of an
// earlier cause, or because their sources are unreachable.
func revocationUnreachable(v *view) []found {
	var checks, left []int
	for i, r := range v.outcomes.revocation {
		if r.status != OK {
			checks = append(checks, i)
		}
	}
	if len(checks) == 0 {
		return nil
	}
	var joined grouping[*recorded, int]
	fetches := v.fetches()
	for _, i := range checks {
		if c := v.keepsFromSources(fetches, i); c != nil {
			joined.add(c, i)
		} else if v.outcomes.revocation[i].status == Failed {
			left = append(left, i)
		}
	}
	var out []found
	for c, checks := range joined.all() {
		out = append(out, found{joins: c, explains: unchecked(checks...)})
	}
	if len(left) == 0 {
		return out
	}
	evidence, bad := v.badSources(left)
	remedy, urls := revocationRemedy(bad)
	return append(out, found{Cause: Cause{
		Title:    "Revocation checks fail for " + countOrName(v.names(left), "host"),
		Evidence: evidence,
		Remedy:   remedy,
		Names:    urls,
	}, explains: unchecked(left...)})
}

// revocationUntested finds that chains could not be checked, for no earlier
// cause, in a plan without a service for that.
func revocationUntested(v *view) []found {
	if plansRevocation(v.plan) {
		return nil
	}
	var checks []int
	fetches := v.fetches()
	for i, r := range v.outcomes.each {
		if f := v.obs[i].Revocation; r.status == OK && f != nil && failsRevocation(f.Code) && v.keepsFromSources(fetches, i) == nil {
			checks = append(checks, i)
		}
	}
	if len(checks) == 0 {
		return nil
	}
	evidence, bad := v.badSources(checks)
	remedy, urls := revocationRemedy(bad)
	return []found{{Cause: Cause{
		Title:    "Revocation was not tested for " + countOrName(v.names(checks), "host"),
		Evidence: firstLines(evidence, fewLines, "And %d more."),
		Remedy:   remedy,
		Names:    urls,
	}, affects: checks, most: Informational}}
}

// keepsFromSources returns the earlier cause that kept a check's chain from
// being checked, or nil.
func (v *view) keepsFromSources(fetches fetches, check int) *recorded {
	var failed []failedFetch
	for _, s := range v.obs[check].Revocation.Sources {
		if s.Code != "" && s.Code != probe.Skipped {
			failed = append(failed, failedFetch{s.URL, s.Code})
		}
	}
	if c := fetches.behind(failed); c != nil {
		return c
	}
	if c := v.hostsOf(failed); c != nil {
		return c
	}
	if v.outcomes.revocation[check].code != probe.RevocationStale || !v.currentElsewhen(check) {
		return nil
	}
	k := slices.IndexFunc(v.causes, func(c *recorded) bool { return c.Code == CauseClockWrong })
	if k < 0 {
		return nil
	}
	return v.causes[k]
}

// currentElsewhen reports whether documents that are out of date by the local
// clock are current by the other clocks. It allows a tolerance, because a
// document signed on request is slightly newer than the check.
func (v *view) currentElsewhen(check int) bool {
	reading := v.outcomes.signs.clocks.best()
	now := v.obs[check].Start.Add(reading.offset)
	return reading.known && !slices.ContainsFunc(v.obs[check].Revocation.Sources, func(s probe.Document) bool {
		return s.Code == probe.RevocationStale && (s.ThisUpdate.Sub(now) > clockTolerance || !s.NextUpdate.IsZero() && now.Sub(s.NextUpdate) > clockTolerance)
	})
}

// revocationRemedy says what to change for each way in which sources failed,
// and returns their URLs.
func revocationRemedy(bad []probe.Document) (remedy string, urls []string) {
	var silent, altered, stale []string
	for _, s := range bad {
		switch s.Code {
		case probe.RevocationBadSignature, probe.RevocationMalformed:
			altered = append(altered, s.URL)
		case probe.RevocationStale:
			stale = append(stale, s.URL)
		default:
			silent = append(silent, s.URL)
		}
	}
	var parts []string
	shown := shares(silent, altered, stale)
	if silent != nil {
		parts = append(parts, "Allow outbound TCP 80, without proxy authentication, to "+shown[0]+".")
	}
	if altered != nil {
		parts = append(parts, "Find out what alters these responses or answers in place of the CA, and let them pass unchanged: "+shown[1]+".")
	}
	if stale != nil {
		parts = append(parts, "Find the cache that serves these outdated responses, and refresh it: "+shown[2]+".")
	}
	return strings.Join(parts, " "), slices.Concat(silent, altered, stale)
}

// badSources returns the sources that gave no usable answer, one per URL and
// the most important first, and what each answered.
func (v *view) badSources(checks []int) (evidence []string, bad []probe.Document) {
	var seen grouping[string, probe.Document] // by URL
	checks = slices.SortedStableFunc(slices.Values(checks), func(a, b int) int { return v.weight(a).compare(v.weight(b)) })
	for _, i := range checks {
		for _, s := range v.obs[i].Revocation.Sources {
			if s.URL != "" && s.Code != "" && s.Code != probe.Skipped && s.Code != probe.NotTestable {
				seen.add(s.URL, s)
			}
		}
	}
	for _, of := range seen.all() {
		s := of[0]
		bad = append(bad, s)
		line := fmt.Sprintf("%s (%s)", s.URL, s.Code)
		switch s.Code {
		case probe.RevocationStale:
			line += fmt.Sprintf(", issued %s, next update due %s", s.ThisUpdate.UTC().Format(time.RFC3339), s.NextUpdate.UTC().Format(time.RFC3339))
		default:
			line += detail(s.Text)
		}
		evidence = append(evidence, line)
	}
	return evidence, bad
}
