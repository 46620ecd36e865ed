package readiness

import "github.com/netready/netready/endpoints"

// A CauseCode names the reason behind findings. Codes are stable and append-only.
type CauseCode string

// The causes that [Diagnose] finds, most general first.
const (
	CauseNetworkDown       CauseCode = "network.down"
	CauseDNSUnreachable    CauseCode = "dns.unreachable"
	CauseDNSRewriting      CauseCode = "dns.rewriting"
	CauseCaptivePortal     CauseCode = "captive_portal"
	CauseProxyRequired     CauseCode = "proxy.required"
	CauseProxyUnreachable  CauseCode = "proxy.unreachable"
	CauseProxyAuthRequired CauseCode = "proxy.auth_required"
	CauseProxyDenied       CauseCode = "proxy.denied"
	CauseHTTPBlocked       CauseCode = "egress.http_blocked"
	CauseHTTPSBlocked      CauseCode = "egress.https_blocked"
	CauseNTPBlocked        CauseCode = "egress.ntp_blocked"
	CauseClockWrong        CauseCode = "clock.wrong"
	CauseTLSInspection     CauseCode = "tls.inspection"
	CauseTLSUntrusted      CauseCode = "tls.untrusted"
	CauseTLSVersion        CauseCode = "tls.version"
	CauseBlockPage         CauseCode = "http.block_page"
	CauseDNSFiltered       CauseCode = "dns.filtered"
	CauseNTPUnusable       CauseCode = "ntp.unusable"
	CauseIPv6Broken        CauseCode = "ipv6.broken"
	CauseAddressPartial    CauseCode = "address.partial"
	CauseRangeStripped     CauseCode = "range.stripped"
	CauseRevocation        CauseCode = "revocation.unreachable"
	CauseDNSOverridden     CauseCode = "dns.overridden"
	CauseControllerUnknown CauseCode = "domain_controller.unknown"     // DNS lists none
	CauseController        CauseCode = "domain_controller.unreachable" // DNS lists some, and none accepts
	CauseTenantAlias       CauseCode = "tenant.alias"                  // for information
	CauseHostUnreachable   CauseCode = "host.unreachable"              // one for each host and code
)

// A Cause is the one reason behind one or many findings.
type Cause struct {
	Code  CauseCode
	Title string

	// Impact is the gravest impact of the findings that the cause explains.
	Impact Impact

	// Evidence quotes what was seen: the answer, chain, status line or header
	// that shows the cause.
	Evidence []string

	// Remedy says what the network team has to change.
	Remedy string

	// Services are those that the cause hits, in the plan's order.
	Services []endpoints.Service

	// Checks are indices into [Plan.Checks], ascending: what the cause explains.
	Checks []int

	Sources []endpoints.Source
}
