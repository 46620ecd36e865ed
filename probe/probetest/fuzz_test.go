package probetest_test

import (
	"testing"
	"time"

	"github.com/netready/netready/probe/probetest"
)

// FuzzDatagram sends arbitrary bytes to a resolver and to a time server.
func FuzzDatagram(f *testing.F) {
	f.Add([]byte{})
	f.Add(ntpQuestion(6))
	f.Add([]byte("\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01"))
	f.Fuzz(func(t *testing.T, datagram []byte) {
		for _, faults := range [][]probetest.Fault{
			nil,
			{probetest.NoData, probetest.DNSAnswer{Extended: 15}, probetest.OtherQuestion},
			{probetest.Truncate, probetest.Rewrite{}, probetest.Unsynchronized},
			{probetest.Malformed, probetest.Loss{Rate: 0.5}, probetest.KissOfDeath},
		} {
			i := &probetest.Internet{Hosts: []string{"*.example"}, Faults: faults}
			for _, address := range []string{"192.0.2.53:53", "203.0.113.1:123"} {
				c, err := i.DialContext(t.Context(), "udp", address)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := c.Write(datagram); err != nil {
					t.Error(err)
				}
				if err := c.SetReadDeadline(time.Unix(1, 0)); err != nil {
					t.Error(err)
				}
				_, _ = c.Read(make([]byte, 1500))
				_ = c.Close()
			}
		}
	})
}
