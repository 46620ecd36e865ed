package traffic

import (
	"bytes"
	"errors"
	"math"
	"slices"

	"github.com/netready/netready/endpoints"
)

// maxKnown limits the remembered spellings of hosts.
const maxKnown = 8192

// names normalizes hosts to the form of [endpoints.Host]. It remembers recent
// ones, because logs repeat themselves.
type names struct {
	known map[string]string
}

// clean returns the host in a text without a port, or why there is none.
func (n *names) clean(raw []byte) (host, reason string) {
	if host, ok := n.known[string(raw)]; ok {
		return host, ""
	}
	if len(raw) == 0 {
		return "", "no host"
	}
	h, err := endpoints.ParseHost(string(raw))
	if err != nil {
		return "", hostReason(err)
	}
	if h.Kind() != endpoints.Exact {
		return "", "a pattern, not a host"
	}
	if n.known == nil || len(n.known) >= maxKnown {
		n.known = make(map[string]string)
	}
	host = h.String()
	n.known[string(raw)] = host
	return host, ""
}

// hostReason returns what is wrong with a host.
func hostReason(err error) string {
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		return bad.Reason
	}
	return "no host"
}

// authority returns the host and the port of "host", "host:port",
// "[address]:port" or an IPv6 address. The port may be 0. It skips user
// information.
func (n *names) authority(b []byte) (host string, port uint16, reason string) {
	b = b[bytes.LastIndexByte(b, '@')+1:]
	name, digits := b, []byte(nil)
	switch colon := bytes.LastIndexByte(b, ':'); {
	case bytes.HasPrefix(b, []byte("[")):
		end := bytes.IndexByte(b, ']')
		if end < 0 {
			return "", 0, "missing closing bracket after an address"
		}
		name, digits = b[1:end], b[end+1:]
		if len(digits) > 0 && digits[0] != ':' {
			return "", 0, "text after the closing bracket of an address"
		}
		digits = bytes.TrimPrefix(digits, []byte(":"))
		if bytes.IndexByte(name, ':') < 0 {
			return "", 0, "the text in brackets is not an IPv6 address"
		}
	case colon >= 0 && bytes.IndexByte(b, ':') == colon: // an IPv6 address has more colons
		name, digits = b[:colon], b[colon+1:]
	}
	if len(digits) > 0 {
		v, ok := decimal(bytes.TrimLeft(digits, "0"), 5)
		if !ok || v > math.MaxUint16 {
			return "", 0, "want a port number from 1 to 65535 after the colon"
		}
		port = uint16(v)
	}
	host, reason = n.clean(name)
	return host, port, reason
}

// url returns the host and port of a proxy request: those of its URL, or of a
// CONNECT. A path alone has no host.
func (n *names) url(b []byte) (host string, port uint16, reason string) {
	if len(b) > 0 && b[0] == '/' {
		return "", 0, "path without a host"
	}
	before, after, ok := bytes.Cut(b, []byte("://"))
	if !ok || !isScheme(before) {
		if isLocal(b) {
			return "", 0, "a URL without network access"
		}
		return n.authority(cutPath(b)) // some logs have "host/path"
	}
	if host, port, reason = n.authority(cutPath(after)); reason == "" && port == 0 {
		port = schemePort(before)
	}
	return host, port, reason
}

// cutPath returns what comes before a path, a query or a fragment.
func cutPath(b []byte) []byte {
	for i, c := range b {
		if c == '/' || c == '?' || c == '#' || c == '\\' {
			return b[:i]
		}
	}
	return b
}

// isLocal reports whether b is a URL without network access, as browsers log
// them.
func isLocal(b []byte) bool {
	scheme, _, ok := bytes.Cut(b, []byte(":"))
	return ok && slices.Contains([]string{"about", "blob", "data", "javascript", "urn"}, string(scheme))
}

func isScheme(b []byte) bool {
	for i, c := range b {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != '_') {
			return false
		}
	}
	return len(b) > 0
}

// schemePort returns the default port of a URL scheme, or 0.
func schemePort(scheme []byte) uint16 {
	switch {
	case bytes.EqualFold(scheme, []byte("https")), bytes.EqualFold(scheme, []byte("wss")):
		return 443
	case bytes.EqualFold(scheme, []byte("http")), bytes.EqualFold(scheme, []byte("ws")):
		return 80
	case bytes.EqualFold(scheme, []byte("ftp")):
		return 21
	default:
		return 0
	}
}
