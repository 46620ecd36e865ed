//go:build !windows

package probe_test

import (
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/netready/netready/probe"
)

// A number means one thing for a packet that came back, and another for a
// socket that was never opened.
func TestClassifyByCall(t *testing.T) {
	tests := []struct {
		name  string
		call  string
		errno syscall.Errno
		want  probe.Code
	}{
		{"ICMPv6: administratively prohibited", "connect", syscall.EACCES, probe.TCPUnreachable},
		{"no permission to open a socket", "socket", syscall.EACCES, probe.LocalDenied},
		{"no permission to bind a port", "bind", syscall.EACCES, probe.LocalDenied},
		{"ICMP: protocol unreachable", "read", syscall.ENOPROTOOPT, probe.TCPUnreachable},
		{"an option that the kernel does not have", "setsockopt", syscall.ENOPROTOOPT, probe.LocalSocket},
		{"a kind of socket that the kernel does not have", "socket", syscall.EOPNOTSUPP, probe.LocalSocket},
		{"a connection torn down", "read", syscall.ENOTCONN, probe.TCPReset},
		{"a packet too large for the path", "write", syscall.EMSGSIZE, probe.Unknown},
		{"a broken disk", "socket", syscall.EIO, probe.LocalSocket},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError(test.call, test.errno)}
			if got := probe.Classify(t.Context(), probe.OpConnect, err); got != test.want {
				t.Errorf("Classify(%v) = %q, want %q", err, got, test.want)
			}
		})
	}
}
