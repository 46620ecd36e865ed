package traffic

import (
	"time"

	"github.com/netready/netready/endpoints"
)

// A Summary is the result of reading a log. [Summary.MarshalJSON] documents its
// JSON form.
type Summary struct {
	// Format is the format of the log, or [Auto] if no log was read.
	Format Format

	// Hosts are the requested hosts, ordered by first request and then by name.
	// Hosts without a time come last.
	Hosts []Host

	// Phases are the phases of provisioning that occurred, ordered by first
	// request and then as in [endpoints.Phases].
	Phases []Phase

	// Stop says where provisioning ended in this log. It is nil if the log has
	// no times, nothing that the scope requires, or all phases that every
	// deployment goes through.
	Stop *Stop

	// Denied are the hosts with denied requests that the scope requires, in the
	// order of Hosts.
	Denied []Host

	// Failed are the hosts that the scope requires and whose requests failed in
	// the end: none succeeded after them. A server's own failure looks the same
	// in most logs.
	Failed []Host

	// Told counts the requests for which the log shows how they ended. If 0, the
	// log cannot show denials.
	Told int

	// Required counts the requests to hosts and ports that the scope requires.
	Required int

	// Untold are the hosts that the scope requires and for which the log shows
	// of no request how it ended.
	Untold []string

	// Unmatched are the addresses that no rule covers, to which requests were
	// denied or failed on a port that the scope requires. They may belong to a
	// required host.
	Unmatched []string

	// Missing are the required rules that no request matched, in catalog order,
	// without those that a log cannot show. It is empty if the log has only
	// addresses.
	Missing []Missing

	// Uncovered are the hosts that no rule of the catalog covers, sorted by
	// name.
	Uncovered []string

	// UnlistedRequests counts the requests to hosts beyond [MaxHosts]. Their
	// phases and rules are still in the summary. The other fields count how
	// many of them were denied, denied or failed although required, and
	// uncovered.
	UnlistedRequests       int
	UnlistedDenied         int
	UnlistedDeniedRequired int
	UnlistedFailedRequired int
	UnlistedUncovered      int

	// Lines counts the lines read and skipped.
	Lines Lines
}

// A Host is a requested host.
type Host struct {
	Host string // a name or an IP address

	// Service, Phase, Need and Rule are those of the rule that covers the host.
	// Rules of the scope take precedence, then more specific ones, then more
	// needed ones. If no rule covers the host, they are empty and Need is
	// [endpoints.NotNeeded]. An address in a range that Microsoft publishes for
	// hosts of the scope has the range as its Rule; see package ranges.
	Service endpoints.Service
	Phase   endpoints.Phase
	Need    endpoints.Need // see [endpoints.Scope.Need]
	Rule    string         // as documented, as in "*.manage.microsoft.com"

	// Status is that of the rule. Names that Microsoft retired are recognized.
	Status endpoints.Status

	Requests int
	Denied   int // of these
	Failed   int // of these; see [Entry]
	Untold   int // of these, those whose end the log does not show

	// FailedRequired counts the failed requests to required ports after which
	// none to the same port succeeded.
	FailedRequired int

	// DeniedRequired counts the denied requests to required ports.
	// Unauthenticated counts those of them where a proxy requested credentials.
	DeniedRequired  int
	Unauthenticated int

	// Reasons are the distinct [Entry.Reason]s of denied and failed requests: the
	// first [MaxReasons] of them.
	Reasons []string

	// OffPort counts the requests to ports that no rule for the host has.
	OffPort int

	// Ports are the requested ports, ascending: the first [MaxPorts] distinct
	// ones, without the unknown port 0.
	Ports []uint16

	// First and Last are the times of the first and last request in UTC, or
	// zero if unknown.
	First, Last time.Time
}

// A Phase is a phase of provisioning and the requests seen in it.
type Phase struct {
	Phase       endpoints.Phase
	First, Last time.Time // in UTC, or zero if unknown
	Hosts       []string  // in the order of [Summary.Hosts]
}

// A Missing is a required rule that no request matched.
type Missing struct {
	Service endpoints.Service
	Host    string // as documented: a name or a pattern
	Phase   endpoints.Phase

	// Decisive says that the service does not work without this host.
	Decisive bool

	// ServiceSeen says that other rules of the service were matched.
	ServiceSeen bool
}

// Requests returns the number of requests in the summary.
func (s Summary) Requests() int {
	n := s.UnlistedRequests
	for _, h := range s.Hosts {
		n += h.Requests
	}
	return n
}
