package traffic

import (
	"bytes"
	"net/http"
	"strings"
)

// A verdict is what a log says about the end of a request.
type verdict uint8

const (
	silent  verdict = iota // the log has no field for it
	passed                 // it was let through
	unclear                // the log has a field for it, whose value is not known here
	failed                 // it failed
	refused                // it was denied
)

// judge decides how a request ended from its status and what the rest of the
// line says. An unknown word or status never counts as success.
func (e *Entry) judge(connect bool, v verdict) {
	switch s := statusVerdict(e.Status, connect, v); {
	case v == refused || s == refused:
		e.Denied, e.Told = true, true
	case v == failed || s == failed:
		e.Failed, e.Told = true, true
	default:
		e.Told = v != unclear && s != unclear && (v == passed || s == passed)
	}
}

// statusVerdict returns what a status says, next to the verdict of the line's
// other fields.
//
// A 403 that no other field explains counts as refused, although the server
// itself may have sent it. A server never sees a CONNECT.
func statusVerdict(status int, connect bool, other verdict) verdict {
	switch {
	case status == 0:
		return silent
	case status == http.StatusProxyAuthRequired, status == http.StatusNetworkAuthenticationRequired:
		return refused
	case status == http.StatusForbidden && (connect || other == silent):
		return refused
	case status >= 500 && status < 600:
		return failed
	case connect && status >= 400 && status < 500:
		return failed
	case status >= 100 && status < 500:
		return passed
	default:
		return productStatus(status)
	}
}

// productStatus returns what the statuses of ISA Server and Forefront TMG say.
// They are codes of Windows, Winsock and the product.
func productStatus(status int) verdict {
	switch status {
	case 12202, 12204, 12209: // the URL or the port is denied, or credentials are missing
		return refused
	case 10051, 10053, 10054, 10060, 10061, 10065, // unreachable, reset, timed out, refused
		11001, 11002, 11003, 11004, // the name was not found
		12002, 12007, 12029: // WinHTTP: timed out, not resolved, not connected
		return failed
	default:
		return unclear
	}
}

// action returns the verdict of a word in an action field, such as "Denied",
// "DROP", "TCP_DENIED" or "policy_denied".
func action(b []byte) verdict {
	switch {
	case len(b) == 0:
		return silent
	case hasPrefix(b, "den", "block", "drop", "reject", "refuse", "reset-"), hasSuffix(b, "_denied"), isDenied(b):
		return refused
	case hasPrefix(b, "fail"), hasPrefix(b, "tcp_err"):
		return failed
	case equal(b, "allow", "allowed", "permit", "permitted", "pass", "passed", "accept", "accepted", "observed", "proxied"),
		hasPrefix(b, "allowed "), isKnownResult(b):
		return passed
	default:
		return unclear
	}
}

// exception returns the verdict of the name of an error page, as Blue Coat
// logs it.
func exception(b []byte) verdict {
	switch {
	case len(b) == 0:
		return silent
	case action(b) == refused, hasPrefix(b, "authentication_", "authorization_"):
		return refused
	default:
		return failed
	}
}

// isResult reports whether b has the form of a Squid result, such as TCP_MISS.
func isResult(b []byte) bool {
	for _, c := range b {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(b) > 0 && 'A' <= b[0] && b[0] <= 'Z'
}

// isDenied reports whether a Squid result is TCP_DENIED, TCP_DENIED_REPLY,
// UDP_DENIED or similar.
func isDenied(result []byte) bool { return bytes.Contains(result, []byte("_DENIED")) }

// isKnownResult reports whether b is a result of Squid or Blue Coat that
// consists of documented words. Redirections and splash pages are not among them:
// filters use them to deny.
func isKnownResult(b []byte) bool {
	if !isResult(b) {
		return false
	}
	for word := range bytes.SplitSeq(b, []byte("_")) {
		switch string(word) {
		case "TCP", "UDP", "TAG", "NONE", "CF", "ALT", "CLIENT", "HIT", "MISS", "NC", "REFRESH", "TUNNEL", "TUNNELED", "SWAPFAIL",
			"NEGATIVE", "MODIFIED", "UNMODIFIED", "IMS", "INM", "ASYNC", "MEM", "OFFLINE", "FAIL", "ERR", "OLD", "ABORTED",
			"TIMEDOUT", "IGNORED", "INVALID", "STALE", "PARTIAL", "RESCAN", "AUTH", "ACCELERATED":
		default:
			return false
		}
	}
	return true
}

func equal(b []byte, words ...string) bool {
	for _, w := range words {
		if len(b) == len(w) && strings.EqualFold(string(b), w) {
			return true
		}
	}
	return false
}

func hasPrefix(b []byte, words ...string) bool {
	for _, w := range words {
		if len(b) >= len(w) && strings.EqualFold(string(b[:len(w)]), w) {
			return true
		}
	}
	return false
}

func hasSuffix(b []byte, word string) bool {
	return len(b) > len(word) && strings.EqualFold(string(b[len(b)-len(word):]), word)
}
