package probetest

import (
	"net/netip"

	"github.com/miekg/dns"
)

// An RCode answers queries with this response code and nothing else.
type RCode int

// Response codes, RFC 1035 section 4.1.1.
const (
	ServFail RCode = 2
	NXDomain RCode = 3
	Refused  RCode = 5
)

func (c RCode) in(flow) Fault { return c }

func (c RCode) dns(r *dnsReply, _ flow) {
	r.msg.Rcode = int(c)
	r.msg.Answer, r.msg.Ns = nil, nil
}

// NoData answers that the name exists, but has no record of the type asked for,
// RFC 2308 section 2.2.
type NoData struct {
	// Type is "A" or "AAAA" if only one type is missing. Empty means both.
	Type string
}

func (n NoData) in(flow) Fault { return n }

func (n NoData) dns(r *dnsReply, _ flow) {
	if n.Type == "" || n.Type == dns.TypeToString[r.msg.Question[0].Qtype] {
		r.replace(nil)
	}
}

// Answers answers with these addresses, whatever the name. It makes sinkholes.
type Answers struct {
	// Addrs are the addresses. None means 0.0.0.0 and ::.
	Addrs []netip.Addr

	// Type is "A" or "AAAA" if only questions for one type are answered so. Empty
	// means both.
	Type string
}

func (a Answers) in(flow) Fault { return a }

func (a Answers) dns(r *dnsReply, _ flow) {
	if a.Type != "" && a.Type != dns.TypeToString[r.msg.Question[0].Qtype] {
		return
	}
	if len(a.Addrs) == 0 {
		a.Addrs = []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	}
	r.replace(a.Addrs)
}

// Rewrite answers with an address where the name does not exist.
type Rewrite struct {
	// To is the address. The zero Addr means 203.0.113.80.
	To netip.Addr
}

func (w Rewrite) in(flow) Fault { return w }

func (w Rewrite) dns(r *dnsReply, _ flow) {
	if r.msg.Rcode != dns.RcodeNameError {
		return
	}
	if !w.To.IsValid() {
		w.To = netip.AddrFrom4([4]byte{203, 0, 113, 80})
	}
	r.replace([]netip.Addr{w.To})
}

// Extended adds an extended error to the answer, RFC 8914, if the query allows
// it. Those of filters are 15 (Blocked), 16 (Censored) and 17 (Filtered).
type Extended struct {
	InfoCode uint16
	Text     string
}

func (e Extended) in(flow) Fault { return e }

func (e Extended) dns(r *dnsReply, _ flow) {
	if opt := r.msg.IsEdns0(); opt != nil {
		opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: e.InfoCode, ExtraText: e.Text})
	}
}

// Truncate sends answers over UDP empty and with the TC bit, so that they have
// to be asked for over TCP.
type Truncate struct{}

func (t Truncate) in(f flow) Fault { return t }

func (Truncate) dns(r *dnsReply, f flow) {
	if f.network == "udp" {
		r.msg.Answer, r.msg.Ns = nil, nil
		r.msg.Truncated = true
	}
}

// Unanswered answers nothing. [Drop] loses the query itself.
type Unanswered struct{}

func (u Unanswered) in(flow) Fault         { return u }
func (Unanswered) dns(r *dnsReply, _ flow) { r.none = true }

// Malformed answers with bytes that are no DNS message.
type Malformed struct {
	// Data are the bytes. Nil means the header of an answer that announces
	// records, without them.
	Data []byte
}

func (m Malformed) in(flow) Fault { return m }

func (m Malformed) dns(r *dnsReply, _ flow) {
	r.raw = m.Data
	if r.raw == nil {
		id := r.msg.Id
		r.raw = []byte{byte(id >> 8), byte(id), 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xc0}
	}
}

// OtherQuestion answers a question that was not asked.
type OtherQuestion struct{}

func (o OtherQuestion) in(flow) Fault { return o }

func (OtherQuestion) dns(r *dnsReply, _ flow) {
	r.msg.Question[0].Name = "other.example."
	for _, rr := range r.msg.Answer {
		rr.Header().Name = "other.example."
	}
}

// replace makes the answer one with these addresses.
func (r *dnsReply) replace(addrs []netip.Addr) {
	r.msg.Rcode = dns.RcodeSuccess
	r.msg.Answer, r.msg.Ns = nil, nil
	appendAddrs(r.msg, r.msg.Question[0].Name, addrs)
}
