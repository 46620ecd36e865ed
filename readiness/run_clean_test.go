package readiness_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// Whoever gave a text to a run, it comes out on one line that hides nothing.
func TestRunCleansTexts(t *testing.T) {
	const dirty = "a\x1b[31m\nREADY: \u202eb"
	tests := []struct {
		name   string
		prober probe.Prober
		hook   func(readiness.Check, probe.Observation)
		cancel bool
	}{
		{name: "a custom prober's facts", prober: func(_ context.Context, _ probe.Network, t probe.Target) probe.Observation {
			return probe.Observation{Target: t, Attempts: 1, HTTP: &probe.HTTPFacts{Title: dirty}}
		}},
		{name: "a custom prober's error", prober: func(_ context.Context, _ probe.Network, t probe.Target) probe.Observation {
			return probe.Observation{Target: t, Attempts: 1, Error: &probe.Error{Code: noGreeting, Err: errors.New(dirty)}}
		}},
		{name: "a panic of a custom prober", prober: func(context.Context, probe.Network, probe.Target) probe.Observation { panic(dirty) }},
		{name: "a panic of the hook", hook: func(readiness.Check, probe.Observation) { panic(dirty) }},
		{name: "why the caller ended the run", cancel: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if tt.cancel {
					cancel(errors.New(dirty))
				}
				net := &probetest.Internet{Hosts: []string{"mail.contoso.com"}}
				var told []probe.Observation
				hook := tt.hook
				if hook == nil {
					hook = func(_ readiness.Check, o probe.Observation) { told = append(told, o) }
				}
				r := readiness.Runner{Catalog: mail(t, "tcp/25 smtp"), Network: net.Network(), OnResult: hook}
				r.Probers = map[probe.Protocol]probe.Prober{"smtp": smtp}
				if tt.prober != nil {
					r.Probers["smtp"] = tt.prober
				}
				report, err := r.Assess(ctx, autopilot())
				if err != nil {
					t.Fatal(err)
				}
				said := false
				for _, o := range append(told, report.Observations...) {
					var texts []string
					plain.Map(o, func(s string) string {
						texts = append(texts, s)
						return s
					})
					for _, s := range texts {
						said = said || strings.Contains(s, "READY: ")
						if !plain.IsText(s) {
							t.Errorf("%v has %q", o.Target, s)
						}
					}
				}
				if !said {
					t.Error("the text is nowhere")
				}
			})
		})
	}
}
