package readiness

import (
	"bytes"
	"io"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/jsonwrite"
	"github.com/netready/netready/probe"
)

// Schema identifies the JSON document that a [Report] encodes to. Within a
// schema, field names are only ever added.
const Schema = "netready/1"

type jsonReport struct {
	jsonHead
	Findings []jsonFinding `json:"findings"`
	jsonTail
	Observations []probe.Observation `json:"observations"`
}

// The parts of a report whose size does not depend on the number of checks.
type (
	jsonHead struct {
		Schema     string          `json:"schema"`
		Verdict    Verdict         `json:"verdict"`
		Scope      jsonScope       `json:"scope"`
		Catalog    jsonCatalog     `json:"catalog"`
		Policy     string          `json:"policy,omitempty"`
		Notes      []string        `json:"notes,omitempty"`
		Started    time.Time       `json:"started,omitzero"`
		DurationMS float64         `json:"duration_ms"`
		Traffic    probe.Traffic   `json:"traffic,omitzero"`
		CutOff     bool            `json:"cut_off"`
		Missing    []string        `json:"missing"` // IDs of checks, the gravest first
		StopsAt    endpoints.Phase `json:"stops_at,omitempty"`
		Services   []jsonService   `json:"services"`
		Causes     []jsonCause     `json:"causes"`
	}
	jsonTail struct {
		Untested    []jsonUntested     `json:"untested"`
		Unconfirmed []string           `json:"unconfirmed"` // names that failed or were not tested, and that no record confirms
		Device      []jsonPrerequisite `json:"device"`
	}
)

type jsonScope struct {
	Scenario endpoints.Scenario  `json:"scenario"`
	Cloud    endpoints.Cloud     `json:"cloud"`
	Tenant   string              `json:"tenant"`
	Region   endpoints.Region    `json:"region"`
	TPM      endpoints.TPM       `json:"tpm"`
	Features []endpoints.Feature `json:"features"`

	SearchDomains []string `json:"search_domains,omitempty"`
	Proxied       bool     `json:"proxied,omitempty"`

	Domains  []string          `json:"domains,omitempty"`
	ADDomain string            `json:"ad_domain,omitempty"`
	Windows  endpoints.Windows `json:"windows,omitempty"`
}

type jsonCatalog struct {
	Version string `json:"version"`
	Date    string `json:"date"`
}

type jsonSource struct {
	Title string `json:"title"`
	Ref   string `json:"ref"`
	Date  string `json:"date"`
}

type jsonService struct {
	ID          endpoints.Service `json:"id"`
	Title       string            `json:"title"`
	Status      serviceStatus     `json:"status"`
	Impact      Impact            `json:"impact"`
	Basis       endpoints.Basis   `json:"basis"`
	Consequence string            `json:"consequence"`
	Sources     []jsonSource      `json:"sources"`
	Checks      jsonCounts        `json:"checks"`
}

// A serviceStatus is the verdict on a service, which is "ok" where a report is
// "ready".
type serviceStatus Verdict

func (s serviceStatus) MarshalText() ([]byte, error) {
	if Verdict(s) == Ready {
		return []byte("ok"), nil
	}
	return Verdict(s).MarshalText()
}

func (s *serviceStatus) UnmarshalText(text []byte) error {
	if string(text) == "ok" {
		*s = serviceStatus(Ready)
		return nil
	}
	return (*Verdict)(s).UnmarshalText(text)
}

type jsonCounts struct {
	OK     int `json:"ok"`
	Failed int `json:"failed"`
	NotRun int `json:"not_run"`
}

type jsonCause struct {
	Code     CauseCode           `json:"code"`
	Title    string              `json:"title"`
	Impact   Impact              `json:"impact"`
	Evidence []string            `json:"evidence"`
	Remedy   string              `json:"remedy"`
	Services []endpoints.Service `json:"services"`
	Checks   []string            `json:"checks"`
	Sources  []jsonSource        `json:"sources"`
	Names    []string            `json:"names"`
}

type jsonFinding struct {
	Check       string            `json:"check"`
	Service     endpoints.Service `json:"service"`
	Host        string            `json:"host"`
	Port        uint16            `json:"port"`
	Protocol    probe.Protocol    `json:"protocol"`
	Status      Outcome           `json:"status"`
	Code        probe.Code        `json:"code,omitempty"`
	Impact      Impact            `json:"impact"`
	Basis       endpoints.Basis   `json:"basis"`
	Consequence string            `json:"consequence,omitempty"` // what is lost by the failure
	Phase       endpoints.Phase   `json:"phase,omitempty"`       // the earliest in which the service needs the check
	Known       string            `json:"known,omitempty"`       // "confirmed" or "contradicted": whether the host is known to answer
	Note        string            `json:"note,omitempty"`
	Published   string            `json:"published,omitempty"`   // "within" or "outside" the published addresses
	Cause       CauseCode         `json:"cause,omitempty"`       // the cause that explains the check
	CauseIndex  *int              `json:"cause_index,omitempty"` // index of that cause
	Observation int               `json:"observation"`           // index into observations
}

type jsonUntested struct {
	Service endpoints.Service `json:"service"`
	Host    string            `json:"host"`
	Reason  string            `json:"reason"`
}

// MarshalJSON encodes the report as the document that [Schema] identifies. If a
// finding's observation is not in the report, its index is -1.
func (r Report) MarshalJSON() ([]byte, error) { //nolint:recvcheck // a value encodes as a pointer does
	var b bytes.Buffer
	if err := r.print(&b, &jsonwrite.Writer{Clean: true}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// WriteJSON writes the document of [Report.MarshalJSON] to w, indented by two
// spaces and with a newline at its end. It holds only a small part of the
// document in memory at a time, so after an error, such as that of an observation
// whose time JSON cannot hold, w may have a part of the document.
func (r *Report) WriteJSON(w io.Writer) error {
	if err := r.print(w, &jsonwrite.Writer{Clean: true, Indent: true}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r *Report) print(out io.Writer, w *jsonwrite.Writer) error {
	w.Open('{')
	jsonwrite.Fields(w, r.jsonHead())
	w.Name("findings")
	x := r.index()
	w.Open('[')
	for _, f := range r.Findings {
		doc := jsonFindingOf(f, x)
		doc.write(w)
		if err := w.Flush(out); err != nil {
			return err
		}
	}
	w.Close(']')
	jsonwrite.Fields(w, r.jsonTail())
	w.Name("observations")
	w.Open('[')
	for i := range r.Observations {
		r.Observations[i].WriteJSON(w)
		if err := w.Flush(out); err != nil {
			return err
		}
	}
	w.Close(']')
	w.Close('}')
	b, err := w.Bytes()
	if err == nil {
		_, err = out.Write(b)
	}
	return err
}

// A reportIndex finds what findings point to.
type reportIndex struct {
	observations map[*probe.Observation]int
	causes       map[*Cause]int
}

func (r *Report) index() reportIndex {
	x := reportIndex{make(map[*probe.Observation]int, len(r.Observations)), make(map[*Cause]int, len(r.Causes))}
	for i := range r.Observations {
		x.observations[&r.Observations[i]] = i
	}
	for i := range r.Causes {
		x.causes[&r.Causes[i]] = i
	}
	return x
}

func (r *Report) jsonHead() jsonHead {
	doc := jsonHead{
		Schema: Schema, Verdict: r.Verdict, Policy: r.Policy, Notes: r.Notes, Catalog: jsonCatalog{r.Catalog, r.CatalogDate}, StopsAt: r.StopsAt,
		Started: r.Started, DurationMS: float64(r.Duration) / float64(time.Millisecond),
		Traffic: r.Traffic, CutOff: r.CutOff, Missing: ids(r.Missing),
		Services: []jsonService{}, Causes: []jsonCause{}, Scope: jsonScope{Features: []endpoints.Feature{}},
	}
	if p := r.Plan; p != nil {
		doc.Scope = scopeOf(p)
	}
	for _, s := range r.Services {
		doc.Services = append(doc.Services, jsonService{
			s.Service, s.Name, serviceStatus(s.Verdict), s.Impact, s.Basis, s.Loss, jsonSources(s.Sources),
			jsonCounts{s.Passed, s.Failed, s.NotRun},
		})
	}
	for _, c := range r.Causes {
		doc.Causes = append(doc.Causes, jsonCause{
			c.Code, c.Title, c.Impact, list0(c.Evidence), c.Remedy, list0(c.Services), ids(c.Checks), jsonSources(c.Sources), list0(c.Names),
		})
	}
	return doc
}

func (r *Report) jsonTail() jsonTail {
	doc := jsonTail{Untested: []jsonUntested{}, Unconfirmed: list0(r.Unconfirmed), Device: jsonPrerequisites(r.Device)}
	if p := r.Plan; p != nil {
		doc.Untested = untestedOf(p)
	}
	return doc
}

func jsonFindingOf(f Finding, x reportIndex) jsonFinding {
	t := f.Check.Target
	out := jsonFinding{
		Check: f.Check.ID(), Service: f.Service,
		Host: t.Host, Port: t.Port, Protocol: t.Protocol,
		Status: f.Outcome, Code: f.Code, Impact: f.Impact, Basis: f.Basis, Note: f.Note, Phase: f.Phase,
		Observation: -1,
	}
	if i, ok := x.observations[f.Observation]; ok {
		out.Observation = i
	}
	if f.Outcome != OK {
		out.Consequence = f.Loss
	}
	if f.Known != endpoints.Unknown {
		out.Known = f.Known.String()
	}
	switch f.Published {
	case endpoints.Confirmed:
		out.Published = "within"
	case endpoints.Contradicted:
		out.Published = "outside"
	case endpoints.Unknown:
	}
	if f.Cause != nil {
		out.Cause = f.Cause.Code
		if i, ok := x.causes[f.Cause]; ok {
			out.CauseIndex = &i
		}
	}
	return out
}

// write writes f as encoding/json does.
func (f *jsonFinding) write(w *jsonwrite.Writer) {
	text := func(name, s string) {
		w.Name(name)
		w.String(s)
	}
	optional := func(name, s string) {
		if s != "" {
			text(name, s)
		}
	}
	w.Open('{')
	text("check", f.Check)
	text("service", string(f.Service))
	text("host", f.Host)
	w.Name("port")
	w.Uint(uint64(f.Port))
	text("protocol", string(f.Protocol))
	text("status", f.Status.String())
	optional("code", string(f.Code))
	text("impact", f.Impact.String())
	text("basis", string(f.Basis))
	optional("consequence", f.Consequence)
	optional("phase", string(f.Phase))
	optional("known", f.Known)
	optional("note", f.Note)
	optional("published", f.Published)
	optional("cause", string(f.Cause))
	if f.CauseIndex != nil {
		w.Name("cause_index")
		w.Int(*f.CauseIndex)
	}
	w.Name("observation")
	w.Int(f.Observation)
	w.Close('}')
}

// ids returns the IDs of checks.
func ids(checks []Check) []string {
	out := make([]string, len(checks))
	for i, c := range checks {
		out[i] = c.ID()
	}
	return out
}

func jsonSources(in []endpoints.Source) []jsonSource {
	out := make([]jsonSource, len(in))
	for i, s := range in {
		out[i] = jsonSource(s)
	}
	return out
}

// list0 makes an empty list encode as [] and not as null.
func list0[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
