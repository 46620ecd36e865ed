package readinesstest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// TestReport makes a subtest for each service in a report. A service that does
// not fully work fails with its causes, what was seen of them and what to do. A
// service that nothing can test, or that the scope does not use, is skipped. A
// loss that is only informational is logged. If something outside all services
// blocks the report, or a check was not completed, t itself fails.
//
// To accept a loss, judge with a policy that calls it informational, as in
//
//	readiness.FieldPolicy().With(readiness.Informational, endpoints.ServiceWNS)
//
// Do not call TestReport in a testing/synctest bubble, which allows no
// subtests; call it after the bubble.
func TestReport(t *testing.T, r *readiness.Report) {
	t.Helper()
	if r == nil {
		r = new(readiness.Report)
	}
	for _, s := range r.Services {
		t.Run(name(s), func(t *testing.T) {
			switch result, text := resultOf(r, s); result {
			case failed:
				t.Error(text)
			case skipped:
				t.Skip(text)
			case passed:
				if text != "" {
					t.Log(text)
				}
			}
		})
	}
	if err := whole(r); err != nil && !t.Failed() {
		t.Error(err)
	}
}

// A result is that of a subtest.
type result int

const (
	failed result = iota
	skipped
	passed
)

func name(s readiness.ServiceResult) string { return plain.Line(string(s.Service)) }

// whole returns what is wrong with a report as a whole, unless it is only that
// nothing can test a service.
func whole(r *readiness.Report) error {
	if r.Verdict == readiness.Unproven && len(r.Missing) == 0 && !r.CutOff && len(r.Services) > 0 {
		return nil
	}
	return r.Err()
}

// resultOf returns the result of a service with its text.
func resultOf(r *readiness.Report, s readiness.ServiceResult) (result, string) {
	switch s.Verdict {
	case readiness.Ready:
		return passed, ""
	case readiness.NotApplicable:
		return skipped, "the scope does not use it"
	case readiness.Unproven:
		if s.NotRun > 0 {
			return failed, fmt.Sprintf("unproven: not completed: %s", strings.Join(unfinished(r, s), ", "))
		}
		return skipped, "nothing can test it from here"
	case readiness.Degraded, readiness.Blocked:
	}
	text := plain.Line(fmt.Sprintf("%s (%s): %s", s.Verdict, s.Impact, s.Loss)) + causes(r, s)
	if s.Verdict == readiness.Degraded && s.Impact == readiness.Informational {
		return passed, text
	}
	return failed, text
}

// unfinished names the checks of a service that were not run.
func unfinished(r *readiness.Report, s readiness.ServiceResult) []string {
	var out []string
	for f := range r.NotRun() {
		if f.Service == s.Service {
			out = append(out, plain.Line(fmt.Sprintf("%s (%s)", f.Check.ID(), cmp.Or(f.Code, probe.Canceled))))
		}
	}
	return out
}

// causes describes the causes of a service's failures, one line for each fact.
func causes(r *readiness.Report, s readiness.ServiceResult) string {
	var b strings.Builder
	var done []*readiness.Cause
	for f := range r.Failures() {
		if f.Service != s.Service || f.Cause != nil && slices.Contains(done, f.Cause) {
			continue
		}
		if f.Cause == nil {
			fmt.Fprintf(&b, "\n%s", plain.Line(fmt.Sprintf("%s failed (%s)", f.Check.ID(), cmp.Or(f.Code, "no code"))))
			continue
		}
		done = append(done, f.Cause)
		fmt.Fprintf(&b, "\n%s", plain.Line(fmt.Sprintf("%s [%s, %s]", f.Cause.Title, f.Cause.Code, f.Cause.Impact)))
		for _, e := range f.Cause.Evidence[:min(len(f.Cause.Evidence), 3)] {
			fmt.Fprintf(&b, "\n  Seen: %s", plain.Line(e))
		}
		fmt.Fprintf(&b, "\n  Do: %s", plain.Line(f.Cause.Remedy))
	}
	return b.String()
}
