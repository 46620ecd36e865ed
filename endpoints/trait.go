package endpoints

import "slices"

// The traits that code acts on. The data has others.
const (
	TraitNoInspection            Trait = "no-tls-inspection"             // the document forbids TLS inspection
	TraitNoInspectionRecommended Trait = "no-tls-inspection-recommended" // better not inspected, in our reading
	TraitCertificatePinning      Trait = "certificate-pinning"           // the client accepts only Microsoft's certificates
	TraitClientCertificate       Trait = "client-certificate-auth"       // the client authenticates with a certificate; inspection breaks that
	TraitNoProxy                 Trait = "no-proxy"                      // the connection must not go through a proxy
	TraitNoAuthenticatedProxy    Trait = "no-authenticated-proxy"        // a proxy must not ask for credentials
	TraitDirectAccess            Trait = "direct-access-recommended"     // the document recommends bypassing proxies
	TraitAllUsers                Trait = "allow-all-users"               // must be open to all users, including the system account
	TraitPlainHTTP               Trait = "http-plain-required"           // port 80 must answer plain HTTP; HTTPS is no substitute
	TraitByteRange               Trait = "byte-range"                    // downloads request byte ranges
	TraitTenantRestrictions      Trait = "tenant-restrictions-aware"     // a proxy may add tenant restriction headers here
	TraitInterchangeable         Trait = "interchangeable-members"       // the members of the pattern serve the same content
)

// traits returns all traits that an endpoint may have, in order.
func traits() []Trait {
	return []Trait{
		TraitNoInspection,
		TraitNoInspectionRecommended,
		TraitCertificatePinning,
		TraitClientCertificate,
		"tls1.2-min", // the path must carry TLS 1.2 or later
		TraitNoProxy,
		TraitNoAuthenticatedProxy,
		"system-context-proxy", // used by the system account, which needs the proxy settings too
		TraitDirectAccess,
		TraitAllUsers,
		TraitPlainHTTP,
		"no-redirect", // a redirect means that someone else answered
		"exact-body",  // the response body is documented
		TraitByteRange,
		"http-206",              // the response to a byte range must be 206 Partial Content
		"websocket",             // WebSocket connections must work
		"long-lived-connection", // the connection stays open for hours
		"udp-media",             // audio and video over UDP
		"inbound-peer",          // peers connect inbound
		"ntp",                   // an NTP server
		"dns-must-resolve",      // the name must resolve, whatever answers
		"either-v4-or-v6",       // one of the two address families is enough
		"wildcard-dns",          // any label below the suffix resolves
		"wildcard-embedded",     // the documented name has a wildcard inside a label
		"internet-names",        // must resolve internet names
		"internal-network",      // in the organization's own network
		"on-premises",           // run by the organization
		"intranet-zone",         // must be in the browser's intranet zone
		"regional",              // the tenant's region selects one
		"one-of-vendor",         // the TPM vendor selects one
		"ip-ranges-available",   // Microsoft publishes its address ranges
		TraitTenantRestrictions,
		TraitInterchangeable,
		"skippable-by-profile",   // the deployment profile can turn it off
		"federated-domains-only", // only used by tenants with federated domains
	}
}

// Has reports whether e has the trait.
func (e Endpoint) Has(t Trait) bool { return slices.Contains(e.Traits, t) }
