package endpoints_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/netready/netready/endpoints"
)

func mustHost(t *testing.T, s string) endpoints.Host {
	t.Helper()
	h, err := endpoints.ParseHost(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// code returns the code of an [endpoints.Error], or "" for another error.
func code(err error) string {
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		return bad.Code
	}
	return ""
}

// choose is Select of a scope that is valid.
func choose(t *testing.T, c *endpoints.Catalog, s endpoints.Scope, services ...endpoints.Service) []endpoints.Endpoint {
	t.Helper()
	found, err := c.Select(s, services...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// same reports whether two endpoints are the same in all fields.
func same(a, b endpoints.Endpoint) bool {
	return a.Service == b.Service && a.Host == b.Host && a.Differences(b) == nil
}

// support is what a catalog says of the support of Autopilot.
func support(c *endpoints.Catalog) string {
	known, windows, source := c.Support(endpoints.ScenarioAutopilot, "")
	return fmt.Sprint(known, windows, source)
}

// embedded returns the endpoint of a service for a host.
func embedded(t *testing.T, service endpoints.Service, host string) endpoints.Endpoint {
	t.Helper()
	for _, e := range endpoints.Embedded().Endpoints() {
		if e.Service == service && e.Host.String() == host {
			return e
		}
	}
	t.Fatalf("no endpoint of %s for %s", service, host)
	return endpoints.Endpoint{}
}
