package traffic

import (
	"net/http"
	"time"
)

// An Entry is one request of a log.
type Entry struct {
	// Line is the line of the log, counted from 1. For HAR it is the line on
	// which the entry begins.
	Line int

	// Time is when the request was logged, in UTC, or zero if unknown.
	Time time.Time

	// Host is the requested host in the form of [endpoints.Host]: lower case,
	// without a port. It is an IP address if the log has no name.
	Host string

	// Port is the requested port, or 0 if unknown.
	Port uint16

	// Status is the response status, or 0 if unknown. It is an HTTP status or a
	// code of the product, such as those of Forefront TMG.
	Status int

	// Denied says that something on the path refused the request.
	Denied bool

	// Told says that the log shows whether the request was denied. If Told and
	// Denied are both false, that is unknown.
	Told bool
}

// A verdict is what a log says about a request, apart from its status.
type verdict uint8

const (
	silent  verdict = iota // the log has no field for it
	refused                // it was denied
	passed                 // it was not, or the log would say so
)

// judge decides whether a request was denied.
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

// tmgDenies reports whether ISA Server and Forefront TMG use a status for
// requests that they deny: the URL (12202), the port (12204), missing
// credentials (12209).
func tmgDenies(status int) bool { return status == 12202 || status == 12204 || status == 12209 }
