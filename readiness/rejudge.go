package readiness

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// Rejudge judges the observations of a stored report again, under r.Policy and
// without a network. It plans again for the report's scope and network, from
// r.Catalog. A nil Catalog means the report's own, or the built-in one if the
// report was read back. If r.Device is nil, the report's device results are
// kept.
//
// A report that was read back does not contain the custom endpoints of its
// catalog. If it had any, r.Catalog must be set, or Rejudge returns an error.
// If endpoints use custom protocols, r.Probers must have their probers; Rejudge
// does not call them.
//
// If the catalog's version differs, a note of the new report says so. Checks
// without a stored observation count as not run.
func (r Runner) Rejudge(stored *Report) (*Report, error) {
	if stored == nil || stored.Plan == nil {
		return nil, errors.New("readiness: no report to judge again")
	}
	if r.Catalog == nil {
		r.Catalog = stored.Plan.Catalog
	}
	if r.Catalog == nil && strings.HasSuffix(stored.Catalog, "+local") {
		return nil, errors.New("readiness: the report is of a catalog with endpoints of its own: set Runner.Catalog to it")
	}
	r.Network = probe.Network{SearchDomains: append([]string{}, stored.Plan.SearchDomains...), Settings: map[string]string{}}
	if stored.Plan.Proxied {
		r.Network.Proxy = func(probe.Target) (*url.URL, error) { return nil, nil } // never called
	}
	if r.Device == nil {
		r.Device = func(endpoints.Scope) ([]Prerequisite, error) { return stored.Device, nil }
	}
	p, err := r.Plan(stored.Plan.Scope)
	if err != nil {
		return nil, err
	}
	out, err := r.Judge(p, stored.Observations)
	if err != nil {
		return nil, err
	}
	out.Traffic = stored.Traffic
	notes := slices.DeleteFunc(slices.Clone(stored.Notes), func(n string) bool {
		return slices.Contains(forgottenNote(stored.Observations), n) // which counts other checks now
	})
	if stored.Catalog != out.Catalog {
		out.Notes = append(out.Notes, "Measured by the catalog "+stored.Catalog+", and judged by "+out.Catalog+".")
	}
	for _, n := range out.Notes {
		if !slices.Contains(notes, n) {
			notes = append(notes, n)
		}
	}
	out.Notes = notes
	return out, nil
}
