package probetest_test

import (
	"net"
	"testing"

	"golang.org/x/net/nettest"

	"github.com/netready/netready/probe/probetest"
)

// TestStream runs the conformance test of golang.org/x/net over the streams.
func TestStream(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		c1, c2 = probetest.NewStream()
		return c1, c2, func() { c1.Close(); c2.Close() }, nil
	})
}
