package probe_test

import (
	"net"
	"os"
	"testing"

	"github.com/netready/netready/probe"
)

// What package net returns has the codes of the numbers in it.
func TestClassifyWinsock(t *testing.T) {
	for _, tt := range winsockErrors() {
		for call, c := range map[string]struct {
			op   string
			want probe.Code
		}{"connectex": {probe.OpConnect, tt.connect}, "wsarecv": {probe.OpRequest, tt.read}, "wsasend": {probe.OpRequest, tt.read}, "wsarecvfrom": {probe.OpResolve, tt.resolve}} {
			err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError(call, tt.errno)}
			if got := probe.Classify(t.Context(), c.op, err); got != c.want {
				t.Errorf("%s: Classify(%v) = %q, want %q", tt.name, err, got, c.want)
			}
		}
	}
}
