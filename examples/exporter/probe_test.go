package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// site returns a handler for a network with a few endpoints, one probe at a time.
func site(t *testing.T, faults ...probetest.Fault) http.Handler {
	t.Helper()
	all := endpoints.Embedded().Endpoints()
	catalog, err := new(endpoints.Catalog).With(slices.DeleteFunc(all, func(e endpoints.Endpoint) bool {
		return !slices.Contains([]string{"login.live.com", "time.windows.com"}, e.Host.String())
	})...)
	if err != nil {
		t.Fatal(err)
	}
	internet := &probetest.Internet{Hosts: []string{"login.live.com", "time.windows.com"}, Latency: 10 * time.Millisecond, Faults: faults}
	network := internet.Network()
	network.SearchDomains = []string{}
	return handler(readiness.Runner{Network: network, Catalog: catalog}, 1, slog.New(slog.DiscardHandler))
}

func scrape(t *testing.T, h http.Handler, query, timeout string) (status int, body string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/probe?"+query, http.NoBody)
	if timeout != "" {
		r.Header.Set(scrapeHeader, timeout)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestProbe(t *testing.T) {
	for _, tt := range []struct {
		name   string
		faults []probetest.Fault
		query  string
		want   []string
	}{
		{"a healthy network", nil, "scenario=autopilot", []string{
			"netready_probe_success 1\n", `netready_verdict{netready_verdict="ready"} 1`, `netready_service_success{impact="fatal",service="ntp"} 1`, "netready_probe_cut_off 0\n",
		}},
		{"a blocked host", []probetest.Fault{probetest.At{Host: "login.live.com", Network: "tcp", Fault: probetest.Refuse}}, "", []string{
			"netready_probe_success 0\n", `netready_verdict{netready_verdict="blocked"} 1`, `netready_causes{code="host.unreachable",impact="fatal"} 1`,
			`netready_service_success{impact="fatal",service="deployment-service"} 0`,
		}},
		{"a loss", []probetest.Fault{probetest.At{Network: "udp", Port: 123, Fault: probetest.Drop}}, "policy=field", []string{
			"netready_probe_success 1\n", `netready_verdict{netready_verdict="degraded"} 1`, `policy="field"`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				status, body := scrape(t, site(t, tt.faults...), tt.query, "")
				for _, w := range tt.want {
					if !strings.Contains(body, w) {
						t.Errorf("status %d, no %q in\n%s", status, w, body)
					}
				}
			})
		})
	}
}

// A scrape ends within the time that Prometheus waits, and says that it was cut
// off.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		status, body := scrape(t, site(t, probetest.At{Network: "tcp", Fault: probetest.Drop}), "", "3")
		if took := time.Since(start); took > 3*time.Second || status != http.StatusOK || !strings.Contains(body, "netready_probe_cut_off 1") {
			t.Errorf("after %v: status %d\n%s", took, status, body)
		}
	})
}

// Probes beyond the bound wait, and fail if their time ends first.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := site(t, probetest.At{Network: "tcp", Fault: probetest.Drop})
		go scrape(t, h, "", "")
		synctest.Wait()
		if status, body := scrape(t, h, "", "2"); status != http.StatusServiceUnavailable {
			t.Errorf("status %d\n%s", status, body)
		}
		time.Sleep(time.Minute)
		if status, _ := scrape(t, h, "", ""); status != http.StatusOK {
			t.Errorf("later: status %d", status)
		}
	})
}

func TestBadQueries(t *testing.T) {
	h := handler(readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}, 1, slog.New(slog.DiscardHandler))
	for query, want := range map[string]string{
		"scenario=nonsense": `scenario "nonsense": unknown (known: autopilot, `,
		"cloud=moon":        `cloud "moon": unknown (known: worldwide, `,
		"resolver=nobody":   `resolver "nobody": want an address and a port, as in 10.0.0.53:53`,
		"policy=lax":        `policy "lax": unknown (known: documented, field)`,
		"target=x":          `scope "target": unknown field (known: scenario, `,
	} {
		if status, body := scrape(t, h, query, ""); status != http.StatusBadRequest || !strings.HasPrefix(body, want) {
			t.Errorf("%s: status %d: %s", query, status, body)
		}
	}
}

func TestOwnMetrics(t *testing.T) {
	w := httptest.NewRecorder()
	site(t).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if !strings.Contains(w.Body.String(), "go_goroutines") {
		t.Error(w.Body)
	}
}
