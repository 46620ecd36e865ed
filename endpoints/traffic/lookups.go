package traffic

import (
	"net/netip"
	"slices"
	"time"
)

// maxOpen limits the lookups that wait for their answer.
const maxOpen = 512

// A lookup is a question to a resolver.
type lookup struct {
	host, kind string // kind is the type of record, A or AAAA
	time       time.Time
}

// lookups pairs questions and answers, which resolvers log on several lines.
// What is never answered gives an entry whose end is untold.
type lookups struct {
	open    []lookup // the oldest first
	last    Entry    // the one whose answers are being read
	kind    string   // of last
	hasLast bool
	local   bool // the times have no zone
}

// isAddressKind reports whether a type of record is one that a device looks up
// to connect to a host.
func isAddressKind(kind []byte) bool { return string(kind) == "A" || string(kind) == "AAAA" }

// ask adds a question, and returns an entry that is complete now, if any.
func (l *lookups) ask(host string, kind []byte, h *header) (Entry, bool) {
	e, ok := l.take()
	l.open = append(l.open, lookup{host, string(kind), h.time})
	l.local = l.local || h.local
	if !ok && len(l.open) > maxOpen {
		return l.flush()
	}
	return e, ok
}

// isOpen reports whether answers for a host are awaited or being read.
func (l *lookups) isOpen(host string) bool {
	return l.hasLast && l.last.Host == host || slices.ContainsFunc(l.open, func(q lookup) bool { return q.host == host })
}

// answer adds an answer, and returns an entry that is complete now, if any. An
// empty kind stands for any. An answer without a question counts only if it is a
// denial.
func (l *lookups) answer(host, kind string, v verdict, addr netip.Addr, h *header) (Entry, bool) {
	if l.hasLast && l.last.Host == host && (kind == l.kind || kind == "") && addr.IsValid() && !addr.IsUnspecified() && !slices.Contains(l.last.Answers, addr) {
		if len(l.last.Answers) < maxAnswers {
			l.last.Answers = append(l.last.Answers, addr)
		}
		return Entry{}, false
	}
	i := slices.IndexFunc(l.open, func(q lookup) bool { return q.host == host && (kind == "" || q.kind == kind) })
	if i < 0 && l.hasLast && !l.last.Told && l.last.Host == host && l.kind == kind && (v == refused || v == failed) {
		l.last.judge(false, v) // what a rule did became clear with the reply
		return Entry{}, false
	}
	e, ok := l.take()
	if i < 0 && v != refused {
		return e, ok
	}
	if i >= 0 && isEmpty(l.open[i].kind, v, addr.IsValid()) {
		l.open = slices.Delete(l.open, i, i+1)
		return e, ok
	}
	l.local = l.local || h.local
	l.last, l.kind, l.hasLast = Entry{Line: h.line, Host: host, Time: h.time}, kind, true
	if i >= 0 {
		l.last.Time, l.kind = l.open[i].time, l.open[i].kind
		l.open = slices.Delete(l.open, i, i+1)
	}
	if addr.IsValid() {
		v = max(v, addressVerdict(addr))
		if v != refused {
			l.last.Answers = []netip.Addr{addr}
		}
	}
	l.last.judge(false, v)
	return e, ok
}

func (l *lookups) localTime() bool { return l.local }

// take returns the entry whose answers were being read.
func (l *lookups) take() (Entry, bool) {
	e, ok := l.last, l.hasLast
	l.last, l.hasLast = Entry{}, false
	return e, ok
}

// flush returns the next entry at the end of the log.
func (l *lookups) flush() (Entry, bool) {
	if e, ok := l.take(); ok || len(l.open) == 0 {
		return e, ok
	}
	q := l.open[0]
	l.open = slices.Delete(l.open, 0, 1)
	return Entry{Host: q.host, Time: q.time}, true
}

// isEmpty reports whether a lookup found no IPv6 address, or shows none. That is
// normal, and must not count as a success next to a lookup of IPv4 addresses
// that got no answer.
func isEmpty(kind string, v verdict, hasAddress bool) bool {
	return !hasAddress && v == passed && (kind == "AAAA" || kind == "28" || kind == "28 (AAAA)")
}

// addressVerdict returns what an address of a resolver's answer says. Filters
// answer with an unspecified address or a loopback one. Who is at a private one,
// the log does not show.
func addressVerdict(a netip.Addr) verdict {
	switch {
	case a.IsUnspecified(), a.IsLoopback():
		return refused
	case a.IsPrivate(), a.IsLinkLocalUnicast():
		return unclear
	default:
		return passed
	}
}

// answersVerdict returns what the addresses of an answer say; see [isEmpty].
func answersVerdict(kind []byte, addrs []netip.Addr) verdict {
	v := silent
	for _, a := range addrs {
		w := addressVerdict(a)
		if w == passed {
			return passed
		}
		v = max(v, w)
	}
	switch {
	case v != silent:
		return v
	case equal(kind, "AAAA", "28", "28 (AAAA)"):
		return passed
	default:
		return unclear
	}
}

// rcode returns what the name of a response code says about a lookup.
func rcode(b []byte) verdict {
	switch string(b) {
	case "":
		return silent
	case "NOERROR":
		return passed
	case "REFUSED":
		return refused
	case "NXDOMAIN", "SERVFAIL", "FORMERR", "NOTIMP":
		return failed
	default:
		return unclear
	}
}
