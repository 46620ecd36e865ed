package probe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

const (
	// maxCNAMEs limits the chain of canonical names.
	maxCNAMEs = 16

	// maxExtended limits the extended errors kept of an answer.
	maxExtended = 8
)

// A malformedError says what is wrong with an answer.
type malformedError struct {
	text string
	err  error // the parser's error, or nil
}

func (e *malformedError) Error() string {
	if e.err != nil {
		return e.text + ": " + e.err.Error()
	}
	return e.text
}

func (e *malformedError) Unwrap() error { return e.err }

// errOtherQuestion is the error for a message that answers another question.
var errOtherQuestion = &malformedError{text: "an answer to another question"}

// parseAnswer parses a message and checks that it answers the question.
func parseAnswer(raw []byte, question *dns.Msg) (*dns.Msg, error) {
	if len(raw) < 2 || binary.BigEndian.Uint16(raw) != question.Id {
		return nil, errOtherQuestion
	}
	m := new(dns.Msg)
	err := m.Unpack(raw)
	cut := m.Truncated && len(m.Question) > 0 // records need not be whole
	if err != nil && !cut {
		return nil, &malformedError{"an answer that cannot be parsed", err}
	}
	if !m.Response || !sameQuestion(m, question) {
		return nil, errOtherQuestion
	}
	// The parser accepts a message that ends before the records it announces.
	if announced := int(binary.BigEndian.Uint16(raw[6:])); !m.Truncated && announced != len(m.Answer) {
		return nil, &malformedError{text: fmt.Sprintf("%d of %d records in an answer", len(m.Answer), announced)}
	}
	return m, nil
}

// sameQuestion reports whether m repeats the question. Servers that could not
// or would not read it need not repeat it.
func sameQuestion(m, question *dns.Msg) bool {
	switch len(m.Question) {
	case 0:
		return m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError
	case 1:
		got, want := m.Question[0], question.Question[0]
		return got.Qtype == want.Qtype && got.Qclass == want.Qclass && strings.EqualFold(got.Name, want.Name)
	default:
		return false
	}
}

// knowsNoEDNS reports whether the server does not support EDNS. RFC 6891
// section 7 says to ask again without.
func knowsNoEDNS(m *dns.Msg) bool {
	return (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented) && m.IsEdns0() == nil
}

func rcodeName(rcode int) string {
	if s, ok := dns.RcodeToString[rcode]; ok {
		return s
	}
	return fmt.Sprintf("RCODE%d", rcode)
}

// readAnswer records what m says in q, and judges it. The code is "" if there
// is a usable address.
func readAnswer(q *DNSQuery, m *dns.Msg, allowLoopback bool) (Code, error) {
	code, err := judgeAnswer(q, m, allowLoopback)
	q.limit(allowLoopback)
	return code, err
}

// limit drops what is too much of a judged answer. What decided stays.
func (q *DNSQuery) limit(allowLoopback bool) {
	if more := len(q.Addresses) - maxAddresses; more > 0 {
		good := usable(q.Addresses, allowLoopback)
		if len(good) == 0 {
			good = q.Addresses
		}
		more = len(q.Addresses) - min(len(good), maxAddresses)
		q.Addresses = slices.Clone(good[:len(q.Addresses)-more])
		q.More += more
	}
	if more := len(q.Extended) - maxExtended; more > 0 {
		if i := slices.IndexFunc(q.Extended, blocks); i >= maxExtended {
			q.Extended[maxExtended-1] = q.Extended[i]
		}
		q.Extended = slices.Clone(q.Extended[:maxExtended])
		q.More += more
	}
}

// judgeAnswer is readAnswer without limits.
func judgeAnswer(q *DNSQuery, m *dns.Msg, allowLoopback bool) (Code, error) {
	q.RCode = rcodeName(m.Rcode)
	q.Authoritative, q.RecursionAvailable = m.Authoritative, m.RecursionAvailable
	if opt := m.IsEdns0(); opt != nil {
		for _, o := range opt.Option {
			if e, ok := o.(*dns.EDNS0_EDE); ok {
				q.Extended = append(q.Extended, ExtendedError{InfoCode: e.InfoCode, Text: printable(e.ExtraText, 256)})
			}
		}
	}
	err := followChain(q, m)
	q.SOA = soaOf(m, q.CNAMEs)
	if i := slices.IndexFunc(q.Extended, blocks); i >= 0 {
		return DNSBlocked, extendedText(q.Extended[i])
	}
	switch m.Rcode {
	case dns.RcodeSuccess:
	case dns.RcodeNameError:
		return DNSNXDomain, errors.New(q.RCode)
	case dns.RcodeRefused:
		return DNSRefused, errors.New(q.RCode)
	default:
		return DNSServFail, errors.New(q.RCode)
	}
	switch {
	case err != nil:
		return DNSMalformed, err
	case len(q.Addresses) > 0 && len(usable(q.Addresses, allowLoopback)) == 0:
		return DNSSinkhole, fmt.Errorf("only %v", q.Addresses[0])
	case len(q.Addresses) > 0:
		return "", nil
	case q.Type == "SOA" && q.SOA != nil && holds(q.SOA.Owner, canonicalName(m, q.CNAMEs)):
		return "", nil
	case isReferral(m):
		return DNSServFail, errors.New("a referral: this server does not resolve for others")
	default:
		return DNSNoData, errors.New("no " + q.Type + " record")
	}
}

// blocks reports whether e says that the resolver must not answer, RFC 8914
// sections 4.16 (Blocked), 4.17 (Censored) and 4.18 (Filtered).
func blocks(e ExtendedError) bool { return e.InfoCode >= 15 && e.InfoCode <= 17 }

func extendedText(e ExtendedError) error {
	s := dns.ExtendedErrorCodeToString[e.InfoCode]
	if e.Text != "" {
		s += ": " + e.Text
	}
	return errors.New(s)
}

// isReferral reports whether an answer without records points to other servers
// instead of saying that there are none, RFC 2308 section 2.2.
func isReferral(m *dns.Msg) bool {
	if m.Authoritative || m.RecursionAvailable {
		return false
	}
	isNS := func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeNS }
	isSOA := func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeSOA }
	return slices.ContainsFunc(m.Ns, isNS) && !slices.ContainsFunc(m.Ns, isSOA)
}

// followChain adds the canonical names and the addresses at their end to q. An
// answer's records may be in any order.
func followChain(q *DNSQuery, m *dns.Msg) error {
	if len(m.Question) == 0 {
		return nil
	}
	name, qtype := dns.CanonicalName(m.Question[0].Name), m.Question[0].Qtype
	canonical := make(map[string]*dns.CNAME)
	for _, rr := range m.Answer {
		if c, ok := rr.(*dns.CNAME); ok && c.Hdr.Class == dns.ClassINET && canonical[dns.CanonicalName(c.Hdr.Name)] == nil {
			canonical[dns.CanonicalName(c.Hdr.Name)] = c
		}
	}
	var ttls []uint32
	for c := canonical[name]; c != nil; c = canonical[name] {
		if len(q.CNAMEs) == maxCNAMEs {
			return &malformedError{text: "a chain of canonical names that is too long or has no end"}
		}
		q.CNAMEs = append(q.CNAMEs, strings.TrimSuffix(c.Target, "."))
		ttls = append(ttls, c.Hdr.Ttl)
		name = dns.CanonicalName(c.Target)
	}
	others := false
	for _, rr := range m.Answer {
		if rr.Header().Rrtype != qtype || rr.Header().Class != dns.ClassINET {
			continue
		}
		if dns.CanonicalName(rr.Header().Name) != name {
			others = true
			continue
		}
		if addr, ok := addressOf(rr); ok {
			q.Addresses = append(q.Addresses, addr)
			ttls = append(ttls, rr.Header().Ttl)
		}
	}
	if len(ttls) > 0 {
		q.TTL = slices.Min(ttls)
	}
	if others && len(q.Addresses) == 0 {
		return &malformedError{text: "addresses of other names only"}
	}
	return nil
}

func addressOf(rr dns.RR) (netip.Addr, bool) {
	switch rr := rr.(type) {
	case *dns.A:
		addr, ok := netip.AddrFromSlice(rr.A)
		return addr.Unmap(), ok
	case *dns.AAAA:
		return netip.AddrFromSlice(rr.AAAA)
	}
	return netip.Addr{}, false
}

// usable returns the addresses that another host can have. Blocking resolvers
// answer with addresses that belong to no host. Private and documentation
// addresses are usable.
func usable(addrs []netip.Addr, allowLoopback bool) []netip.Addr {
	var good []netip.Addr
	for _, addr := range addrs {
		a := addr.Unmap()
		if a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsLoopback() && !allowLoopback {
			continue
		}
		good = append(good, addr)
	}
	return good
}
