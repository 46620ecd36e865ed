package traffic

import (
	"encoding/json"
	"time"

	"github.com/netready/netready/endpoints"
)

// Schema identifies the JSON format. Fields are only ever added to it.
const Schema = "netready-traffic/1"

type jsonSummary struct {
	Schema    string        `json:"schema"`
	Format    Format        `json:"format"`
	Hosts     []jsonHost    `json:"hosts"`
	Phases    []jsonPhase   `json:"phases"`
	Denied    []jsonDenial  `json:"denied"`
	Told      int           `json:"told"`
	Missing   []jsonMissing `json:"missing"`
	Uncovered []string      `json:"uncovered"`
	Unlisted  jsonUnlisted  `json:"unlisted"`
	Lines     jsonLines     `json:"lines"`
	Verdict   Verdict       `json:"verdict"`
	Failed    []jsonFailure `json:"failed"`
	Required  int           `json:"required"`
	Untold    []string      `json:"untold"`
	Unmatched []string      `json:"unmatched"`
	Stop      *jsonStop     `json:"stop"`
}

type jsonStop struct {
	Phase   endpoints.Phase   `json:"phase"`
	Host    string            `json:"host"`
	Service endpoints.Service `json:"service"`
	Time    *time.Time        `json:"time"`
	Denied  bool              `json:"denied"`
	Failed  bool              `json:"failed"`
	Next    endpoints.Phase   `json:"next"`
	Hosts   []string          `json:"hosts"`
}

type jsonHost struct {
	Host     string            `json:"host"`
	Service  endpoints.Service `json:"service"`
	Phase    endpoints.Phase   `json:"phase"`
	Need     string            `json:"need"`
	Requests int               `json:"requests"`
	Denied   int               `json:"denied"`
	First    *time.Time        `json:"first"`
	Last     *time.Time        `json:"last"`
	Rule     string            `json:"rule"`
	Status   endpoints.Status  `json:"status"`
	Ports    []uint16          `json:"ports"`
	OffPort  int               `json:"off_port"`
	Failed   int               `json:"failed"`
	Untold   int               `json:"untold"`
	Reasons  []string          `json:"reasons"`
}

type jsonPhase struct {
	Phase endpoints.Phase `json:"phase"`
	First *time.Time      `json:"first"`
	Last  *time.Time      `json:"last"`
	Hosts []string        `json:"hosts"`
}

type jsonDenial struct {
	Service         endpoints.Service `json:"service"`
	Host            string            `json:"host"`
	Requests        int               `json:"requests"`
	Denied          int               `json:"denied"`
	Unauthenticated int               `json:"unauthenticated"`
}

type jsonFailure struct {
	Service  endpoints.Service `json:"service"`
	Host     string            `json:"host"`
	Requests int               `json:"requests"`
	Failed   int               `json:"failed"`
}

type jsonMissing struct {
	Service     endpoints.Service `json:"service"`
	Host        string            `json:"host"`
	Phase       endpoints.Phase   `json:"phase"`
	Decisive    bool              `json:"core"`
	ServiceSeen bool              `json:"service_seen"`
}

type jsonUnlisted struct {
	Requests       int `json:"requests"`
	Denied         int `json:"denied"`
	DeniedRequired int `json:"denied_required"`
	Uncovered      int `json:"uncovered"`
	FailedRequired int `json:"failed_required"`
}

type jsonLines struct {
	Read    int         `json:"read"`
	Skipped int         `json:"skipped"`
	Errors  []jsonError `json:"errors"`
	Local   bool        `json:"local_time"`
}

type jsonError struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"` // with the field
	Field  string `json:"field"`
	Code   string `json:"code"`
}

// MarshalJSON returns the summary as an object of this form:
//
//	schema     "netready-traffic/1"
//	format     a [Format]
//	hosts      [{host, service, phase, need, requests, denied, first, last, rule, status, ports, off_port, failed, untold, reasons: [text]}]
//	phases     [{phase, first, last, hosts: [host]}]
//	denied     [{service, host, requests, denied, unauthenticated}]
//	told       a number
//	missing    [{service, host, phase, core, service_seen}]
//	uncovered  [host]
//	unlisted   {requests, denied, denied_required, uncovered, failed_required}
//	lines      {read, skipped, errors: [{line, reason, field, code}], local_time}
//	verdict    "clear", "denied" or "unknown"
//	failed     [{service, host, requests, failed}]
//	required   a number
//	untold     [host]
//	unmatched  [host]
//	stop       {phase, host, service, time, denied, failed, next, hosts: [host]}, or null
//
// Lists are never null. Times are RFC 3339 in UTC, or null if unknown; see
// [Lines] for logs without time zone or year. The service, phase and need of an uncovered host are empty.
func (s Summary) MarshalJSON() ([]byte, error) {
	doc := jsonSummary{
		Schema: Schema, Format: s.Format,
		Hosts: []jsonHost{}, Phases: []jsonPhase{}, Denied: []jsonDenial{}, Missing: []jsonMissing{},
		Told: s.Told, Uncovered: list(s.Uncovered),
		Unlisted: jsonUnlisted{s.UnlistedRequests, s.UnlistedDenied, s.UnlistedDeniedRequired, s.UnlistedUncovered, s.UnlistedFailedRequired},
		Lines:    jsonLines{s.Lines.Read, s.Lines.Skipped, []jsonError{}, s.Lines.LocalTime},
		Verdict:  s.Verdict(), Failed: []jsonFailure{}, Required: s.Required,
		Untold: list(s.Untold), Unmatched: list(s.Unmatched),
	}
	for _, h := range s.Hosts {
		doc.Hosts = append(doc.Hosts, jsonHost{
			h.Host, h.Service, h.Phase, need(h), h.Requests, h.Denied, known(h.First), known(h.Last),
			h.Rule, h.Status, list(h.Ports), h.OffPort, h.Failed, h.Untold, list(h.Reasons),
		})
	}
	for _, p := range s.Phases {
		doc.Phases = append(doc.Phases, jsonPhase{p.Phase, known(p.First), known(p.Last), list(p.Hosts)})
	}
	for _, d := range s.Denied {
		doc.Denied = append(doc.Denied, jsonDenial{d.Service, d.Host, d.Requests, d.DeniedRequired, d.Unauthenticated})
	}
	for _, f := range s.Failed {
		doc.Failed = append(doc.Failed, jsonFailure{f.Service, f.Host, f.Requests, f.FailedRequired})
	}
	for _, m := range s.Missing {
		doc.Missing = append(doc.Missing, jsonMissing(m))
	}
	for _, e := range s.Lines.Errors {
		doc.Lines.Errors = append(doc.Lines.Errors, jsonError{e.Line, reason(e), e.Field, e.Code})
	}
	if p := s.Stop; p != nil {
		doc.Stop = &jsonStop{p.Phase, p.Host, p.Service, known(p.Time), p.Denied, p.Failed, p.Next, list(p.Hosts)}
	}
	return json.Marshal(doc)
}

// need returns the need of a host, or "" if no rule covers it.
func need(h Host) string {
	if h.Rule == "" {
		return ""
	}
	return h.Need.String()
}

// reason returns the error's field and reason.
func reason(e endpoints.Error) string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// known returns t, or nil if it is zero.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// list returns a list that encodes as [] and never as null.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
