package traffic

import (
	"net/netip"
	"time"
)

// An Entry is one request of a log. In the log of a resolver it is one lookup,
// and in that of a firewall one connection.
type Entry struct {
	// Line is the line of the log, counted from 1. For HAR it is the line on
	// which the entry begins, and for a lookup the line that tells its result.
	Line int

	// Time is when the request was logged, in UTC, or zero if unknown. Logs
	// without a time zone give their own time as if it were UTC, and those
	// without a year the year 4; see [Lines].
	Time time.Time

	// Host is the requested host in the form of [endpoints.Host]: lower case,
	// without a port. It is an IP address if the log has no name.
	Host string

	// Port is the requested port, or 0 if unknown.
	Port uint16

	// Transport is "tcp" or "udp", or "" if unknown.
	Transport string

	// Status is the response status, or 0 if unknown. It is an HTTP status or a
	// code of the product, such as those of Forefront TMG.
	Status int

	// Answers are the addresses that a lookup returned.
	Answers []netip.Addr

	// Denied says that something on the path refused the request.
	Denied bool

	// Failed says that the request failed, and that the log does not say that
	// it was refused: a status of 500 and above, or a name that was not found.
	Failed bool

	// Reason says in words why the request was denied or failed, if the source
	// shows more than that, as a capture does.
	Reason string

	// Told says that the log shows how the request ended. If it is false, that
	// is unknown, and the request may have been denied.
	Told bool
}
