package probe

import (
	"net"
	"slices"
	"strconv"
	"strings"
)

// maxMentions limits the proxies taken from a script.
const maxMentions = 8

// mentions returns the proxies named in a proxy auto-configuration script, by
// the form in which such scripts return them: "PROXY host:port" and similar. It
// also finds those in comments and in code that never runs.
func mentions(script string) []string {
	keywords := []string{"proxy", "http", "https", "socks", "socks4", "socks5"}
	var list []string
	keyword := false
	for word := range strings.FieldsFuncSeq(script, func(r rune) bool { return !isProxyRune(r) }) {
		if keyword {
			if proxy, ok := hostPort(word); ok && !slices.Contains(list, proxy) {
				list = append(list, proxy)
			}
			if len(list) == maxMentions {
				break
			}
		}
		keyword = slices.Contains(keywords, strings.ToLower(word))
	}
	return list
}

// isProxyRune reports whether a rune can be part of a keyword, or of a host and
// port.
func isProxyRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._:[]", r)
}

// hostPort returns word in canonical form, if it is a host and port.
func hostPort(word string) (string, bool) {
	host, port, err := net.SplitHostPort(word)
	if err != nil || checkHost(host) != nil {
		return "", false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", false
	}
	return net.JoinHostPort(strings.ToLower(host), strconv.FormatUint(n, 10)), true
}
