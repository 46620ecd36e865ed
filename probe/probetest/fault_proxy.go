package probetest

import (
	"net/http"
	"strings"
)

// ProxyAuth makes the proxy require authentication. Over SOCKS it does so
// before it learns the host.
type ProxyAuth struct {
	// Schemes are the schemes offered over HTTP, as in "Negotiate". None means
	// "Negotiate", "NTLM" and "Basic".
	Schemes []string

	// Basic is the accepted credentials, encoded as in the Proxy-Authorization
	// field, RFC 7617. If empty, the proxy accepts none. Over SOCKS they are
	// used as in RFC 1929.
	Basic string
}

func (a ProxyAuth) in(flow) Fault { return a }

func (a ProxyAuth) refuse(w http.ResponseWriter, r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Proxy-Authorization"), "Basic ")
	if ok && a.Basic != "" && given == a.Basic {
		return false
	}
	if len(a.Schemes) == 0 {
		a.Schemes = []string{"Negotiate", "NTLM", "Basic"}
	}
	for _, scheme := range a.Schemes {
		if scheme == "Basic" {
			scheme = `Basic realm="` + proxyHost + `"`
		}
		w.Header().Add("Proxy-Authenticate", scheme)
	}
	w.Header().Set("X-Squid-Error", "ERR_CACHE_ACCESS_DENIED 0")
	http.Error(w, "Authentication is required.", http.StatusProxyAuthRequired)
	return true
}

// ProxyDeny makes the proxy refuse requests; use [At] to select a host.
type ProxyDeny struct {
	Status int   // of an answer over HTTP; zero means 403
	Reply  uint8 // of an answer over SOCKS, RFC 1928 section 6; zero means 2

	// Error is the reason in the X-Squid-Error field of an HTTP response: the
	// name of a Squid error page, as in "ERR_CONNECT_FAIL", or of an
	// administrator's page. Empty means "ERR_ACCESS_DENIED". "-" omits the
	// field, so that only the status gives a reason.
	Error string
}

func (d ProxyDeny) in(flow) Fault { return d }

func (d ProxyDeny) refuse(w http.ResponseWriter, _ *http.Request) bool {
	if d.Status == 0 {
		d.Status = http.StatusForbidden
	}
	w.Header().Set("Server", "squid/6.13")
	switch d.Error {
	case "-":
	case "":
		w.Header().Set("X-Squid-Error", "ERR_ACCESS_DENIED 0")
	default:
		w.Header().Set("X-Squid-Error", d.Error+" 0")
	}
	http.Error(w, "Access is denied by policy.", d.Status)
	return true
}
