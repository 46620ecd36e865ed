package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// A health is an HTTP handler that answers with the last report.
type health struct {
	assess func(context.Context) (*readiness.Report, error)
	base   context.Context //nolint:containedctx // of the server: runs end with it, not with a request
	keep   time.Duration   // how long a report is served
	log    *slog.Logger

	mu   sync.Mutex
	last *measurement // the newest, running or done
}

// A measurement is a run, and its result once done is closed.
type measurement struct {
	done   chan struct{}
	ended  time.Time
	report *readiness.Report
	err    error
}

// fresh returns the measurement to answer with, and starts it if the last one is
// too old. A run that was cut off or failed is not kept.
func (h *health) fresh() *measurement {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := h.last; m != nil {
		select {
		case <-m.done:
			if m.err == nil && !m.report.CutOff && time.Since(m.ended) < h.keep {
				return m
			}
		default:
			return m // it is running
		}
	}
	m := &measurement{done: make(chan struct{})}
	h.last = m
	go func() {
		defer close(m.done)
		m.report, m.err = h.assess(h.base) // not the request's context: others wait for this run too
		m.ended = time.Now()
	}()
	return m
}

func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	m := h.fresh()
	select {
	case <-m.done:
	case <-r.Context().Done():
		return // this client left; the run goes on
	}
	if m.err != nil {
		h.log.ErrorContext(r.Context(), "the network could not be assessed", "error", m.err)
		http.Error(w, "the network could not be assessed", http.StatusInternalServerError)
		return
	}
	h.write(w, r, m.report)
}

// write writes a report without its observations, which quote the errors of
// peers and are most of it. The evidence of causes still names resolvers and
// proxies.
func (h *health) write(w http.ResponseWriter, r *http.Request, report *readiness.Report) {
	outside := *report
	outside.Observations = nil
	form, contentType := render.JSON, "application/json"
	if prefersHTML(r.Header.Get("Accept")) {
		form, contentType = render.HTML, "text/html; charset=utf-8"
	}
	var b bytes.Buffer
	if err := form(&b, &outside); err != nil {
		h.log.ErrorContext(r.Context(), "the report could not be written", "error", err)
		http.Error(w, "the report could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Vary", "Accept")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if !report.Verdict.Works() {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(b.Bytes()) // the client may have left
}

// prefersHTML reports whether an Accept header names HTML, as browsers do, and
// not JSON before it.
func prefersHTML(accept string) bool {
	page := strings.Index(accept, "text/html")
	data := strings.Index(accept, "application/json")
	return page >= 0 && (data < 0 || page < data)
}
