package main

import (
	"encoding/json"
	"io"
	"net/netip"
)

// A jsonPlan is a plan as JSON, with the servers it will contact.
type jsonPlan struct {
	Schema    json.RawMessage  `json:"schema"`
	Scope     json.RawMessage  `json:"scope"`
	Catalog   json.RawMessage  `json:"catalog"`
	Notes     json.RawMessage  `json:"notes"`
	Checks    json.RawMessage  `json:"checks"`
	Hosts     json.RawMessage  `json:"hosts"`
	Resolvers []netip.AddrPort `json:"resolvers"`
	Proxy     string           `json:"proxy"` // without credentials
	Untested  json.RawMessage  `json:"untested"`
}

func (l listing) json(w io.Writer) error {
	data, err := l.plan.MarshalJSON() // json.Marshal escapes for HTML
	if err != nil {
		return err
	}
	doc := jsonPlan{Resolvers: list(l.resolvers), Proxy: l.proxy}
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

// list returns a list that encodes as [] and never as null.
func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
