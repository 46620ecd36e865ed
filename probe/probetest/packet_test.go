package probetest_test

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe/probetest"
)

// ntpQuestion returns the shortest packet that a time server answers.
func ntpQuestion(poll byte) []byte {
	b := make([]byte, 48)
	b[0], b[2] = 4<<3|3, poll
	return b
}

func TestPacketConn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Latency: 40 * time.Millisecond}
		c, err := i.DialContext(t.Context(), "udp", "203.0.113.1:123")
		if err != nil {
			t.Fatal(err)
		}
		p, ok := c.(net.PacketConn)
		if !ok {
			t.Fatal("not a net.PacketConn")
		}
		if got := c.RemoteAddr().String(); got != "203.0.113.1:123" {
			t.Errorf("remote address %s", got)
		}
		for n := range 3 {
			if _, err := c.Write(ntpQuestion(byte(n))); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		buf := make([]byte, 100)
		for n := range 3 {
			size, from, err := p.ReadFrom(buf)
			if err != nil || size != 48 || buf[2] != byte(n) || from.String() != "203.0.113.1:123" {
				t.Errorf("answer %d: %d bytes, the %d., from %v, %v", n, size, buf[2], from, err)
			}
		}
		if _, err := p.WriteTo(ntpQuestion(0), c.RemoteAddr()); !errors.Is(err, net.ErrWriteToConnected) {
			t.Errorf("WriteTo: %v", err)
		}
		if err := c.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.ReadFrom(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after the deadline: %v", err)
		}
		if err := c.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, func() { c.Close() })
		if _, err := c.Read(buf); !errors.Is(err, net.ErrClosed) {
			t.Errorf("when closed: %v", err)
		}
		if _, err := c.Write(buf); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write after close: %v", err)
		}
		if err := c.Close(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("second close: %v", err)
		}
	})
}
