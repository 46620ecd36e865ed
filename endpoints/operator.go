package endpoints

import (
	"slices"
	"strings"
)

// An Operator is the party that runs a DNS zone, according to its SOA record
// (RFC 1035 section 3.3.13). Names are in lower case, without a trailing dot.
type Operator struct {
	Zone string

	// MName is the primary server. An asterisk stands for digits, as in
	// "ns1-*.azure-dns.com": Azure DNS gives each zone one of many numbered
	// sets of servers ("Delegate a domain to Azure DNS", 2024-06-07), and
	// microsoft.com was seen in two of them.
	MName string

	// RName is the mailbox of the administrator, with a dot for the at sign.
	RName string

	Source Source
}

// Operators returns the known operators of a name's zone and its parent zones,
// the most specific first, or nil.
func (c *Catalog) Operators(name string) []Operator {
	name, ok := cleanName(name)
	if !ok {
		return nil
	}
	var out []Operator
	for zone, more := name, true; more; _, zone, more = strings.Cut(zone, ".") {
		for _, o := range c.operators {
			if o.Zone == zone {
				out = append(out, o)
			}
		}
	}
	return out
}

// Match reports whether an SOA record with these names is this operator's. It
// ignores case and a trailing dot.
func (o Operator) Match(mname, rname string) bool {
	m, okM := cleanName(mname)
	r, okR := cleanName(rname)
	return okM && okR && r == o.RName && matchDigits(o.MName, m)
}

// matchDigits reports whether name is pattern with digits for its asterisk.
func matchDigits(pattern, name string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	digits, ok := strings.CutPrefix(name, before)
	if !ok {
		return false
	}
	digits, ok = strings.CutSuffix(digits, after)
	return ok && isNumber(digits)
}

// sortOperators brings them into the order of a catalog file.
func sortOperators(operators []Operator) {
	slices.SortStableFunc(operators, func(a, b Operator) int { return strings.Compare(a.Zone, b.Zone) })
}
