package readiness

import (
	"encoding/json"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// UnmarshalJSON reads the document that [Report.MarshalJSON] writes. The report
// can be rendered, judged again (see [Runner.Rejudge]), and encoded to the same
// bytes. Its plan is for reading only: it holds the scope, the checks, and what
// the document says about endpoints. The document does not contain the sources
// of findings. A document without observations cannot be judged again.
//
// A document of another schema, such as that of a newer version, is an error
// that names both.
func (r *Report) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return err
	}
	if head.Schema != Schema {
		return schemaError(head.Schema)
	}
	var doc jsonReport
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	// Anyone can have written it.
	doc.jsonHead = plain.Value(doc.jsonHead, plain.NoLimit)
	doc.Findings = plain.Value(doc.Findings, plain.NoLimit)
	doc.jsonTail = plain.Value(doc.jsonTail, plain.NoLimit)
	doc.Observations = plain.Value(doc.Observations, plain.NoLimit)
	*r = doc.report()
	return nil
}

// schemaError says what a document is that is not a report of this version.
func schemaError(schema string) error {
	family, number, _ := strings.Cut(schema, "/")
	ours, version, _ := strings.Cut(Schema, "/")
	switch {
	case schema == "":
		return fmt.Errorf("readiness: the document has no schema; a report has %q", Schema)
	case family != ours:
		return fmt.Errorf("readiness: the document is a %q, not a report, which is a %q", plain.Line(schema), Schema)
	case len(number) > len(version) || len(number) == len(version) && number > version:
		return fmt.Errorf("readiness: the report is of a newer version: its schema is %q, and this version reads up to %q", plain.Line(schema), Schema)
	}
	return fmt.Errorf("readiness: the schema of the report is %q; want %q", plain.Line(schema), Schema)
}

func (doc *jsonReport) report() Report {
	p, checks := doc.plan()
	byID, untested := p.byID(), doc.untested()
	out := Report{
		Plan: p, Verdict: doc.Verdict, Policy: doc.Policy, Notes: doc.Notes, Catalog: doc.Catalog.Version, CatalogDate: doc.Catalog.Date,
		Started: doc.Started, Duration: time.Duration(math.Round(doc.DurationMS * float64(time.Millisecond))),
		Traffic: doc.Traffic, StopsAt: doc.StopsAt, CutOff: doc.CutOff, Missing: named(byID, doc.Missing), Unconfirmed: doc.Unconfirmed, Observations: doc.Observations,
	}
	for _, s := range doc.Services {
		out.Services = append(out.Services, ServiceResult{
			Service: s.ID, Name: s.Title, Verdict: Verdict(s.Status), Ruling: ruling(s.Impact, s.Basis, s.Consequence, s.Sources),
			Passed: s.Checks.OK, Failed: s.Checks.Failed, NotRun: s.Checks.NotRun, Untested: untested[s.ID],
		})
	}
	for _, c := range doc.Causes {
		out.Causes = append(out.Causes, Cause{
			Code: c.Code, Title: c.Title, Impact: c.Impact, Evidence: c.Evidence, Remedy: c.Remedy, Names: c.Names,
			Services: c.Services, Checks: named(byID, c.Checks), Sources: sources(c.Sources),
		})
	}
	explained := out.explained()
	for k, f := range doc.Findings {
		out.Findings = append(out.Findings, f.finding(&out, checks[k], explained))
	}
	for _, d := range doc.Device {
		out.Device = append(out.Device, Prerequisite{
			ID: d.Prerequisite, Name: d.Title, Outcome: d.Status, Reason: d.Reason, Found: d.Found, Wanted: d.Wanted,
			Ruling: ruling(d.Impact, d.Basis, d.Consequence, d.Sources),
		})
	}
	return out
}

// plan returns the part of the plan that the document contains, and the index
// of each finding's check in it, or -1.
func (doc *jsonReport) plan() (p *Plan, checks []int) {
	s := doc.Scope
	p = &Plan{
		Scope: endpoints.Scope{
			Scenario: s.Scenario, Cloud: s.Cloud, Tenant: s.Tenant, Region: s.Region, TPM: s.TPM, Features: s.Features,
			Domains: s.Domains, ADDomain: s.ADDomain, Windows: s.Windows,
		},
		Proxied: s.Proxied, SearchDomains: s.SearchDomains, Notes: doc.Notes,
	}
	for _, o := range doc.Observations {
		p.Checks = append(p.Checks, Check{Target: o.Target})
	}
	if len(doc.Observations) == 0 {
		checks = doc.addChecks(p)
	} else {
		for _, f := range doc.Findings {
			i := f.Observation
			if i >= len(p.Checks) {
				i = -1
			}
			checks = append(checks, i)
		}
	}
	for _, e := range doc.Untested {
		host, _ := endpoints.ParseHost(e.Host)
		p.layout = append(p.layout, planEndpoint{endpoint: &endpoints.Endpoint{Service: e.Service, Host: host}, untested: e.Reason})
	}
	for k, f := range doc.Findings {
		i := checks[k]
		if i < 0 || (Finding{Service: f.Service, Outcome: f.Status, Code: f.Code}).revocation() {
			continue
		}
		e := endpoints.Endpoint{Service: f.Service}
		p.Checks[i].Endpoints = append(p.Checks[i].Endpoints, e)
		p.layout = append(p.layout, planEndpoint{endpoint: &e, checks: []int{i}})
	}
	return p, checks
}

// addChecks adds the checks that a document without observations names, and
// returns the index of each finding's check.
func (doc *jsonReport) addChecks(p *Plan) []int {
	at := make(map[string]int)
	add := func(id string) int {
		i, ok := at[id]
		if !ok {
			i = len(p.Checks)
			at[id] = i
			p.Checks = append(p.Checks, Check{Target: target(id)})
		}
		return i
	}
	out := make([]int, len(doc.Findings))
	for k, f := range doc.Findings {
		out[k] = add(f.Check)
	}
	for _, c := range doc.Causes {
		for _, id := range c.Checks {
			add(id)
		}
	}
	for _, id := range doc.Missing {
		add(id)
	}
	return out
}

// target returns what the ID of a check says about its target.
func target(id string) probe.Target {
	protocol, rest, _ := strings.Cut(id, " ")
	addr, direct := strings.CutSuffix(rest, " direct")
	host, text, err := net.SplitHostPort(addr)
	port, invalid := strconv.ParseUint(text, 10, 16)
	if err != nil || invalid != nil {
		return probe.Target{}
	}
	return probe.Target{Protocol: probe.Protocol(protocol), Host: host, Port: uint16(port), Direct: direct}
}

// finding returns f as a finding of r, whose observations and causes are set.
// check is the index of its check, or -1. explained says which cause explains a
// check.
func (f jsonFinding) finding(r *Report, check int, explained map[causeOf]int) Finding {
	out := Finding{
		Check: Check{Target: target(f.Check)}, Service: f.Service, Phase: f.Phase, Outcome: f.Status, Code: f.Code,
		Ruling: Ruling{Impact: f.Impact, Basis: f.Basis, Loss: f.Consequence}, Note: f.Note,
	}
	switch f.Known {
	case endpoints.Confirmed.String():
		out.Known = endpoints.Confirmed
	case endpoints.Contradicted.String():
		out.Known = endpoints.Contradicted
	}
	switch f.Published {
	case "within":
		out.Published = endpoints.Confirmed
	case "outside":
		out.Published = endpoints.Contradicted
	}
	if check >= 0 {
		out.Check = r.Plan.Checks[check]
		if check < len(r.Observations) {
			out.Observation = &r.Observations[check]
		}
	}
	switch {
	case f.CauseIndex != nil && *f.CauseIndex >= 0 && *f.CauseIndex < len(r.Causes):
		out.Cause = &r.Causes[*f.CauseIndex]
	case f.Cause != "": // the document has no indices
		if i, ok := explained[causeOf{f.Cause, out.Check.ID()}]; ok {
			out.Cause = &r.Causes[i]
		}
	}
	return out
}

// A causeOf is a cause's code and a check's ID.
type causeOf struct {
	code  CauseCode
	check string
}

// explained returns the index of the first cause with a code that has a check.
func (r *Report) explained() map[causeOf]int {
	out := make(map[causeOf]int)
	for i, c := range r.Causes {
		for _, id := range ids(c.Checks) {
			if _, ok := out[causeOf{c.Code, id}]; !ok {
				out[causeOf{c.Code, id}] = i
			}
		}
	}
	return out
}

// untested counts the untestable endpoints of each service.
func (doc *jsonReport) untested() map[endpoints.Service]int {
	out := make(map[endpoints.Service]int)
	for _, e := range doc.Untested {
		out[e.Service]++
	}
	return out
}

func (p *Plan) byID() map[string]Check {
	out := make(map[string]Check, len(p.Checks))
	for _, c := range p.Checks {
		out[c.ID()] = c
	}
	return out
}

// named returns the checks with these IDs, and the zero Check for unknown ones.
func named(byID map[string]Check, names []string) []Check {
	out := make([]Check, len(names))
	for i, name := range names {
		out[i] = byID[name]
	}
	return out
}

func ruling(i Impact, b endpoints.Basis, loss string, from []jsonSource) Ruling {
	return Ruling{Impact: i, Basis: b, Loss: loss, Sources: sources(from)}
}

func sources(in []jsonSource) []endpoints.Source {
	out := make([]endpoints.Source, len(in))
	for i, s := range in {
		out[i] = endpoints.Source(s)
	}
	return out
}

// unmarshal parses text as a value of an enumeration whose last value is last.
func unmarshal[T interface {
	~uint8
	String() string
}](to *T, text []byte, last T, what string,
) error {
	for v := T(0); v <= last; v++ {
		if v.String() == string(text) {
			*to = v
			return nil
		}
	}
	return fmt.Errorf("readiness: unknown %s %q", what, text)
}
