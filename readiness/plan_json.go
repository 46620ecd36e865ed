package readiness

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
)

// PlanSchema identifies the JSON document that a [Plan] encodes to. Within a
// schema, field names are only ever added.
const PlanSchema = "netready-plan/1"

type jsonPlan struct {
	Schema   string         `json:"schema"`
	Scope    jsonScope      `json:"scope"`
	Catalog  jsonCatalog    `json:"catalog"`
	Notes    []string       `json:"notes"`
	Checks   []jsonCheck    `json:"checks"`
	Hosts    []string       `json:"hosts"`
	Untested []jsonUntested `json:"untested"`
}

type jsonCheck struct {
	Check     string              `json:"check"`
	Protocol  probe.Protocol      `json:"protocol"`
	Host      string              `json:"host"`
	Port      uint16              `json:"port"`
	Path      string              `json:"path"`
	Services  []endpoints.Service `json:"services"`
	Endpoints []jsonEndpoint      `json:"endpoints"`        // empty for a check that is made for comparison
	Source    *jsonSource         `json:"source,omitempty"` // the document that gives the port for the host
	Basis     endpoints.Basis     `json:"basis,omitempty"`
}

type jsonEndpoint struct {
	Service endpoints.Service `json:"service"`
	Host    string            `json:"host"` // as documented, a name or a pattern
}

// MarshalJSON encodes the plan as the document that [PlanSchema] identifies:
// schema, scope, catalog, notes, checks, hosts (see [Plan.Hosts]) and untested.
func (p Plan) MarshalJSON() ([]byte, error) { //nolint:recvcheck // a value encodes as a pointer does
	doc := jsonPlan{
		Schema: PlanSchema, Scope: scopeOf(&p), Notes: list0(p.Notes), Checks: []jsonCheck{}, Hosts: list0(p.Hosts()), Untested: untestedOf(&p),
	}
	if p.Catalog != nil {
		doc.Catalog = jsonCatalog{p.Catalog.Version(), p.Catalog.Date()}
	}
	for _, c := range p.Checks {
		t := c.Target
		out := jsonCheck{Check: c.ID(), Protocol: t.Protocol, Host: t.Host, Port: t.Port, Path: t.Path, Basis: c.Basis}
		if c.Source != (endpoints.Source{}) {
			source := jsonSource(c.Source)
			out.Source = &source
		}
		for _, e := range c.Endpoints {
			out.Endpoints = append(out.Endpoints, jsonEndpoint{e.Service, e.Host.String()})
			if !slices.Contains(out.Services, e.Service) {
				out.Services = append(out.Services, e.Service)
			}
		}
		out.Services, out.Endpoints = list0(out.Services), list0(out.Endpoints)
		doc.Checks = append(doc.Checks, out)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // paths stay as callers write them
	err := e.Encode(plain.Value(doc, plain.NoLimit))
	return b.Bytes(), err
}

// UnmarshalJSON always returns an error: a plan holds what Runner.Plan chose
// from a catalog, and the document does not contain all of it.
func (p *Plan) UnmarshalJSON([]byte) error {
	return errors.New("readiness: a plan cannot be read back: make it anew with Runner.Plan, for the same scope")
}

func scopeOf(p *Plan) jsonScope {
	s := p.Scope
	return jsonScope{s.Scenario, cloudOf(s), s.Tenant, s.Region, s.TPM, list0(s.Features), p.SearchDomains, p.Proxied, s.Domains, s.ADDomain, s.Windows}
}

func untestedOf(p *Plan) []jsonUntested {
	out := []jsonUntested{}
	for e, reason := range p.Endpoints() {
		if reason != "" {
			out = append(out, jsonUntested{e.Service, e.Host.String(), reason})
		}
	}
	return out
}
