package probe_test

import (
	"syscall"
	"testing"

	"github.com/netready/netready/probe"
)

// A winsockError is an error number that a call of Winsock may end with, and its
// codes: from connecting, from reading a response, and from asking a DNS server.
type winsockError struct {
	name                   string
	errno                  syscall.Errno
	connect, read, resolve probe.Code
}

// winsockErrors are the numbers that Microsoft documents for socket, bind,
// setsockopt, ConnectEx, WSASend, WSASendTo, WSARecv and WSARecvFrom, and those
// of the system for the same failures of overlapped calls.
func winsockErrors() []winsockError {
	const (
		refused     = probe.TCPRefused
		unreachable = probe.TCPUnreachable
		resource    = probe.LocalResource
		denied      = probe.LocalDenied
		socket      = probe.LocalSocket
	)
	reset := func(name string, errno syscall.Errno) winsockError {
		return winsockError{name, errno, probe.TCPReset, probe.HTTPReset, probe.DNSNotListening}
	}
	same := func(name string, errno syscall.Errno, code probe.Code) winsockError {
		return winsockError{name, errno, code, code, code}
	}
	return []winsockError{
		{"WSAECONNREFUSED", 10061, refused, probe.HTTPReset, probe.DNSNotListening},
		{"ERROR_CONNECTION_REFUSED", 1225, refused, probe.HTTPReset, probe.DNSNotListening},
		{"ERROR_PORT_UNREACHABLE", 1234, refused, probe.HTTPReset, probe.DNSNotListening},
		{"ERROR_REM_NOT_LIST", 51, refused, probe.HTTPReset, probe.DNSNotListening},

		reset("WSAECONNRESET", 10054),
		reset("WSAECONNABORTED", 10053),
		reset("WSAENETRESET", 10052),
		reset("WSAENOTCONN", 10057),
		reset("WSAESHUTDOWN", 10058),
		reset("WSAEINTR", 10004),
		reset("WSAEDISCON", 10101),
		reset("ERROR_NETNAME_DELETED", 64),
		reset("ERROR_VC_DISCONNECTED", 240),
		reset("ERROR_OPERATION_ABORTED", 995),
		reset("ERROR_GRACEFUL_DISCONNECT", 1226),
		reset("ERROR_CONNECTION_INVALID", 1229),
		reset("ERROR_CONNECTION_ABORTED", 1236),

		{"WSAEHOSTUNREACH", 10065, unreachable, probe.HTTPTimeout, probe.DNSUnreachable},
		{"WSAEHOSTDOWN", 10064, unreachable, probe.HTTPTimeout, probe.DNSUnreachable},
		{"ERROR_HOST_UNREACHABLE", 1232, unreachable, probe.HTTPTimeout, probe.DNSUnreachable},
		{"ERROR_HOST_DOWN", 1256, unreachable, probe.HTTPTimeout, probe.DNSUnreachable},
		{"ERROR_PROTOCOL_UNREACHABLE", 1233, unreachable, probe.HTTPTimeout, probe.DNSUnreachable},
		{"WSAENETUNREACH", 10051, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"WSAENETDOWN", 10050, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"ERROR_NETWORK_UNREACHABLE", 1231, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"ERROR_BAD_NETPATH", 53, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"ERROR_NETWORK_BUSY", 54, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"WSAEADDRNOTAVAIL", 10049, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"WSAEAFNOSUPPORT", 10047, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"WSAEPFNOSUPPORT", 10046, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},
		{"ERROR_INVALID_NETNAME", 1214, unreachable, probe.HTTPTimeout, probe.DNSNoRoute},

		{"WSAETIMEDOUT", 10060, probe.TCPTimeout, probe.HTTPTimeout, probe.DNSTimeout},
		{"ERROR_SEM_TIMEOUT", 121, probe.TCPTimeout, probe.HTTPTimeout, probe.DNSTimeout},
		{"WAIT_TIMEOUT", 258, probe.TCPTimeout, probe.HTTPTimeout, probe.DNSTimeout},

		same("WSAEMFILE", 10024, resource),
		same("WSAENOBUFS", 10055, resource),
		same("WSAEADDRINUSE", 10048, resource),
		same("WSAEWOULDBLOCK: too many overlapped calls", 10035, resource),
		same("ERROR_TOO_MANY_OPEN_FILES", 4, resource),
		same("ERROR_NOT_ENOUGH_MEMORY", 8, resource),
		same("ERROR_DUP_NAME: every port is in use", 52, resource),
		same("ERROR_TOO_MANY_NAMES", 68, resource),
		same("ERROR_NO_SYSTEM_RESOURCES", 1450, resource),
		same("ERROR_WORKING_SET_QUOTA", 1453, resource),
		same("ERROR_PAGEFILE_QUOTA", 1454, resource),
		same("ERROR_COMMITMENT_LIMIT", 1455, resource),
		same("ERROR_NOT_ENOUGH_QUOTA", 1816, resource),

		same("WSAEACCES", 10013, denied),
		same("ERROR_ACCESS_DENIED", 5, denied),
		same("ERROR_NETWORK_ACCESS_DENIED", 65, denied),

		same("WSAEMSGSIZE", 10040, probe.Unknown),
		same("ERROR_MORE_DATA", 234, probe.Unknown),
		same("ERROR_UNEXP_NET_ERR", 59, probe.Unknown),

		same("WSAEBADF", 10009, socket),
		same("WSAEFAULT", 10014, socket),
		same("WSAEINVAL", 10022, socket),
		same("WSAEINPROGRESS", 10036, socket),
		same("WSAEALREADY", 10037, socket),
		same("WSAENOTSOCK", 10038, socket),
		same("WSAEDESTADDRREQ", 10039, socket),
		same("WSAEPROTOTYPE", 10041, socket),
		same("WSAENOPROTOOPT", 10042, socket),
		same("WSAEPROTONOSUPPORT", 10043, socket),
		same("WSAESOCKTNOSUPPORT", 10044, socket),
		same("WSAEOPNOTSUPP", 10045, socket),
		same("WSAEISCONN", 10056, socket),
		same("WSASYSNOTREADY", 10091, socket),
		same("WSANOTINITIALISED", 10093, socket),
		same("WSAINVALIDPROVIDER", 10105, socket),
		same("WSAEPROVIDERFAILEDINIT", 10106, socket),
		same("ERROR_INVALID_HANDLE", 6, socket),
		same("ERROR_INVALID_PARAMETER", 87, socket),
	}
}

// The numbers are those of Windows, on every system.
func TestWinsockNumbers(t *testing.T) {
	for _, tt := range winsockErrors() {
		for op, want := range map[string]probe.Code{probe.OpConnect: tt.connect, probe.OpRequest: tt.read, probe.OpResolve: tt.resolve} {
			if got := probe.ClassifyWinsock(op, tt.errno); got != want {
				t.Errorf("%s (%d) at %s is %q, want %q", tt.name, tt.errno, op, got, want)
			}
		}
	}
}
