//go:build !windows

package probe

import "syscall"

// kindOfErrno returns the kind of a Unix error number. Those that a network can
// cause are listed, so any other is this machine's fault.
func kindOfErrno(e syscall.Errno) kind {
	switch e {
	case syscall.ECONNREFUSED:
		return kindRefused
	case syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, syscall.ENOTCONN:
		return kindReset
	case syscall.EPROTOTYPE:
		return kindReset // macOS, for a connection that is being torn down
	case syscall.EPROTO, syscall.ENOPROTOOPT, syscall.EOPNOTSUPP:
		return kindUnreachable // how Linux reports less common ICMP messages
	case syscall.EMSGSIZE:
		return kindUnknown // the packet is too large for the path
	case syscall.EHOSTUNREACH, syscall.EHOSTDOWN:
		return kindUnreachable
	case syscall.ENETUNREACH, syscall.ENETDOWN:
		return kindNoRoute
	case syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT:
		return kindNoRoute // this machine has no address of that family
	case syscall.EACCES:
		return kindUnreachable // ICMPv6: administratively prohibited, RFC 4443 section 3.1
	case syscall.ETIMEDOUT, syscall.EAGAIN:
		return kindTimeout
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRINUSE:
		return kindResource
	case syscall.EPERM:
		return kindDenied
	}
	return kindSocket
}
