package probe_test

import (
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/netready/netready/probe"
)

// The numbers are Winsock's, which package syscall does not name.
func TestClassifyWinsock(t *testing.T) {
	tests := []struct {
		name  string
		errno syscall.Errno
		want  probe.Code
	}{
		{"WSAECONNREFUSED", 10061, probe.TCPRefused},
		{"ERROR_CONNECTION_REFUSED", 1225, probe.TCPRefused},
		{"WSAECONNRESET", 10054, probe.TCPReset},
		{"WSAECONNABORTED", 10053, probe.TCPReset},
		{"ERROR_NETNAME_DELETED", 64, probe.TCPReset},
		{"WSAENETUNREACH", 10051, probe.TCPUnreachable},
		{"WSAEHOSTUNREACH", 10065, probe.TCPUnreachable},
		{"WSAEADDRNOTAVAIL", 10049, probe.TCPUnreachable},
		{"WSAETIMEDOUT", 10060, probe.TCPTimeout},
		{"ERROR_SEM_TIMEOUT", 121, probe.TCPTimeout},
		{"WSAEMFILE", 10024, probe.LocalResource},
		{"WSAENOBUFS", 10055, probe.LocalResource},
		{"WSAEACCES", 10013, probe.LocalDenied},
		{"ERROR_ACCESS_DENIED", 5, probe.LocalDenied},
		{"WSAEOPNOTSUPP", 10045, probe.LocalSocket},
		{"WSAEINVAL", 10022, probe.LocalSocket},
		{"WSAEMSGSIZE", 10040, probe.Unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connectex", test.errno)}
			if got := probe.Classify(t.Context(), probe.OpConnect, err); got != test.want {
				t.Errorf("Classify(%v) = %q, want %q", err, got, test.want)
			}
		})
	}
}
