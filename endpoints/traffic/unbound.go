package traffic

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/netready/netready/endpoints"
)

// An unboundReader reads what Unbound logs of queries (log-queries), replies
// (log-replies), local zones (log-local-actions) and response policy zones
// (rpz-log):
//
//	[1568426410] unbound[7:0] info: 192.0.2.10 login.live.com. A IN
//	[1568426410] unbound[7:0] info: 192.0.2.10 login.live.com. A IN NOERROR 0.025000 0 120
//	[1568426412] unbound[7:0] info: dds.microsoft.com. always_nxdomain 192.0.2.10@50000 ztd.dds.microsoft.com. A IN
//
// Denials of local zones and policies are the reply too, so that a reply that
// follows adds nothing.
type unboundReader struct {
	lookups
	names  names
	stamps clock
}

func (u *unboundReader) read(line []byte, h *header) (Entry, bool, *endpoints.Error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return Entry{}, false, nil
	}
	t, message, ok := u.message(line, h)
	if !ok {
		return Entry{}, false, badSyntax("", "want a time, the program and a level before the message")
	}
	h.time, h.local = t, h.local && t.Equal(h.time)
	var words [9][]byte
	n := cutFields(words[:], message)
	w := words[:n]
	switch {
	case n >= 8 && string(w[0]) == "rpz:" && string(w[1]) == "applied":
		return u.deny(w[n-4:], rpzVerdict(bytes.TrimPrefix(w[n-5], []byte("rpz-"))), h)
	case n >= 6 && bytes.IndexByte(w[2], '@') > 0:
		return u.deny(w[2:6], localVerdict(w[1]), h)
	case n >= 4 && isAddressText(w[0]) && string(w[3]) == "IN":
		return u.query(w, h)
	default:
		return Entry{}, false, nil // it is about something else
	}
}

// message returns a line's time and what follows the level.
func (u *unboundReader) message(line []byte, h *header) (t time.Time, message []byte, ok bool) {
	t = h.time
	before, message, ok := bytes.Cut(line, []byte(": "))
	if !ok {
		return t, nil, false
	}
	stamp, rest := cutWord(before)
	own := bytes.HasPrefix(rest, []byte("unbound["))
	if stamp = bytes.Trim(stamp, "[]"); own {
		if t, ok = epoch(stamp); !ok {
			if t, ok = u.stamps.parse(time.RFC3339, stamp); !ok {
				return t, nil, false
			}
		}
	}
	return t, bytes.TrimLeft(message, " "), own || program(h.tag) == "unbound"
}

// query reads a query, or a reply, which has a response code in addition.
func (u *unboundReader) query(w [][]byte, h *header) (Entry, bool, *endpoints.Error) {
	host, kind, bad := u.question(w)
	if bad != nil || kind == nil {
		return Entry{}, false, bad
	}
	if len(w) == 4 {
		e, ok := u.ask(host, kind, h)
		return e, ok, nil
	}
	if !u.isOpen(host) { // queries are not logged
		if e, ok := u.ask(host, kind, h); ok {
			_, _ = u.answer(host, string(kind), rcode(w[4]), netip.Addr{}, h)
			return e, true, nil
		}
	}
	e, ok := u.answer(host, string(kind), rcode(w[4]), netip.Addr{}, h)
	return e, ok, nil
}

// deny reads what was done by a rule.
func (u *unboundReader) deny(w [][]byte, v verdict, h *header) (Entry, bool, *endpoints.Error) {
	host, kind, bad := u.question(w)
	if bad != nil || kind == nil || v == silent {
		return Entry{}, false, bad
	}
	e, ok := u.answer(host, string(kind), v, netip.Addr{}, h)
	return e, ok, nil
}

// question returns the name and the type of a client, a name and a type. The
// type is nil if no device looks it up to connect to a host.
func (u *unboundReader) question(w [][]byte) (host string, kind []byte, bad *endpoints.Error) {
	if !isAddressKind(w[2]) {
		return "", nil, nil
	}
	host, reason := u.names.clean(w[1])
	if reason != "" {
		return "", nil, badField("query", reason)
	}
	return host, w[2], nil
}

// localVerdict returns what the type of a local zone says.
func localVerdict(kind []byte) verdict {
	switch string(kind) {
	case "deny", "refuse", "inform_deny", "always_deny", "always_refuse", "always_nxdomain", "always_nodata", "always_null":
		return refused
	case "transparent", "typetransparent", "inform", "always_transparent", "nodefault", "noview":
		return silent
	default:
		return unclear
	}
}

// rpzVerdict returns what the action of a response policy zone says.
func rpzVerdict(action []byte) verdict {
	switch {
	case equal(action, "nxdomain", "nodata", "drop"):
		return refused
	case equal(action, "passthru"):
		return silent
	default:
		return unclear
	}
}

// isAddressText reports whether a text is an IP address.
func isAddressText(b []byte) bool {
	_, err := netip.ParseAddr(string(b))
	return err == nil
}
