package probetest_test

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/beevik/ntp"

	"github.com/netready/netready/probe/probetest"
)

func askTime(t *testing.T, i *probetest.Internet) (*ntp.Response, error) {
	t.Helper()
	return ntp.QueryWithOptions("203.0.113.123", ntp.QueryOptions{
		GetSystemTime: time.Now, // by default the client asks Windows, outside the bubble
		Dialer: func(_, remote string) (net.Conn, error) {
			return i.DialContext(t.Context(), "udp", remote)
		},
	})
}

func TestTime(t *testing.T) {
	for _, test := range []struct {
		name   string
		skew   time.Duration
		fault  probetest.Fault
		offset time.Duration
	}{
		{name: "right"},
		{name: "the local clock is slow", skew: 20 * time.Hour, offset: 20 * time.Hour},
		{name: "the local clock is fast", skew: -90 * time.Minute, offset: -90 * time.Minute},
		{name: "the server is fast", fault: probetest.NTPAnswer{Ahead: 1500 * time.Millisecond}, offset: 1500 * time.Millisecond},
		{name: "the server is slow", fault: probetest.NTPAnswer{Ahead: -1500 * time.Millisecond}, offset: -1500 * time.Millisecond},
		{name: "both", skew: time.Hour, fault: probetest.NTPAnswer{Ahead: -time.Hour}},
		{name: "a long way", fault: probetest.Delay{By: time.Second}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Latency: 60 * time.Millisecond, Skew: test.skew, Faults: []probetest.Fault{test.fault}}
				r, err := askTime(t, i)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Validate(); err != nil {
					t.Errorf("invalid: %v", err)
				}
				if d := (r.ClockOffset - test.offset).Abs(); d > time.Microsecond {
					t.Errorf("offset %v, want %v", r.ClockOffset, test.offset)
				}
				if r.Stratum != 2 || r.Leap != ntp.LeapNoWarning || r.Version != 4 {
					t.Errorf("stratum %d, leap %d, version %d", r.Stratum, r.Leap, r.Version)
				}
			})
		})
	}
}

func TestNTPFaults(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault probetest.Fault
		want  error
		kiss  string
	}{
		{"kiss of death", probetest.KissOfDeath, ntp.ErrKissOfDeath, "RATE"},
		{"kiss of death for ever", probetest.NTPAnswer{Kiss: "DENY"}, ntp.ErrKissOfDeath, "DENY"},
		{"unsynchronized", probetest.Unsynchronized, ntp.ErrKissOfDeath, ""}, // the client's error for every stratum 0
		{"leap indicator 3 alone", probetest.NTPAnswer{Leap: new(uint8(3))}, ntp.ErrInvalidLeapSecond, ""},
		{"stratum 16", probetest.NTPAnswer{Stratum: new(uint8(16))}, ntp.ErrInvalidStratum, ""},
		{"a root that is far away", probetest.NTPAnswer{Dispersion: new(20 * time.Second)}, ntp.ErrInvalidDispersion, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Latency: 60 * time.Millisecond, Faults: []probetest.Fault{test.fault}}
				r, err := askTime(t, i)
				if err != nil {
					t.Fatal(err)
				}
				if err := r.Validate(); !errors.Is(err, test.want) {
					t.Errorf("error: %v, want %v", err, test.want)
				}
				if r.KissCode != test.kiss {
					t.Errorf("kiss code %q, want %q", r.KissCode, test.kiss)
				}
			})
		})
	}
}

func TestNTPAnswerToAnother(t *testing.T) {
	for _, fields := range []probetest.NTPAnswer{{Originate: new(uint64(1))}, {Mode: new(uint8(3))}, {Transmit: new(uint64(0))}} {
		i := &probetest.Internet{Faults: []probetest.Fault{fields}}
		if r, err := askTime(t, i); err == nil {
			t.Errorf("%+v was taken for an answer: %+v", fields, r)
		}
	}
}
