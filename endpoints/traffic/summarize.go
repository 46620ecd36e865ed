package traffic

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
)

// Summary returns the summary of the entries added so far, with zero Format and
// Lines. It belongs to the caller.
func (a *Annotator) Summary() *Summary {
	s := &Summary{
		Hosts: make([]Host, 0, len(a.hosts)), Denied: []Host{}, Failed: []Host{},
		Untold: []string{}, Unmatched: []string{}, Uncovered: []string{},
		Told: a.told, Required: a.required, Missing: a.rules.missing(),
		UnlistedRequests: a.unlisted.UnlistedRequests, UnlistedDenied: a.unlisted.UnlistedDenied,
		UnlistedDeniedRequired: a.unlisted.UnlistedDeniedRequired, UnlistedFailedRequired: a.unlisted.UnlistedFailedRequired,
		UnlistedUncovered: a.unlisted.UnlistedUncovered,
	}
	if !a.named {
		s.Missing = []Missing{} // addresses do not show which names were requested
	}
	for _, t := range a.hosts {
		s.Hosts = append(s.Hosts, t.host())
		if t.required > 0 && t.untold == t.required {
			s.Untold = append(s.Untold, t.row.Host)
		}
		if t.unmatched {
			s.Unmatched = append(s.Unmatched, t.row.Host)
		}
	}
	slices.Sort(s.Untold)
	slices.Sort(s.Unmatched)
	slices.SortFunc(s.Hosts, func(x, y Host) int {
		return cmp.Or(compareTimes(x.First, y.First), strings.Compare(x.Host, y.Host))
	})
	for _, h := range s.Hosts {
		if h.Rule == "" {
			s.Uncovered = append(s.Uncovered, h.Host)
		}
		if h.DeniedRequired > 0 {
			s.Denied = append(s.Denied, h)
		}
		if h.FailedRequired > 0 {
			s.Failed = append(s.Failed, h)
		}
	}
	slices.Sort(s.Uncovered)
	s.Phases = a.timeline(s.Hosts)
	s.Stop = a.rules.stop(&a.progress)
	return s
}

// timeline returns the phases in which hosts were requested.
func (a *Annotator) timeline(hosts []Host) []Phase {
	phases := maps.Clone(a.phases)
	for _, h := range hosts {
		if h.Phase == "" {
			continue
		}
		p := phases[h.Phase]
		p.Phase = h.Phase
		p.First, p.Last = span(p.First, p.Last, h.First, h.Last)
		p.Hosts = append(p.Hosts, h.Host)
		phases[h.Phase] = p
	}
	return slices.SortedFunc(maps.Values(phases), func(x, y Phase) int {
		return cmp.Or(compareTimes(x.First, y.First), comparePhases(x.Phase, y.Phase))
	})
}

// compareTimes orders times, unknown ones last.
func compareTimes(x, y time.Time) int {
	switch {
	case x.IsZero() == y.IsZero():
		return x.Compare(y)
	case x.IsZero():
		return 1
	default:
		return -1
	}
}

func comparePhases(x, y endpoints.Phase) int {
	return cmp.Or(cmp.Compare(x.Order(), y.Order()), strings.Compare(string(x), string(y)))
}
