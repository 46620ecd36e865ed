package traffic

import (
	"net/http"
	"time"
)

// An Entry is one request of a log.
type Entry struct {
	// Line is the line of the log, counted from 1. That of a HAR entry is the
	// line on which it begins.
	Line int

	// Time is when the request was logged, in UTC. It is zero if the log does not say.
	Time time.Time

	// Host is the host that was asked for, in the form of [endpoints.Host]: in
	// lower case, without a port. It is an IP address if the log has no name.
	Host string

	// Port is the port that was asked for, or 0 if the log does not say.
	Port uint16

	// Status is the status of the answer, or 0 if the log does not say. It is
	// that of HTTP but for the codes of a product, as those of Forefront TMG.
	Status int

	// Denied says that the request was refused on the way.
	Denied bool

	// Told says that the log tells whether the request was refused on the way. If
	// neither is set, nobody knows.
	Told bool
}

// A verdict is what a log says about a request beside its status.
type verdict uint8

const (
	silent  verdict = iota // the log has no field for it
	refused                // it was denied
	passed                 // it was not, or the log would say so
)

// judge decides whether a request was refused on the way.
func (e *Entry) judge(connect bool, v verdict) {
	e.Denied = denied(connect, e.Status, v)
	e.Told = e.Denied || e.Status != 0 || v != silent
}

func denied(connect bool, status int, v verdict) bool {
	switch {
	case tmgDenies(status):
		return true
	case v == refused, status == http.StatusProxyAuthRequired:
		return true
	case connect:
		return status == http.StatusForbidden // a server never sees a CONNECT
	default:
		return v == silent && status == http.StatusForbidden
	}
}

// tmgDenies reports whether a status is one by which ISA Server and Forefront
// TMG say that they denied a request themselves: the URL (12202), the port
// (12204), for want of credentials (12209).
func tmgDenies(status int) bool { return status == 12202 || status == 12204 || status == 12209 }
