package probe_test

import (
	"context"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A machine without free sockets waits for one, and accuses no host.
func TestNoSocketIsFree(t *testing.T) {
	exhausted := os.NewSyscallError("socket", syscall.EMFILE)
	tests := []struct {
		name    string
		lasts   time.Duration
		err     error
		latency time.Duration
		code    probe.Code
		took    time.Duration
	}{
		{"for a moment", 200 * time.Millisecond, exhausted, 0, "", 200 * time.Millisecond},
		{"for long", time.Hour, exhausted, 0, probe.LocalResource, 5 * time.Second},
		{"until little time is left for a slow host", 4 * time.Second, exhausted, 7 * time.Second, probe.LocalResource, 10 * time.Second},
		{"of another kind", time.Hour, os.NewSyscallError("socket", syscall.EACCES), 0, probe.LocalDenied, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Latency: tt.latency}
				n := i.Network()
				start, dial := time.Now(), n.Connect
				n.Connect = func(ctx context.Context, network, addr string) (net.Conn, error) {
					if network == "tcp" && time.Since(start) < tt.lasts {
						return nil, &net.OpError{Op: "dial", Net: network, Err: tt.err}
					}
					return dial(ctx, network, addr)
				}
				address := "198.18.0.1" // no lookup takes time
				o := n.Probe(t.Context(), probe.Target{Protocol: probe.TCP, Host: address, Port: 443})
				if o.Code() != tt.code || o.Duration != tt.took {
					t.Errorf("%v after %v, want %q after %v", o.Error, o.Duration, tt.code, tt.took)
				}
				if tt.latency > 0 && !strings.Contains(o.Error.Error(), "for "+tt.lasts.String()) {
					t.Errorf("%v, want %v without a socket", o.Error, tt.lasts)
				}
			})
		})
	}
}
