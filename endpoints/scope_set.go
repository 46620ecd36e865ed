package endpoints

import (
	"slices"
	"strings"
)

// Set sets the field with the given JSON name, replacing its value, as a flag
// or a configuration file does. "features" and "domains" take lists separated
// by commas. "tenant" takes the tenant's name, verified domains, or both,
// separated by commas; further domains go to Domains.
//
// An unknown field and an empty, unknown or malformed value are [*Error]s, and
// leave s unchanged.
func (s *Scope) Set(field, value string) error {
	next := *s
	bad := next.set(field, strings.TrimSpace(value))
	if bad != nil {
		return bad
	}
	*s = next
	return nil
}

func (s *Scope) set(field, value string) *Error {
	switch field {
	case "scenario":
		return setWord(&s.Scenario, field, value, Scenarios())
	case "cloud":
		return setWord(&s.Cloud, field, value, Clouds())
	case "region":
		return setWord(&s.Region, field, value, Regions())
	case "tpm":
		return setWord(&s.TPM, field, value, TPMs())
	case "windows":
		return setWord(&s.Windows, field, value, Generations())
	case "features":
		return s.setFeatures(value)
	case "tenant":
		return s.setTenant(value)
	case "domains":
		s.Domains = list(value)
		return checkDomains(s.Domains)
	case "ad_domain":
		s.ADDomain = value
		if value == "" {
			return absent(field)
		}
		return checkADDomain(value)
	}
	known := []string{"scenario", "cloud", "tenant", "domains", "ad_domain", "region", "tpm", "windows", "features"}
	return &Error{Code: UnknownField, Field: "scope", Value: field, Want: known, Reason: "unknown field"}
}

func setWord[S ~string](dst *S, field, value string, known []S) *Error {
	if !slices.Contains(known, S(value)) {
		return unknown(field, S(value), known)
	}
	*dst = S(value)
	return nil
}

func (s *Scope) setFeatures(value string) *Error {
	s.Features = nil
	for _, word := range list(value) {
		s.Features = append(s.Features, Feature(word))
	}
	return checkFeatures(s.Features)
}

// setTenant takes the one name that is not a domain as the tenant's, and the
// others as its domains. Without such a name, the first domain becomes the
// tenant.
func (s *Scope) setTenant(value string) *Error {
	names := list(value)
	for _, name := range names {
		if bad := checkTenant(name); bad != nil || name == "" {
			return malformed("tenant", name, "want a tenant's name, as in contoso, or a verified domain, as in contoso.com, or both, separated by commas")
		}
	}
	at := max(0, slices.IndexFunc(names, isTenantName))
	s.Tenant = names[at]
	if len(names) > 1 {
		s.Domains = slices.Delete(names, at, at+1)
	}
	if i := slices.IndexFunc(s.Domains, isTenantName); i >= 0 {
		return malformed("tenant", s.Domains[i], "a tenant has only one name, already given as "+s.Tenant)
	}
	return nil
}

func isTenantName(name string) bool { return !strings.Contains(name, ".") }

// list returns the parts of a list separated by commas, without repetitions. It
// keeps an empty part, so that every field rejects it.
func list(value string) []string {
	var out []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}
