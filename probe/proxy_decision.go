package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A decision is the reason that a response made on the path states: refusal or
// failure.
type decision uint8

const (
	undecided decision = iota // no reason stated
	refused                   // by a rule, or because the request is not supported
	failed                    // the target was unreachable, or the proxy itself failed
)

// decisionOf returns the reason that a response states: by Squid's names for
// its errors, or by an error type of RFC 9209 section 2.3 that the network's
// proxy reports of itself. These say more than the status, which Squid's
// administrators can choose. The proxy may be nil.
func decisionOf(resp *http.Response, proxy *url.URL) decision {
	if v := resp.Header.Get("X-Squid-Error"); v != "" {
		return squidDecision(v)
	}
	if proxy == nil {
		return undecided
	}
	switch kind := ownErrorType(resp.Header, proxy); {
	case kind == "":
		return undecided
	case slices.Contains(prohibited(), kind):
		return refused
	default:
		return failed
	}
}

// squidDecision reads a value of X-Squid-Error: the name of a page and a system
// error number. If the name is not one of Squid's own, or is a status, an
// administrator set it for a rule with "deny_info". Source: Squid 6, "err_type"
// in src/error/forward.h and deny_info in squid.conf.
func squidDecision(value string) decision {
	name, _, _ := strings.Cut(value, " ")
	if slices.Contains(squidFailures(), name) {
		return failed
	}
	return refused
}

// squidFailures returns Squid's errors about reaching the target, or about
// itself. All its other errors are refusals.
func squidFailures() []string {
	return []string{
		"ERR_CANNOT_FORWARD", // no path to the target is both allowed and open

		"ERR_READ_TIMEOUT", "ERR_LIFETIME_EXP", "ERR_READ_ERROR", "ERR_WRITE_ERROR",
		"ERR_CONNECT_FAIL", "ERR_SECURE_CONNECT_FAIL", "ERR_SOCKET_FAILURE",
		"ERR_DNS_FAIL", "ERR_URN_RESOLVE",

		// The target's response was not HTTP.
		"ERR_INVALID_RESP", "ERR_ZERO_SIZE_OBJECT",

		// Squid itself or a service that it uses is down.
		"ERR_ESI", "ERR_ICAP_FAILURE", "ERR_GATEWAY_FAILURE", "ERR_SHUTTING_DOWN",
	}
}

// prohibited returns the error types in Proxy-Status for a refusal, RFC 9209
// sections 2.3.5, 2.3.16 and 2.3.17.
func prohibited() []string {
	return []string{"destination_ip_prohibited", "http_request_error", "http_request_denied"}
}
