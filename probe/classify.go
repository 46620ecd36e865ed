package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// A kind is what an error of the network stack means, whatever the step.
type kind uint8

const (
	kindUnknown     kind = iota
	kindTimeout          // nothing arrived in time
	kindRefused          // TCP: a reset in answer to SYN; UDP: ICMP port unreachable
	kindReset            // the connection was reset
	kindUnreachable      // ICMP reported it, or no host on the link has the address
	kindNoRoute          // this machine has no route to the address
	kindClosed           // the peer closed the connection
	kindAlert            // the peer sent a fatal TLS alert
	kindVersion          // the peer sent the alert protocol_version
	kindNotTLS           // the first record is not TLS
	kindMalformed        // the peer broke the rules of TLS
	kindCanceled         // a context was canceled
	kindResource         // this machine ran out of something
	kindDenied           // this machine forbade it
	kindSocket           // this machine could not open or use a socket, which only it can cause
)

// classify returns the code of an error from a step. It is the only place that
// looks inside errors of other packages.
//
// The context comes first: after it ends, any error from the stack results from
// that. Panics are the exception, and time lost to a lack of sockets. An error whose chain holds a [Code] or an
// [*Error] keeps that code, so a caller that knows more than the network stack
// wraps one.
func classify(ctx context.Context, op string, err error) Code {
	switch {
	case errors.Is(err, Panicked):
		return Panicked
	case errors.Is(ctx.Err(), context.Canceled):
		return Canceled
	case errors.Is(err, LocalResource):
		return LocalResource
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

// newError returns the classified error of a step. If the step failed because
// its context ended, the error holds the reason for that.
func newError(ctx context.Context, op string, addr string, err error) *Error {
	e := &Error{Op: op, Addr: addr, Code: classify(ctx, op, err), Err: err}
	if ctx.Err() != nil && e.Code != Panicked && e.Code != LocalResource {
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

// codeOf maps a kind of failure to the code of the step. Whether a connection
// breaks while connecting, writing or reading is a matter of timing, so each
// step has one code for all three.
func codeOf(op string, k kind) Code {
	switch k {
	case kindCanceled:
		return Canceled
	case kindResource:
		return LocalResource
	case kindDenied:
		return LocalDenied
	case kindSocket:
		return LocalSocket
	case kindUnknown:
		return Unknown
	case kindTimeout, kindRefused, kindReset, kindUnreachable, kindNoRoute, kindClosed, kindAlert, kindVersion, kindNotTLS, kindMalformed:
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
	case OpTalk:
		if k == kindReset {
			return TCPReset
		}
	case OpIssuer, OpRevocation: // fetching has codes of its own
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

// proxyCode returns the code for a proxy that accepted the connection and then
// failed: it has not answered the request.
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

// handshakeCode treats a host that becomes unreachable after accepting as
// silent.
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
	case kindMalformed:
		return TLSMalformed
	default:
		return TLSReset
	}
}

func requestCode(op string, k kind) Code {
	switch {
	case k == kindTimeout, k == kindUnreachable, k == kindNoRoute:
		return HTTPTimeout
	case op == OpBody:
		return HTTPTruncated
	default:
		return HTTPReset
	}
}

// kindOf returns the kind of an error of the network stack.
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
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "local error" {
		return kindMalformed // crypto/tls sent an alert, such as for an injected record
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		if k := kindOfCall(err, errno); k != kindUnknown {
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

// kindOfCall returns the kind of a system call's error number. A failure before
// any packet is sent is this machine's fault, whatever the number.
func kindOfCall(err error, errno syscall.Errno) kind {
	k := kindOfErrno(errno)
	call, ok := errors.AsType[*os.SyscallError](err)
	switch {
	case errno == syscall.EADDRNOTAVAIL && toIPv4(err):
		return kindResource // every port is in use
	case !ok || k != kindUnreachable:
		return k
	}
	switch call.Syscall {
	case "socket", "bind", "setsockopt":
		if errno == syscall.EACCES {
			return kindDenied
		}
		return kindSocket
	}
	return k
}

// toIPv4 reports whether an error is about an IPv4 address. Every machine has
// an IPv4 address to send from, but not every one has IPv6.
func toIPv4(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	if !ok || e.Addr == nil {
		return false
	}
	addr, err := netip.ParseAddrPort(e.Addr.String())
	return err == nil && addr.Addr().Unmap().Is4()
}

// alertProtocolVersion is the alert of a peer that supports none of the
// versions offered, RFC 5246 section 7.2.2.
const alertProtocolVersion tls.AlertError = 70

// alertOf returns the peer's alert. Over TCP, crypto/tls does not export the
// type of this error, but takes its text from the same table as
// [tls.AlertError]. So comparing the texts is safe.
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
