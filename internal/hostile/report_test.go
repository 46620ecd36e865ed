package hostile_test

import (
	"bytes"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// Every host answers with as much as it can. The report grows with the checks alone.
func TestReportOfHostilePeers(t *testing.T) {
	fields := make([]string, 0, 8)
	for _, name := range []string{"Server", "Via", "Link", "X-Cache", "Cache-Status", "WWW-Authenticate", "X-Powered-By", "Retry-After"} {
		fields = append(fields, name+": "+strings.Repeat("<\x85", 3000))
	}
	answer := leaves("HTTP/1.1 200 OK\r\n", strings.Join(fields, "\r\n"), "\r\n\r\n", strings.Repeat("<&>", 1000))
	broken := leaves("HTTP/1.1 200 OK\r\n", strings.Repeat("<\u202e", 15000), "\r\n\r\n")
	target := probe.Target{Protocol: probe.HTTP, Host: host}
	var seen []probe.Observation
	for _, p := range []peer{answer, broken} {
		i := &probetest.Internet{Serve: map[string]func(net.Conn){host + ":80": p}}
		seen = append(seen, observe(t, i, direct, target))
	}
	runner := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}
	plan, err := runner.Plan(endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
	if err != nil {
		t.Fatal(err)
	}
	obs := make([]probe.Observation, len(plan.Checks))
	for i, c := range plan.Checks {
		obs[i] = seen[i%len(seen)]
		obs[i].Target = c.Target
	}
	report, err := runner.Judge(plan, obs)
	if err != nil {
		t.Fatal(err)
	}
	const (
		judged = 4 << 10 // bytes for a check: its findings, and what causes and services say of it
		shown  = 1 << 10 // bytes of text for a check
		rest   = 1 << 20
	)
	document, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	if most := len(plan.Checks)*(maxKept+judged) + rest; len(document) > most {
		t.Errorf("%d bytes of JSON for %d checks", len(document), len(plan.Checks))
	}
	var text bytes.Buffer
	if err := render.Text(&text, report, render.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if text.Len() > len(plan.Checks)*shown {
		t.Errorf("%d bytes of text for %d checks", text.Len(), len(plan.Checks))
	}
	t.Logf("%d checks: %d bytes of JSON, %d of text", len(plan.Checks), len(document), text.Len())
}
