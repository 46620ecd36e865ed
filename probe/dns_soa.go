package probe

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// measureSOA is the prober of [SOA].
func measureSOA(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	if err := checkName(t.Host); err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
	}
	o.DNS = &DNSFacts{Name: t.Host}
	resolvers, err := n.resolverList()
	if err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: DNSUnreachable, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, resolverTimeout)
	defer cancel()
	start := time.Now()
	replies := n.askEach(ctx, resolvers, t.Host, dns.TypeSOA)
	best := replies[0]
	for _, r := range replies {
		o.DNS.Queries = append(o.DNS.Queries, r.query)
		o.Steps = append(o.Steps, Step{Op: OpResolve, Addr: r.query.Resolver.String(), Start: start, Duration: r.query.Duration, Error: r.err})
		if best.err != nil && (r.err == nil || moreTelling(r.err, best.err)) {
			best = r
		}
	}
	o.DNS.CNAMEs = slices.Clone(best.query.CNAMEs)
	if best.err == nil {
		return nil
	}
	return &Error{Op: OpResolve, Addr: t.Host, Code: best.err.Code, Err: fmt.Errorf("resolver %s: %w", best.query.Resolver, best.err.Err)}
}

// askEach puts one question to all resolvers at once. The replies are in the
// order of resolvers. Like ask it needs a deadline.
func (n Network) askEach(ctx context.Context, resolvers []netip.AddrPort, name string, qtype uint16) []reply {
	replies := make([]reply, len(resolvers))
	atOnce(len(resolvers), func(i int) { replies[i] = n.ask(ctx, resolvers[i], name, qtype) })
	return replies
}

// soaOf returns the SOA record that an answer gives for the name at the end of
// a chain: the requested one, or the zone's in a negative answer, RFC 2308
// section 2. It ignores the additional section, where filters put their own
// records.
func soaOf(m *dns.Msg, chain []string) *SOARecord {
	if len(m.Question) == 0 || m.Rcode != dns.RcodeSuccess && m.Rcode != dns.RcodeNameError {
		return nil
	}
	name, qtype := canonicalName(m, chain), m.Question[0].Qtype
	section := m.Ns
	for _, rr := range m.Answer {
		switch h := rr.Header(); {
		case h.Rrtype != qtype || h.Class != dns.ClassINET:
		case qtype != dns.TypeSOA:
			return nil // not a negative answer
		case dns.CanonicalName(h.Name) == name:
			section = m.Answer
		}
	}
	var found *SOARecord
	for _, rr := range section {
		soa, ok := rr.(*dns.SOA)
		if !ok || soa.Hdr.Class != dns.ClassINET {
			continue
		}
		if found != nil {
			return nil
		}
		found = &SOARecord{Owner: plainName(soa.Hdr.Name), MName: plainName(soa.Ns), RName: plainName(soa.Mbox)}
	}
	return found
}

// canonicalName returns the name at the end of a chain of canonical names.
func canonicalName(m *dns.Msg, chain []string) string {
	if n := len(chain); n > 0 {
		return dns.CanonicalName(chain[n-1])
	}
	return dns.CanonicalName(m.Question[0].Name)
}

// plainName returns a record's name in the form of [SOARecord].
func plainName(name string) string {
	name = dns.CanonicalName(name)
	if name != "." {
		name = strings.TrimSuffix(name, ".")
	}
	return printable(name, 255)
}

// holds reports whether a zone holds a name, which is fully qualified.
func holds(zone, name string) bool { return dns.IsSubDomain(dns.Fqdn(zone), name) }
