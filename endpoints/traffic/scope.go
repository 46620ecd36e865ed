package traffic

import (
	"slices"

	"github.com/netready/netready/endpoints"
)

// A Scope says by which rules a log is judged. The zero Scope is every
// scenario of the worldwide cloud by the built-in catalogue.
type Scope struct {
	// Catalog holds the rules. Nil is [endpoints.Embedded].
	Catalog *endpoints.Catalog

	// Query selects the rules of the scope. The other rules of the catalogue
	// name hosts too, and their [Need] is [NotNeeded].
	Query endpoints.Query

	// Tenant is the tenant's name ("contoso") or one of its verified domains
	// ("contoso.com"). With it, the tenant's own hosts are told from those of
	// other tenants. Empty means that it is not known.
	Tenant string
}

// A Need says whether a scope needs the rule that covers a host. The zero Need
// says that no rule does.
type Need string

// The needs. A conditional rule whose feature or TPM maker the query names is
// required.
const (
	Unknown     Need = ""            // no rule covers the host
	Required    Need = "required"    // see [endpoints.Required]
	Conditional Need = "conditional" // see [endpoints.Conditional]
	Optional    Need = "optional"    // see [endpoints.Optional]
	NotNeeded   Need = "none"        // a rule covers the host, which is of another scope or retired
)

// order returns the position of n among the needs, the strongest first.
func (n Need) order() int {
	return slices.Index([]Need{Required, Conditional, Optional, NotNeeded, Unknown}, n)
}

// validate returns an [*Error] for the first field that is not known. A query
// that means nothing would require nothing, and find every log in order.
func (s Scope) validate() error {
	q := s.Query
	known := []struct {
		field string
		ok    bool
	}{
		{"scenario", q.Scenario == "" || q.Scenario == endpoints.ScenarioRemoteHelp || slices.Contains(endpoints.Scenarios(), q.Scenario)},
		{"cloud", q.Cloud == "" || slices.Contains(endpoints.Clouds(), q.Cloud)},
		{"region", q.Region == "" || slices.Contains(endpoints.Regions(), q.Region)},
		{"tpm", q.TPM == "" || slices.Contains(endpoints.TPMVendors(), q.TPM)},
		{"features", !slices.ContainsFunc(q.Features, func(f endpoints.Feature) bool { return !slices.Contains(endpoints.Features(), f) })},
		{"tenant", s.Tenant == "" || isTenant(s.Tenant)},
	}
	for _, k := range known {
		if !k.ok {
			return badField(k.field, "unknown")
		}
	}
	return nil
}

func isTenant(name string) bool {
	h, err := endpoints.ParseHost(name)
	return err == nil && h.Kind() == endpoints.Exact && !isAddress(h.String())
}
