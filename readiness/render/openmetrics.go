package render

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// OpenMetrics writes the report as metrics in the text format of OpenMetrics
// 1.0, for a textfile collector or a scraped page. It has:
//
//	netready_report_info{scenario, cloud, catalog, policy}  1
//	netready_verdict{netready_verdict}                      1 for the verdict, 0 for the others
//	netready_cut_off                                        1 if the run was cut off
//	netready_start_time_seconds, netready_duration_seconds  when, and how long
//	netready_connections, netready_datagrams                TCP connections that were opened, and UDP datagrams in both directions
//	netready_sent_bytes, netready_received_bytes            in these; none of the four if they were not counted
//	netready_checks{outcome}                                the number of checks
//	netready_causes{code, impact}                           the number of causes
//	netready_stops_at{phase}                                1 for the phase at which provisioning stops
//	netready_service_verdict{service, netready_service_verdict}
//	netready_service_checks{service, outcome}
//	netready_check_success{check}                           1 or 0, also for failures that are informational; none if it was not run
//	netready_check_duration_seconds{check}
func OpenMetrics(w io.Writer, r *readiness.Report) error {
	m := &metrics{}
	r = shown(r)
	m.report(r)
	m.causes(r)
	m.services(r)
	m.checks(r)
	m.WriteString("# EOF\n")
	_, err := io.WriteString(w, m.String())
	return err
}

type metrics struct{ strings.Builder }

// family begins a metric. A name that ends in a unit needs the line about it.
func (m *metrics) family(name, kind, help string) {
	fmt.Fprintf(&m.Builder, "# TYPE netready_%s %s\n", name, kind)
	for _, unit := range []string{"seconds", "bytes"} {
		if strings.HasSuffix(name, "_"+unit) {
			fmt.Fprintf(&m.Builder, "# UNIT netready_%s %s\n", name, unit)
		}
	}
	fmt.Fprintf(&m.Builder, "# HELP netready_%s %s\n", name, help)
}

// sample writes a value. labels are names and values in turn.
func (m *metrics) sample(name string, value float64, labels ...string) {
	m.WriteString("netready_" + name)
	for i := 0; i+1 < len(labels); i += 2 {
		open := ","
		if i == 0 {
			open = "{"
		}
		fmt.Fprintf(&m.Builder, `%s%s="%s"`, open, labels[i], labelValue(labels[i+1]))
	}
	if len(labels) > 0 {
		m.WriteByte('}')
	}
	m.WriteString(" " + strconv.FormatFloat(value, 'f', -1, 64) + "\n")
}

// labelValue escapes a label's value.
func labelValue(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}

func (m *metrics) report(r *readiness.Report) {
	m.family("report", "info", "What the report is about.")
	labels := []string{"catalog", r.Catalog, "policy", r.Policy}
	if r.Plan != nil {
		labels = append(labels, "scenario", string(r.Plan.Scope.Scenario), "cloud", string(cloud(r.Plan.Scope)))
	}
	m.sample("report_info", 1, labels...)
	m.family("verdict", "stateset", "Whether provisioning will finish.")
	m.states("verdict", r.Verdict)
	m.family("cut_off", "gauge", "Whether the run ended before every check was completed.")
	m.sample("cut_off", number(r.CutOff))
	if !r.Started.IsZero() {
		m.family("start_time_seconds", "gauge", "When the run started, since the Unix epoch.")
		m.sample("start_time_seconds", float64(r.Started.UnixMilli())/1000)
		m.family("duration_seconds", "gauge", "How long the run took.")
		m.sample("duration_seconds", r.Duration.Seconds())
	}
	m.traffic(r.Traffic)
	m.family("checks", "gauge", "The number of checks by outcome.")
	for _, o := range []readiness.Outcome{readiness.OK, readiness.Failed, readiness.NotRun} {
		m.sample("checks", float64(r.Count(o)), "outcome", o.String())
	}
	m.family("stops_at", "gauge", "The phase at which provisioning stops.")
	if r.StopsAt != "" {
		m.sample("stops_at", 1, "phase", string(r.StopsAt))
	}
}

func (m *metrics) traffic(t probe.Traffic) {
	if t == (probe.Traffic{}) {
		return
	}
	for _, g := range []struct {
		name, help string
		value      float64
	}{
		{"connections", "The number of TCP connections that the run opened.", float64(t.Connections)},
		{"datagrams", "The number of UDP datagrams that the run sent and received.", float64(t.Datagrams)},
		{"sent_bytes", "The bytes that the run sent.", float64(t.Sent)},
		{"received_bytes", "The bytes that the run received.", float64(t.Received)},
	} {
		m.family(g.name, "gauge", g.help)
		m.sample(g.name, g.value)
	}
}

// states writes a set of states, of which one holds.
func (m *metrics) states(name string, is readiness.Verdict, labels ...string) {
	states := []readiness.Verdict{readiness.Ready, readiness.Degraded, readiness.Blocked, readiness.Unproven}
	if len(labels) > 0 {
		states = append(states, readiness.NotApplicable)
	}
	for _, v := range states {
		m.sample(name, number(v == is), append(labels, "netready_"+name, v.String())...)
	}
}

func (m *metrics) causes(r *readiness.Report) {
	type kind struct {
		code   readiness.CauseCode
		impact readiness.Impact
	}
	count := make(map[kind]int)
	var order []kind
	for _, c := range r.Causes {
		k := kind{c.Code, c.Impact}
		if count[k]++; count[k] == 1 {
			order = append(order, k)
		}
	}
	m.family("causes", "gauge", "The number of causes of failures.")
	for _, k := range order {
		m.sample("causes", float64(count[k]), "code", string(k.code), "impact", k.impact.String())
	}
}

func (m *metrics) services(r *readiness.Report) {
	m.family("service_verdict", "stateset", "Whether a service works.")
	for _, s := range r.Services {
		m.states("service_verdict", s.Verdict, "service", string(s.Service))
	}
	m.family("service_checks", "gauge", "The number of a service's checks by outcome.")
	for _, s := range r.Services {
		for _, n := range []struct {
			outcome readiness.Outcome
			count   int
		}{{readiness.OK, s.Passed}, {readiness.Failed, s.Failed}, {readiness.NotRun, s.NotRun}} {
			m.sample("service_checks", float64(n.count), "service", string(s.Service), "outcome", n.outcome.String())
		}
	}
}

// checks writes each check once, as failed if it failed for any service.
func (m *metrics) checks(r *readiness.Report) {
	failed := make(map[string]bool)
	took := make(map[string]*probe.Observation)
	var order []string
	for _, f := range r.Findings {
		id := f.Check.ID()
		if f.Outcome == readiness.NotRun || id == "" {
			continue
		}
		if _, ok := took[id]; !ok {
			order = append(order, id)
		}
		took[id] = f.Observation
		failed[id] = failed[id] || f.Outcome == readiness.Failed
	}
	m.family("check_success", "gauge", "Whether a check succeeded.")
	for _, id := range order {
		m.sample("check_success", number(!failed[id]), "check", id)
	}
	m.family("check_duration_seconds", "gauge", "How long a check took.")
	for _, id := range order {
		if o := took[id]; o != nil {
			m.sample("check_duration_seconds", o.Duration.Seconds(), "check", id)
		}
	}
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
