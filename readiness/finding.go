package readiness

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// A Finding is what the result of one check means for one service. A check
// that stands for endpoints of several services has a finding for each.
type Finding struct {
	Check   int // index into [Plan.Checks] and the observations
	Service endpoints.Service
	Status  Status

	// Code is why the check failed or was not run; empty for OK.
	Code probe.Code

	// Impact, Basis and Consequence say what the failure means, or would mean.
	Impact      Impact
	Basis       Basis
	Consequence string
	Sources     []endpoints.Source

	// Published says whether the address that the check connected to is among
	// those that Microsoft publishes for the host. It is a fact, and changes
	// nothing.
	Published ranges.Result

	// Phase is the earliest phase of provisioning that needs the check for
	// this service.
	Phase endpoints.Phase

	// Cause is the index of the cause in the report that explains the finding,
	// or -1 if there is none.
	Cause int
}

// ServiceStatus says how a service fares.
type ServiceStatus uint8

// The statuses of a service. The zero one is Unproven: what was not measured
// does not work.
const (
	ServiceUnproven ServiceStatus = iota
	ServiceOK
	ServiceDegraded
	ServiceBlocked
)

// String returns "unproven", "ok", "degraded" or "blocked".
func (s ServiceStatus) String() string {
	switch s {
	case ServiceOK:
		return "ok"
	case ServiceDegraded:
		return "degraded"
	case ServiceBlocked:
		return "blocked"
	case ServiceUnproven:
	}
	return "unproven"
}

// MarshalText returns s.String().
func (s ServiceStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// A ServiceResult sums up the findings of one service.
type ServiceResult struct {
	ID     endpoints.Service
	Title  string
	Status ServiceStatus

	// Impact, Basis, Consequence and Sources are of the part of the service
	// that matters most in the scope.
	Impact      Impact
	Basis       Basis
	Consequence string
	Sources     []endpoints.Source

	// OK, Failed and NotRun count checks.
	OK, Failed, NotRun int

	// Untested counts endpoints that nothing can test.
	Untested int
}
