package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// identifying returns the fields of a header that say who answered and where to
// go. Others are dropped because they may hold secrets, such as cookies.
func identifying(h http.Header, known *secrets) Header {
	const maxValue = 256
	var fields Header
	for name, values := range h {
		value := strings.Join(values, ", ")
		switch name {
		case "Cache-Status", "Content-Type", "Proxy-Agent", "Proxy-Status", "Retry-After", "Server",
			"Via", "X-Azure-Ref", "X-Cache", "X-Cache-Lookup", "X-Powered-By", "X-Squid-Error":
		case "Location", "Link":
			value = withoutUsers(known.hide(value))
		case "Proxy-Authenticate":
			value = strings.Join(schemes(values), ", ") // realms and tokens may be secret
		case "Www-Authenticate":
			name = "WWW-Authenticate"
		case "X-Msedge-Ref":
			name = "X-MSEdge-Ref"
		default:
			continue
		}
		if value != "" {
			if fields == nil {
				fields = make(Header)
			}
			fields[name] = []string{printable(known.hide(value), maxValue)}
		}
	}
	return fields
}

// intermediary returns the header field that proves that a response was made on
// the path to the target, or "".
func intermediary(resp *http.Response, known *secrets) string {
	// Squid sets it only on error pages of its own.
	if v := resp.Header.Get("X-Squid-Error"); v != "" {
		return "X-Squid-Error: " + printable(known.hide(v), 64)
	}
	// RFC 7725 section 4: the link names who blocks access.
	if resp.StatusCode == http.StatusUnavailableForLegalReasons {
		for _, v := range resp.Header.Values("Link") {
			if strings.Contains(strings.ToLower(v), "blocked-by") {
				return "Link: " + printable(withoutUsers(known.hide(v)), 128)
			}
		}
	}
	return ""
}

// ownErrorType returns the type of error that the network's proxy reports for a
// response of its own, or "". Proxy-Status names the error, RFC 9209 section
// 2.1.1. Entries of others, such as a CDN in front of the target, are not the
// proxy's.
func ownErrorType(h http.Header, proxy *url.URL) string {
	members := splitQuoted(strings.Join(h.Values("Proxy-Status"), ","), ',')
	parts := splitQuoted(members[len(members)-1], ';') // the last is the nearest
	name := strings.Trim(parts[0], `"`)
	if !strings.EqualFold(name, proxy.Hostname()) && !strings.EqualFold(name, proxy.Host) {
		return ""
	}
	for _, parameter := range parts[1:] {
		if kind, ok := strings.CutPrefix(parameter, "error="); ok {
			return kind
		}
	}
	return ""
}

// proxySoftware reports whether the software that sent a response is only used
// between clients and servers. A forwarded response keeps the origin's Server
// field, RFC 9110 section 10.2.4.
func proxySoftware(h http.Header) bool {
	product, _, _ := strings.Cut(h.Get("Server"), "/")
	return slices.Contains([]string{"squid", "tinyproxy", "zscaler"}, strings.ToLower(product))
}

// schemes returns the names of the authentication schemes in values of
// Proxy-Authenticate, RFC 9110 section 11.6.1. Commas separate both challenges
// and their parameters; a parameter has a "=" after its name.
func schemes(values []string) []string {
	const maxSchemes, maxName = 8, 64
	var list []string
	for _, element := range splitQuoted(strings.Join(values, ","), ',') {
		end := strings.IndexFunc(element, func(r rune) bool { return !isTokenRune(r) })
		name, rest := element, ""
		if end >= 0 {
			name, rest = element[:end], strings.TrimLeft(element[end:], " \t")
		}
		if name == "" || len(name) > maxName || strings.HasPrefix(rest, "=") || slices.Contains(list, name) {
			continue
		}
		if list = append(list, name); len(list) == maxSchemes {
			break
		}
	}
	return list
}

// splitQuoted splits a field at a separator outside quoted strings.
func splitQuoted(s string, separator rune) []string {
	var list []string
	quoted, escaped := false, false
	start := 0
	for i, r := range s {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == separator && !quoted:
			list = append(list, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(list, strings.TrimSpace(s[start:]))
}

func isTokenRune(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
}

// statusLine returns the status of a response, for people.
func statusLine(resp *http.Response) string {
	s := strconv.Itoa(resp.StatusCode)
	if text := http.StatusText(resp.StatusCode); text != "" {
		s = fmt.Sprintf("%s %s", s, text)
	}
	return s
}
