package traffic

import "github.com/netready/netready/endpoints"

// Errors of this package quote nothing from a log except characters that are
// invalid in a name.

// badSyntax is the error of a malformed line.
func badSyntax(field, reason string) *endpoints.Error {
	return &endpoints.Error{Code: endpoints.BadSyntax, Field: field, Reason: reason}
}

// badField is the error of an invalid field.
func badField(field, reason string) *endpoints.Error {
	return &endpoints.Error{Code: endpoints.BadValue, Field: field, Reason: reason}
}

// noHost is the error of a line without a host.
func noHost(field, reason string) *endpoints.Error {
	return &endpoints.Error{Code: endpoints.MissingField, Field: field, Reason: reason}
}

// tooLarge is the error of input beyond a size limit.
func tooLarge(field, reason string) *endpoints.Error {
	return &endpoints.Error{Code: endpoints.TooLarge, Field: field, Reason: reason}
}
