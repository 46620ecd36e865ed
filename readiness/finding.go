package readiness

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A Finding is what the result of one check means for one service. A check
// that stands for endpoints of several services has a finding for each.
type Finding struct {
	Check   Check
	Service endpoints.Service
	Outcome Outcome

	// Code is why the check failed or was not run; empty for OK.
	Code probe.Code

	// Ruling says what the failure means or, if there is none, what a failure
	// would mean.
	Ruling

	// Known says whether the host is known to answer on this port on healthy
	// networks. If it is Confirmed, a failure counts; if it is Contradicted, a
	// failure does not count.
	Known endpoints.Known

	// Note says what a reader must know about the failure: that no record shows
	// that the host answers on any network, or why the failure does not count
	// against this one. It is empty if there is nothing to say.
	Note string

	// Published says whether the check connected to an address that Microsoft
	// publishes for the host. It is a fact and does not affect the verdict.
	Published endpoints.Known

	// Phase is the earliest phase of provisioning in which this service needs
	// the check.
	Phase endpoints.Phase

	// Cause explains the finding. It points into [Report.Causes], or is nil if
	// there is no cause. [Runner.Judge] gives every failed finding a cause.
	Cause *Cause

	// Observation is what was seen. It points into [Report.Observations].
	Observation *probe.Observation

	at int // index of the check in Plan.Checks, as judging needs it
}

// A ServiceResult sums up the findings of one service.
type ServiceResult struct {
	Service endpoints.Service
	Name    string // for people
	Verdict Verdict

	// Ruling is what losing the service means. If its parts differ, the part
	// that matters most in the scope counts.
	Ruling

	// Passed, Failed and NotRun count checks.
	Passed, Failed, NotRun int

	// Untested counts endpoints that nothing can test.
	Untested int
}
