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

// identifying returns the fields of a header that say who answered and where
// to go. Others are not kept: they may hold secrets, such as cookies.
func identifying(h http.Header) []Field {
	names := []string{
		"Cache-Status", "Content-Type", "Link", "Location", "Proxy-Agent", "Proxy-Authenticate", "Proxy-Status", "Retry-After", "Server",
		"Via", "WWW-Authenticate", "X-Azure-Ref", "X-Cache", "X-Cache-Lookup", "X-MSEdge-Ref", "X-Powered-By", "X-Squid-Error",
	}
	const maxValue = 256
	var fields []Field
	for _, name := range names {
		value := strings.Join(h.Values(name), ", ")
		switch name {
		case "Location":
			value = withoutUser(value)
		case "Proxy-Authenticate":
			value = strings.Join(schemes(h.Values(name)), ", ") // realms and tokens are nobody's business
		}
		if value != "" {
			fields = append(fields, Field{Name: name, Value: printable(value, maxValue)})
		}
	}
	return fields
}

// withoutUser returns a reference without its user information, or "" if it is
// none.
func withoutUser(reference string) string {
	u, err := url.Parse(reference)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// printable returns at most limit bytes of s, with what is not printable UTF-8
// replaced by U+FFFD. Line breaks and tabs stay.
func printable(s string, limit int) string {
	var b strings.Builder
	cut := s[:min(len(s), limit)]
	for i, r := range cut {
		switch {
		case r == '\r' && strings.HasPrefix(s[i:], "\r\n"):
			continue
		case r == utf8.RuneError && !utf8.FullRuneInString(cut[i:]) && len(cut) < len(s):
			return b.String() // cut in the middle of a rune
		case r != '\n' && r != '\t' && !unicode.IsPrint(r):
			r = utf8.RuneError
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// intermediary returns the header field that proves that an answer was made on
// the way to the target, or "".
func intermediary(resp *http.Response) string {
	// Squid sets it on the error pages that it makes, and only on those.
	if v := resp.Header.Get("X-Squid-Error"); v != "" {
		return "X-Squid-Error: " + printable(v, 64)
	}
	// RFC 7725 section 4: the link names who blocks access.
	if resp.StatusCode == http.StatusUnavailableForLegalReasons {
		for _, v := range resp.Header.Values("Link") {
			if strings.Contains(strings.ToLower(v), "blocked-by") {
				return "Link: " + printable(v, 128)
			}
		}
	}
	return ""
}

// ownErrorType returns the type of the error with which the proxy that was asked
// says that it made an answer itself, or "": Proxy-Status names it with an error,
// RFC 9209 section 2.1.1. What others say there, such as a content network before
// the target, is not the proxy's.
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

// proxySoftware reports whether an answer was made by software that is used
// between clients and servers alone: what it passes on keeps the Server field of
// the origin, RFC 9110 section 10.2.4.
func proxySoftware(h http.Header) bool {
	product, _, _ := strings.Cut(h.Get("Server"), "/")
	return slices.Contains([]string{"squid", "tinyproxy", "zscaler"}, strings.ToLower(product))
}

// schemes returns the names of the authentication schemes in the values of
// Proxy-Authenticate, RFC 9110 section 11.6.1. Challenges and their parameters
// are both separated by commas; a parameter has a "=" after its name.
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

// splitQuoted splits a field at a separator, but for those in quoted strings.
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

// statusLine returns the status of an answer, for people.
func statusLine(resp *http.Response) string {
	s := strconv.Itoa(resp.StatusCode)
	if text := http.StatusText(resp.StatusCode); text != "" {
		s = fmt.Sprintf("%s %s", s, text)
	}
	return s
}
