package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A site is a network to assess: each run takes ten seconds.
type site struct {
	runs   atomic.Int32
	report readiness.Report
	err    error
}

func (s *site) assess(ctx context.Context) (*readiness.Report, error) {
	s.runs.Add(1)
	select {
	case <-time.After(10 * time.Second):
		report := s.report
		return &report, s.err
	case <-ctx.Done():
		return &readiness.Report{CutOff: true}, nil
	}
}

func (s *site) handler(t *testing.T) *health {
	t.Helper()
	return &health{assess: s.assess, base: t.Context(), keep: 5 * time.Minute, log: slog.New(slog.DiscardHandler)}
}

func get(ctx context.Context, h http.Handler, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A report is served until it is too old, and requests that come during a run
// share it.
func TestOneRunAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{report: readiness.Report{Verdict: readiness.Ready}}
		h := s.handler(t)
		for range 10 {
			go get(t.Context(), h, "")
		}
		synctest.Wait()
		if w := get(t.Context(), h, ""); w.Code != http.StatusOK || s.runs.Load() != 1 {
			t.Errorf("status %d after %d runs", w.Code, s.runs.Load())
		}
		time.Sleep(4 * time.Minute)
		get(t.Context(), h, "")
		if n := s.runs.Load(); n != 1 {
			t.Errorf("%d runs within the time that a report is kept", n)
		}
		time.Sleep(2 * time.Minute)
		get(t.Context(), h, "")
		if n := s.runs.Load(); n != 2 {
			t.Errorf("%d runs, want a second one for a report that is too old", n)
		}
	})
}

// A client that hangs up neither ends a run nor spoils it for others.
func TestClientHangsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{report: readiness.Report{Verdict: readiness.Ready}}
		h := s.handler(t)
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		get(impatient, h, "")
		if took := time.Since(start); took != time.Second {
			t.Errorf("the client that hung up was kept for %v", took)
		}
		if w := get(t.Context(), h, ""); w.Code != http.StatusOK || s.runs.Load() != 1 {
			t.Errorf("status %d after %d runs: %s", w.Code, s.runs.Load(), w.Body)
		}
	})
}

// Runs that failed or were cut off are not kept, and errors stay inside.
func TestFailuresAreNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{err: errors.New("secret of the machine")}
		h := s.handler(t)
		if w := get(t.Context(), h, ""); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		s.err, s.report = nil, readiness.Report{CutOff: true}
		if w := get(t.Context(), h, ""); w.Code != http.StatusServiceUnavailable {
			t.Errorf("cut off: status %d", w.Code)
		}
		s.report = readiness.Report{Verdict: readiness.Degraded}
		if w := get(t.Context(), h, ""); w.Code != http.StatusOK || s.runs.Load() != 3 {
			t.Errorf("status %d after %d runs", w.Code, s.runs.Load())
		}
	})
}

// Browsers get a page and others JSON, neither with what was observed.
func TestForms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{report: readiness.Report{Verdict: readiness.Blocked, Observations: []probe.Observation{
			{Attempts: 1, Error: &probe.Error{Code: probe.TCPTimeout, Err: errors.New("secret of the machine")}},
		}}}
		h := s.handler(t)
		for accept, want := range map[string]string{
			"": "application/json", "*/*": "application/json", "application/json, text/html": "application/json",
			"text/html,application/xhtml+xml,*/*;q=0.8": "text/html; charset=utf-8",
		} {
			w := get(t.Context(), h, accept)
			body, err := io.ReadAll(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.Header().Get("Content-Type"); got != want || w.Code != http.StatusServiceUnavailable || strings.Contains(string(body), "secret") {
				t.Errorf("Accept %q: status %d, %s:\n%s", accept, w.Code, got, body)
			}
		}
	})
}

func TestMethods(t *testing.T) {
	w := httptest.NewRecorder()
	(&health{}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
}

// The command serves until it is interrupted, and refuses bad flags.
func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var log strings.Builder
	if err := run(ctx, []string{"-addr", "localhost:0"}, &log); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := run(t.Context(), []string{"-scenario", "nonsense"}, io.Discard); err == nil {
		t.Error("no error")
	}
}
