package endpoints

import (
	"net/netip"
	"slices"
	"strings"
)

// A Scope says whose devices a network serves. An empty field does not narrow
// anything; the zero Scope covers everything current in the worldwide cloud.
type Scope struct {
	// Scenario is how devices are provisioned or serviced. Empty means all
	// scenarios; package readiness requires one.
	Scenario Scenario `json:"scenario"`

	// Cloud is the tenant's cloud. Empty means [CloudWorldwide], since a tenant
	// is in exactly one cloud.
	Cloud Cloud `json:"cloud"`

	// Tenant is the tenant's name ("contoso", for contoso.onmicrosoft.com) or
	// one of its verified domains ("contoso.com"). Empty means unknown.
	Tenant string `json:"tenant,omitempty"`

	// Domains are other verified domains of the tenant.
	Domains []string `json:"domains,omitempty"`

	// ADDomain is the DNS name of the Active Directory domain that devices join
	// ("corp.contoso.com"). It is used only by [ScenarioHybridJoin].
	ADDomain string `json:"ad_domain,omitempty"`

	// Region is where the tenant's data is stored. Endpoints without a region
	// apply everywhere. An endpoint with a region applies to every region that
	// it serves: "americas" also serves "north-america". Sources divide the
	// world differently; which region serves which is our reading of them.
	Region Region `json:"region,omitempty"`

	// TPM is the vendor of the devices' TPMs. [TPMDiscrete] needs no vendor
	// endpoints.
	TPM TPM `json:"tpm,omitempty"`

	// Windows is the generation of Windows on the devices.
	Windows Windows `json:"windows,omitempty"`

	// Features are the features that the tenant uses. Nil or empty means
	// unknown; [FeatureNone] alone means none. [FeatureRemoteHelp] adds the
	// endpoints of Remote Help, which belong to no other scenario.
	Features []Feature `json:"features,omitempty"`
}

// Validate returns an [*Error] for the first field with an unknown or malformed
// value, named as in JSON. Empty fields are valid.
func (s Scope) Validate() error {
	for _, bad := range []*Error{
		checkOne("scenario", s.Scenario, Scenarios()),
		checkOne("cloud", s.Cloud, Clouds()),
		checkOne("region", s.Region, Regions()),
		checkOne("tpm", s.TPM, TPMs()),
		checkOne("windows", s.Windows, Generations()),
		checkFeatures(s.Features),
		checkTenant(s.Tenant),
		checkDomains(s.Domains),
		checkADDomain(s.ADDomain),
	} {
		if bad != nil {
			return bad
		}
	}
	return nil
}

func checkFeatures(features []Feature) *Error {
	known := append(Features(), FeatureNone)
	for _, f := range features {
		if !slices.Contains(known, f) {
			return unknown("features", f, known)
		}
	}
	if slices.Contains(features, FeatureNone) && len(features) > 1 {
		return malformed("features", string(FeatureNone), "cannot be combined with other features")
	}
	return nil
}

func checkTenant(tenant string) *Error {
	if tenant == "" || isDomain(tenant) {
		return nil
	}
	return malformed("tenant", tenant, "want a tenant's name, as in contoso, or a verified domain, as in contoso.com")
}

func checkDomains(domains []string) *Error {
	for _, d := range domains {
		if !isDomain(d) || !strings.Contains(d, ".") {
			return malformed("domains", d, "want a verified domain, as in contoso.com")
		}
	}
	return nil
}

func checkADDomain(domain string) *Error {
	if domain == "" || isDomain(domain) {
		return nil
	}
	return malformed("ad_domain", domain, "want the DNS name of an Active Directory domain, as in corp.contoso.com")
}

// isDomain reports whether a text is a host name, not an address, and short
// enough for the names that are looked up below it.
func isDomain(name string) bool {
	const room = "enterpriseregistration."
	h, reason := parseHost(name)
	if reason != "" || h.kind != Exact {
		return false
	}
	if _, err := netip.ParseAddr(h.text); err == nil {
		return false
	}
	_, reason = parseHost(room + name)
	return reason == ""
}

// String returns the scope on one line, as in "autopilot, worldwide, tenant
// contoso, region europe".
func (s Scope) String() string {
	words := []string{"all scenarios", string(s.cloud())}
	if s.Scenario != "" {
		words[0] = string(s.Scenario)
	}
	add := func(what, value string) {
		if value != "" {
			words = append(words, what+" "+value)
		}
	}
	add("tenant", s.Tenant)
	for _, d := range s.Domains {
		add("domain", d)
	}
	add("Active Directory domain", s.ADDomain)
	add("region", string(s.Region))
	add("TPM", string(s.TPM))
	add("Windows", string(s.Windows))
	if slices.Equal(s.Features, []Feature{FeatureNone}) {
		words = append(words, "no features")
	} else {
		add("features", strings.Join(strs(s.Features), " "))
	}
	return strings.Join(words, ", ")
}

// cloud returns the cloud, with the default filled in.
func (s Scope) cloud() Cloud {
	if s.Cloud == "" {
		return CloudWorldwide
	}
	return s.Cloud
}
