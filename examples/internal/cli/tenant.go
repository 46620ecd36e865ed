package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// UnusedTenant says so if a scope has the tenant's name or domains, and no name
// that it needs holds one of them, so that giving them changed nothing.
// Otherwise, and if the scope is invalid, it returns "".
func UnusedTenant(catalog *endpoints.Catalog, s endpoints.Scope) string {
	needed, err := catalog.Select(s)
	if err != nil || s.Tenant == "" && len(s.Domains) == 0 {
		return ""
	}
	for _, name := range append([]string{s.Tenant}, s.Domains...) {
		if slices.ContainsFunc(needed, func(e endpoints.Endpoint) bool {
			_, fits := e.Host.Expand(name)
			return fits && e.Host.Kind() == endpoints.Tenant
		}) {
			return ""
		}
	}
	note := fmt.Sprintf("-tenant changes nothing: no name that %s needs in the %s cloud holds what was given.",
		cmp.Or(s.Scenario, "any scenario"), cmp.Or(s.Cloud, endpoints.CloudWorldwide))
	for _, e := range needed {
		if e.Host.Kind() == endpoints.Tenant { // what was given does not fit, so the other would
			if strings.Contains(e.Host.String(), "{domain}") {
				return note + " Some hold a verified domain, as in contoso.com."
			}
			return note + " Some hold the tenant's name, as in contoso."
		}
	}
	return note
}
