package probe_test

import (
	"context"
	"encoding/binary"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/netready/netready/probe"
)

// ntpAnswer returns a good server's response to a request.
func ntpAnswer(question []byte, now time.Time) []byte {
	timestamp := uint64(now.Unix()+2_208_988_800)<<32 | uint64(now.Nanosecond())<<32/1_000_000_000
	b := make([]byte, 48)
	b[0] = 4<<3 | 4 // version 4, server
	b[1] = 1
	b[3] = 0xec // 2^-20 s
	copy(b[12:], "GPS")
	binary.BigEndian.PutUint64(b[16:], timestamp)
	copy(b[24:32], question[40:48])
	binary.BigEndian.PutUint64(b[32:], timestamp)
	binary.BigEndian.PutUint64(b[40:], timestamp)
	return b
}

// A cannedConn answers each datagram with the same packet, in which it puts the
// request's cookie, and then nothing.
type cannedConn struct {
	net.Conn
	packet []byte
	ready  bool
}

func (c *cannedConn) Write(b []byte) (int, error) {
	if len(c.packet) >= 32 {
		copy(c.packet[24:32], b[40:48])
	}
	c.ready = true
	return len(b), nil
}

func (c *cannedConn) Read(b []byte) (int, error) {
	if !c.ready {
		return 0, os.ErrDeadlineExceeded
	}
	c.ready = false
	return copy(b, c.packet), nil
}

func (c *cannedConn) Close() error                { return nil }
func (c *cannedConn) SetDeadline(time.Time) error { return nil }

// canned probes the clock of a server that sends one packet.
func canned(packet []byte) probe.Observation {
	n := probe.Network{Connect: func(context.Context, string, string) (net.Conn, error) {
		return &cannedConn{packet: slices.Clone(packet)}, nil
	}}
	return n.Probe(context.Background(), probe.Target{Protocol: probe.NTP, Host: "203.0.113.1"})
}

func TestNTPPackets(t *testing.T) {
	tests := []struct {
		name   string
		change func(b []byte) []byte
		code   probe.Code
	}{
		{name: "as it should be", change: func(b []byte) []byte { return b }},
		{name: "with extensions behind it", change: func(b []byte) []byte { return append(b, make([]byte, 28)...) }},
		{name: "never set, as small servers say", change: func(b []byte) []byte { clear(b[16:24]); return b }},
		{name: "set after it was sent", change: func(b []byte) []byte { b[16]++; return b }, code: probe.NTPInvalid},
		{name: "set days ago", change: func(b []byte) []byte { b[17] -= 3; return b }, code: probe.NTPInvalid},
		{name: "the coarsest precision", change: func(b []byte) []byte { b[3] = 4; return b }},
		{name: "no precision", change: func(b []byte) []byte { b[3] = 5; return b }, code: probe.NTPInvalid},
		{name: "a precision that overflows", change: func(b []byte) []byte { b[3] = 127; return b }, code: probe.NTPInvalid},
		{name: "the finest precision", change: func(b []byte) []byte { b[3] = 0x80; return b }},
		{name: "the shortest poll interval", change: func(b []byte) []byte { b[2] = 0x80; return b }},
		{name: "too short", change: func(b []byte) []byte { return b[:47] }, code: probe.NTPInvalid},
		{name: "empty", change: func([]byte) []byte { return nil }, code: probe.NTPInvalid},
		{name: "version 5, not requested", change: func(b []byte) []byte { b[0] = 5<<3 | 4; return b }, code: probe.NTPInvalid},
		{name: "a kiss code that is not text", change: func(b []byte) []byte { b[1] = 0; b[12] = 7; return b }, code: probe.NTPInvalid},
		{name: "a short kiss code", change: func(b []byte) []byte { b[1] = 0; copy(b[12:], "X\x00\x00\x00"); return b }, code: probe.NTPKissOfDeath},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := canned(tt.change(ntpAnswer(make([]byte, 48), time.Now())))
			if o.Code() != tt.code {
				t.Errorf("error %v, want code %q", o.Error, tt.code)
			}
			checkNTP(t, o)
		})
	}
}

// checkNTP checks what holds for every response.
func checkNTP(t *testing.T, o probe.Observation) {
	t.Helper()
	codes := []probe.Code{"", probe.NTPTimeout, probe.NTPKissOfDeath, probe.NTPUnsynchronized, probe.NTPOffset, probe.NTPInvalid}
	measured := o.Code() == "" || o.Code() == probe.NTPOffset
	switch f := o.NTP; {
	case !slices.Contains(codes, o.Code()):
		t.Errorf("code %q", o.Code())
	case f == nil:
		if measured {
			t.Error("success without facts")
		}
	case measured != (f.Bound > 0), f.Bound < 0, f.RTT < 0, f.RootDistance < 0, f.Bound > time.Minute:
		t.Errorf("code %q with %+v", o.Code(), f)
	case !measured && f.Offset != 0:
		t.Errorf("an offset that was not measured: %+v", f)
	case f.Offset.Abs() > 200*365*24*time.Hour:
		t.Errorf("absurd offset %v", f.Offset)
	}
}

func FuzzNTPAnswer(f *testing.F) {
	f.Add(ntpAnswer(make([]byte, 48), time.Now()))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, packet []byte) { checkNTP(t, canned(packet)) })
}
