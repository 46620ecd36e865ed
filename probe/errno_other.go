//go:build !windows

package probe

import "syscall"

// kindOfErrno says what an error number of a Unix system means.
func kindOfErrno(e syscall.Errno) kind {
	switch e {
	case syscall.ECONNREFUSED:
		return kindRefused
	case syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE:
		return kindReset
	case syscall.EHOSTUNREACH, syscall.EHOSTDOWN:
		return kindUnreachable
	case syscall.ENETUNREACH, syscall.ENETDOWN:
		return kindNoRoute
	case syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT:
		return kindNoRoute // there is no address of that family here
	case syscall.EACCES:
		return kindUnreachable // ICMPv6: administratively prohibited, RFC 4443 section 3.1
	case syscall.ETIMEDOUT:
		return kindTimeout
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRINUSE:
		return kindResource
	case syscall.EPERM:
		return kindDenied
	}
	return kindUnknown
}
