package main

import "github.com/netready/netready/endpoints"

type jsonShow struct {
	Schema    string         `json:"schema"`
	Catalog   jsonCatalog    `json:"catalog"`
	Endpoints []jsonEndpoint `json:"endpoints"`
}

type jsonCatalog struct {
	Version string `json:"version"`
	Date    string `json:"date"`
}

type jsonEndpoint struct {
	Service   endpoints.Service    `json:"service"`
	Host      endpoints.Host       `json:"host"`
	Ports     []endpoints.Port     `json:"ports"`
	Need      endpoints.Need       `json:"need"` // in the scenario
	Decisive  bool                 `json:"core"`
	Status    endpoints.Status     `json:"status"`
	Scenarios []endpoints.Scenario `json:"scenarios"`
	Clouds    []endpoints.Cloud    `json:"clouds"`
	Region    endpoints.Region     `json:"region,omitempty"`
	TPM       endpoints.TPM        `json:"tpm,omitempty"`
	Windows   endpoints.Windows    `json:"windows,omitempty"` // in the cloud
	Features  []endpoints.Feature  `json:"features"`
	Phase     endpoints.Phase      `json:"phase"`
	Traits    []endpoints.Trait    `json:"traits"`
	Members   []string             `json:"members"`
	Loss      string               `json:"consequence"`
	Basis     endpoints.Basis      `json:"confidence"`
	Source    jsonSource           `json:"source"`
	Also      []jsonSource         `json:"also"`
	Known     []jsonKnown          `json:"known"` // of its ports; none of which nothing is known
	Replaced  []string             `json:"replaced_by"`
	Dropped   []jsonDropped        `json:"dropped_by"`
}

// A jsonDropped is a document that no longer names an endpoint.
type jsonDropped struct {
	Scenarios []endpoints.Scenario `json:"scenarios"`
	Source    jsonSource           `json:"source"`
}

type jsonSource struct {
	Title string `json:"title"`
	Ref   string `json:"ref"`
	Date  string `json:"date"`
}

// jsonEndpoint returns an endpoint with what is known of a host that it covers.
func (c command) jsonEndpoint(catalog *endpoints.Catalog, host string, e endpoints.Endpoint) jsonEndpoint {
	also := []jsonSource{}
	for _, s := range e.Also {
		also = append(also, jsonSource(s))
	}
	return jsonEndpoint{
		Service: e.Service, Host: e.Host, Ports: list(e.Ports), Need: e.NeedFor(c.scope.Scenario), Decisive: e.Decisive, Status: e.Status,
		Scenarios: list(e.Scenarios), Clouds: list(e.Clouds), Region: e.Region, TPM: e.TPM, Windows: e.Windows[c.cloud()],
		Features: list(e.Features), Phase: e.Phase, Traits: list(e.Traits), Members: list(e.Members),
		Loss: e.Loss, Basis: e.Basis, Source: jsonSource(e.Source),
		Also: also, Known: jsonKnownOf(catalog, host, e), Replaced: list(e.ReplacedBy), Dropped: droppedBy(e),
	}
}
