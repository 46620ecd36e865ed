package probe

import (
	"net"
	"slices"
	"strconv"
	"strings"
)

// maxMentions bounds the proxies that are taken from a script.
const maxMentions = 8

// mentions returns the proxies that a proxy auto-configuration script names, by
// the words with which such scripts return them: "PROXY host:port" and its like.
// It reads the text as it is, comments and what is never reached included.
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

// isProxyRune reports whether a rune can be part of a word or of a host and port.
func isProxyRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._:[]", r)
}

// hostPort returns a host and port in one form, if a word is that.
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
