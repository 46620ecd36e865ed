package allowlist

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
)

// nftTable is the table that holds the sets.
const nftTable = "inet netready"

// NFT writes nftables sets of the address ranges that Microsoft publishes for
// hosts of the list, and of hosts that are addresses. Each service has a set
// for each address family, with address, protocol and port. The sets are in the
// table "inet netready"; a rule in that table reads
//
//	ip daddr . meta l4proto . th dport @intune_v4 accept
//
// Loading the file replaces the contents of the sets in one transaction and
// leaves the rest of the table unchanged. It needs nftables 0.9.4 and Linux 5.6
// or later.
//
// Most hosts have no published ranges, so a firewall that only knows addresses
// cannot allow them; they are gaps, see [NoRange]. Published ranges change, and
// Microsoft recommends names where the firewall supports them. Errors come
// from w.
func NFT(w io.Writer, l *List) ([]Gap, error) {
	sets := make(nftSets)
	published := ranges.Embedded()
	var own []Gap
	for _, e := range l.Entries {
		covers := published.Cover(l.Scope.Cloud, e.Host.String())
		if addr := address(e.Host); addr.IsValid() {
			covers = append(covers, addressSets(e, addr)...)
		}
		for _, s := range covers {
			sets.add(s)
		}
		numbered, other := numbers(e.ports())
		if rest := portsBeyond(numbered, covers); rest != nil {
			own = append(own, Gap{Host: e.Host, Services: e.services(), Ports: rest, Reason: NoRange})
		}
		if other != nil {
			own = append(own, Gap{Host: e.Host, Services: e.services(), Ports: other, Reason: NoPort})
		}
	}
	for _, g := range l.Gaps {
		media := addressesAsSuch(published, l.Scope.Cloud, g)
		for _, s := range media {
			sets.add(s)
		}
		if media == nil {
			own = append(own, g)
		}
	}
	sortGaps(own)
	p := page{mark: "#"}
	p.header(l, "nftables sets of the published addresses that Windows provisioning needs. Published addresses change: regenerate this file regularly.", own)
	p.nft(sets)
	_, err := io.WriteString(w, p.String())
	return own, err
}

// addressSets returns the sets for a host that is an address.
func addressSets(e Entry, addr netip.Addr) []ranges.Set {
	var out []ranges.Set
	for _, f := range e.Endpoints {
		ports, _ := numbers(f.Ports)
		out = append(out, ranges.Set{
			Service:  f.Service,
			Ports:    ports,
			Prefixes: []netip.Prefix{netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen())},
			Source:   f.Source,
		})
	}
	return out
}

// numbers separates ports from protocols without any.
func numbers(ports []endpoints.Port) (numbered, other []endpoints.Port) {
	for _, p := range ports {
		if p.Number == 0 {
			other = append(other, p)
		} else {
			numbered = append(numbered, p)
		}
	}
	return numbered, other
}

// addressesAsSuch returns the ranges published for an entry without a name,
// such as Teams media. It returns nil unless they cover all of its ports.
func addressesAsSuch(published ranges.List, cloud endpoints.Cloud, g Gap) []ranges.Set {
	if g.Reason != NoName || len(g.Services) == 0 {
		return nil
	}
	out := slices.DeleteFunc(slices.Clone(published), func(s ranges.Set) bool {
		return len(s.Hosts) > 0 || s.Cloud != cmp.Or(cloud, endpoints.CloudWorldwide) || !slices.Contains(g.Services, s.Service)
	})
	if portsBeyond(g.Ports, out) != nil {
		return nil
	}
	return out
}

// portsBeyond returns the ports that no set covers.
func portsBeyond(ports []endpoints.Port, sets []ranges.Set) []endpoints.Port {
	var out []endpoints.Port
	for _, p := range ports {
		if !slices.ContainsFunc(sets, func(s ranges.Set) bool { return opens(s, p) }) {
			out = append(out, p)
		}
	}
	return out
}

// opens reports whether a set covers all of a port, whatever the application
// protocol.
func opens(s ranges.Set, p endpoints.Port) bool {
	return slices.ContainsFunc(s.Ports, func(q endpoints.Port) bool {
		return q.Transport == p.Transport && q.Contains(p.Number) && (p.Last == 0 || q.Contains(p.Last))
	})
}

// nftSets are the ranges by set name, without the family.
type nftSets map[string]ranges.List

func (sets nftSets) add(s ranges.Set) {
	name := strings.NewReplacer("-", "_", ".", "_").Replace(string(s.Service))
	same := func(t ranges.Set) bool {
		return t.Service == s.Service && t.ID == s.ID && t.Source == s.Source && slices.Equal(t.Prefixes, s.Prefixes) && slices.Equal(t.Ports, s.Ports)
	}
	if !slices.ContainsFunc(sets[name], same) {
		sets[name] = append(sets[name], s)
	}
}

// nft writes sets: their declarations, emptied contents, and elements.
func (p *page) nft(sets nftSets) {
	type full struct {
		name, addresses   string
		sources, elements []string
	}
	var all []full
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		v4, v6 := nftElements(sets[name])
		from := sourcesOf(sets[name])
		all = append(all, full{name + "_v4", "ipv4_addr", from, v4}, full{name + "_v6", "ipv6_addr", from, v6})
	}
	p.line("\ntable %s {", nftTable)
	for _, s := range all {
		p.line("\tset %s {\n\t\ttype %s . inet_proto . inet_service\n\t\tflags interval\n\t}", s.name, s.addresses)
	}
	p.line("}")
	for _, s := range all {
		p.line("")
		p.comment(s.sources...)
		p.line("flush set %s %s", nftTable, s.name)
		if len(s.elements) > 0 {
			p.line("add element %s %s {\n\t%s\n}", nftTable, s.name, strings.Join(s.elements, ",\n\t"))
		}
	}
}

// nftElements returns the elements without overlaps, which nftables rejects.
func nftElements(sets ranges.List) (v4, v6 []string) {
	for _, transport := range []string{"tcp", "udp"} {
		for _, p := range disjoint(sets, transport) {
			open := slices.DeleteFunc(slices.Clone(sets), func(s ranges.Set) bool { return !opens(s, p) })
			numbers := fmt.Sprint(p.Number)
			if p.Last != 0 {
				numbers += fmt.Sprint("-", p.Last)
			}
			for _, prefix := range open.Prefixes() {
				element := fmt.Sprintf("%s . %s . %s", prefix, transport, numbers)
				if prefix.Addr().Is4() {
					v4 = append(v4, element)
				} else {
					v6 = append(v6, element)
				}
			}
		}
	}
	return v4, v6
}

// disjoint returns the ports of sets, split wherever one of them begins or
// ends.
func disjoint(sets ranges.List, transport string) []endpoints.Port {
	var ports []endpoints.Port
	var cuts []int
	for _, s := range sets {
		for _, q := range s.Ports {
			if q.Transport == transport {
				ports = append(ports, q)
				cuts = append(cuts, int(q.Number), max(int(q.Number), int(q.Last))+1)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []endpoints.Port
	for i := 1; i < len(cuts); i++ {
		p := endpoints.Port{Transport: transport, Number: uint16(cuts[i-1])}
		if last := uint16(cuts[i] - 1); last != p.Number {
			p.Last = last
		}
		if slices.ContainsFunc(ports, func(q endpoints.Port) bool { return q.Contains(p.Number) }) {
			out = append(out, p)
		}
	}
	return out
}

// sourcesOf returns the documents that publish ranges, with their dates.
func sourcesOf(sets ranges.List) []string {
	var out []string
	for _, s := range sets {
		text := s.Source.Title
		if s.Source.Date != "" {
			text += " (" + s.Source.Date + ")"
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
