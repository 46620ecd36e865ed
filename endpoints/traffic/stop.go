package traffic

import (
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
)

// A Stop says where provisioning ended in a log, and what should have come
// next. It takes the log for that of one device: among the traffic of several,
// the one that came farthest hides the others.
type Stop struct {
	// Phase is the last phase in the order of provisioning with a required
	// request that was neither denied nor failed. It is empty if there is none.
	Phase endpoints.Phase

	// Host, Service and Time are those of the last required request. The log
	// says of it whether it was Denied or Failed.
	Host    string
	Service endpoints.Service
	Time    time.Time
	Denied  bool
	Failed  bool

	// Next is the phase that should have followed, and Hosts what it requires,
	// as documented, decisive hosts first.
	Next  endpoints.Phase
	Hosts []string
}

// milestones are the phases that every deployment goes through, in order.
// Others overlap with them, or depend on what the tenant assigns.
func milestones() []endpoints.Phase {
	return []endpoints.Phase{
		endpoints.PhaseDeviceIdentity, endpoints.PhaseProfileDownload, endpoints.PhaseTPMAttestation, endpoints.PhaseEntraSignIn,
		endpoints.PhaseDeviceRegistration, endpoints.PhaseMDMEnrollment, endpoints.PhaseMDMSync,
	}
}

// A progress is how far the requests of a log went.
type progress struct {
	connected []endpoints.Phase // with a required request that succeeded
	looked    []endpoints.Phase // the same, but the log shows no port, as for lookups
	stuck     []endpoints.Phase // with a required request that did not succeed
	beyond    bool              // a request of a phase after all milestones
	last      Stop              // its host, service, time and end
}

// add takes a request to a rule into account.
func (p *progress) add(e Entry, m match, required bool) {
	lost := e.Denied || e.Failed
	after := []endpoints.Phase{endpoints.PhaseDeviceApps, endpoints.PhaseOfficeInstall, endpoints.PhaseUserSetup, endpoints.PhasePostProvisioning}
	p.beyond = p.beyond || !lost && slices.Contains(after, m.phase)
	if !required {
		return
	}
	p.see(e, m)
	list := &p.connected
	switch {
	case lost:
		list = &p.stuck
	case e.Port == 0:
		list = &p.looked
	}
	if !slices.Contains(*list, m.phase) {
		*list = append(*list, m.phase)
	}
}

// reached reports whether a phase was reached. A lookup alone does not show that
// if connections failed.
func (p *progress) reached(phase endpoints.Phase) bool {
	return slices.Contains(p.connected, phase) || slices.Contains(p.looked, phase) && !slices.Contains(p.stuck, phase)
}

// see remembers the last required request, by time if it has one.
func (p *progress) see(e Entry, m match) {
	if l := &p.last; !e.Time.Before(l.Time) {
		l.Host, l.Service, l.Time, l.Denied, l.Failed = e.Host, m.service, e.Time, e.Denied, e.Failed
	}
}

// stop returns where the log ends, or nil if it has nothing required, no times,
// or all phases, or the scope is no deployment.
func (r *rules) stop(p *progress) *Stop {
	if p.last.Time.IsZero() || p.beyond || r.scope.Scenario == endpoints.ScenarioAutopatch {
		return nil
	}
	s := p.last
	var phases []endpoints.Phase
	for _, phase := range milestones() {
		if len(r.requires(phase)) > 0 || p.reached(phase) {
			phases = append(phases, phase)
		}
	}
	next := 0
	for i, phase := range phases {
		if p.reached(phase) {
			s.Phase, next = phase, i+1
		}
	}
	if next >= len(phases) {
		return nil
	}
	s.Next = phases[next]
	s.Hosts = r.requires(s.Next)
	return &s
}

// requires returns the required hosts of a phase that a log can show, decisive
// ones first.
func (r *rules) requires(phase endpoints.Phase) []string {
	var decisive, others []string
	for _, e := range r.needed {
		if e.Phase != phase || !r.expected(e) {
			continue
		}
		if e.Decisive {
			decisive = append(decisive, e.Host.String())
		} else {
			others = append(others, e.Host.String())
		}
	}
	slices.SortFunc(decisive, strings.Compare)
	slices.SortFunc(others, strings.Compare)
	return slices.Compact(append(decisive, others...))
}
