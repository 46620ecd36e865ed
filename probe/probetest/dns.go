package probetest

import (
	"net/netip"
	"slices"

	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
)

// udpSize is the maximum size of UDP responses since DNS flag day 2020.
const udpSize = 1232

// A dnsReply is a response being built.
type dnsReply struct {
	msg *dns.Msg

	// none means that there is no response. raw, unless nil, is sent instead of
	// msg.
	none bool
	raw  []byte
}

// A dnsFault changes responses.
type dnsFault interface {
	dns(r *dnsReply, f flow)
}

// questionOf returns f with the name that a query asks for, and the query type.
func questionOf(f flow, query []byte) (question flow, qtype string) {
	f.hosts = nil
	var m dns.Msg
	if m.Unpack(query) != nil || len(m.Question) != 1 {
		return f, ""
	}
	f.hosts = []string{canonical(m.Question[0].Name)}
	return f, dns.TypeToString[m.Question[0].Qtype]
}

// serveDNS answers queries over TCP.
func (i *Internet) serveDNS(c *conn, f flow) {
	stream := &dns.Conn{Conn: c}
	for {
		query, err := stream.ReadMsgHeader(nil)
		if err != nil {
			return
		}
		question, qtype := questionOf(f, query)
		i.log.add(EventQuery, question, qtype)
		for _, answer := range i.answerDNS(question, query) {
			if _, err := stream.Write(answer); err != nil {
				return
			}
		}
	}
}

// answerDNS returns the responses to a query: one or none.
func (i *Internet) answerDNS(f flow, query []byte) [][]byte {
	var q dns.Msg
	if q.Unpack(query) != nil || q.Response {
		return nil
	}
	r := &dnsReply{msg: new(dns.Msg)}
	r.msg.SetReply(&q)
	r.msg.RecursionAvailable = true
	size := dns.MinMsgSize
	if opt := q.IsEdns0(); opt != nil {
		size = int(min(max(opt.UDPSize(), dns.MinMsgSize), udpSize))
		r.msg.SetEdns0(udpSize, false)
	}
	if len(q.Question) == 1 && q.Opcode == dns.OpcodeQuery {
		i.resolve(r.msg)
		i.synthesize(r.msg, f)
		for _, fault := range backwards[dnsFault](i.inOrder, f) {
			fault.dns(r, f)
		}
	} else {
		r.msg.Rcode = dns.RcodeFormatError
	}
	switch {
	case r.none:
		return nil
	case r.raw != nil:
		return [][]byte{r.raw}
	}
	r.msg.Compress = true
	if f.network == "udp" {
		r.msg.Truncate(size)
	}
	b, err := r.msg.Pack()
	if err != nil {
		return nil
	}
	return [][]byte{b}
}

// resolve fills in m from the zone.
func (i *Internet) resolve(m *dns.Msg) {
	q := m.Question[0]
	addrs, chain, exists := i.zone.lookup(q.Name)
	if !exists {
		m.Rcode = dns.RcodeNameError
	}
	owner := q.Name
	for _, target := range chain {
		m.Answer = append(m.Answer, &dns.CNAME{Hdr: header(owner, dns.TypeCNAME), Target: dns.Fqdn(target)})
		owner = dns.Fqdn(target)
	}
	soa := i.zone.authority(owner)
	switch q.Qtype {
	case dns.TypeSRV:
		i.appendServers(m, owner)
	case dns.TypeSOA:
		if canonical(soa.Owner) == canonical(owner) {
			m.Answer = append(m.Answer, soaRecord(soa))
		}
	default:
		appendAddrs(m, owner, addrs)
	}
	if !answered(m) {
		m.Ns = append(m.Ns, soaRecord(soa))
	}
}

// answered reports whether m has a record of the requested type.
func answered(m *dns.Msg) bool {
	return slices.ContainsFunc(m.Answer, func(rr dns.RR) bool { return rr.Header().Rrtype == m.Question[0].Qtype })
}

// appendAddrs adds those of addrs that m asks for.
func appendAddrs(m *dns.Msg, owner string, addrs []netip.Addr) {
	for _, a := range addrs {
		switch qtype := m.Question[0].Qtype; {
		case qtype == dns.TypeA && a.Is4():
			m.Answer = append(m.Answer, &dns.A{Hdr: header(owner, qtype), A: a.AsSlice()})
		case qtype == dns.TypeAAAA && a.Is6():
			m.Answer = append(m.Answer, &dns.AAAA{Hdr: header(owner, qtype), AAAA: a.AsSlice()})
		}
	}
}

// soaRecord returns an SOA record with the timers of Azure DNS.
func soaRecord(soa probe.SOARecord) *dns.SOA {
	return &dns.SOA{
		Hdr: header(dns.CanonicalName(soa.Owner), dns.TypeSOA), Ns: dns.Fqdn(soa.MName), Mbox: dns.Fqdn(soa.RName),
		Serial: 1, Refresh: 3600, Retry: 300, Expire: 2419200, Minttl: 300,
	}
}

func header(name string, rrtype uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: rrtype, Class: dns.ClassINET, Ttl: 300}
}
