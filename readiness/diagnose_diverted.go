package readiness

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/netready/netready/probe"
)

// diverted finds names that DNS leads to a host that is not theirs, as filters
// do that show a page of their own instead. The certificate that is shown there
// is nobody's that is known, and for another name.
func (d *diagnosis) diverted() {
	foreign := d.open(func(i int, r result) bool {
		f := d.obs[i].TLS
		return (r.code == probe.TLSUntrusted || r.code == probe.TLSInspected) && f != nil && len(f.Chain) > 0 && !f.NameMatches &&
			d.obs[i].Proxy == nil && d.obs[i].DNS != nil && len(d.obs[i].DNS.Addresses) > 0
	})
	checks := slices.DeleteFunc(slices.Clone(foreign), func(i int) bool {
		f := d.obs[i].DNS
		return d.obs[i].TLS.Alias == "" && !inside(f.Addresses) && !d.gathered(i, foreign) && !d.strayed(i, foreign)
	})
	if len(checks) == 0 {
		return
	}
	// What else fails at those addresses fails for the same reason.
	also := d.open(func(i int, _ result) bool {
		return d.obs[i].Proxy == nil && !slices.Contains(checks, i) && slices.ContainsFunc(checks, func(k int) bool { return d.together(i, k) })
	})
	all := slices.Concat(checks, also)
	var evidence []string
	for _, i := range checks {
		f := d.obs[i].DNS
		line := fmt.Sprintf("%s leads to %v", f.Name, f.Addresses)
		if alias := cmp.Or(d.obs[i].TLS.Alias, last(f.CNAMEs)); alias != "" {
			line = fmt.Sprintf("%s leads to %s, %v", f.Name, alias, f.Addresses)
		}
		leaf := d.obs[i].TLS.Chain[0]
		line += fmt.Sprintf(", where the certificate is for %q, issued by %q, whom no public authority vouches for.", certified(leaf), leaf.Issuer)
		if s := d.outside(i); s != "" {
			line += " " + s
		}
		evidence = append(evidence, line)
	}
	const few = 4
	if more := len(evidence) - few; more > 0 {
		evidence = append(evidence[:few], fmt.Sprintf("And so for %d more.", more))
	}
	d.add(Cause{
		Code:     CauseDNSFiltered,
		Title:    "DNS leads " + count(len(d.names(all)), "name") + " to a host that is not theirs",
		Evidence: evidence,
		Remedy: "Exempt these names from DNS filtering, and forward them to a server that resolves internet names: " +
			d.exempt(all) + ".",
	}, all...)
}

// misled reports whether DNS withholds the name of a check, or leads it astray.
func (d *diagnosis) misled(i int) bool {
	return d.owner[i] >= 0 && d.causes[d.owner[i]].Code == CauseDNSFiltered
}

// last returns the last of some names, or "".
func last(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// inside reports whether all addresses are of private use, RFC 1918 and RFC 4193:
// no service of the internet has one.
func inside(addrs []netip.Addr) bool {
	return !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !a.Unmap().IsPrivate() })
}

// gathered reports whether the address of a check serves names of unrelated
// owners with certificates of one issuer who is met nowhere else, and nobody
// there is genuine.
func (d *diagnosis) gathered(check int, foreign []int) bool {
	const several = 2
	var here []int
	for _, i := range foreign {
		if d.obs[i].TLS.Chain[0].Issuer != d.obs[check].TLS.Chain[0].Issuer {
			continue
		}
		if !d.together(i, check) {
			return false
		}
		here = append(here, i)
	}
	for i, r := range d.results {
		if r.status == OK && d.target(i).Protocol == probe.ProtocolHTTPS && d.together(i, check) {
			return false
		}
	}
	return d.zones(here) >= several
}

// strayed reports whether a check went to an address outside of those that are
// published for its host, and its issuer is met at no others.
func (d *diagnosis) strayed(check int, foreign []int) bool {
	return !slices.ContainsFunc(foreign, func(i int) bool {
		return d.obs[i].TLS.Chain[0].Issuer == d.obs[check].TLS.Chain[0].Issuer && d.outside(i) == ""
	})
}

// together reports whether the names of two checks lead to the same addresses.
func (d *diagnosis) together(a, b int) bool {
	one, other := d.obs[a].DNS, d.obs[b].DNS
	return one != nil && other != nil && len(one.Addresses) > 0 && slices.Equal(one.Addresses, other.Addresses)
}
