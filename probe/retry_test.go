package probe_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// outcomes lists the codes of all steps of a kind.
func outcomes(o probe.Observation, op string) []probe.Code {
	var list []probe.Code
	for _, s := range o.Steps {
		switch {
		case s.Op != op:
		case s.Error != nil:
			list = append(list, s.Error.Code)
		default:
			list = append(list, "")
		}
	}
	return list
}

// A connection that is reset once is retried, and both attempts are recorded.
func TestOneReset(t *testing.T) {
	reset := func(s probetest.Stage) probetest.Fault { return probetest.At{Stage: s, Fault: probetest.Reset} }
	tests := []struct {
		name     string
		fault    probetest.Fault // of the first connection, or of all
		prober   func(probe.Network) bound
		target   probe.Target
		op       string // the step that it affects
		code     probe.Code
		attempts int
	}{
		{"after accepting", reset(probetest.AfterAccept), plain, httpTarget, probe.OpRequest, probe.HTTPReset, 2},
		{"after the request", reset(probetest.AfterRequest), plain, httpTarget, probe.OpRequest, probe.HTTPReset, 2},
		{"closed after the request", probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}, plain, httpTarget, probe.OpRequest, probe.HTTPReset, 2},
		{"after the name was shown", reset(probetest.AfterHello), secure, httpsTarget, probe.OpHandshake, probe.TLSReset, 2},
		{"after the handshake", reset(probetest.AfterHandshake), secure, httpsTarget, probe.OpRequest, probe.HTTPReset, 2},
		{"in the body", reset(probetest.AfterHeader), plain, httpTarget, probe.OpBody, probe.HTTPTruncated, 1},
		{"closed in the handshake", probetest.At{Stage: probetest.AfterHello, Fault: probetest.Close}, secure, httpsTarget, probe.OpHandshake, probe.TLSClosed, 1},
		{"refused", probetest.Refuse, plain, httpTarget, probe.OpConnect, probe.TCPRefused, 1},
		{"silent", probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence}, plain, httpTarget, probe.OpRequest, probe.HTTPTimeout, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, once := range []bool{true, false} {
				synctest.Test(t, func(t *testing.T) {
					f := test.fault
					if once {
						f = probetest.Once{Fault: f}
					}
					i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: fault(probetest.At{Network: "tcp", Host: host, Fault: f})}
					o := test.prober(i.Network()).Probe(t.Context(), test.target)

					want, code := []probe.Code{test.code}, test.code
					switch {
					case test.attempts > 1 && once:
						want, code = append(want, ""), ""
					case test.attempts > 1:
						want = append(want, test.code)
					}
					if diff := cmp.Diff(want, outcomes(o, test.op)); diff != "" {
						t.Errorf("once: %t: steps (-want +got):\n%s", once, diff)
					}
					if o.Code() != code || o.Attempts != test.attempts {
						t.Errorf("once: %t: %v after %d attempts, want %q after %d", once, o.Error, o.Attempts, code, test.attempts)
					}
					checkSteps(t, o)
				})
			}
		})
	}
}

// A second attempt without time to succeed does not hide the first.
func TestAResetWithoutTimeForAnotherAttempt(t *testing.T) {
	for within, want := range map[time.Duration]probe.Code{
		2500 * time.Millisecond: probe.HTTPReset,
		10 * time.Second:        "",
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			i := &probetest.Internet{Hosts: []string{host}, Latency: 700 * time.Millisecond, Faults: fault(
				probetest.At{Network: "tcp", Host: host, Fault: probetest.Once{Fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}}},
			)}
			if o := plain(i.Network()).Probe(ctx, httpTarget); o.Code() != want || o.Attempts != 2 {
				t.Errorf("within %v: %v after %d attempts, want %q after 2", within, o.Error, o.Attempts, want)
			}
		})
	}
}

// Lost datagrams are sent again, and counted.
func TestLostDatagrams(t *testing.T) {
	ntpTarget := probe.Target{Protocol: probe.NTP, Host: host, Port: 123}
	clock := func(n probe.Network) bound { return bound{protocol: probe.NTP, network: n} }
	names := func(n probe.Network) bound { return bound{protocol: probe.DNS, network: n} }
	lose := func(port uint16, first int) []probetest.Fault {
		return fault(probetest.At{Port: port, Fault: probetest.Loss{First: first}})
	}
	type outcome struct {
		Code     probe.Code
		Attempts int          // of the observation
		Queries  int          // of each question to a resolver
		Clock    []probe.Code // the steps
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		prober func(probe.Network) bound
		target probe.Target
		want   outcome
	}{
		{"no query", nil, names, probe.Target{Protocol: probe.DNS, Host: host}, outcome{Attempts: 1, Queries: 1}},
		{"a query", lose(53, 1), names, probe.Target{Protocol: probe.DNS, Host: host}, outcome{Attempts: 1, Queries: 2}},
		{"a query and the next", lose(53, 2), names, probe.Target{Protocol: probe.DNS, Host: host}, outcome{Code: probe.DNSTimeout, Attempts: 1, Queries: 2}},
		{"a query for a connection", lose(53, 1), tcp, tcpTarget, outcome{Attempts: 1, Queries: 2}},
		{"a query for a request", lose(53, 1), plain, httpTarget, outcome{Attempts: 1, Queries: 2}},
		{"a query for a request over TLS", lose(53, 1), secure, httpsTarget, outcome{Attempts: 1, Queries: 2}},
		{"a query for a clock", lose(53, 1), clock, ntpTarget, outcome{Attempts: 1, Queries: 2, Clock: []probe.Code{""}}},
		{"no question for the time", nil, clock, ntpTarget, outcome{Attempts: 1, Queries: 1, Clock: []probe.Code{""}}},
		{"a question for the time", lose(123, 1), clock, ntpTarget, outcome{Attempts: 2, Queries: 1, Clock: []probe.Code{probe.NTPTimeout, ""}}},
		{"a question for the time and the next", lose(123, 2), clock, ntpTarget, outcome{Code: probe.NTPTimeout, Attempts: 2, Queries: 1, Clock: []probe.Code{probe.NTPTimeout, probe.NTPTimeout}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: test.faults}
				o := test.prober(i.Network()).Probe(ctx, test.target)
				got := outcome{Code: o.Code(), Attempts: o.Attempts, Clock: outcomes(o, probe.OpClock)}
				for _, q := range o.DNS.Queries {
					got.Queries = max(got.Queries, q.Attempts)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("outcome (-want +got):\n%s", diff)
				}
			})
		})
	}
}
