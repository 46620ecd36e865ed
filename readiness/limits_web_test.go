package readiness_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Ranges are stripped if hosts of several owners agree.
func TestLimitsOfRanges(t *testing.T) {
	ranges := func(f probe.RangeFacts) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.HTTP.Range = &f }
	}
	whole := func(n int) func(int, *probe.Observation) {
		return over(probe.HTTP, n, ranges(probe.RangeFacts{Code: probe.HTTPRangeUnsupported}))
	}
	some := over(probe.HTTP, everyHost, ranges(probe.RangeFacts{Supported: true}))
	cut := func(n int) func(int, *probe.Observation) {
		return all(some, over(probe.HTTP, n, ranges(probe.RangeFacts{Code: probe.HTTPReset})))
	}
	judgeSeen(t, []seen{
		{"two owners, and no host has ranges", each(2), whole(2), readiness.CauseRangeStripped, true},
		{"one owner, and no host has ranges", []int{2}, whole(2), readiness.CauseRangeStripped, false},
		{"whole files, and another host has ranges", each(3), all(some, whole(2)), readiness.CauseRangeStripped, false},
		{"cut off for two owners", each(3), cut(2), readiness.CauseRangeStripped, true},
		{"cut off for two hosts of one owner", []int{2, 1}, cut(2), readiness.CauseRangeStripped, false},
		{"cut off for three hosts of one owner", []int{3, 1}, cut(3), readiness.CauseRangeStripped, true},
	})
}

// Handshakes and certificates need hosts of several owners.
func TestLimitsOfHandshakes(t *testing.T) {
	tried := func(list ...probe.Handshake) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.TLS.Handshakes = list }
	}
	lost := probe.Handshake{Hello: 1700, Code: probe.TLSTimeout}
	small := probe.Handshake{Hello: 300, Code: probe.TLSTimeout}
	fits := probe.Handshake{Hello: 1700, Packet: 1400}
	stalls := func(passes, fails int) func(int, *probe.Observation) {
		return all(failed(probe.OpHandshake, probe.TLSTimeout), tried(probe.Handshake{Packet: passes}, probe.Handshake{Packet: fails, Code: probe.TLSTimeout}))
	}
	forged := func(leaves int) func(int, *probe.Observation) {
		return all(failed(probe.OpHandshake, probe.TLSUntrusted), func(k int, o *probe.Observation) {
			o.TLS = &probe.TLSFacts{NameMatches: true, Chain: []probe.Certificate{{Issuer: "CN=Filter", SHA256: fmt.Sprint(k % leaves)}}}
		})
	}
	judgeSeen(t, []seen{
		{"TLS 1.3 fails for two owners", each(3), over(probe.HTTPS, 2, tried(lost, lost, small)), readiness.CauseTLS13Blocked, true},
		{"TLS 1.3 fails for one owner", []int{2, 1}, over(probe.HTTPS, 2, tried(lost, lost, small)), readiness.CauseTLS13Blocked, false},
		{"a handshake was not made", each(3), over(probe.HTTPS, 2, tried(lost, lost)), readiness.CauseTLS13Blocked, false},
		{"large hellos arrive in small packets alone", each(2), over(probe.HTTPS, 2, tried(lost, lost, small, fits)), readiness.CausePathMTU, true},
		{"large hellos arrive nowhere", each(2), over(probe.HTTPS, 2, tried(lost, lost, probe.Handshake{Hello: 300})), readiness.CauseLargeHelloBlocked, true},
		{"large packets lost for two owners", each(2), over(probe.HTTPS, 2, stalls(1400, 1401)), readiness.CausePathMTU, true},
		{"large packets lost for one owner", []int{2}, over(probe.HTTPS, 2, stalls(1400, 1401)), readiness.CausePathMTU, false},
		{"packets of one size lost and not", each(2), over(probe.HTTPS, 2, stalls(1400, 1400)), readiness.CausePathMTU, false},
		{"no packet passes", each(2), over(probe.HTTPS, 2, stalls(0, 1400)), readiness.CausePathMTU, false},
		{"two certificates for three owners", each(3), over(probe.HTTPS, 3, forged(2)), readiness.CauseTLSInspection, true},
		{"one certificate for three owners", each(3), over(probe.HTTPS, 3, forged(1)), readiness.CauseTLSInspection, false},
		{"four certificates for two owners", []int{2, 2}, over(probe.HTTPS, 4, forged(4)), readiness.CauseTLSInspection, false},
	})
}

// A portal gives one answer for unrelated owners.
func TestLimitsOfPortals(t *testing.T) {
	page := func(text string) func(int, *probe.Observation) {
		return over(probe.HTTP, everyHost, func(_ int, o *probe.Observation) { o.HTTP.Body = text })
	}
	judgeSeen(t, []seen{
		{"three owners", each(3), page("Sign in, please."), readiness.CauseCaptivePortal, true},
		{"two owners", []int{2, 2}, page("Sign in, please."), readiness.CauseCaptivePortal, false},
		{"a short page", each(3), page("Sign in, please"), readiness.CauseCaptivePortal, false},
		{"a different status", each(3), all(page("Sign in, please."), over(probe.HTTP, 1, func(_ int, o *probe.Observation) { o.HTTP.Status = 404 })), readiness.CauseCaptivePortal, false},
	})
}

// A clock is judged by the dates of three servers, with the tolerance of Kerberos.
func TestLimitsOfDates(t *testing.T) {
	behind := func(d time.Duration, n int) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, func(_ int, o *probe.Observation) {
			o.HTTP.Date = o.Start.Add(o.Steps[1].Duration / 2).Add(d)
		})
	}
	expired := func(n int) func(int, *probe.Observation) {
		return over(probe.HTTPS, n, failed(probe.OpHandshake, probe.TLSExpired))
	}
	judgeSeen(t, []seen{
		{"more than five minutes", each(3), behind(5*time.Minute+1, 3), readiness.CauseClockWrong, true},
		{"five minutes", each(3), behind(5*time.Minute, 3), readiness.CauseClockWrong, false},
		{"more than five minutes ahead", each(3), behind(-5*time.Minute-1, 3), readiness.CauseClockWrong, true},
		{"two servers", each(3), behind(time.Hour, 2), readiness.CauseClockWrong, false},
		{"expired certificates of three owners", each(3), expired(3), readiness.CauseClockWrong, true},
		{"expired certificates of two owners", []int{2, 2}, expired(4), readiness.CauseClockWrong, false},
	})
}
