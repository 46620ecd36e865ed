package probe

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// servers returns the servers in a name's SRV records, from the first resolver
// that answers. The questions are kept in o.
func (n Network) servers(ctx context.Context, name string, o *Observation) ([]SRVServer, *Error) {
	o.DNS = &DNSFacts{Name: name}
	resolvers, err := n.resolverList()
	if err != nil {
		return nil, &Error{Op: OpResolve, Addr: name, Code: DNSUnreachable, Err: err}
	}
	var best *Error
	for i, resolver := range resolvers {
		found, query, err := n.askServers(ctx, resolver, name, len(resolvers)-i)
		o.DNS.Queries = append(o.DNS.Queries, query)
		if err == nil {
			o.DNS.CNAMEs = query.CNAMEs
			return found, nil
		}
		if best == nil || moreTelling(err, best) {
			best = err
		}
		if (reply{query: query}).final() || ended(ctx) {
			break
		}
	}
	return nil, &Error{Op: OpResolve, Addr: name, Code: best.Code, Err: fmt.Errorf("resolver %s: %w", best.Addr, best.Err)}
}

// askServers asks one resolver. The remaining resolvers share the time left.
func (n Network) askServers(ctx context.Context, resolver netip.AddrPort, name string, shares int) ([]SRVServer, DNSQuery, *Error) {
	window := resolverTimeout
	if deadline, ok := ctx.Deadline(); ok {
		window = min(window, time.Until(deadline)/time.Duration(shares))
	}
	ctx, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	x := n.exchange(resolver, name, dns.TypeSRV)
	m, err := x.complete(ctx)
	var failed *Error
	var found []SRVServer
	if err != nil {
		failed = x.failed(ctx, err)
	} else if found, err = readServers(&x.query, m); err != nil {
		failed = &Error{Op: OpResolve, Addr: resolver.String(), Code: x.query.Code, Err: err}
	}
	if failed != nil {
		x.query.Code = failed.Code
	}
	return found, x.query, failed
}

// readServers records what m says in q, and returns the servers that it lists.
func readServers(q *DNSQuery, m *dns.Msg) ([]SRVServer, error) {
	code, err := readAnswer(q, m, false)
	if m.Rcode != dns.RcodeSuccess || code == DNSBlocked || code == DNSMalformed {
		q.Code = code
		return nil, err
	}
	owner := canonicalName(m, q.CNAMEs)
	var found []SRVServer
	absent := false
	for _, rr := range m.Answer {
		srv, ok := rr.(*dns.SRV)
		switch {
		case !ok, srv.Hdr.Class != dns.ClassINET, dns.CanonicalName(srv.Hdr.Name) != owner, srv.Target == "": // the last without data
		case srv.Target == ".":
			absent = true
		default:
			host := strings.TrimSuffix(dns.CanonicalName(srv.Target), ".")
			found = append(found, SRVServer{Host: host, Port: srv.Port, Priority: srv.Priority, Weight: srv.Weight})
			q.TTL = ttl(q.TTL, srv.Hdr.Ttl)
		}
	}
	switch {
	case len(found) > 0:
		return found, nil
	case absent:
		q.Code = DNSNoData
		return nil, errors.New("the record says that there is no such service, RFC 2782")
	}
	q.Code = code
	return nil, err
}

// ttl returns the lower of two times to live. The first may be unknown.
func ttl(known, next uint32) uint32 {
	if known == 0 {
		return next
	}
	return min(known, next)
}
