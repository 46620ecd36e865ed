package endpoints

import "slices"

// The traits.
const (
	TraitNoInspection            Trait = "no-tls-inspection"             // the document forbids TLS inspection
	TraitNoInspectionRecommended Trait = "no-tls-inspection-recommended" // better not inspected; our reading
	TraitCertificatePinning      Trait = "certificate-pinning"           // the client accepts Microsoft's own certificates alone
	TraitClientCertificate       Trait = "client-certificate-auth"       // the client authenticates with a certificate, which inspection breaks
	TraitTLS12                   Trait = "tls1.2-min"                    // the path must carry TLS 1.2 or later

	TraitNoProxy              Trait = "no-proxy"                  // the connection must not go through a proxy
	TraitNoAuthenticatedProxy Trait = "no-authenticated-proxy"    // a proxy must not ask for credentials
	TraitSystemProxy          Trait = "system-context-proxy"      // used by the system account, which needs the proxy's settings too
	TraitDirectAccess         Trait = "direct-access-recommended" // the document recommends the way around a proxy
	TraitAllUsers             Trait = "allow-all-users"           // must be open to all users, the system account among them

	TraitPlainHTTP    Trait = "http-plain-required"   // port 80 must answer plain HTTP; HTTPS is no substitute
	TraitNoRedirect   Trait = "no-redirect"           // a redirect in the answer means somebody else's answer
	TraitExactBody    Trait = "exact-body"            // the body of the answer is documented
	TraitByteRange    Trait = "byte-range"            // downloads ask for byte ranges
	TraitPartial      Trait = "http-206"              // the answer to them must be 206 Partial Content
	TraitWebSocket    Trait = "websocket"             // WebSocket connections must pass
	TraitLongLived    Trait = "long-lived-connection" // the connection stays open for hours
	TraitUDPMedia     Trait = "udp-media"             // audio and video over UDP
	TraitInboundPeer  Trait = "inbound-peer"          // peers connect inwards
	TraitNTP          Trait = "ntp"                   // an NTP server
	TraitMustResolve  Trait = "dns-must-resolve"      // the name itself must resolve, whatever answers
	TraitDualStack    Trait = "either-v4-or-v6"       // one of the two address families is enough
	TraitWildcardDNS  Trait = "wildcard-dns"          // any label below the suffix resolves
	TraitWildcardName Trait = "wildcard-embedded"     // the document's name has a wildcard inside a label

	TraitInternetNames Trait = "internet-names"   // must resolve names of the internet
	TraitInternal      Trait = "internal-network" // lies in the organisation's own network
	TraitOnPremises    Trait = "on-premises"      // run by the organisation itself
	TraitIntranetZone  Trait = "intranet-zone"    // must be in the browser's intranet zone

	TraitRegional            Trait = "regional"                  // the tenant's region decides which one is used
	TraitOneOfVendor         Trait = "one-of-vendor"             // the TPM's maker decides which one is used
	TraitIPRanges            Trait = "ip-ranges-available"       // Microsoft publishes its address ranges
	TraitTenantRestrictions  Trait = "tenant-restrictions-aware" // a proxy may add tenant restriction headers here
	TraitSkippableByProfile  Trait = "skippable-by-profile"      // the deployment profile can switch it off
	TraitFederatedDomainOnly Trait = "federated-domains-only"    // used by tenants with federated domains alone
)

// Traits returns all traits. The slice is the caller's.
func Traits() []Trait {
	return []Trait{
		TraitNoInspection, TraitNoInspectionRecommended, TraitCertificatePinning, TraitClientCertificate, TraitTLS12,
		TraitNoProxy, TraitNoAuthenticatedProxy, TraitSystemProxy, TraitDirectAccess, TraitAllUsers,
		TraitPlainHTTP, TraitNoRedirect, TraitExactBody, TraitByteRange, TraitPartial, TraitWebSocket, TraitLongLived,
		TraitUDPMedia, TraitInboundPeer, TraitNTP, TraitMustResolve, TraitDualStack, TraitWildcardDNS, TraitWildcardName,
		TraitInternetNames, TraitInternal, TraitOnPremises, TraitIntranetZone,
		TraitRegional, TraitOneOfVendor, TraitIPRanges, TraitTenantRestrictions, TraitSkippableByProfile, TraitFederatedDomainOnly,
	}
}

// Has reports whether e has the trait.
func (e Endpoint) Has(t Trait) bool { return slices.Contains(e.Traits, t) }
