package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Scope says for what a network is to be ready. Only the scenario is needed;
// what is left empty narrows nothing.
type Scope struct {
	Scenario endpoints.Scenario `json:"scenario"`

	// Cloud is the tenant's cloud. Empty means [endpoints.CloudWorldwide].
	Cloud endpoints.Cloud `json:"cloud"`

	// Tenant is the tenant's name ("contoso", for contoso.onmicrosoft.com) or
	// one of its verified domains ("contoso.com"). Without it, names that hold
	// it are not tested.
	Tenant string `json:"tenant,omitempty"`

	// Domains are verified domains of the tenant, beside Tenant. Names that hold
	// a domain are tested for each.
	Domains []string `json:"domains,omitempty"`

	// ADDomain is the Active Directory domain that devices join, by its DNS name
	// ("corp.contoso.com"). With it, the domain controllers are looked for in DNS
	// and connected to, if the scenario is [endpoints.ScenarioHybridJoin]; it says
	// nothing in others.
	ADDomain string `json:"ad_domain,omitempty"`

	// Region is where the tenant's data lives, and only the names of that region
	// are tested. Without it, each region is sampled: one name stands for all of
	// its kind, and a note of the plan says so.
	Region endpoints.Region `json:"region,omitempty"`

	// TPM is the maker of the devices' TPMs. Without it, all makers' names are
	// tested where the scenario needs them.
	TPM endpoints.TPMVendor `json:"tpm,omitempty"`

	// Windows is the generation of Windows on the devices. Without it, the names
	// that either needs are tested.
	Windows endpoints.Windows `json:"windows,omitempty"`

	// Features are what the tenant is known to use. Endpoints that only matter
	// to a feature count as needed when it is listed here, and as conditional
	// when it is not.
	Features []endpoints.Feature `json:"features,omitempty"`

	// Device is what is known of the devices and of the licences of those who
	// use them. Without it, their prerequisites are reported as not checked.
	Device Device `json:"device,omitzero"`

	// SearchDomains are the DNS domains of the network, in which devices look for
	// a proxy, see [probe.WPAD] and [probe.SystemSearchDomains].
	SearchDomains []string `json:"search_domains,omitempty"`

	// Proxied says that what is run goes through a proxy. A few hosts are then
	// tried without it too, to tell whether devices need it.
	Proxied bool `json:"proxied,omitempty"`
}

// A ScopeError says which field of a [Scope] has a value that is not known.
type ScopeError struct {
	Field string   // as in "scenario"
	Value string   // as given
	Known []string // the values that are known, or nil if any well-formed one is
}

// Error names the field, its value and the known values.
func (e *ScopeError) Error() string {
	s := fmt.Sprintf("readiness: unknown %s %q", e.Field, e.Value)
	if e.Known != nil {
		s += " (known: " + strings.Join(e.Known, ", ") + ")"
	}
	return s
}

// Validate returns a [*ScopeError] for the first field whose value is not known.
func (s Scope) Validate() error {
	if err := known("scenario", s.Scenario, endpoints.Scenarios()); err != nil {
		return err
	}
	if s.Cloud != "" {
		if err := known("cloud", s.Cloud, endpoints.Clouds()); err != nil {
			return err
		}
	}
	if s.Region != "" {
		if err := known("region", s.Region, endpoints.Regions()); err != nil {
			return err
		}
	}
	if s.TPM != "" {
		if err := known("tpm", s.TPM, endpoints.TPMVendors()); err != nil {
			return err
		}
	}
	if s.Windows != "" {
		if err := known("windows", s.Windows, endpoints.Generations()); err != nil {
			return err
		}
	}
	for _, f := range s.Features {
		if err := known("feature", f, endpoints.Features()); err != nil {
			return err
		}
	}
	if s.Tenant != "" && !exactName(s.Tenant) {
		return &ScopeError{Field: "tenant", Value: s.Tenant}
	}
	for _, d := range s.Domains {
		if !domainName(d) || !strings.Contains(d, ".") {
			return &ScopeError{Field: "domain", Value: d}
		}
	}
	if s.ADDomain != "" && !domainName(s.ADDomain) {
		return &ScopeError{Field: "ad domain", Value: s.ADDomain}
	}
	for _, d := range s.SearchDomains {
		if !exactName(d) {
			return &ScopeError{Field: "search domain", Value: d}
		}
	}
	return s.Device.validate()
}

func known[T ~string](field string, v T, all []T) error {
	if slices.Contains(all, v) {
		return nil
	}
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = string(a)
	}
	return &ScopeError{Field: field, Value: string(v), Known: names}
}

// exactName reports whether a text is a host name of one label or more.
func exactName(name string) bool {
	h, err := endpoints.ParseHost(name)
	return err == nil && h.Kind() == endpoints.Exact
}

// domainName reports whether a text is a host name and no address, and leaves
// room for names below it.
func domainName(name string) bool {
	_, err := endpoints.ParseHost(controllerRecords + name)
	return err == nil && exactName(name) && !isIP(name)
}

// adDomain returns the Active Directory domain in lower case and without a dot
// at its end.
func (s Scope) adDomain() string {
	h, _ := endpoints.ParseHost(s.ADDomain)
	return h.String()
}

// cloud returns the cloud, with the default filled in.
func (s Scope) cloud() endpoints.Cloud {
	if s.Cloud == "" {
		return endpoints.CloudWorldwide
	}
	return s.Cloud
}
