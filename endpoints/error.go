package endpoints

import (
	"fmt"
	"strings"

	"github.com/netready/netready/internal/plain"
)

// An Error describes invalid input: a scope, host, endpoint, catalog or log.
// Packages endpoints and readiness and the packages below endpoints return it
// for invalid input only.
type Error struct {
	// Code names the kind of fault. It is one of the constants below or of the
	// package that returns the error. Codes are stable; new ones may be added.
	Code string

	// Field is the faulty field, as in "scenario", or its path, as in
	// "ports[1]" of an endpoint or "services[3].groups[0].phase" of a catalog.
	Field string

	// Value is the rejected value. It is empty if that could be long or
	// private.
	Value string

	// Want lists the known values. It is nil if any well-formed value is
	// accepted.
	Want []string

	// Line is the line of the input, counted from 1, or 0 if unknown.
	Line int

	// Entry is the position of the endpoint or record in the input, counted
	// from 1, or 0 if the fault is in none. Service and Host identify the
	// endpoint, if known.
	Entry   int
	Service Service
	Host    string

	// Reason says in words what is wrong. It is not stable.
	Reason string
}

// The codes of an [Error].
const (
	BadSyntax    = "syntax"        // the input is malformed
	TooLarge     = "too_large"     // the input has too many bytes, entries or levels
	UnknownField = "unknown_field" // the field does not exist
	MissingField = "missing_field" // a required field is missing
	WrongType    = "wrong_type"    // the field has the wrong JSON type
	BadValue     = "bad_value"     // the value is malformed, unknown or out of range
	Duplicate    = "duplicate"     // the same thing is given twice
)

// Error returns where the fault is, what it is, and the known values, as in
//
//	line 212: entry 12 (intune "*.manage.microsoft.com"): ports[1]: port 70000 is out of range
//	cloud "moon": unknown (known: worldwide, gcc-high, dod, china)
func (e *Error) Error() string {
	const maxPart = 256 // bytes of what a file may make long
	part := func(s string) string { return s[:min(len(s), maxPart)] }
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	id := part(string(e.Service))
	if e.Host != "" {
		id = strings.TrimSpace(fmt.Sprintf("%s %q", id, part(e.Host)))
	}
	switch {
	case e.Entry > 0 && id != "":
		fmt.Fprintf(&b, "entry %d (%s): ", e.Entry, id)
	case e.Entry > 0:
		fmt.Fprintf(&b, "entry %d: ", e.Entry)
	case id != "":
		fmt.Fprintf(&b, "%s: ", id)
	}
	switch {
	case e.Field != "" && e.Value != "":
		fmt.Fprintf(&b, "%s %q: ", part(e.Field), part(e.Value))
	case e.Field != "":
		fmt.Fprintf(&b, "%s: ", part(e.Field))
	}
	b.WriteString(e.Reason[:min(len(e.Reason), 4*maxPart)])
	if len(e.Want) > 0 {
		fmt.Fprintf(&b, " (known: %s)", strings.Join(e.Want, ", "))
	}
	return plain.Line(b.String())
}

// unknown returns the error for a value outside the known ones.
func unknown[S ~string](field string, value S, known []S) *Error {
	return &Error{Code: BadValue, Field: field, Value: string(value), Want: strs(known), Reason: "unknown"}
}

// malformed returns the error for a malformed value.
func malformed(field, value, reason string) *Error {
	return &Error{Code: BadValue, Field: field, Value: value, Reason: reason}
}

func strs[S ~string](words []S) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
