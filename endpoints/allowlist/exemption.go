package allowlist

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// The exemptions from TLS inspection.
const (
	exemptionRequired    = "required"    // a document forbids inspection, or inspection breaks client certificates
	exemptionRecommended = "recommended" // inspection is better avoided
)

// exemption returns the endpoint's exemption from TLS inspection.
func exemption(e endpoints.Endpoint) string {
	switch {
	case e.Has(endpoints.TraitNoInspection), e.Has(endpoints.TraitCertificatePinning), e.Has(endpoints.TraitClientCertificate):
		return exemptionRequired
	case e.Has(endpoints.TraitNoInspectionRecommended):
		return exemptionRecommended
	default:
		return ""
	}
}

// exemption returns the strongest exemption of the host's endpoints.
func (e Entry) exemption() string {
	strongest := ""
	for _, f := range e.Endpoints {
		if x := exemption(f); x == exemptionRequired || strongest == "" {
			strongest = x
		}
	}
	return strongest
}

// proxyExemption returns, in words, what a proxy must not do to an endpoint's
// traffic.
func proxyExemption(e endpoints.Endpoint) string {
	var words []string
	for _, t := range []struct {
		trait endpoints.Trait
		words string
	}{
		{endpoints.TraitNoProxy, "no proxy"},
		{endpoints.TraitDirectAccess, "direct access recommended"},
		{endpoints.TraitNoAuthenticatedProxy, "no authentication"},
		{endpoints.TraitAllUsers, "open to all users"},
	} {
		if slices.Contains(e.Traits, t.trait) {
			words = append(words, t.words)
		}
	}
	return strings.Join(words, ", ")
}
