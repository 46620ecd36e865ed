package m365

import (
	"fmt"
	"strings"
	"time"

	"github.com/netready/netready/internal/plain"
)

// The codes of an [Error]. They are stable; new ones may be added.
const (
	BadArgument = "argument"     // an invalid cloud, version, identifier, tenant or area
	Canceled    = "canceled"     // the context was canceled
	TimedOut    = "timeout"      // no complete response in time
	Unreachable = "unreachable"  // no connection, or it broke before the response
	Redirected  = "redirect"     // a redirect to another host, or too many redirects
	RateLimited = "rate_limited" // status 429: too many requests
	BadStatus   = "status"       // a status other than 200
	TooLarge    = "too_large"    // the response exceeds the size limit
	Truncated   = "truncated"    // the response was cut short
	BadContent  = "content"      // a different response: a sign-in page, another instance, an empty body
	BadSyntax   = "syntax"       // the response is not the expected JSON
	CacheFailed = "cache"        // the cache returned an error
)

// An Error says why a call of a [Client] failed. If the data of a response is
// invalid, it wraps an [*endpoints.Error].
type Error struct {
	// Code names the kind of failure.
	Code string

	// Path is the request path, as in "/version/Worldwide", or empty if no
	// request was made.
	Path string

	// Status is the HTTP status, or 0.
	Status int

	// RetryAfter is how long to wait before the next call. For [RateLimited] it
	// is the time that the service requested, or one hour, the documented
	// default; at most a day. For other codes it is the time that the service
	// requested, or 0.
	RetryAfter time.Duration

	// Err is the cause, or nil. Its text is not stable.
	Err error
}

// Error returns the path, the code and the cause, as in
//
//	m365: /endpoints/Worldwide: rate_limited: status 429, wait 1h0m0s
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("m365: ")
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Code)
	sep := ": "
	add := func(s string) {
		b.WriteString(sep + s)
		sep = ", "
	}
	if e.Status != 0 {
		add(fmt.Sprintf("status %d", e.Status))
	}
	if e.RetryAfter > 0 {
		add("wait " + e.RetryAfter.String())
	}
	if e.Err != nil {
		add(e.Err.Error())
	}
	return plain.Cut(b.String(), 1024)
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }
