package allowlist

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Scope says for what a network is to be opened. The zero Scope is that of
// the zero [endpoints.Query]: everything current in the worldwide cloud.
type Scope struct {
	// Query chooses the endpoints. AllStatuses is ignored: what is retired is
	// never let through.
	Query endpoints.Query

	// Tenants are names and domains of the tenant, as in "contoso" and
	// "contoso.com". A name fills the blanks that ask for a name, and a domain
	// those that ask for a domain, see [endpoints.Host.Expand]; blanks that
	// nothing here fills become a [Gap].
	Tenants []string
}

// validate returns what is wrong with s. What is not known would select
// nothing, and an empty list is worse than an error.
func (s Scope) validate() error {
	q := s.Query
	if q.Scenario != "" && q.Scenario != endpoints.ScenarioRemoteHelp && !slices.Contains(endpoints.Scenarios(), q.Scenario) {
		return unknown("scenario", q.Scenario)
	}
	if q.Cloud != "" && !slices.Contains(endpoints.Clouds(), q.Cloud) {
		return unknown("cloud", q.Cloud)
	}
	if q.Region != "" && !slices.Contains(endpoints.Regions(), q.Region) {
		return unknown("region", q.Region)
	}
	if q.TPM != "" && !slices.Contains(endpoints.TPMVendors(), q.TPM) {
		return unknown("TPM vendor", q.TPM)
	}
	if q.Windows != "" && !slices.Contains(endpoints.Generations(), q.Windows) {
		return unknown("generation of Windows", q.Windows)
	}
	for _, f := range q.Features {
		if !slices.Contains(endpoints.Features(), f) {
			return unknown("feature", f)
		}
	}
	for _, t := range s.Tenants {
		if !isTenant(t) {
			return fmt.Errorf("allowlist: %q is neither a tenant's name nor a domain: %w", t, endpoints.BadValue)
		}
	}
	return nil
}

// isTenant reports whether a text is a host name, and no address.
func isTenant(text string) bool {
	h, err := endpoints.ParseHost(text)
	return err == nil && h.Kind() == endpoints.Exact && !address(h).IsValid()
}

func unknown[T ~string](what string, value T) error {
	return fmt.Errorf("allowlist: unknown %s %q: %w", what, string(value), endpoints.BadValue)
}

// String returns the scope in one line, as in
// "autopilot, worldwide, tenant contoso, region europe".
func (s Scope) String() string {
	q := s.Query
	words := []string{"all scenarios", string(endpoints.CloudWorldwide)}
	if q.Scenario != "" {
		words[0] = string(q.Scenario)
	}
	if q.Cloud != "" {
		words[1] = string(q.Cloud)
	}
	for _, t := range s.Tenants {
		words = append(words, "tenant "+t)
	}
	if q.Region != "" {
		words = append(words, "region "+string(q.Region))
	}
	if q.TPM != "" {
		words = append(words, "TPM "+string(q.TPM))
	}
	if q.Windows != "" {
		words = append(words, "Windows "+string(q.Windows))
	}
	if q.Features != nil {
		words = append(words, listed("features", q.Features))
	}
	if len(q.Services) > 0 {
		words = append(words, listed("services", q.Services))
	}
	return strings.Join(words, ", ")
}

// listed returns the words of a list behind what they are, as in "features
// scripts win32-apps".
func listed[T ~string](what string, values []T) string {
	if len(values) == 0 {
		return "no " + what
	}
	for _, v := range values {
		what += " " + string(v)
	}
	return what
}
