package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/netready/netready/readiness"
)

// A collector turns a report into metrics.
type collector struct{ report *readiness.Report }

// Describe describes nothing: which metrics there are depends on the report.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect sends the metrics of the report.
func (c collector) Collect(out chan<- prometheus.Metric) {
	r := c.report
	gauge := func(name, help string, value float64, labels ...string) {
		var names, values []string
		for i := 0; i+1 < len(labels); i += 2 {
			names, values = append(names, labels[i]), append(values, labels[i+1])
		}
		desc := prometheus.NewDesc("netready_"+name, help, names, nil)
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, values...)
	}
	gauge("probe_success", "Whether provisioning will finish: the verdict is ready or degraded.", number(r.Verdict.Works()))
	gauge("probe_duration_seconds", "How long the run took.", r.Duration.Seconds())
	gauge("probe_cut_off", "Whether the run ended before every check was completed.", number(r.CutOff))
	for _, v := range []readiness.Verdict{readiness.Ready, readiness.Degraded, readiness.Blocked, readiness.Unproven} {
		gauge("verdict", "1 for the verdict, 0 for the others.", number(r.Verdict == v), "netready_verdict", v.String())
	}
	for _, o := range []readiness.Outcome{readiness.OK, readiness.Failed, readiness.NotRun} {
		gauge("checks", "The number of checks by outcome.", float64(r.Count(o)), "outcome", o.String())
	}
	causes := make(map[[2]string]int)
	for _, cause := range r.Causes {
		causes[[2]string{string(cause.Code), cause.Impact.String()}]++
	}
	for k, n := range causes {
		gauge("causes", "The number of causes of failures.", float64(n), "code", k[0], "impact", k[1])
	}
	for _, s := range r.Services {
		if s.Verdict != readiness.NotApplicable {
			gauge("service_success", "Whether a service works, perhaps with a loss.", number(s.Verdict.Works()), "service", string(s.Service), "impact", s.Impact.String())
		}
	}
	gauge("catalog_info", "The catalog that the checks are from.", 1, "version", r.Catalog, "policy", r.Policy)
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
