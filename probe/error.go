package probe

import "github.com/netready/netready/internal/plain"

// The steps, in the order in which a probe takes them. Custom probers may have
// others.
const (
	OpResolve   = "resolve"
	OpConnect   = "connect"
	OpProxy     = "proxy"
	OpHandshake = "handshake"
	OpRequest   = "request"
	OpBody      = "body"
	OpClock     = "clock"
	OpTalk      = "talk" // the conversation of a custom prober, see [Network.Talk]

	// OpIssuer fetches a certificate missing from the server's chain, and
	// OpRevocation checks whether the chain's certificates are revoked.
	OpIssuer     = "issuer"
	OpRevocation = "revocation"
)

// An Error says at which step a probe failed, against which address, and how.
// errors.Is finds its code, as in errors.Is(err, probe.TLSExpired), and is safe
// for a nil *Error, which has no code.
type Error struct {
	// Op is the step that failed, or empty if no step was taken.
	Op string

	// Addr is the address, name or URL that the step was about.
	Addr string

	// Code names the failure. Errors of this package always have one.
	Code Code

	// Err is the underlying error, or nil. Its text is for people: one line,
	// not stable, and without credentials.
	Err error
}

// Error returns the step, the address, the code and the cause on one line
// without control or format characters.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	s := string(e.Code)
	if e.Addr != "" {
		s = e.Addr + ": " + s
	}
	if e.Op != "" {
		s = e.Op + " " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return plain.Line(s)
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// Is reports whether target is the code of e.
func (e *Error) Is(target error) bool {
	c, ok := target.(Code)
	return ok && e != nil && c == e.Code
}
