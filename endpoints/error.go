package endpoints

import (
	"fmt"
	"strings"
)

// A Code names what is wrong with given data. Codes are stable, and each is
// an error, so that errors.Is finds it in a chain.
type Code string

// The codes.
const (
	BadSyntax    Code = "syntax"        // the data is not the JSON that it should be
	TooLarge     Code = "too_large"     // more bytes, entries or levels than are read
	UnknownField Code = "unknown_field" // a field that does not exist there
	MissingField Code = "missing_field" // a field that must be there
	WrongType    Code = "wrong_type"    // a field of another JSON type
	BadValue     Code = "bad_value"     // a value that is malformed, unknown or out of range
	Duplicate    Code = "duplicate"     // the same thing twice
)

// Error returns the code itself.
func (c Code) Error() string { return string(c) }

// A DecodeError says what is wrong with a catalogue or an endpoint, and where.
// [Decode], [Catalog.With] and [Endpoint.Validate] return it.
type DecodeError struct {
	// Code names the kind of fault. errors.Is finds it.
	Code Code

	// Entry is the position of the endpoint among all that were given,
	// counted from 1, or 0 if the fault is not in an endpoint of its own.
	Entry int

	// Service and Host are those of the endpoint, as far as they are known.
	Service Service
	Host    string

	// Field is the path of the field, as in "ports[1]". Outside of endpoints
	// it is the path from the root, as in "services[3].groups[0].phase".
	Field string

	// Line is the line of the data, counted from 1, or 0 if there is none.
	Line int

	// Reason says in words what is wrong. It is not stable.
	Reason string
}

// Error returns where the fault is and what it is, as in
//
//	endpoints: line 212: entry 12 (intune "*.manage.microsoft.com"): field "ports[1]": port 70000 is out of range
func (e *DecodeError) Error() string {
	var b strings.Builder
	b.WriteString("endpoints: ")
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	id := string(e.Service)
	if e.Host != "" {
		id = strings.TrimSpace(fmt.Sprintf("%s %q", id, e.Host))
	}
	switch {
	case e.Entry > 0 && id != "":
		fmt.Fprintf(&b, "entry %d (%s): ", e.Entry, id)
	case e.Entry > 0:
		fmt.Fprintf(&b, "entry %d: ", e.Entry)
	case id != "":
		fmt.Fprintf(&b, "%s: ", id)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, "field %q: ", e.Field)
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Unwrap returns the code.
func (e *DecodeError) Unwrap() error { return e.Code }

// A HostError says why a text is no host. errors.Is finds [BadValue] in it.
type HostError struct {
	Host   string
	Reason string
}

// Error returns the host and the reason.
func (e *HostError) Error() string {
	return fmt.Sprintf("endpoints: host %q: %s", e.Host, e.Reason)
}

// Unwrap returns [BadValue].
func (e *HostError) Unwrap() error { return BadValue }
