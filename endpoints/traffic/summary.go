package traffic

import (
	"time"

	"github.com/netready/netready/endpoints"
)

// A Summary is what a log comes to. [Summary.MarshalJSON] documents its form in
// JSON.
type Summary struct {
	// Format is the format that was read, or [Auto] if no log was.
	Format Format

	// Hosts are the hosts that were asked for, by the time of the first request,
	// those without one last, and then by name.
	Hosts []Host

	// Phases are the phases of provisioning that were seen, by the time of their
	// first request and then in the order of [endpoints.Phases].
	Phases []Phase

	// Denied are the hosts with denied requests for what the scope requires, in the
	// order of Hosts.
	Denied []Denial

	// Told counts the requests of which the log tells whether they were denied. If
	// it is 0, that none was denied means nothing.
	Told int

	// Missing are the required rules that no request was for, in catalogue
	// order. What a log cannot show is not among them.
	Missing []Missing

	// Uncovered are the hosts that no rule of the catalogue covers, by name.
	Uncovered []string

	// Unlisted counts the requests to hosts for which there was no room.
	Unlisted Unlisted

	// Lines says how much of the log was read.
	Lines Lines
}

// A Host is a host that was asked for.
type Host struct {
	Host string // a name or an IP address

	// Service, Phase, Need and Rule are those of the rule that covers the host. If
	// several do, that is one of the scope before others, then the most specific one,
	// then the one that is needed most. They are empty if none does.
	Service endpoints.Service
	Phase   endpoints.Phase
	Need    Need
	Rule    string // as documented, as in "*.manage.microsoft.com"

	// Status is that of the rule. Names that Microsoft retired are recognised.
	Status endpoints.Status

	Requests int
	Denied   int // of these

	// OffPort counts the requests to ports that no rule for the host has.
	OffPort int

	// Ports are the ports that were asked for, in ascending order: the first
	// [MaxPorts] of them that differ. Port 0, which is unknown, is left out.
	Ports []uint16

	// First and Last are the times of the first and the last request in UTC, or
	// zero if the log does not say.
	First, Last time.Time
}

// A Phase is a phase of provisioning, and what was seen of it.
type Phase struct {
	Phase       endpoints.Phase
	First, Last time.Time // in UTC, or zero if the log does not say
	Hosts       []string  // in the order of [Summary.Hosts]
}

// A Denial is a host with denied requests for what the scope requires.
type Denial struct {
	Service  endpoints.Service
	Host     string
	Requests int // all of them
	Denied   int // those to ports of the rule

	// Unauthenticated counts the denied ones at which a proxy asked for credentials.
	Unauthenticated int
}

// A Missing is a required rule that no request was for.
type Missing struct {
	Service endpoints.Service
	Host    string // as documented: a name or a pattern
	Phase   endpoints.Phase

	// Core says that this host alone is decisive for its service.
	Core bool

	// ServiceSeen says that requests for other rules of the service were seen.
	ServiceSeen bool
}

// Unlisted counts the requests to hosts that came after [MaxHosts]. What they
// show of phases and rules is in the summary all the same.
type Unlisted struct {
	Requests, Denied int

	// DeniedRequired counts the denied requests for what the scope requires.
	DeniedRequired int

	// Uncovered counts the requests to hosts that no rule covers.
	Uncovered int
}

// Requests returns how many requests the summary is of.
func (s Summary) Requests() int {
	n := s.Unlisted.Requests
	for _, h := range s.Hosts {
		n += h.Requests
	}
	return n
}
