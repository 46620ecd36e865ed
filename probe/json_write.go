package probe

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/netready/netready/internal/jsonwrite"
	"github.com/netready/netready/internal/plain"
)

// What nearly every observation has is written here, in one pass and without
// reflection. The fields, their order and the conditions on them are those of
// the tags; a test compares both. encoding/json writes the rest.

// The sizes of most observations, and of most of their parts.
const (
	typicalJSON = 4 << 10
	smallJSON   = 256
)

// encoded returns what write writes, which mostly takes size bytes.
func encoded(size int, write func(*jsonwrite.Writer)) ([]byte, error) {
	w := jsonwrite.NewWriter(size)
	write(w)
	return w.Bytes()
}

// WriteJSON writes o to a document of this module, as [Observation.MarshalJSON]
// encodes it. It is for this module alone.
func (o *Observation) WriteJSON(w *jsonwrite.Writer) {
	w.Open('{')
	w.Name("target")
	o.Target.write(w)
	w.Name("attempts")
	w.Int(o.Attempts)
	optionalTime(w, "start", o.Start)
	writeList(w, "steps", o.Steps, (*Step).write)
	writeOptional(w, "dns", o.DNS, (*DNSFacts).write)
	writeOptional(w, "tcp", o.TCP, (*TCPFacts).write)
	writeOptional(w, "proxy", o.Proxy, (*ProxyFacts).write)
	writeOptional(w, "tls", o.TLS, (*TLSFacts).write)
	writeOptional(w, "http", o.HTTP, (*HTTPFacts).write)
	writeOptional(w, "ntp", o.NTP, writeAny)
	writeOptional(w, "ncsi", o.NCSI, writeAny)
	writeOptional(w, "wpad", o.WPAD, writeAny)
	writeOptional(w, "srv", o.SRV, writeAny)
	writeOptional(w, "revocation", o.Revocation, (*RevocationFacts).write)
	optionalInt(w, "left_out", o.LeftOut)
	optionalBool(w, "forgotten", o.Forgotten)
	writeOptional(w, "error", o.Error, (*Error).write)
	duration(w, o.Duration)
	w.Close('}')
}

func (t *Target) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "protocol", string(t.Protocol))
	text(w, "host", t.Host)
	w.Name("port")
	w.Uint(uint64(t.Port))
	optionalText(w, "path", t.Path)
	optionalBool(w, "families", t.Families)
	optionalBool(w, "handshakes", t.Handshakes)
	optionalBool(w, "range", t.Range)
	optionalBool(w, "direct", t.Direct)
	optionalBool(w, "all_addresses", t.AllAddresses)
	optionalBool(w, "no_revocation", t.NoRevocation)
	w.Close('}')
}

func (s *Step) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "op", s.Op)
	optionalText(w, "addr", s.Addr)
	optionalTime(w, "start", s.Start)
	writeOptional(w, "error", s.Error, (*Error).write)
	duration(w, s.Duration)
	w.Close('}')
}

func (e *Error) write(w *jsonwrite.Writer) {
	w.Open('{')
	optionalText(w, "op", e.Op)
	optionalText(w, "addr", plain.Line(e.Addr))
	text(w, "code", string(e.Code))
	if e.Err != nil {
		optionalText(w, "text", plain.Line(e.Err.Error()))
	}
	w.Close('}')
}

func (f *DNSFacts) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "name", f.Name)
	addresses(w, "addresses", f.Addresses)
	texts(w, "cnames", f.CNAMEs)
	optionalText(w, "ipv4_code", string(f.IPv4Code))
	optionalText(w, "ipv6_code", string(f.IPv6Code))
	addresses(w, "hosts_file", f.HostsFile)
	writeList(w, "queries", f.Queries, (*DNSQuery).write)
	w.Close('}')
}

func (q *DNSQuery) write(w *jsonwrite.Writer) {
	w.Open('{')
	w.Name("resolver")
	w.AddrPort(q.Resolver)
	text(w, "type", q.Type)
	text(w, "transport", q.Transport)
	w.Name("attempts")
	w.Int(q.Attempts)
	optionalText(w, "rcode", q.RCode)
	addresses(w, "addresses", q.Addresses)
	texts(w, "cnames", q.CNAMEs)
	optionalInt(w, "ttl", int(q.TTL))
	optionalBool(w, "authoritative", q.Authoritative)
	optionalBool(w, "recursion_available", q.RecursionAvailable)
	writeOptional(w, "soa", q.SOA, (*SOARecord).write)
	writeList(w, "extended", q.Extended, (*ExtendedError).write)
	optionalInt(w, "more", q.More)
	optionalBool(w, "truncated", q.Truncated)
	optionalText(w, "code", string(q.Code))
	duration(w, q.Duration)
	w.Close('}')
}

func (e *ExtendedError) write(w *jsonwrite.Writer) {
	w.Open('{')
	w.Name("info_code")
	w.Uint(uint64(e.InfoCode))
	optionalText(w, "text", e.Text)
	w.Close('}')
}

func (r *SOARecord) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "owner", r.Owner)
	text(w, "mname", r.MName)
	text(w, "rname", r.RName)
	w.Close('}')
}

func (f *TCPFacts) write(w *jsonwrite.Writer) {
	w.Open('{')
	if f.Remote != (netip.AddrPort{}) {
		w.Name("remote")
		w.AddrPort(f.Remote)
	}
	writeList(w, "dials", f.Dials, (*Dial).write)
	w.Close('}')
}

func (d *Dial) write(w *jsonwrite.Writer) {
	w.Open('{')
	w.Name("addr")
	w.AddrPort(d.Addr)
	optionalText(w, "code", string(d.Code))
	optionalBool(w, "no_route", d.NoRoute)
	writeOptional(w, "tls", d.TLS, (*TLSFacts).write)
	optionalText(w, "tls_code", string(d.TLSCode))
	duration(w, d.Duration)
	w.Close('}')
}

func (f *ProxyFacts) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "url", f.URL)
	optionalInt(w, "status", f.Status)
	optionalText(w, "op", f.Op)
	optionalText(w, "code", string(f.Code))
	optionalInt(w, "reply", int(f.Reply))
	texts(w, "offered", f.Offered)
	optionalText(w, "chosen", f.Chosen)
	texts(w, "schemes", f.Schemes)
	writeHeader(w, f.Header)
	optionalText(w, "vendor", f.Vendor)
	writeOptional(w, "tls", f.TLS, (*TLSFacts).write)
	w.Close('}')
}

func (f *HTTPFacts) write(w *jsonwrite.Writer) {
	w.Open('{')
	text(w, "url", f.URL)
	optionalInt(w, "status", f.Status)
	optionalText(w, "proto", f.Proto)
	writeHeader(w, f.Header)
	optionalText(w, "location", f.Location)
	texts(w, "redirects", f.Redirects)
	optionalTime(w, "date", f.Date)
	optionalText(w, "body", f.Body)
	optionalText(w, "title", f.Title)
	optionalText(w, "vendor", f.Vendor)
	writeOptional(w, "range", f.Range, writeAny)
	w.Close('}')
}

func writeHeader(w *jsonwrite.Writer, h Header) {
	if len(h) > 0 {
		w.Name("header")
		h.write(w)
	}
}

func (h Header) write(w *jsonwrite.Writer) {
	w.Open('[')
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			w.Open('{')
			text(w, "name", name)
			text(w, "value", value)
			w.Close('}')
		}
	}
	w.Close(']')
}

func (f *RevocationFacts) write(w *jsonwrite.Writer) {
	w.Open('{')
	optionalText(w, "code", string(f.Code))
	writeList(w, "sources", f.Sources, (*Document).write)
	w.Close('}')
}

func (d *Document) write(w *jsonwrite.Writer) {
	w.Open('{')
	if d.Kind == "" {
		text(w, "url", d.URL)
		text(w, "code", string(d.Code))
		optionalText(w, "text", d.Text)
		w.Close('}')
		return
	}
	text(w, "subject", d.Subject)
	text(w, "serial", d.Serial)
	text(w, "kind", d.Kind)
	optionalText(w, "url", d.URL)
	optionalText(w, "status", d.Status)
	optionalTime(w, "revoked_at", d.RevokedAt)
	optionalTime(w, "this_update", d.ThisUpdate)
	optionalTime(w, "next_update", d.NextUpdate)
	optionalText(w, "code", string(d.Code))
	optionalText(w, "text", d.Text)
	duration(w, d.Duration)
	w.Close('}')
}
