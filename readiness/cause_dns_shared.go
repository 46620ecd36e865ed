package readiness

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
	"github.com/netready/netready/probe"
)

// shared returns the checks of names of unrelated owners that share addresses at
// which none of them answers. Names behind one CDN share addresses too, so a
// second signal must show that the addresses are not theirs. An organization's own
// names may share whatever they like.
func (v *view) shared() []int {
	silent := v.open(func(i int, r outcome) bool {
		return v.obs[i].Proxy == nil && v.place(i) != "" && v.outcomes.excuses[i] == unexcused && !v.familyFails(i) &&
			(mute(r.code) || v.foreign(i) && (r.code == probe.TLSUntrusted || r.code == probe.TLSInspected || r.code == probe.TLSNameMismatch))
	})
	var out, nowhere []int
	for _, checks := range groupBy(silent, v.place4).all() {
		known := slices.DeleteFunc(slices.Clone(checks), func(i int) bool { return !v.onInternet(i) })
		if v.owners(known) < severalOwners || v.answers(v.obs[checks[0]].DNS.Addresses) || !v.notTheirs(checks) {
			continue
		}
		open := slices.DeleteFunc(slices.Clone(known), func(i int) bool { return !v.outcomes.works[v.target(i).Protocol] })
		if v.outcomes.works[probe.HTTPS] || v.owners(open) >= severalOwners {
			out = append(out, checks...)
		} else {
			nowhere = append(nowhere, checks...)
		}
	}
	// If nothing works on their ports, blocked ports explain more, unless DNS sends
	// every name there.
	there := make(map[string]bool)
	for _, i := range nowhere {
		there[v.place4(i)] = true
	}
	elsewhere := v.open(func(i int, r outcome) bool {
		return v.target(i).Protocol == probe.HTTPS && mute(r.code) && (v.place(i) == "" || !there[v.place4(i)])
	})
	if len(elsewhere) > 0 {
		return out
	}
	return slices.Concat(out, nowhere)
}

// notTheirs reports whether a second signal shows that the addresses that names
// of unrelated owners share belong to none of them.
func (v *view) notTheirs(checks []int) bool {
	aliased := slices.ContainsFunc(checks, func(i int) bool { return len(v.obs[i].DNS.CNAMEs) > 0 })
	own := !slices.ContainsFunc(checks, func(i int) bool { return !ruled(v.obs[i]) })
	return inside(v.obs[checks[0]].DNS.Addresses) && !v.insideWorks() || own ||
		slices.ContainsFunc(checks, func(i int) bool { return v.outside(i) != "" }) || v.apart(checks) ||
		!aliased && v.owners(checks) >= unrelatedOwners // an unrelated name reaches a CDN by an alias
}

// onInternet reports whether a check's name is known to be on the internet.
func (v *view) onInternet(check int) bool {
	return exists(v.plan, v.outcomes.facts, check) || v.outside(check) != ""
}

// apart reports whether another resolver gives the names of checks addresses
// that they do not share.
func (v *view) apart(checks []int) bool {
	names := make(map[string]map[string]bool) // by the other resolver's answer
	for _, i := range checks {
		f := v.obs[i].DNS
		for _, q := range f.Queries {
			if q.Type == "A" && q.Code == "" && len(q.Addresses) > 0 && !subset(q.Addresses, f.Addresses) {
				at := fmt.Sprint(q.Resolver, q.Addresses)
				if names[at] == nil {
					names[at] = make(map[string]bool)
				}
				names[at][f.Name] = true
			}
		}
	}
	for _, shared := range names {
		if len(shared) > 1 {
			return false
		}
	}
	return len(names) >= severalOwners
}

// misled returns the checks of names that resolve to addresses that cannot be
// theirs and at which nobody answers, if two signals agree on that: the address
// is private, it is not published, another resolver gives a better one, or other
// names of the same domain are misled as well.
func (v *view) misled() []int {
	if !v.outcomes.works[probe.HTTPS] {
		return nil
	}
	silent := v.open(func(i int, r outcome) bool {
		return mute(r.code) && v.obs[i].Proxy == nil && v.place(i) != "" && v.onInternet(i) && v.outcomes.excuses[i] == unexcused && !v.familyFails(i) && !v.answers(v.obs[i].DNS.Addresses)
	})
	odd := func(i int) bool { return inside(v.obs[i].DNS.Addresses) }
	if v.insideWorks() {
		odd = func(int) bool { return false } // as through a VPN that gives every name such an address
	}
	domains := make(map[string][]string) // names with private addresses, by domain
	for _, i := range silent {
		if odd(i) {
			host := v.target(i).Host
			domains[above(host)] = append(domains[above(host)], host)
		}
	}
	return slices.DeleteFunc(silent, func(i int) bool {
		signals := 0
		host := v.target(i).Host
		for _, s := range []bool{
			odd(i),
			v.outside(i) != "",
			v.otherwise(i) != "",
			slices.ContainsFunc(domains[above(host)], func(name string) bool { return name != host }) && slices.Contains(domains[above(host)], host),
		} {
			if s {
				signals++
			}
		}
		return signals < 2
	})
}

// insideWorks reports whether any host completed a genuine check over TLS at a
// private address. Such addresses are then no sign.
func (v *view) insideWorks() bool {
	return v.genuineAt(func(a netip.Addr) bool { return inside([]netip.Addr{a}) })
}

// together says which names share addresses although they belong to unrelated
// owners.
func (v *view) together(checks []int) []string {
	var out []string
	for at, of := range groupBy(checks, v.place4).all() {
		if v.owners(of) >= severalOwners {
			out = append(out, fmt.Sprintf("%s belong to unrelated organizations and all resolve to %s.", list(v.names(of)), at))
		}
	}
	return firstLines(out, fewLines, "The same at %d more addresses.")
}

// answers reports whether any host did so at one of some addresses.
func (v *view) answers(at []netip.Addr) bool {
	return v.genuineAt(func(a netip.Addr) bool { return slices.Contains(at, a) })
}

// genuineAt reports whether any host completed a genuine check over TLS at such
// an address.
func (v *view) genuineAt(such func(netip.Addr) bool) bool {
	for i, r := range v.outcomes.each {
		o := v.obs[i]
		if r.status == OK && o.Target.Protocol == probe.HTTPS && o.Proxy == nil && o.TCP != nil && o.TCP.Remote.IsValid() && such(o.TCP.Remote.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// familyFails reports whether no host could be reached over any address family
// that a check's name has, although others could over the other family. The
// name's addresses are then not at fault.
func (v *view) familyFails(check int) bool {
	ipv4, ipv6 := len(v.outcomes.signs.ipv4) > 0, len(v.outcomes.signs.ipv6) > 0
	if !ipv4 && !ipv6 {
		return false
	}
	return !slices.ContainsFunc(v.obs[check].DNS.Addresses, func(a netip.Addr) bool { return a.Unmap().Is4() && ipv4 || !a.Unmap().Is4() && ipv6 })
}

// place4 returns the IPv4 addresses that a check's name resolves to as text, or
// all if it has none. Filters often forget the IPv6 addresses.
func (v *view) place4(check int) string {
	f := v.obs[check].DNS
	var out []netip.Addr
	for _, a := range f.Addresses {
		if a.Unmap().Is4() {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		return v.place(check)
	}
	return fmt.Sprint(out)
}

// above returns the name without its first label.
func above(name string) string {
	_, domain, _ := strings.Cut(name, ".")
	return domain
}

// inside reports whether all addresses are for use inside networks: private
// (RFC 1918, RFC 4193) or shared by an operator's customers (RFC 6598). No
// internet service has one.
func inside(addrs []netip.Addr) bool {
	return !slices.ContainsFunc(addrs, func(a netip.Addr) bool {
		return !a.Unmap().IsPrivate() && !sharedSpace().Contains(a.Unmap())
	})
}

func sharedSpace() netip.Prefix { return netip.MustParsePrefix("100.64.0.0/10") }

// otherwise says that another resolver gives a check's name an address that can
// be the host's, while those used cannot. It returns "" if none does.
func (v *view) otherwise(check int) string {
	f := v.obs[check].DNS
	if f == nil {
		return ""
	}
	for _, q := range f.Queries {
		if q.Code != "" || len(q.Addresses) == 0 || subset(q.Addresses, f.Addresses) {
			continue
		}
		published := v.outside(check) != "" && slices.ContainsFunc(q.Addresses, func(a netip.Addr) bool {
			return ranges.Check(cloudOf(v.plan.Scope), v.target(check).Host, a) == endpoints.Confirmed
		})
		if published || inside(f.Addresses) && !inside(q.Addresses) {
			return fmt.Sprintf("%s resolves it to %v.", q.Resolver, q.Addresses)
		}
	}
	return ""
}

// oddAddress says why the addresses of a host where nobody answered may not be
// its own, or "".
func (v *view) oddAddress(check int) string {
	f := v.obs[check].DNS
	if f == nil || len(f.Addresses) == 0 || v.obs[check].Proxy != nil || !mute(v.outcomes.each[check].code) {
		return ""
	}
	host := v.target(check).Host
	if inside(f.Addresses) && !v.insideWorks() {
		for i, o := range v.obs {
			if name := v.target(i).Host; name != host && zone(name) == zone(host) && o.Proxy == nil && o.DNS != nil && len(o.DNS.Addresses) > 0 && !inside(o.DNS.Addresses) {
				return fmt.Sprintf("%s resolves to %v, which is private, while other names of %s have public addresses, as %s has.", host, f.Addresses, zone(host), name)
			}
		}
	}
	return v.outside(check)
}
