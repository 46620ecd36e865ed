package traffic

import (
	"fmt"
	"strings"

	"github.com/netready/netready/endpoints"
)

// An Error says what is wrong with a line of a log, with a log as a whole, or with
// an argument. It quotes nothing of a log but characters that a name cannot have.
type Error struct {
	// Code names the kind of fault. errors.Is finds it. It is
	// [endpoints.BadSyntax] for a line that is not of the format,
	// [endpoints.MissingField] for one without a host, [endpoints.BadValue] for a
	// field that makes no sense, [endpoints.TooLarge] for what is longer than is
	// read, and [UnknownFormat].
	Code endpoints.Code

	// Line is the line of the log, counted from 1, or 0 if there is none.
	Line int

	// Field is the field of the line or the argument, as in "url". It may be empty.
	Field string

	// Reason says in words what is wrong. It is not stable.
	Reason string
}

// Error returns where the fault is and what it is, as in
//
//	traffic: line 7: url: an empty label
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("traffic: ")
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	b.WriteString(e.text())
	return b.String()
}

// text returns the field and the reason.
func (e *Error) text() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// Unwrap returns the code.
func (e *Error) Unwrap() error { return e.Code }

// badSyntax is the error of a line that is not of the format.
func badSyntax(field, reason string) *Error {
	return &Error{Code: endpoints.BadSyntax, Field: field, Reason: reason}
}

func badField(field, reason string) *Error {
	return &Error{Code: endpoints.BadValue, Field: field, Reason: reason}
}

func noHost(field, reason string) *Error {
	return &Error{Code: endpoints.MissingField, Field: field, Reason: reason}
}

func tooLarge(field, reason string) *Error {
	return &Error{Code: endpoints.TooLarge, Field: field, Reason: reason}
}
