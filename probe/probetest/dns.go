package probetest

import (
	"net/netip"

	"github.com/miekg/dns"
)

// udpSize is the size of answers over UDP that servers agreed on for the flag
// day of 2020.
const udpSize = 1232

// A dnsReply is an answer in the making.
type dnsReply struct {
	msg *dns.Msg

	// none says that there will be no answer, and raw, unless nil, is sent in
	// place of msg.
	none bool
	raw  []byte
}

// A dnsFault changes answers.
type dnsFault interface {
	dns(r *dnsReply, f flow)
}

// questionOf returns the flow of a query, and the type it asks for.
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

// answerDNS returns the answers to a query: one, or none.
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
		for _, fault := range backwards[dnsFault](i, f) {
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

// resolve completes m with what the zone says.
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
	if i.appendServers(m, owner) {
		return
	}
	appendAddrs(m, owner, addrs)
}

// appendAddrs adds those addresses that m asks for. An answer without any gets
// the SOA record that RFC 2308 wants.
func appendAddrs(m *dns.Msg, owner string, addrs []netip.Addr) {
	found := false
	for _, a := range addrs {
		switch qtype := m.Question[0].Qtype; {
		case qtype == dns.TypeA && a.Is4():
			m.Answer = append(m.Answer, &dns.A{Hdr: header(owner, qtype), A: a.AsSlice()})
			found = true
		case qtype == dns.TypeAAAA && a.Is6():
			m.Answer = append(m.Answer, &dns.AAAA{Hdr: header(owner, qtype), AAAA: a.AsSlice()})
			found = true
		}
	}
	if !found {
		m.Ns = append(m.Ns, &dns.SOA{
			Hdr: header(".", dns.TypeSOA), Ns: "ns.example.", Mbox: "hostmaster.example.",
			Serial: 1, Refresh: 1800, Retry: 900, Expire: 604800, Minttl: 300,
		})
	}
}

func header(name string, rrtype uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: rrtype, Class: dns.ClassINET, Ttl: 300}
}
