package m365

import (
	"fmt"
	"strings"
	"time"
)

// A Code names what went wrong. Codes are stable, and each is an error, so that
// errors.Is finds it in a chain.
type Code string

// The codes.
const (
	BadArgument Code = "argument"     // an instance, version, identifier, tenant or area that the service cannot know
	Canceled    Code = "canceled"     // the context was canceled
	TimedOut    Code = "timeout"      // no answer, or not all of it, in time
	Unreachable Code = "unreachable"  // no connection, or one that broke before the answer
	Redirected  Code = "redirect"     // a redirect to somewhere else, or too many
	RateLimited Code = "rate_limited" // status 429: too many requests
	BadStatus   Code = "status"       // another status than 200
	TooLarge    Code = "too_large"    // an answer that is larger than is read
	Truncated   Code = "truncated"    // an answer that broke off
	BadContent  Code = "content"      // an answer of another kind: a sign-in page, another instance, nothing at all
	BadSyntax   Code = "syntax"       // an answer that is not the JSON that it should be
	BadValue    Code = "bad_value"    // in a [DecodeError]: a value that is malformed or missing
	CacheFailed Code = "cache"        // the cache returned an error
)

// Error returns the code itself.
func (c Code) Error() string { return string(c) }

// An Error says why a call of a [Client] failed.
type Error struct {
	// Code names the kind of failure. errors.Is finds it.
	Code Code

	// Path is that of the request, as in "/version/Worldwide", or empty if none
	// was made.
	Path string

	// Status is that of the answer, or 0.
	Status int

	// RetryAfter is how long to wait before the next call. For [RateLimited] it
	// is what the service asked for, or one hour, which its documentation says,
	// and a day at most. With another code it is 0, or what the service asked for.
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
	b.WriteString(string(e.Code))
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
	return b.String()
}

// Unwrap returns the code, and the cause if there is one.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Code}
	}
	return []error{e.Code, e.Err}
}

// A DecodeError says what is wrong with an answer of the service, and where.
type DecodeError struct {
	// Code is [BadSyntax] or [TooLarge] for an answer that cannot be read, and
	// [BadValue] for a value in it. errors.Is finds it.
	Code Code

	// Entry is the position of the record in the answer, counted from 1, or 0 if
	// the fault is in none.
	Entry int

	// ID is the number of the endpoint set or change, or 0 if it is not known.
	ID int

	// Field is the field, as in "urls[3]", or empty.
	Field string

	// Line is the line on which the record begins, counted from 1.
	Line int

	// Reason says in words what is wrong. It is not stable.
	Reason string
}

// Error returns where the fault is and what it is, as in
//
//	m365: line 40: entry 3 (ID 9): field "ips[2]": "10.0.0" is no address range
func (e *DecodeError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "m365: line %d: ", e.Line)
	if e.Entry > 0 {
		fmt.Fprintf(&b, "entry %d", e.Entry)
		if e.ID > 0 {
			fmt.Fprintf(&b, " (ID %d)", e.ID)
		}
		b.WriteString(": ")
	}
	if e.Field != "" {
		fmt.Fprintf(&b, "field %q: ", e.Field)
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Unwrap returns the code.
func (e *DecodeError) Unwrap() error { return e.Code }
