package accuracy

import (
	"time"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func portalKinds() []kind {
	portal := func(what string, f probetest.Fault) variant {
		return variant{what: what, step: StepPage, on: onHTTP, fault: f}
	}
	return []kind{{
		name: "portal", cause: readiness.CauseCaptivePortal, weight: 7, once: true, needs: proxyNever, without: []string{"proxy-announced"},
		variants: []variant{
			portal("302", probetest.Portal{}),
			portal("307", probetest.Portal{Status: 307, Location: "https://login.guest.example/start?x=1"}),
			portal("200", probetest.Portal{Status: 200}),
			portal("511", probetest.Portal{Status: 511}),
			portal("a page of its own", probetest.Page{Body: "<html><body>Welcome to the guest network. Please sign in.</body></html>"}),
		},
		shape: func(d *draw, f *Fault) {
			reset := probetest.At{Stage: probetest.AfterHello, Fault: probetest.Reset}
			rest := []probetest.Fault{nil, probetest.Drop, reset, probetest.Refuse}
			if c := pick(d, rest); c != nil {
				step := StepConnect
				if c == reset {
					step = StepHello
				}
				f.What += ", TLS closed"
				f.strikes = append(f.strikes, strike{step, onHTTPS})
				f.internet = append(f.internet, probetest.At{Network: "tcp", Port: 443, Fault: c})
			}
			if d.chance(0.5) {
				f.What += ", time closed"
				f.strikes = append(f.strikes, strike{StepConnect, onNTP})
				f.internet = append(f.internet, probetest.At{Network: "udp", Port: 123, Fault: probetest.Drop})
			}
		},
	}}
}

// closed returns the ways in which a port is closed.
func closed(on traffic, last Step, stage probetest.Stage, more ...variant) []variant {
	v := func(what string, step Step, f probetest.Fault) variant {
		return variant{what: what, step: step, on: on, fault: f}
	}
	return append([]variant{
		v("dropped", StepConnect, probetest.Drop),
		v("dropped", StepConnect, probetest.Drop),
		v("refused", StepConnect, probetest.Refuse),
		v("unreachable, says a router", StepConnect, probetest.Unreachable{ICMP: true}),
		v("reset at once", StepAccept, probetest.Reset),
		v("closed at once", StepAccept, probetest.Close),
		v("silent at once", StepAccept, probetest.Silence),
		v("reset when asked", last, probetest.At{Stage: stage, Fault: probetest.Reset}),
		v("closed when asked", last, probetest.At{Stage: stage, Fault: probetest.Close}),
		v("silent when asked", last, probetest.At{Stage: stage, Fault: probetest.Silence}),
	}, more...)
}

// udp returns a form in which datagrams get no response.
func udp(what string, f probetest.Fault) variant {
	return variant{what: what, step: StepConnect, on: onNTP, fault: f}
}

func egressKinds() []kind {
	return []kind{
		{
			name: "https-closed", cause: readiness.CauseHTTPSBlocked, weight: 8, once: true, direct: true,
			variants: closed(onHTTPS, StepHello, probetest.AfterHello,
				variant{what: "answered with what is not TLS", step: StepHello, on: onHTTPS, fault: probetest.At{Stage: probetest.AfterHello, Fault: probetest.Garbage{}}},
				variant{what: "ended with an alert", step: StepHello, on: onHTTPS, fault: probetest.Alert{}}),
		},
		{
			name: "http-closed", cause: readiness.CauseHTTPBlocked, weight: 7, once: true, direct: true,
			variants: closed(onHTTP, StepRequest, probetest.AfterRequest,
				variant{what: "answered with what is not HTTP", step: StepRequest, on: onHTTP, fault: probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Garbage{}}}),
		},
		{
			name: "ntp-closed", cause: readiness.CauseNTPBlocked, weight: 5, once: true,
			variants: []variant{
				udp("dropped", probetest.Drop), udp("lost", probetest.Loss{Rate: 1}),
				udp("rejected", probetest.Refuse), udp("unreachable, says a router", probetest.Unreachable{ICMP: true}),
			},
		},
	}
}

func clockKinds() []kind {
	answer := func(what string, f probetest.Fault) variant {
		return variant{what: what, step: StepReply, on: onNTP, fault: f}
	}
	return []kind{
		{
			name: "clock", cause: readiness.CauseClockWrong, weight: 5, once: true,
			variants: []variant{{what: "the local clock is"}},
			shape: func(d *draw, f *Fault) {
				f.strikes, f.internet = nil, nil
				f.effect = effectClock
				f.skew = d.span(10*time.Minute, 14*time.Hour, 16*time.Hour, 20*day, 70*day, 5*365*day)
				f.What += " " + f.skew.String() + " behind"
			},
		},
		{
			name: "time-lie", cause: readiness.CauseNTPUnusable, weight: 4, once: true,
			variants: []variant{{what: "the time server is", step: stepNone, on: onNTP}},
			shape: func(d *draw, f *Fault) {
				f.effect = effectClock
				f.ahead = d.span(10*time.Minute, 14*time.Hour, 16*time.Hour, 400*day)
				f.What += " " + f.ahead.String() + " ahead"
				f.internet = []probetest.Fault{probetest.NTPAnswer{Ahead: f.ahead}}
			},
		},
		{
			name: "time-useless", cause: readiness.CauseNTPUnusable, weight: 4, once: true,
			variants: []variant{
				answer("not synchronized", probetest.Unsynchronized),
				answer("goes away", probetest.NTPAnswer{Kiss: "DENY"}),
				answer("slows down", probetest.KissOfDeath),
			},
		},
	}
}
