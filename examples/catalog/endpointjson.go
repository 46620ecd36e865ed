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
	Service     endpoints.Service    `json:"service"`
	Host        endpoints.Host       `json:"host"`
	Ports       []endpoints.Port     `json:"ports"`
	Need        endpoints.Need       `json:"need"` // in the scenario
	Core        bool                 `json:"core"`
	Status      endpoints.Status     `json:"status"`
	Scenarios   []endpoints.Scenario `json:"scenarios"`
	Clouds      []endpoints.Cloud    `json:"clouds"`
	Region      endpoints.Region     `json:"region,omitempty"`
	TPM         endpoints.TPMVendor  `json:"tpm,omitempty"`
	Windows     endpoints.Windows    `json:"windows,omitempty"` // in the cloud
	Features    []endpoints.Feature  `json:"features"`
	Phase       endpoints.Phase      `json:"phase"`
	Traits      []endpoints.Trait    `json:"traits"`
	Members     []string             `json:"members"`
	Consequence string               `json:"consequence"`
	Confidence  endpoints.Confidence `json:"confidence"`
	Source      jsonSource           `json:"source"`
}

type jsonSource struct {
	Title string `json:"title"`
	Ref   string `json:"ref"`
	Date  string `json:"date"`
}

func (c command) jsonEndpoint(e endpoints.Endpoint) jsonEndpoint {
	return jsonEndpoint{
		Service: e.Service, Host: e.Host, Ports: list(e.Ports), Need: e.NeedFor(c.query.Scenario), Core: e.Core, Status: e.Status,
		Scenarios: list(e.Scenarios), Clouds: list(e.Clouds), Region: e.Region, TPM: e.TPM, Windows: e.Windows[c.cloud()],
		Features: list(e.Features), Phase: e.Phase, Traits: list(e.Traits), Members: list(e.Members),
		Consequence: e.Consequence, Confidence: e.Confidence, Source: jsonSource(e.Source),
	}
}
