package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// A kind is what an error of the network stack means, whatever the step.
type kind uint8

const (
	kindUnknown     kind = iota
	kindTimeout          // nothing came in time
	kindRefused          // TCP: a reset in answer to SYN; UDP: ICMP port unreachable
	kindReset            // the connection was reset
	kindUnreachable      // ICMP said so, or nobody on the link has the address
	kindNoRoute          // this machine has no way to the address
	kindClosed           // the peer closed the connection
	kindAlert            // the peer sent a fatal TLS alert
	kindVersion          // the peer sent the alert protocol_version
	kindNotTLS           // the first record is not TLS
	kindCanceled         // a context was cancelled
	kindResource         // this machine ran out of something
	kindDenied           // this machine forbade it
)

// classify returns the code of an error that a step met. It is the only place
// that looks inside the errors of other packages.
//
// The context comes first: once it ended, whatever error the stack returned is
// its echo. An error whose chain holds a [Code], or an [*Error], is that code,
// so a caller that knows more than the network stack wraps one.
func classify(ctx context.Context, op Op, err error) Code {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return Canceled
	case ctx.Err() != nil:
		return codeOf(op, kindTimeout)
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	if c, ok := errors.AsType[Code](err); ok {
		return c
	}
	return codeOf(op, kindOf(err))
}

// newError returns the error of a step, classified. If it is the echo of a
// context that ended, it holds why that did.
func newError(ctx context.Context, op Op, addr string, err error) *Error {
	e := &Error{Op: op, Addr: addr, Code: classify(ctx, op, err), Err: err}
	if ctx.Err() != nil {
		e.Err = context.Cause(ctx)
	}
	return e
}

// A codedError is a failure that the package itself found, with its code.
type codedError struct {
	code Code
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }

func (e *codedError) Unwrap() []error { return []error{e.code, e.err} }

// codeOf is the table of what a kind of failure is called at each step. A
// connection can break while it is made, written to or read from, by chance of
// timing: each step has one code for all three.
func codeOf(op Op, k kind) Code {
	switch k {
	case kindCanceled:
		return Canceled
	case kindResource:
		return LocalResource
	case kindDenied:
		return LocalDenied
	case kindUnknown:
		return Unknown
	case kindTimeout, kindRefused, kindReset, kindUnreachable, kindNoRoute, kindClosed, kindAlert, kindVersion, kindNotTLS:
	}
	switch op {
	case OpResolve:
		return resolveCode(k)
	case OpConnect:
		return connectCode(k)
	case OpProxy:
		return proxyCode(k)
	case OpHandshake:
		return handshakeCode(k)
	case OpRequest, OpBody:
		return requestCode(op, k)
	case OpClock:
		if k == kindTimeout {
			return NTPTimeout
		}
		return NTPUnreachable
	case OpIssuer, OpRevocation: // the steps of fetching have their own codes
	}
	if k == kindTimeout {
		return Timeout
	}
	return Unknown
}

func resolveCode(k kind) Code {
	switch k {
	case kindTimeout:
		return DNSTimeout
	case kindUnreachable:
		return DNSUnreachable
	case kindNoRoute:
		return DNSNoRoute
	default:
		return DNSNotListening
	}
}

func connectCode(k kind) Code {
	switch k {
	case kindTimeout:
		return TCPTimeout
	case kindRefused:
		return TCPRefused
	case kindUnreachable, kindNoRoute:
		return TCPUnreachable
	default:
		return TCPReset
	}
}

// proxyCode: a proxy that was connected to and then breaks off has not
// answered the request.
func proxyCode(k kind) Code {
	switch k {
	case kindTimeout:
		return Timeout
	case kindRefused, kindUnreachable, kindNoRoute:
		return ProxyUnreachable
	default:
		return ProxyBadResponse
	}
}

// handshakeCode: a host that becomes unreachable after it accepted is silent,
// as far as the handshake can tell.
func handshakeCode(k kind) Code {
	switch k {
	case kindTimeout, kindUnreachable, kindNoRoute:
		return TLSTimeout
	case kindClosed:
		return TLSClosed
	case kindVersion:
		return TLSVersion
	case kindAlert:
		return TLSAlert
	case kindNotTLS:
		return TLSNotTLS
	default:
		return TLSReset
	}
}

func requestCode(op Op, k kind) Code {
	switch {
	case k == kindTimeout, k == kindUnreachable, k == kindNoRoute:
		return HTTPTimeout
	case op == OpBody:
		return HTTPTruncated
	default:
		return HTTPReset
	}
}

// kindOf finds what the network stack meant.
func kindOf(err error) kind {
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return kindNotTLS
	}
	if a, ok := alertOf(err); ok {
		if a == alertProtocolVersion {
			return kindVersion
		}
		return kindAlert
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		if k := kindOfErrno(errno); k != kindUnknown {
			return k
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return kindCanceled
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return kindTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		return kindClosed
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return kindTimeout
	}
	return kindUnknown
}

// alertProtocolVersion is the alert of a peer that speaks none of the versions
// offered, RFC 5246 section 7.2.2.
const alertProtocolVersion tls.AlertError = 70

// alertOf returns the alert that the peer sent. crypto/tls does not export the
// type of that error over TCP, but it takes its words from the same table as
// [tls.AlertError], so comparing the two is safe.
func alertOf(err error) (tls.AlertError, bool) {
	if a, ok := errors.AsType[tls.AlertError](err); ok {
		return a, true
	}
	e, ok := errors.AsType[*net.OpError](err)
	if !ok || e.Op != "remote error" || e.Err == nil {
		return 0, false
	}
	text := e.Err.Error()
	for n := range 256 {
		if a := tls.AlertError(n); a.Error() == text {
			return a, true
		}
	}
	return 0, false
}
