package readiness

import (
	"github.com/netready/netready/endpoints"
)

// checkScope returns an [*endpoints.Error] for the first field of a scope that
// is missing, unknown or malformed.
func checkScope(s endpoints.Scope) error {
	if err := s.Validate(); err != nil {
		return err
	}
	if s.Scenario == "" {
		return &endpoints.Error{Code: endpoints.MissingField, Field: "scenario", Want: texts(endpoints.Scenarios()), Reason: "must be given"}
	}
	return nil
}

// checkDomains returns an [*endpoints.Error] for the first invalid search
// domain.
func checkDomains(domains []string) error {
	for _, d := range domains {
		if !exactName(d) {
			return &endpoints.Error{Code: endpoints.BadValue, Field: "search_domains", Value: d, Reason: "want a DNS domain, as in corp.contoso.com"}
		}
	}
	return nil
}

func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// exactName reports whether a text is a host name with at least one label.
func exactName(name string) bool {
	h, err := endpoints.ParseHost(name)
	return err == nil && h.Kind() == endpoints.Exact
}

// adDomain returns the Active Directory domain of a scope in lower case,
// without a final dot.
func adDomain(s endpoints.Scope) string {
	h, _ := endpoints.ParseHost(s.ADDomain)
	return h.String()
}

// cloudOf returns the cloud of a scope, worldwide by default.
func cloudOf(s endpoints.Scope) endpoints.Cloud {
	if s.Cloud == "" {
		return endpoints.CloudWorldwide
	}
	return s.Cloud
}
