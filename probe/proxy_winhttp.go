package probe

import (
	"encoding/binary"
	"errors"
	"net"
	"net/url"
	"strings"
)

// A winHTTP is the machine-wide proxy setting of Windows HTTP Services, as set
// by "netsh winhttp set proxy". The zero winHTTP is direct.
type winHTTP struct {
	proxies map[string]string // host and port by the target's scheme
	local   bool              // names without a dot are direct
	bypass  []winBypass       // further hosts that are direct
}

// A winBypass is a pattern of hosts that bypass the proxies.
type winBypass struct {
	scheme, host, port string // in lower case; scheme and port may be empty
}

// parseWinHTTP reads the value WinHttpSettings. Microsoft documents only the
// value for no proxy, in "Use Group Policy to apply WinHTTP proxy settings to
// clients". All known versions begin with three 32-bit numbers (version,
// counter, flags) and two strings with their lengths: the proxies and the
// bypass list.
func parseWinHTTP(value []byte) (winHTTP, error) {
	const (
		useProxy  = 2
		useScript = 4

		flagsAt, textAt = 8, 12
	)
	if len(value) < textAt {
		return winHTTP{}, errWinHTTP()
	}
	flags := binary.LittleEndian.Uint32(value[flagsAt:])
	proxies, rest, ok := winText(value[textAt:])
	if !ok {
		return winHTTP{}, errWinHTTP()
	}
	bypass, _, ok := winText(rest)
	switch {
	case !ok:
		return winHTTP{}, errWinHTTP()
	case flags&useScript != 0:
		return winHTTP{}, errors.New("a script selects the proxy, and scripts are not executed")
	case flags&useProxy == 0:
		return winHTTP{}, nil
	}
	w := winHTTP{proxies: make(map[string]string)}
	for _, s := range winList(proxies) {
		if err := w.addProxy(s); err != nil {
			return winHTTP{}, err
		}
	}
	for _, s := range winList(bypass) {
		w.addBypass(s)
	}
	return w, nil
}

func errWinHTTP() error { return errors.New("the setting has an unknown format") }

// winText reads a string with its length.
func winText(b []byte) (text string, rest []byte, ok bool) {
	const size = 4
	if len(b) < size {
		return "", nil, false
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if b = b[size:]; n > uint64(len(b)) {
		return "", nil, false
	}
	return string(b[:n]), b[n:], true
}

// winList splits a list at semicolons and white space.
func winList(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune("; \t\r\n\x00", r) })
}

// addProxy adds an element of the proxy list,
//
//	[<scheme>=][<scheme>"://"]<server>[":"<port>]
//
// as in Microsoft's page on WINHTTP_PROXY_INFO. The first scheme is that of the
// targets; without one the proxy is for all others. The second is ignored,
// because Windows speaks plain HTTP to every proxy. The first of several proxies
// for the same targets counts. Errors do not quote the element.
func (w *winHTTP) addProxy(s string) error {
	scheme, server, found := strings.Cut(s, "=")
	if !found {
		scheme, server = "", s
	}
	if scheme != "" && scheme != "http" && scheme != "https" {
		return nil // for other protocols
	}
	if _, after, found := strings.Cut(server, "://"); found {
		server = after
	}
	u, err := url.Parse("http://" + strings.TrimSuffix(server, "/"))
	if err != nil || u.User != nil || u.Path != "" || checkProxy(u) != nil {
		return errors.New("one of the proxies is not a host with a port")
	}
	if w.proxies[scheme] == "" {
		w.proxies[scheme] = u.Host
	}
	return nil
}

// addBypass adds an element of the bypass list. Malformed elements match
// nothing.
func (w *winHTTP) addBypass(s string) {
	if s == "<local>" {
		w.local = true
		return
	}
	var b winBypass
	if scheme, after, found := strings.Cut(s, "://"); found {
		b.scheme, s = scheme, after
	}
	b.host = s
	if host, port, err := net.SplitHostPort(s); err == nil {
		b.host, b.port = host, port
	}
	b.host = strings.Trim(b.host, "[]")
	w.bypass = append(w.bypass, b)
}

func (w winHTTP) choose(t Target) (*url.URL, error) {
	u := targetURL(t)
	proxy := w.proxies[u.Scheme]
	if proxy == "" {
		proxy = w.proxies[""]
	}
	if proxy == "" || w.bypasses(u.Scheme, t) {
		return nil, nil
	}
	p := &url.URL{Scheme: "http", Host: proxy}
	if p.Port() == "" && u.Scheme == "https" {
		p.Host = net.JoinHostPort(p.Hostname(), "443") // the default is that of the target's protocol
	}
	return p, nil
}

// bypasses reports whether a target bypasses the proxies.
func (w winHTTP) bypasses(scheme string, t Target) bool {
	host := hostKey(t.Host)
	_, ok := parseAddr(host)
	if w.local && !ok && !strings.Contains(host, ".") {
		return true
	}
	_, port, _ := net.SplitHostPort(t.Addr())
	for _, b := range w.bypass {
		if (b.scheme == "" || b.scheme == scheme) && (b.port == "" || b.port == port) && matchStars(b.host, host) {
			return true
		}
	}
	return false
}

// matchStars reports whether a pattern matches all of s. A star stands for any
// number of any characters.
func matchStars(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(s, part)
		if !found {
			return false
		}
		s = after
	}
	return true
}
