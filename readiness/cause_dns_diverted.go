package readiness

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// dnsDiverted finds names that DNS resolves to the wrong host, such as a
// filter's block page: a stranger answers there, or nobody does.
func dnsDiverted(v *view) []found {
	checks := slices.Concat(v.strangers(), v.shared(), v.misled())
	if len(checks) == 0 {
		return nil
	}
	slices.Sort(checks)
	checks = slices.Compact(checks)
	// What else fails at those addresses fails for the same reason.
	places := make(map[string]bool)
	for _, i := range checks {
		places[v.place(i)] = true
	}
	also := v.open(func(i int, _ outcome) bool {
		_, known := slices.BinarySearch(checks, i)
		return !known && v.obs[i].Proxy == nil && places[v.place(i)]
	})
	all := slices.Concat(checks, also)
	var evidence []string
	for _, i := range checks {
		evidence = append(evidence, v.diversion(i))
	}
	remedy := unfilter(v.exempt(all))
	if slices.ContainsFunc(checks, func(i int) bool { return inside(v.obs[i].DNS.Addresses) }) {
		remedy += " If a VPN or a private DNS zone gives them addresses inside the network, correct that."
	}
	return []found{{Cause: Cause{
		Title:    "DNS sends " + countOrName(v.names(all), "name") + " to the wrong host",
		Evidence: append(firstLines(unique(evidence), fewLines, "The same for %d more."), v.together(checks)...),
		Remedy:   remedy,
		Names:    v.exempt(all),
	}, explains: unreached(all...)}}
}

// strangers returns the checks that got a certificate from an unknown CA and
// for another name, at an address that cannot be the host's.
func (v *view) strangers() []int {
	foreign := v.open(func(i int, r outcome) bool {
		return (r.code == probe.TLSUntrusted || r.code == probe.TLSInspected) && v.foreign(i) && v.obs[i].Proxy == nil && v.place(i) != ""
	})
	if len(foreign) == 0 {
		return nil
	}
	genuine := make(map[string]bool) // by address
	for i, r := range v.outcomes.each {
		if r.status == OK && v.target(i).Protocol == probe.HTTPS {
			genuine[v.place(i)] = true
		}
	}
	var out []int
	issuers := groupBy(foreign, func(i int) string { return v.obs[i].TLS.Chain[0].Issuer })
	for _, signed := range issuers.all() {
		everywhere := v.gathered(signed) && !genuine[v.place(signed[0])] || v.strayed(signed)
		for _, i := range signed {
			if everywhere || v.obs[i].TLS.Alias != "" || inside(v.obs[i].DNS.Addresses) {
				out = append(out, i)
			}
		}
	}
	return out
}

// foreign reports whether a check got a certificate for another name.
func (v *view) foreign(check int) bool {
	f := v.obs[check].TLS
	return f != nil && len(f.Chain) > 0 && !f.NameMatches
}

// diversion says what a check's name resolves to, and who answers there.
func (v *view) diversion(check int) string {
	f := v.obs[check].DNS
	line := fmt.Sprintf("%s resolves to %v", f.Name, f.Addresses)
	alias := last(f.CNAMEs)
	if t := v.obs[check].TLS; t != nil {
		alias = cmp.Or(t.Alias, alias)
	}
	if alias != "" {
		line = fmt.Sprintf("%s resolves to %s, %v", f.Name, alias, f.Addresses)
	}
	if v.foreign(check) {
		leaf := v.obs[check].TLS.Chain[0]
		line += fmt.Sprintf(", where the certificate is for %q, issued by %q", certified(leaf), leaf.Issuer)
		if !genuine(v.obs[check].TLS) {
			line += ", which is not a public CA"
		}
		line += "."
	} else {
		c := v.outcomes.each[check].code
		line += fmt.Sprintf(": %s (%s).", behaved(c), c)
	}
	for _, s := range []string{v.outside(check), v.otherwise(check)} {
		if s != "" {
			line += " " + s
		}
	}
	return line
}

// last returns the last of some names, or "".
func last(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// gathered reports whether the names of all checks with one issuer resolve to
// the same addresses, although they belong to unrelated owners.
func (v *view) gathered(signed []int) bool {
	place := v.place(signed[0])
	return v.owners(signed) >= severalOwners &&
		!slices.ContainsFunc(signed, func(i int) bool { return v.place(i) != place })
}

// strayed reports whether all checks with one issuer connected to addresses
// outside the published ranges of their hosts.
func (v *view) strayed(signed []int) bool {
	return !slices.ContainsFunc(signed, func(i int) bool { return v.outside(i) == "" })
}

// place returns the addresses that a check's name resolves to as text, or "" if
// there are none.
func (v *view) place(check int) string {
	f := v.obs[check].DNS
	if f == nil || len(f.Addresses) == 0 {
		return ""
	}
	return fmt.Sprint(f.Addresses)
}
