package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// A prober answers scrapes, a bounded number at once.
type prober struct {
	runner readiness.Runner
	slots  chan struct{}
	log    *slog.Logger
}

// scrapeHeader is how long Prometheus waits for an answer, in seconds.
const scrapeHeader = "X-Prometheus-Scrape-Timeout-Seconds"

// reserve is the part of that time that stays for everything but measuring.
const reserve = 500 * time.Millisecond

func (p *prober) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	scope, runner, err := p.wanted(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience(r))
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		http.Error(w, "too many probes at once", http.StatusServiceUnavailable)
		return
	}
	report, err := runner.Assess(ctx, scope)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{report})
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelError)}).ServeHTTP(w, r)
}

// patience returns how long a scrape may take.
func patience(r *http.Request) time.Duration {
	seconds, err := strconv.ParseFloat(r.Header.Get(scrapeHeader), 64)
	if err != nil || seconds <= 0 || seconds > readiness.DefaultDeadline.Seconds() {
		return readiness.DefaultDeadline
	}
	whole := time.Duration(seconds * float64(time.Second))
	return max(whole-reserve, whole/2)
}

// wanted returns what a query asks for. Any field of a scope is a parameter, as
// are resolver and policy.
func (p *prober) wanted(query url.Values) (scope endpoints.Scope, runner readiness.Runner, err error) {
	scope, runner = endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}, p.runner
	for name, values := range query {
		value := values[len(values)-1]
		switch name {
		case "resolver":
			addr, err := netip.ParseAddrPort(value)
			if err != nil {
				return scope, runner, &endpoints.Error{Field: name, Value: value, Reason: "want an address and a port, as in 10.0.0.53:53"}
			}
			runner.Network.Resolvers = []netip.AddrPort{addr}
		case "policy":
			switch value {
			case "documented":
				runner.Policy = readiness.DocumentedPolicy()
			case "field":
				runner.Policy = readiness.FieldPolicy()
			default:
				return scope, runner, &endpoints.Error{Field: name, Value: value, Reason: "unknown", Want: []string{"documented", "field"}}
			}
		default:
			if err := scope.Set(name, value); err != nil {
				return scope, runner, err
			}
		}
	}
	return scope, runner, nil
}
