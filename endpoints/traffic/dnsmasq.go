package traffic

import (
	"bytes"
	"net/netip"

	"github.com/netready/netready/endpoints"
)

// A dnsmasqReader reads the queries that dnsmasq logs, also within Pi-hole:
//
//	Sep 14 02:00:10 dnsmasq[7]: query[A] login.live.com from 192.0.2.10
//	Sep 14 02:00:10 dnsmasq[7]: forwarded login.live.com to 198.51.100.53
//	Sep 14 02:00:10 dnsmasq[7]: reply login.live.com is <CNAME>
//	Sep 14 02:00:10 dnsmasq[7]: reply alias.example.net is 203.0.113.5
//	Sep 14 02:00:12 dnsmasq[7]: gravity blocked ztd.dds.microsoft.com is 0.0.0.0
//
// With log-queries=extra, a number and the client come before the verb.
type dnsmasqReader struct {
	lookups
	names names
	alias string // the host whose aliases are being read
}

func (d *dnsmasqReader) read(line []byte, h *header) (Entry, bool, *endpoints.Error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return Entry{}, false, nil
	}
	if name := program(h.tag); name != "dnsmasq" && name != "pihole-FTL" {
		return Entry{}, false, badSyntax("", "want a time and dnsmasq's name before the message")
	}
	verb, name, rest := cutVerb(line)
	if name == nil {
		return Entry{}, false, nil // it is about something else
	}
	if kind, ok := bytes.CutPrefix(verb, []byte("query[")); ok {
		kind = bytes.TrimSuffix(kind, []byte("]"))
		if !isAddressKind(kind) {
			return Entry{}, false, nil
		}
		host, reason := d.names.clean(name)
		if reason != "" {
			return Entry{}, false, badField("query", reason)
		}
		d.alias = ""
		e, ok := d.ask(host, kind, h)
		return e, ok, nil
	}
	return d.result(verb, name, rest, h)
}

// cutVerb returns the words of a message: what was done, to which name, and the
// value. The name is nil if the message is about something else.
func cutVerb(line []byte) (verb, name, value []byte) {
	if n, rest := cutWord(line); len(n) > 0 && '0' <= n[0] && n[0] <= '9' {
		if _, ok := decimal(n, 12); ok { // the number, and the client
			_, line = cutWord(rest)
		}
	}
	if bytes.HasPrefix(line, []byte("query[")) {
		verb, rest := cutWord(line)
		name, _ := cutWord(rest)
		if len(name) == 0 {
			return nil, nil, nil
		}
		return verb, name, nil
	}
	before, value, ok := bytes.Cut(line, []byte(" is "))
	if !ok {
		return nil, nil, nil
	}
	i := bytes.LastIndexByte(before, ' ')
	if i < 0 {
		return nil, nil, nil
	}
	return before[:i], before[i+1:], bytes.TrimSpace(value)
}

// result reads what became of a query.
func (d *dnsmasqReader) result(verb, name, value []byte, h *header) (Entry, bool, *endpoints.Error) {
	host, reason := d.names.clean(name)
	if reason != "" || host == "error" {
		return Entry{}, false, nil // a file, or a failure that does not name its query
	}
	if d.alias != "" && !d.isOpen(host) {
		host = d.alias
	}
	if string(value) == "<CNAME>" {
		d.alias = host
		return Entry{}, false, nil
	}
	kind, v, addr := dnsmasqValue(value)
	switch own := !hasPrefix(verb, "reply", "cached"); {
	case hasPrefix(verb, "gravity ", "exactly ", "regex ", "blocked", "blacklisted", "external blocked", "special domain"), own && v == failed:
		v = refused
	case own && v == passed:
		v = unclear // an answer of this server's own, which may be wrong
	}
	e, ok := d.answer(host, kind, v, addr, h)
	return e, ok, nil
}

// dnsmasqValue returns the type of record that a value is for, or "" for any,
// and what the value says.
func dnsmasqValue(value []byte) (kind string, v verdict, addr netip.Addr) {
	switch string(value) {
	case "NXDOMAIN", "SERVFAIL":
		return "", failed, addr
	case "REFUSED":
		return "", refused, addr
	case "NODATA-IPv6":
		return "AAAA", passed, addr // most hosts have none
	case "NODATA-IPv4":
		return "A", unclear, addr
	}
	addr, err := netip.ParseAddr(string(value))
	addr = addr.Unmap()
	switch {
	case err != nil || addr.Zone() != "":
		return "", unclear, netip.Addr{}
	case addr.Is4():
		return "A", addressVerdict(addr), addr
	default:
		return "AAAA", addressVerdict(addr), addr
	}
}
