package readiness

import (
	"fmt"
	"strings"

	"github.com/netready/netready/probe"
)

// resolverEvidence quotes each resolver's answers to the lookups of checks.
func (v *view) resolverEvidence(checks []int) []string {
	type answer struct {
		resolver string
		code     probe.Code
		cut      bool // truncated over UDP, and failed over TCP
	}
	var names grouping[answer, string]
	telling := make(map[answer]string) // details of the first answer of each kind
	for _, i := range checks {
		f := v.obs[i].DNS
		if f == nil {
			continue
		}
		for _, q := range f.Queries {
			a := answer{q.Resolver.String(), q.Code, needsTCP(q)}
			if q.Code == "" {
				if internal(v.plan.Catalog, v.obs[i]) && q.Authoritative {
					own := answer{q.Resolver.String(), InternalZone, false}
					names.add(own, f.Name)
					telling[own] = details(q)
				}
				continue
			}
			if _, ok := telling[a]; !ok {
				telling[a] = details(q)
			}
			name := v.target(i).Host
			if v.obs[i].Proxy != nil {
				name = f.Name // the name of the proxy
			}
			names.add(a, name)
		}
	}
	var out []string
	for a, of := range names.all() {
		did := said(a.code)
		if a.cut {
			did = "sent a truncated answer over UDP, and over TCP port 53 " + did
		}
		out = append(out, fmt.Sprintf("%s %s (%s%s): %s", a.resolver, did, a.code, telling[a], list(unique(of))))
	}
	return out
}

// details quotes what an answer holds besides its code.
func details(q probe.DNSQuery) string {
	var s strings.Builder
	if len(q.Addresses) > 0 {
		fmt.Fprintf(&s, ", %v", q.Addresses)
	}
	switch {
	case private(q):
		fmt.Fprintf(&s, ", from the Azure private DNS zone %s", q.SOA.Owner)
	case q.Authoritative && q.SOA != nil:
		fmt.Fprintf(&s, ", from its own zone %s on %s", q.SOA.Owner, q.SOA.MName)
	}
	for _, x := range q.Extended {
		fmt.Fprintf(&s, ", extended error %d %q", x.InfoCode, x.Text)
	}
	return s.String()
}

// said describes a resolver's behavior.
func said(c probe.Code) string {
	switch c {
	case probe.DNSTimeout, probe.Timeout:
		return "did not answer"
	case probe.DNSNoRoute:
		return "is unreachable: this machine has no route to it"
	case probe.DNSUnreachable:
		return "is unreachable: a router said so, or nothing on the local link has its address"
	case probe.DNSNotListening:
		return "is unreachable: nothing listens on its port 53"
	case probe.DNSRefused:
		return "refused to answer"
	case probe.DNSServFail:
		return "reported a server failure"
	case probe.DNSNXDomain:
		return "reported that the name does not exist"
	case probe.DNSNoData:
		return "returned no address"
	case probe.DNSSinkhole:
		return "returned an address that leads nowhere"
	case probe.DNSBlocked:
		return "reported that the name is blocked"
	case InternalZone:
		return "answers authoritatively, although it is not the zone's operator"
	case probe.DNSMalformed:
		return "returned a malformed answer"
	}
	return "failed"
}

// needsTCP reports whether an answer was truncated over UDP and the retry over
// TCP failed.
func needsTCP(q probe.DNSQuery) bool {
	if !q.Truncated {
		return false
	}
	switch q.Code {
	case probe.DNSTimeout, probe.DNSNoRoute, probe.DNSUnreachable, probe.DNSNotListening, probe.Timeout, probe.DNSMalformed:
		return true
	}
	return false
}

// overTCP returns the resolvers that sent truncated answers and failed over
// TCP, if nothing else stops the checks from resolving their names.
func (v *view) overTCP(checks []int) []string {
	var out []string
	for _, i := range checks {
		if e := v.obs[i].Error; v.obs[i].DNS == nil || e == nil || e.Op != probe.OpResolve {
			return nil
		}
		for _, q := range v.obs[i].DNS.Queries {
			switch {
			case needsTCP(q):
				out = append(out, q.Resolver.Addr().String())
			case q.Code != "" && q.Code != probe.DNSNoData:
				return nil
			}
		}
	}
	return unique(out)
}

// allowTCP is the remedy for answers that do not fit into UDP.
func allowTCP(resolvers []string) string {
	return "Allow TCP port 53 besides UDP to " + some(resolvers, fewNames) + ", and have it answer there: large answers do not fit into UDP (RFC 7766)."
}
