package probetest

import "syscall"

// What Winsock says. The constants of package syscall are inventions of Go's
// that no call returns, so the numbers are those of winerror.h.
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
