package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const ntpHost = "time.windows.com"

var ntpTarget = probe.Target{Protocol: probe.NTP, Host: ntpHost}

// millennium is the NTP timestamp of the time at which bubbles begin.
const millennium = uint64(946_684_800+2_208_988_800) << 32

type ntpSituation struct {
	name   string
	skew   time.Duration
	faults []probetest.Fault

	code     probe.Code
	attempts int
	steps    []probe.Code
	want     *probe.NTPFacts // without the server's address; nil without a response
}

func ntpSituations() []ntpSituation {
	const (
		once = 1
		rtt  = 40 * time.Millisecond
	)
	bound := rtt/2 + probe.ClockPrecision() + 953*time.Nanosecond // 2^-20 s
	// Two units of 2^-16 s less than a millisecond each, because the server rounds.
	measured := func(offset time.Duration) *probe.NTPFacts {
		return &probe.NTPFacts{
			Offset: offset, Bound: bound, RTT: rtt, Stratum: 2, ReferenceID: "c6336401",
			RootDistance: rtt/2 + 991821*time.Nanosecond/2 + 991821*time.Nanosecond,
		}
	}
	unfit := func(stratum, leap uint8, kiss, id string) *probe.NTPFacts {
		return &probe.NTPFacts{Stratum: stratum, Leap: leap, KissCode: kiss, ReferenceID: id}
	}
	fields := func(f probetest.NTPAnswer) []probetest.Fault { return []probetest.Fault{f} }
	invalid := unfit(2, 0, "", "c6336401")
	return []ntpSituation{
		{
			name: "a good clock", attempts: once, steps: []probe.Code{""}, want: measured(0),
		}, {
			name: "the local clock is half a day slow", skew: 12 * time.Hour, attempts: once, steps: []probe.Code{""}, want: measured(12 * time.Hour),
		}, {
			name: "the local clock is a day slow", skew: 24 * time.Hour,
			code: probe.NTPOffset, attempts: once, steps: []probe.Code{probe.NTPOffset}, want: measured(24 * time.Hour),
		}, {
			name: "the local clock is a day fast", skew: -24 * time.Hour,
			code: probe.NTPOffset, attempts: once, steps: []probe.Code{probe.NTPOffset}, want: measured(-24 * time.Hour),
		}, {
			name: "too far off by less than can be measured", skew: probe.MaxClockOffset + bound,
			attempts: once, steps: []probe.Code{""}, want: measured(probe.MaxClockOffset + bound),
		}, {
			name: "too far off by just more than can be measured", skew: probe.MaxClockOffset + bound + 2*time.Nanosecond,
			code: probe.NTPOffset, attempts: once, steps: []probe.Code{probe.NTPOffset}, want: measured(probe.MaxClockOffset + bound + 2*time.Nanosecond),
		}, {
			name: "after the timestamps began again, in 2036", skew: 45 * 365 * 24 * time.Hour,
			code: probe.NTPOffset, attempts: once, steps: []probe.Code{probe.NTPOffset}, want: measured(45 * 365 * 24 * time.Hour),
		}, {
			name: "one packet lost", faults: []probetest.Fault{probetest.Loss{First: 1}},
			attempts: 2, steps: []probe.Code{probe.NTPTimeout, ""}, want: measured(0),
		}, {
			name: "a black hole", faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Drop}},
			code: probe.NTPTimeout, attempts: 2, steps: []probe.Code{probe.NTPTimeout, probe.NTPTimeout},
		}, {
			name: "nothing listens", faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Refuse}},
			code: probe.NTPUnreachable, attempts: once, steps: []probe.Code{probe.NTPUnreachable},
		}, {
			name: "a router says unreachable", faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Unreachable{ICMP: true}}},
			code: probe.NTPUnreachable, attempts: once, steps: []probe.Code{probe.NTPUnreachable},
		}, {
			name: "no route", faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Unreachable{}}},
			code: probe.NTPUnreachable, attempts: once, steps: []probe.Code{probe.NTPUnreachable},
		}, {
			name: "a kiss of death", faults: []probetest.Fault{probetest.KissOfDeath},
			code: probe.NTPKissOfDeath, attempts: once, steps: []probe.Code{probe.NTPKissOfDeath}, want: unfit(0, 3, "RATE", "52415445"),
		}, {
			name: "a kiss of death, without a time", faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "DENY"}, probetest.NTPAnswer{Receive: new(uint64), Transmit: new(uint64)}},
			code: probe.NTPKissOfDeath, attempts: once, steps: []probe.Code{probe.NTPKissOfDeath}, want: unfit(0, 3, "DENY", "44454e59"),
		}, {
			name: "a server without a time", faults: []probetest.Fault{probetest.Unsynchronized},
			code: probe.NTPUnsynchronized, attempts: once, steps: []probe.Code{probe.NTPUnsynchronized}, want: unfit(0, 3, "", "00000000"),
		}, {
			name: "a server without a time, and stratum 16", faults: fields(probetest.NTPAnswer{Stratum: new(uint8(16))}),
			code: probe.NTPUnsynchronized, attempts: once, steps: []probe.Code{probe.NTPUnsynchronized}, want: unfit(16, 0, "", "c6336401"),
		}, {
			name: "a server that has just started, without a kiss of death", faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "INIT"}},
			code: probe.NTPUnsynchronized, attempts: once, steps: []probe.Code{probe.NTPUnsynchronized}, want: unfit(0, 3, "INIT", "494e4954"),
		}, {
			name: "a kiss code of the first and the last printable characters", faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "!A~ "}},
			code: probe.NTPKissOfDeath, attempts: once, steps: []probe.Code{probe.NTPKissOfDeath}, want: unfit(0, 3, "!A~", "21417e20"),
		}, {
			name: "a space in the place of a kiss code's letter", faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "RA E"}},
			code: probe.NTPUnsynchronized, attempts: once, steps: []probe.Code{probe.NTPUnsynchronized}, want: unfit(0, 3, "", "52412045"),
		}, {
			name: "a control character in the place of a kiss code's letter", faults: []probetest.Fault{probetest.NTPAnswer{Kiss: "RA\x7fE"}},
			code: probe.NTPUnsynchronized, attempts: once, steps: []probe.Code{probe.NTPUnsynchronized}, want: unfit(0, 3, "", "52417f45"),
		}, {
			name: "leap indicator 3 alone", faults: fields(probetest.NTPAnswer{Leap: new(uint8(3))}),
			code: probe.NTPUnsynchronized, attempts: once, steps: []probe.Code{probe.NTPUnsynchronized}, want: unfit(2, 3, "", "c6336401"),
		}, {
			name: "a leap second is no fault", faults: fields(probetest.NTPAnswer{Leap: new(uint8(1))}),
			attempts: once, steps: []probe.Code{""}, want: func() *probe.NTPFacts { f := measured(0); f.Leap = 1; return f }(),
		}, {
			name: "stratum 0 without a kiss code", faults: fields(probetest.NTPAnswer{Stratum: new(uint8(0))}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: unfit(0, 0, "", "c6336401"),
		}, {
			name: "a stratum that does not exist", faults: fields(probetest.NTPAnswer{Stratum: new(uint8(17))}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: unfit(17, 0, "", "c6336401"),
		}, {
			name: "what no server sends, whatever it says", faults: []probetest.Fault{probetest.NTPAnswer{Mode: new(uint8(5))}, probetest.KissOfDeath},
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: unfit(0, 3, "RATE", "52415445"),
		}, {
			name: "version 3, as old servers of Windows send", faults: fields(probetest.NTPAnswer{Version: new(uint8(3))}),
			attempts: once, steps: []probe.Code{""}, want: measured(0),
		}, {
			name: "version 1", faults: fields(probetest.NTPAnswer{Version: new(uint8(1))}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "version 0, and a kiss of death", faults: []probetest.Fault{probetest.NTPAnswer{Version: new(uint8(0))}, probetest.KissOfDeath},
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: unfit(0, 3, "RATE", "52415445"),
		}, {
			name: "version 7, which does not exist", faults: fields(probetest.NTPAnswer{Version: new(uint8(7))}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "a mirror that sends our packet back", faults: fields(probetest.NTPAnswer{Mode: new(uint8(3))}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "no transmit time", faults: fields(probetest.NTPAnswer{Transmit: new(uint64)}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "no receive time", faults: fields(probetest.NTPAnswer{Receive: new(uint64)}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "sent before it was received", faults: fields(probetest.NTPAnswer{Transmit: new(millennium - 1<<32)}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "held for longer than the exchange took", faults: fields(probetest.NTPAnswer{Receive: new(millennium - 1<<32)}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "further from the source than is allowed", faults: fields(probetest.NTPAnswer{Dispersion: new(17 * time.Second)}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid}, want: invalid,
		}, {
			name: "an answer to someone else", faults: fields(probetest.NTPAnswer{Originate: new(uint64(1))}),
			code: probe.NTPInvalid, attempts: once, steps: []probe.Code{probe.NTPInvalid},
		},
	}
}

func TestNTP(t *testing.T) {
	produced := map[probe.Code]bool{}
	for _, tt := range ntpSituations() {
		produced[tt.code] = true
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{ntpHost}, Latency: 40 * time.Millisecond, Skew: tt.skew}
				for _, f := range tt.faults {
					i.Faults = append(i.Faults, probetest.At{Port: 123, Fault: f})
				}
				o := i.Network().Probe(t.Context(), ntpTarget)
				if o.Code() != tt.code || o.OK() != (tt.code == "") {
					t.Fatalf("code %q, want %q: %v", o.Code(), tt.code, o.Error)
				}
				if o.Attempts != tt.attempts {
					t.Errorf("%d attempts, want %d", o.Attempts, tt.attempts)
				}
				if diff := cmp.Diff(tt.steps, stepCodes(o, probe.OpClock)); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if tt.want != nil {
					tt.want.Server = netip.AddrPortFrom(o.DNS.Addresses[0], 123)
				}
				if diff := cmp.Diff(tt.want, o.NTP, equatable, rounding()); diff != "" {
					t.Errorf("facts (-want +got):\n%s", diff)
				}
				if o.Error != nil && (o.Error.Op != probe.OpClock || o.Error.Addr == "" || o.Error.Err == nil) {
					t.Errorf("error %+v", o.Error)
				}
			})
		})
	}
	for _, c := range []probe.Code{
		"", probe.NTPTimeout, probe.NTPUnreachable, probe.NTPKissOfDeath, probe.NTPUnsynchronized, probe.NTPOffset, probe.NTPInvalid,
	} {
		if !produced[c] {
			t.Errorf("no situation produces %q", c)
		}
	}
}

// rounding allows for fixed-point numbers: a timestamp has units of 2^-32 s,
// less than a nanosecond, and other fields 2^-16 s.
func rounding() cmp.Option {
	return cmp.Comparer(func(a, b time.Duration) bool { return (a - b).Abs() <= 2 })
}

func TestNTPAddresses(t *testing.T) {
	const one, two, six = "203.0.113.1", "203.0.113.2", "2001:db8::3"
	tests := []struct {
		name   string
		faults []probetest.Fault
		ipv6   bool
		skew   time.Duration
		code   probe.Code
		server string
		steps  []string
	}{
		{
			name: "the first is good", server: one,
			steps: []string{one + ":123 "},
		}, {
			name: "the first is dead", faults: []probetest.Fault{atAddr(one, probetest.Drop)}, server: two,
			steps: []string{one + ":123 ntp.timeout", one + ":123 ntp.timeout", two + ":123 "},
		}, {
			name: "only IPv6 works", faults: []probetest.Fault{atAddr(one, probetest.Refuse), atAddr(two, probetest.Unsynchronized)}, ipv6: true, server: six,
			steps: []string{one + ":123 ntp.unreachable", two + ":123 ntp.unsynchronized", "[" + six + "]:123 "},
		}, {
			name: "one server is enough to know that the clock is wrong", skew: 24 * time.Hour, code: probe.NTPOffset, server: one,
			steps: []string{one + ":123 ntp.offset"},
		}, {
			name:   "who answered says more than who did not",
			faults: []probetest.Fault{atAddr(one, probetest.Refuse), atAddr(two, probetest.KissOfDeath)},
			code:   probe.NTPKissOfDeath, server: two,
			steps: []string{one + ":123 ntp.unreachable", two + ":123 ntp.kiss_of_death", "[" + six + "]:123 ntp.unreachable"},
		}, {
			name: "the first of those that are not there", faults: []probetest.Fault{atAddr(one, probetest.Drop), atAddr(two, probetest.Refuse)},
			code:  probe.NTPTimeout,
			steps: []string{one + ":123 ntp.timeout", one + ":123 ntp.timeout", two + ":123 ntp.unreachable", "[" + six + "]:123 ntp.unreachable"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Addresses: map[string][]netip.Addr{ntpHost: addrs(six, one, two)},
					IPv6:      tt.ipv6,
					Skew:      tt.skew,
					Faults:    tt.faults,
				}
				o := i.Network().Probe(t.Context(), ntpTarget)
				if o.Code() != tt.code {
					t.Errorf("code %q, want %q", o.Code(), tt.code)
				}
				var steps []string
				for _, s := range o.Steps[1:] {
					code := probe.Code("")
					if s.Error != nil {
						code = s.Error.Code
					}
					steps = append(steps, fmt.Sprint(s.Addr, " ", code))
				}
				if diff := cmp.Diff(tt.steps, steps); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				switch {
				case o.NTP == nil && tt.server != "", o.NTP != nil && o.NTP.Server.Addr().String() != tt.server:
					t.Errorf("facts %+v, want those of %q", o.NTP, tt.server)
				case o.Attempts != len(tt.steps):
					t.Errorf("%d attempts, want %d", o.Attempts, len(tt.steps))
				}
			})
		})
	}
}

func TestNTPOfNoHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := new(probetest.Internet)
		for host, want := range map[string]probe.Code{"nowhere.example": probe.DNSNXDomain, "": probe.NotTestable, "*.example.com": probe.NotTestable} {
			o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.NTP, Host: host})
			if o.Code() != want || o.OK() || o.NTP != nil {
				t.Errorf("%q: %+v, want code %q", host, o, want)
			}
		}
	})
}

func TestNTPCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		i := &probetest.Internet{Hosts: []string{ntpHost}, Faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Drop}}}
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		before := running()
		o := i.Network().Probe(ctx, ntpTarget)
		if o.Code() != probe.Canceled || !errors.Is(o.Error, cause) {
			t.Errorf("error %v, want that it was canceled, and why", o.Error)
		}
		if o.DNS == nil || len(o.Steps) != 2 || o.Attempts != 1 {
			t.Errorf("incomplete: %+v", o)
		}
		if o.Duration > 1100*time.Millisecond {
			t.Errorf("took %v", o.Duration)
		}
		synctest.Wait()
		if after := running(); after > before {
			t.Errorf("%d goroutines before, %d after", before, after)
		}
	})
}

// TestNTPCanceledLater: a failure of an earlier address does not hide a
// cancellation.
func TestNTPCanceledLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const one, two = "203.0.113.1", "203.0.113.2"
		i := &probetest.Internet{
			Addresses: map[string][]netip.Addr{ntpHost: addrs(one, two)},
			Faults:    []probetest.Fault{atAddr(one, probetest.KissOfDeath), atAddr(two, probetest.Drop)},
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		o := i.Network().Probe(ctx, ntpTarget)
		if o.Code() != probe.Canceled || o.NTP == nil || o.NTP.KissCode != "RATE" {
			t.Errorf("error %v, facts %+v", o.Error, o.NTP)
		}
	})
}

func TestNTPDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{ntpHost}, Faults: []probetest.Fault{probetest.At{Port: 123, Fault: probetest.Drop}}}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		o := i.Network().Probe(ctx, ntpTarget)
		if o.Code() != probe.NTPTimeout || o.Duration != 3*time.Second || o.Attempts != 2 {
			t.Errorf("code %q after %v and %d attempts", o.Code(), o.Duration, o.Attempts)
		}
	})
}

// Measure how far the local clock is off.
func ExampleNTP() {
	internet := &probetest.Internet{
		Hosts: []string{"time.windows.com"},
		Skew:  3 * time.Minute, // the local clock is slow
	}
	o := internet.Network().Probe(context.Background(), probe.Target{
		Protocol: probe.NTP,
		Host:     "time.windows.com",
	})
	fmt.Println(o.OK(), o.NTP.Offset.Round(time.Second), "stratum", o.NTP.Stratum)
	// Output:
	// true 3m0s stratum 2
}
