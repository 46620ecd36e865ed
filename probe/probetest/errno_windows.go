package probetest

import "syscall"

// Errors of Winsock, with the numbers of winerror.h. Go invents the constants
// of package syscall, and no call returns them.
const (
	connRefused = syscall.Errno(10061) // WSAECONNREFUSED
	connReset   = syscall.Errno(10054) // WSAECONNRESET
	brokenPipe  = syscall.Errno(10053) // WSAECONNABORTED
	netUnreach  = syscall.Errno(10051) // WSAENETUNREACH
	hostUnreach = syscall.Errno(10065) // WSAEHOSTUNREACH
	timedOut    = syscall.Errno(10060) // WSAETIMEDOUT

	callConnect = "connectex"
	callRead    = "wsarecv"
	callWrite   = "wsasend"
)
