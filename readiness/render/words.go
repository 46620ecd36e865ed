package render

import (
	"cmp"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// state names the verdict on a service as the text report does.
func state(v readiness.Verdict) string {
	switch v {
	case readiness.Ready:
		return "ok"
	case readiness.NotApplicable:
		return "n/a"
	default:
		return v.String()
	}
}

// words names the outcome of a check.
func words(o readiness.Outcome) string {
	if o == readiness.NotRun {
		return "not run"
	}
	return o.String()
}

// moment says when a report was measured.
func moment(r *readiness.Report) string {
	return r.Started.UTC().Format(time.DateTime) + " UTC"
}

// cloud returns a scope's cloud, with the default filled in.
func cloud(s endpoints.Scope) endpoints.Cloud { return cmp.Or(s.Cloud, endpoints.CloudWorldwide) }
