package probe

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A decision is what an answer that was made on the way says of why: whether
// whoever made it would not pass the request on, or could not.
type decision uint8

const (
	undecided decision = iota // it does not say
	refused                   // by a rule, or because it does not do what was asked
	failed                    // on the way to the target, or because something of its own broke
)

// decisionOf reads what an answer says of why it was made: the names that Squid
// has for its errors, and the types of RFC 9209 section 2.3 if the proxy that was
// asked uses them of itself. They say more than the status, which Squid lets its
// administrators choose. The proxy may be nil.
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

// squidDecision reads a value of X-Squid-Error: the name of a page, and an error
// number of the system. A name that is not Squid's own is that of a page which an
// administrator has given to a rule, by "deny_info"; so is a status in its place.
// Source: Squid 6, "err_type" in src/error/forward.h and deny_info in squid.conf.
func squidDecision(value string) decision {
	name, _, _ := strings.Cut(value, " ")
	if slices.Contains(squidFailures(), name) {
		return failed
	}
	return refused
}

// squidFailures are the errors of Squid that are about the way to the target, or
// about itself. All others say that it would not.
func squidFailures() []string {
	return []string{
		"ERR_CANNOT_FORWARD", // no way to the target that it may take is open

		"ERR_READ_TIMEOUT", "ERR_LIFETIME_EXP", "ERR_READ_ERROR", "ERR_WRITE_ERROR",
		"ERR_CONNECT_FAIL", "ERR_SECURE_CONNECT_FAIL", "ERR_SOCKET_FAILURE",
		"ERR_DNS_FAIL", "ERR_URN_RESOLVE",

		// What the target said was not HTTP.
		"ERR_INVALID_RESP", "ERR_ZERO_SIZE_OBJECT",

		// The services that it leaves a part to are down, or it is itself.
		"ERR_ESI", "ERR_ICAP_FAILURE", "ERR_GATEWAY_FAILURE", "ERR_SHUTTING_DOWN",
	}
}

// prohibited are the types of errors in Proxy-Status by which a proxy says that it
// would not, RFC 9209 sections 2.3.5, 2.3.16 and 2.3.17.
func prohibited() []string {
	return []string{"destination_ip_prohibited", "http_request_error", "http_request_denied"}
}
