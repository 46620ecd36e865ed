package probetest

import (
	"net/netip"

	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// A DNSAnswer changes answers to queries. Zero fields change nothing.
type DNSAnswer struct {
	// Type limits the fault to "A" or "AAAA" questions. Empty means both.
	Type string

	// RCode is the response code, RFC 1035 section 4.1.1, without any record.
	RCode int

	// Addrs are the addresses for every name. Sinkhole answers with 0.0.0.0 and
	// ::, and Empty without records, so that the name exists but has no record
	// of the requested type, RFC 2308 section 2.2.
	Addrs    []netip.Addr
	Sinkhole bool
	Empty    bool

	// SOA, unless nil, is the SOA record of answers without records, instead of
	// the zone's. RCode and Addrs answers have none.
	SOA *probe.SOARecord

	// Authoritative sets the AA flag, RFC 1035 section 4.1.1, and NoRecursion
	// clears the RA flag, as an authoritative server does.
	Authoritative bool
	NoRecursion   bool

	// Extended and Text are an extended error, RFC 8914, which is added if the query
	// allows it. Those of filters are 15 (Blocked), 16 (Censored) and 17 (Filtered).
	Extended uint16
	Text     string

	// Raw is the answer in bytes, which need not be a DNS message.
	Raw []byte
}

func (a DNSAnswer) in(flow) Fault { return a }

func (a DNSAnswer) dns(r *dnsReply, _ flow) {
	if a.Type != "" && a.Type != dns.TypeToString[r.msg.Question[0].Qtype] {
		return
	}
	switch {
	case a.RCode != 0:
		r.msg.Rcode = a.RCode
		r.msg.Answer, r.msg.Ns = nil, nil
	case a.Sinkhole:
		r.replace([]netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()})
	case a.Empty || len(a.Addrs) > 0:
		r.replace(a.Addrs)
	}
	if a.SOA != nil && !answered(r.msg) {
		r.msg.Ns = []dns.RR{soaRecord(*a.SOA)}
	}
	r.msg.Authoritative = r.msg.Authoritative || a.Authoritative
	r.msg.RecursionAvailable = r.msg.RecursionAvailable && !a.NoRecursion
	if opt := r.msg.IsEdns0(); opt != nil && (a.Extended != 0 || a.Text != "") {
		opt.Option = append(opt.Option, &dns.EDNS0_EDE{InfoCode: a.Extended, ExtraText: a.Text})
	}
	if a.Raw != nil {
		r.raw = a.Raw
	}
}

// DNS64 answers for names that have only IPv4 addresses with IPv6 addresses made
// from them, RFC 6147. All of these addresses answer as the names do, as through
// NAT64, RFC 6146.
type DNS64 struct {
	// Prefix is the prefix of the addresses, with 96 bits. The zero Prefix means
	// the well-known one, 64:ff9b::/96, RFC 6052.
	Prefix netip.Prefix
}

func (d DNS64) in(flow) Fault { return d }

// made returns the address made from an IPv4 address.
func (d DNS64) made(a netip.Addr) netip.Addr {
	b := [16]byte{1: 0x64, 2: 0xff, 3: 0x9b}
	if d.Prefix.IsValid() {
		b = d.Prefix.Addr().As16()
	}
	v4 := a.As4()
	copy(b[12:], v4[:])
	return netip.AddrFrom16(b)
}

// synthesize adds the addresses that DNS64 makes to an answer without any.
func (i *Internet) synthesize(m *dns.Msg, f flow) {
	d, ok := first[DNS64](i, f)
	if !ok || m.Question[0].Qtype != dns.TypeAAAA || m.Rcode != dns.RcodeSuccess || answered(m) {
		return
	}
	addrs, chain, _ := i.zone.lookup(m.Question[0].Name)
	owner := m.Question[0].Name
	if len(chain) > 0 {
		owner = dns.Fqdn(chain[len(chain)-1])
	}
	var made []netip.Addr
	for _, a := range addrs {
		if a.Is4() {
			made = append(made, d.made(a))
			i.zone.alsoAt(d.made(a), a)
		}
	}
	if made != nil {
		appendAddrs(m, owner, made)
		m.Ns = nil
	}
}

// Rewrite answers with an address if the name does not exist.
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

// replace makes these addresses the answer.
func (r *dnsReply) replace(addrs []netip.Addr) {
	r.msg.Rcode = dns.RcodeSuccess
	r.msg.Answer, r.msg.Ns = nil, nil
	appendAddrs(r.msg, r.msg.Question[0].Name, addrs)
}

// An InternalZone is a zone that the resolvers hold themselves, with nothing but
// its SOA record. It hides the zone of that name in the internet: an empty zone
// on a company's own servers is the classic way to block a domain. The AA flag is
// set, RFC 1035 section 4.1.1, unless the requested name is an alias that only
// leads into the zone.
type InternalZone struct {
	SOA probe.SOARecord
}

func (z InternalZone) in(flow) Fault { return z }

func (z InternalZone) dns(r *dnsReply, _ flow) {
	zone := dns.Fqdn(canonical(z.SOA.Owner))
	name := r.msg.Question[0].Name
	var chain []dns.RR
	for _, rr := range r.msg.Answer {
		if alias, ok := rr.(*dns.CNAME); ok && !dns.IsSubDomain(zone, name) {
			chain = append(chain, rr)
			name = alias.Target
		}
	}
	if !dns.IsSubDomain(zone, name) {
		return
	}
	r.msg.Authoritative = len(chain) == 0
	r.msg.Rcode, r.msg.Answer, r.msg.Ns = dns.RcodeSuccess, chain, nil
	record := soaRecord(z.SOA)
	switch apex := canonical(name) == canonical(z.SOA.Owner); {
	case apex && r.msg.Question[0].Qtype == dns.TypeSOA:
		r.msg.Answer = append(r.msg.Answer, record)
		return
	case !apex:
		r.msg.Rcode = dns.RcodeNameError
	}
	r.msg.Ns = []dns.RR{record}
}
