package probe

// An Op is the step of a probe at which something happened.
type Op string

// The steps, in the order in which a probe takes them.
const (
	OpResolve   Op = "resolve"
	OpConnect   Op = "connect"
	OpProxy     Op = "proxy"
	OpHandshake Op = "handshake"
	OpRequest   Op = "request"
	OpBody      Op = "body"
	OpClock     Op = "clock"

	// OpIssuer fetches a certificate that the server left out of its chain, and
	// OpRevocation asks whether those of the chain are revoked.
	OpIssuer     Op = "issuer"
	OpRevocation Op = "revocation"
)

// An Error says at which step a probe failed, against which address, and how.
// errors.Is finds its code: errors.Is(err, probe.TLSExpired).
type Error struct {
	// Op is the step that failed. It is empty when no step was taken.
	Op Op

	// Addr is the address, name or URL that the step was about.
	Addr string

	// Code is the stable name of the failure. It is never empty in an error
	// that this package returns.
	Code Code

	// Err is what the network stack said, or nil. Its text is for people:
	// it is not stable, and it never holds credentials.
	Err error
}

// Error returns the step, the address, the code and the cause, for people.
func (e *Error) Error() string {
	s := string(e.Code)
	if e.Addr != "" {
		s = e.Addr + ": " + s
	}
	if e.Op != "" {
		s = string(e.Op) + " " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the underlying error.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the code of e.
func (e *Error) Is(target error) bool {
	c, ok := target.(Code)
	return ok && c == e.Code
}
