package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestTraffic(t *testing.T) {
	resolver := probe.Target{Protocol: probe.DNS, Host: "a.contoso.com", Port: 53}
	web := probe.Target{Protocol: probe.HTTP, Host: "a.contoso.com", Port: 80}
	closed := probe.Target{Protocol: probe.TCP, Host: "a.contoso.com", Port: 81}
	tests := []struct {
		name   string
		probe  []probe.Target
		faults []probetest.Fault
		want   probe.Traffic // without bytes
	}{
		{name: "nothing"},
		{name: "a lookup of two families", probe: []probe.Target{resolver}, want: probe.Traffic{Datagrams: 4}},
		{name: "a lookup that is shared", probe: []probe.Target{resolver, web}, want: probe.Traffic{Connections: 1, Datagrams: 4}},
		{name: "a page", probe: []probe.Target{web}, want: probe.Traffic{Connections: 1, Datagrams: 4}},
		{name: "a port that is closed", probe: []probe.Target{closed}, faults: []probetest.Fault{probetest.At{Network: "tcp", Fault: probetest.Refuse}}, want: probe.Traffic{Datagrams: 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{"a.contoso.com"}, Faults: tt.faults}
			n := i.Network().Shared()
			for _, target := range tt.probe {
				n.Probe(t.Context(), target)
			}
			got := n.Traffic()
			if sent := got.Sent > 0; sent != (len(tt.probe) > 0) || sent != (got.Received > 0) {
				t.Errorf("%d bytes sent, %d received", got.Sent, got.Received)
			}
			got.Sent, got.Received = 0, 0
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A tunnel carries datagrams over connections that are only a [net.Conn].
func TestTrafficOfTunnels(t *testing.T) {
	n := (&probetest.Internet{Hosts: []string{"a.contoso.com"}}).Network()
	open := n.Connect
	n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := open(ctx, network, address)
		return struct{ net.Conn }{c}, err
	}
	n = n.Shared()
	n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: "a.contoso.com", Port: 53})
	if got := n.Traffic(); got.Connections != 0 || got.Datagrams != 4 {
		t.Errorf("%+v, want 4 datagrams", got)
	}
}

// A prober may end what it sends and read on, in a run as anywhere.
func TestTalkEndsWhatItSends(t *testing.T) {
	here, there := net.Pipe()
	defer there.Close()
	half := &halfCloser{Conn: here}
	n := (&probetest.Internet{Hosts: []string{"a.contoso.com"}}).Network()
	open := n.Connect
	n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "tcp" {
			return half, nil
		}
		return open(ctx, network, address)
	}
	o := n.Shared().Talk(t.Context(), "tcp", probe.Target{Protocol: "mail", Host: "a.contoso.com", Port: 25}, func(c net.Conn) error {
		half, ok := c.(interface{ CloseWrite() error })
		if !ok {
			return errors.ErrUnsupported
		}
		return half.CloseWrite()
	})
	if !o.OK() || !half.closed {
		t.Errorf("%v, closed: %t", o.Error, half.closed)
	}
}

type halfCloser struct {
	net.Conn

	closed bool
}

func (c *halfCloser) CloseWrite() error {
	c.closed = true
	return nil
}

// Networks that are shared from one add to the same count; others count nothing.
func TestTrafficOfCopies(t *testing.T) {
	alone := (&probetest.Internet{Hosts: []string{"a.contoso.com"}}).Network()
	target := probe.Target{Protocol: probe.DNS, Host: "a.contoso.com", Port: 53}
	first := alone.Shared()
	for _, n := range []probe.Network{first, first.Shared(), alone, alone.Shared()} {
		n.Probe(t.Context(), target)
	}
	if got := first.Traffic(); got.Datagrams != 8 {
		t.Errorf("%d datagrams, want those of two lookups, 8", got.Datagrams)
	}
	if got := alone.Traffic(); got != (probe.Traffic{}) {
		t.Errorf("%+v, want nothing", got)
	}
}

func ExampleNetwork_Traffic() {
	i := &probetest.Internet{Hosts: []string{"a.contoso.com"}}
	n := i.Network().Shared()
	n.Probe(context.Background(), probe.Target{Protocol: probe.HTTP, Host: "a.contoso.com", Port: 80})
	t := n.Traffic()
	fmt.Println(t.Connections, "connection,", t.Datagrams, "datagrams: two questions and two answers")
	// Output: 1 connection, 4 datagrams: two questions and two answers
}
