package main

import (
	"encoding/json"
	"io"
	"net/netip"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// planSchema names the form of the JSON document that -list writes. Names of
// fields are only ever added within it.
const planSchema = "netready-plan/1"

type jsonPlan struct {
	Schema    string           `json:"schema"`
	Scope     jsonScope        `json:"scope"`
	Catalog   jsonCatalog      `json:"catalog"`
	Notes     []string         `json:"notes"`
	Checks    []jsonCheck      `json:"checks"`
	Hosts     []string         `json:"hosts"`
	Resolvers []netip.AddrPort `json:"resolvers"`
	Proxy     string           `json:"proxy"` // without credentials
	Untested  []jsonEndpoint   `json:"untested"`
}

type jsonScope struct {
	Scenario endpoints.Scenario  `json:"scenario"`
	Cloud    endpoints.Cloud     `json:"cloud"`
	Tenant   string              `json:"tenant"`
	Region   endpoints.Region    `json:"region"`
	TPM      endpoints.TPMVendor `json:"tpm"`
	Features []endpoints.Feature `json:"features"`

	Domains  []string          `json:"domains,omitempty"`
	ADDomain string            `json:"ad_domain,omitempty"`
	Windows  endpoints.Windows `json:"windows,omitempty"`
}

type jsonCatalog struct {
	Version string `json:"version"`
	Date    string `json:"date"`
}

type jsonCheck struct {
	Check     string              `json:"check"`
	Protocol  probe.Protocol      `json:"protocol"`
	Host      string              `json:"host"`
	Port      uint16              `json:"port"`
	Path      string              `json:"path"`
	Services  []endpoints.Service `json:"services"`
	Endpoints []jsonEndpoint      `json:"endpoints"`
}

type jsonEndpoint struct {
	Service endpoints.Service `json:"service"`
	Host    string            `json:"host"` // as documented: a name or a pattern
	Reason  string            `json:"reason,omitempty"`
}

func (l listing) json(w io.Writer) error {
	s := l.plan.Scope
	doc := jsonPlan{
		Schema:    planSchema,
		Scope:     jsonScope{s.Scenario, s.Cloud, s.Tenant, s.Region, s.TPM, list(s.Features), s.Domains, s.ADDomain, s.Windows},
		Catalog:   jsonCatalog{l.plan.Catalog.Version(), l.plan.Catalog.Date()},
		Notes:     list(l.plan.Notes),
		Checks:    []jsonCheck{},
		Hosts:     list(l.plan.Hosts()),
		Resolvers: list(l.resolvers),
		Proxy:     l.proxy,
		Untested:  []jsonEndpoint{},
	}
	for _, c := range l.plan.Checks {
		doc.Checks = append(doc.Checks, l.jsonCheck(c))
	}
	for _, e := range l.plan.Endpoints {
		if e.Untested != "" {
			doc.Untested = append(doc.Untested, jsonEndpoint{e.Endpoint.Service, e.Endpoint.Host.String(), e.Untested})
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

func (l listing) jsonCheck(c readiness.Check) jsonCheck {
	t := c.Target
	out := jsonCheck{
		Check: c.ID(), Protocol: t.Protocol, Host: t.Host, Port: t.Port, Path: t.Path, Services: l.services(c),
	}
	for _, i := range c.Endpoints {
		e := l.plan.Endpoints[i].Endpoint
		out.Endpoints = append(out.Endpoints, jsonEndpoint{Service: e.Service, Host: e.Host.String()})
	}
	return out
}

// list returns a list that encodes as [] and never as null.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
