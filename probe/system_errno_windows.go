package probe

import "syscall"

// kindOfErrno returns the kind of a Windows error number. Package syscall
// invents numbers on Windows for the constants named as on Unix, and the system
// never returns them. They are here for simulated networks, which use them on
// every system.
func kindOfErrno(e syscall.Errno) kind {
	switch e {
	case syscall.ECONNREFUSED:
		return kindRefused
	case syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE:
		return kindReset
	case syscall.EHOSTUNREACH, syscall.EHOSTDOWN:
		return kindUnreachable
	case syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT:
		return kindNoRoute
	case syscall.ETIMEDOUT:
		return kindTimeout
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.EADDRINUSE:
		return kindResource
	case syscall.EACCES, syscall.EPERM:
		return kindDenied
	}
	return kindOfWinsock(e)
}
