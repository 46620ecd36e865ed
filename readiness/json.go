package readiness

import (
	"encoding/json"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// Schema names the form of the JSON document that a [Report] encodes to. Names
// of fields are only ever added within it.
const Schema = "netready/1"

type jsonReport struct {
	Schema       string              `json:"schema"`
	Verdict      ReportVerdict       `json:"verdict"`
	Scope        jsonScope           `json:"scope"`
	Catalog      jsonCatalog         `json:"catalog"`
	Notes        []string            `json:"notes,omitempty"`
	Started      time.Time           `json:"started,omitzero"`
	DurationMS   float64             `json:"duration_ms"`
	StopsAt      endpoints.Phase     `json:"stops_at,omitempty"`
	Services     []jsonService       `json:"services"`
	Causes       []jsonCause         `json:"causes"`
	Findings     []jsonFinding       `json:"findings"`
	Untested     []jsonUntested      `json:"untested"`
	Device       []jsonDevice        `json:"device"`
	Observations []probe.Observation `json:"observations"`
}

type jsonScope struct {
	Scenario endpoints.Scenario  `json:"scenario"`
	Cloud    endpoints.Cloud     `json:"cloud"`
	Tenant   string              `json:"tenant"`
	Region   endpoints.Region    `json:"region"`
	TPM      endpoints.TPMVendor `json:"tpm"`
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
	Status      ServiceStatus     `json:"status"`
	Impact      Impact            `json:"impact"`
	Basis       Basis             `json:"basis"`
	Consequence string            `json:"consequence"`
	Sources     []jsonSource      `json:"sources"`
	Checks      jsonCounts        `json:"checks"`
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
}

type jsonFinding struct {
	Check       string            `json:"check"`
	Service     endpoints.Service `json:"service"`
	Host        string            `json:"host"`
	Port        uint16            `json:"port"`
	Protocol    probe.Protocol    `json:"protocol"`
	Status      Status            `json:"status"`
	Code        probe.Code        `json:"code,omitempty"`
	Impact      Impact            `json:"impact"`
	Basis       Basis             `json:"basis"`
	Consequence string            `json:"consequence,omitempty"` // of what failed
	Published   string            `json:"published,omitempty"`   // "within" or "outside" of the published addresses
	Cause       CauseCode         `json:"cause,omitempty"`       // the cause that lists the check
	Observation int               `json:"observation"`           // index into observations
}

type jsonUntested struct {
	Service endpoints.Service `json:"service"`
	Host    string            `json:"host"`
	Reason  string            `json:"reason"`
}

// MarshalJSON encodes the report as the document that [Schema] names.
func (r *Report) MarshalJSON() ([]byte, error) {
	doc := jsonReport{
		Schema: Schema, Verdict: r.Verdict, StopsAt: r.StopsAt,
		Started: r.Started, DurationMS: float64(r.Duration) / float64(time.Millisecond),
		Services: []jsonService{}, Causes: []jsonCause{}, Findings: []jsonFinding{}, Untested: []jsonUntested{},
		Observations: list0(r.Observations), Scope: jsonScope{Features: []endpoints.Feature{}},
	}
	if p := r.Plan; p != nil {
		s := p.Scope
		doc.Scope = jsonScope{s.Scenario, s.cloud(), s.Tenant, s.Region, s.TPM, list0(s.Features), s.SearchDomains, s.Proxied, s.Domains, s.ADDomain, s.Windows}
		doc.Catalog = jsonCatalog{p.Catalog.Version(), p.Catalog.Date()}
		doc.Notes = p.Notes
		for _, e := range p.Endpoints {
			if e.Untested != "" {
				doc.Untested = append(doc.Untested, jsonUntested{e.Endpoint.Service, e.Endpoint.Host.String(), e.Untested})
			}
		}
	}
	for _, s := range r.Services {
		doc.Services = append(doc.Services, jsonService{
			s.ID, s.Title, s.Status, s.Impact, s.Basis, s.Consequence, jsonSources(s.Sources),
			jsonCounts{s.OK, s.Failed, s.NotRun},
		})
	}
	for _, c := range r.Causes {
		doc.Causes = append(doc.Causes, jsonCause{
			c.Code, c.Title, c.Impact, list0(c.Evidence), c.Remedy, list0(c.Services), r.ids(c.Checks), jsonSources(c.Sources),
		})
	}
	for _, f := range r.Findings {
		doc.Findings = append(doc.Findings, r.jsonFinding(f))
	}
	doc.Device = jsonDevices(r.Device)
	return json.Marshal(doc)
}

func (r *Report) jsonFinding(f Finding) jsonFinding {
	t := r.Plan.Checks[f.Check].Target
	out := jsonFinding{
		Check: r.Plan.Checks[f.Check].ID(), Service: f.Service,
		Host: t.Host, Port: t.Port, Protocol: t.Protocol,
		Status: f.Status, Code: f.Code, Impact: f.Impact, Basis: f.Basis, Observation: f.Check,
	}
	if f.Status != OK {
		out.Consequence = f.Consequence
	}
	if f.Published != ranges.Unpublished {
		out.Published = f.Published.String()
	}
	if f.Cause >= 0 {
		out.Cause = r.Causes[f.Cause].Code
	}
	return out
}

// ids names checks.
func (r *Report) ids(checks []int) []string {
	out := make([]string, len(checks))
	for i, c := range checks {
		out[i] = r.Plan.Checks[c].ID()
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

// list0 returns a list that encodes as [] and never as null.
func list0[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
