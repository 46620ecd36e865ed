package traffic

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/netready/netready/endpoints"
)

// A bindReader reads what BIND logs of queries, errors and response policy
// zones:
//
//	14-Sep-2019 02:00:10.123 queries: info: client @0x7f10 192.0.2.10#50000 (login.live.com): query: login.live.com IN A +E(0)K (198.51.100.53)
//	14-Sep-2019 02:00:12.004 rpz: info: client @0x7f10 192.0.2.10#50001 (ztd.dds.microsoft.com): rpz QNAME NXDOMAIN rewrite ztd.dds.microsoft.com/A/IN via ztd.dds.microsoft.com.rpz
//	14-Sep-2019 02:00:13.500 query-errors: info: client @0x7f10 192.0.2.10#50002 (go.microsoft.com): query failed (SERVFAIL) for go.microsoft.com/IN/A at query.c:7
//
// It does not log answers, so that most lookups end untold.
type bindReader struct {
	lookups
	names           names
	stamps, moments clock
}

func (r *bindReader) read(line []byte, h *header) (Entry, bool, *endpoints.Error) {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return Entry{}, false, nil
	}
	switch {
	case program(h.tag) == "named":
	case h.tag != nil || !bytes.Contains(line, []byte(": ")):
		return Entry{}, false, badSyntax("", "want a time, a category and a level before the message")
	default:
		if h.time = r.time(line); h.time.IsZero() {
			return Entry{}, false, badSyntax("time", "want a time as in 14-Sep-2019 02:00:10.123")
		}
	}
	_, client, _ := bytes.Cut(line, []byte("client "))
	_, message, ok := bytes.Cut(client, []byte("): "))
	if !ok {
		return Entry{}, false, nil // it is about something else
	}
	if bytes.HasPrefix(message, []byte("view ")) {
		_, message, _ = bytes.Cut(message, []byte(": "))
	}
	var words [7][]byte
	w := words[:cutFields(words[:], message)]
	switch {
	case len(w) >= 4 && string(w[0]) == "query:":
		return r.query(w[1], w[3], h)
	case len(w) >= 5 && string(w[0]) == "rpz":
		return r.result(w[4], rpzVerdict(w[2]), h)
	case len(w) >= 5 && string(w[0]) == "query" && string(w[1]) == "failed":
		return r.result(w[4], failure(w[2]), h)
	case len(w) >= 4 && string(w[0]) == "query" && string(w[3]) == "denied":
		return r.result(bytes.Trim(w[2], "'"), refused, h)
	default:
		return Entry{}, false, nil
	}
}

// failure returns what the code of a failed query says.
func failure(code []byte) verdict {
	if rcode(bytes.Trim(code, "()")) == refused {
		return refused
	}
	return failed
}

func (r *bindReader) query(name, kind []byte, h *header) (Entry, bool, *endpoints.Error) {
	host, reason := r.names.clean(name)
	switch {
	case !isAddressKind(kind):
		return Entry{}, false, nil
	case reason != "":
		return Entry{}, false, badField("query", reason)
	}
	e, ok := r.ask(host, kind, h)
	return e, ok, nil
}

// result reads what became of a query such as login.live.com/A/IN, whose type
// and class may be in either order.
func (r *bindReader) result(question []byte, v verdict, h *header) (Entry, bool, *endpoints.Error) {
	name, rest, _ := bytes.Cut(question, []byte("/"))
	kind, other, _ := bytes.Cut(rest, []byte("/"))
	if string(kind) == "IN" {
		kind = other
	}
	host, reason := r.names.clean(name)
	switch {
	case len(rest) > 0 && !isAddressKind(kind) || v == silent:
		return Entry{}, false, nil
	case reason != "":
		return Entry{}, false, badField("query", reason)
	}
	e, ok := r.answer(host, string(kind), v, netip.Addr{}, h)
	return e, ok, nil
}

// time returns the time at the beginning of a line, or zero.
func (r *bindReader) time(line []byte) time.Time {
	day, rest := cutWord(line)
	if t, ok := r.stamps.parse(time.RFC3339, day); ok {
		return t
	}
	clock, _ := cutWord(rest)
	var text [64]byte
	both := append(append(append(text[:0], day...), ' '), clock...)
	t, ok := r.moments.parse("02-Jan-2006 15:04:05", both)
	if !ok {
		return time.Time{}
	}
	r.local = true
	return t
}
