package accuracy

import (
	"slices"
	"strings"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// shown returns the causes that show themselves, whether or not a check fails by
// them.
func (v view) shown() []Key {
	var out []Key
	for i, f := range v.Faults {
		if v.shows(i, f) {
			k := Key{Code: f.Cause}
			if f.contested {
				k.About = oneResolverOnly
			}
			out = append(out, k)
		}
	}
	if f := v.revocation(); f.By >= 0 && len(v.chains()) > 0 {
		out = append(out, v.key(v.behind(f), crlHost, onHTTP, nil))
	}
	if v.Plan.Scope.Proxied && v.compared() {
		out = append(out, Key{Code: readiness.CauseProxyRequired})
	}
	return out
}

// behind returns the fault that keeps revocation from being asked for: what
// closes the port to everyone hides what closes it to the servers of that.
func (v view) behind(f Fate) int {
	if p := v.portal(); p >= 0 && f.closed() {
		return p
	}
	w := way{host: crlHost, on: onHTTP, proxied: v.proxied}
	general := v.index(func(g Fault) bool { return closes(g) && g.general() && g.reaches(w) && g.meets(w.on) })
	if general >= 0 && f.closed() {
		return general
	}
	return f.By
}

// shows reports whether a fault is one that shows itself in checks that succeed.
func (v view) shows(i int, f Fault) bool {
	switch {
	case f.skew != 0:
		return v.dates() || v.index(func(f Fault) bool { return f.ahead != 0 }) < 0 && v.asked()
	case f.addresses != nil:
		return v.shaky(i)
	case f.no6:
		return len(v.zones(v.onlyIPv4())) >= 2
	case f.unranged != 0:
		return len(v.zones(v.whole(f.unranged))) >= 2
	case f.hosts != nil:
		return v.overridden(f)
	case f.contested:
		return len(v.contested(f)) > 0
	}
	return false
}

// contested returns the checks of names that one resolver withholds and another
// resolves, and that do not fail by it.
func (v view) contested(f Fault) []int {
	return v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		looked := len(w) > 0 && !w[0].proxied && t.Protocol != probe.ProtocolNXDomain && t.Protocol != probe.ProtocolWPAD
		return f.covers(t.Host) && looked && v.fates[i].Status != readiness.NotRun && v.fates[i].Step > StepName && len(v.checks(func(k int, u probe.Target) bool {
			by := v.fates[k].By
			return u.Host == t.Host && by >= 0 && v.fates[k].Step == StepName
		})) == 0
	})
}

// asked reports whether a time server gave a time, right or wrong.
func (v view) asked() bool {
	for i, f := range v.fates {
		if v.traffic(i) == onNTP && (f.Status == readiness.OK || f.Step == StepOffset) {
			return true
		}
	}
	return false
}

// shaky reports whether an address of a host was found to be dead. What is
// closed to everyone, and whoever answers for everyone, hides that.
func (v view) shaky(by int) bool {
	for i, f := range v.fates {
		if f.Shaky != by || f.Step <= StepConnect {
			continue
		}
		owner := v.taken(i)
		if owner < 0 || !v.Faults[owner].general() || !v.closed(i) && f.Step != StepPage {
			return true
		}
	}
	return false
}

// onlyIPv4 returns the checks that found a host out of reach over IPv6 while a
// conversation over IPv4 began.
func (v view) onlyIPv4() []int {
	return v.checks(func(i int, t probe.Target) bool {
		web := t.Protocol == probe.ProtocolHTTPS || t.Protocol == probe.ProtocolHTTP
		return web && (t.Families || v.allAddresses) && !v.proxied && v.fates[i].Step > StepHello && v.dual(t.Host)
	})
}

// dual reports whether a host has an IPv6 address too.
func (v view) dual(host string) bool {
	given := v.addresses[host] != nil || v.index(func(f Fault) bool { return f.addresses[host] != nil }) >= 0
	return v.ipv6 && !given
}

// whole returns the checks that were answered the whole instead of a part.
func (v view) whole(on traffic) []int {
	return v.checks(func(i int, t probe.Target) bool {
		// A page that refuses says nothing of ranges.
		refused := t.Protocol == probe.ProtocolHTTPS && slices.Contains(v.refusing, t.Host)
		return t.Range && v.fates[i].Status == readiness.OK && v.traffic(i)&on != 0 && !refused
	})
}

// overridden reports whether a name of the hosts file was looked up.
func (v view) overridden(f Fault) bool {
	return len(v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		return f.hosts[t.Host] != nil && len(w) > 0 && !w[0].proxied && v.fates[i].Status != readiness.NotRun
	})) > 0
}

// chains returns the checks that were shown a genuine chain and went well.
func (v view) chains() []int {
	return v.checks(func(i int, t probe.Target) bool {
		return t.Protocol == probe.ProtocolHTTPS && v.fates[i].Status == readiness.OK && len(v.Plan.Checks[i].Endpoints) > 0
	})
}

// compared reports whether it shows that the proxy is needed: something works
// through it, and nothing without.
func (v view) compared() bool {
	works := v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		return len(w) > 0 && w[0].proxied && v.fates[i].Status == readiness.OK
	})
	direct := v.checks(func(i int, t probe.Target) bool { return t.Direct })
	closed := slices.DeleteFunc(slices.Clone(direct), func(i int) bool {
		return !v.closed(i) && v.fates[i].Step != StepName
	})
	general := slices.ContainsFunc(closed, func(i int) bool { return v.fates[i].By >= 0 && v.Faults[v.fates[i].By].general() })
	return len(works) > 0 && general && len(closed) == len(direct)
}

// discovered reports whether the domain says which proxy to use.
func (v view) discovered() bool {
	return v.announced && len(v.checks(func(i int, t probe.Target) bool {
		return t.Protocol == probe.ProtocolWPAD && v.fates[i].Status == readiness.OK
	})) > 0
}

// shut reports whether a port is closed to everyone.
func (v view) shut(on traffic) bool {
	return v.index(func(f Fault) bool { return f.general() && closes(f) && f.meets(on) }) >= 0
}

// checks returns the checks for which keep is true.
func (v view) checks(keep func(i int, t probe.Target) bool) []int {
	var out []int
	for i, c := range v.Plan.Checks {
		if keep(i, c.Target) {
			out = append(out, i)
		}
	}
	return out
}

// zones returns the unrelated owners of the hosts of checks.
func (v view) zones(checks []int) []string {
	var out []string
	for _, i := range checks {
		labels := strings.Split(v.Plan.Checks[i].Target.Host, ".")
		out = append(out, strings.Join(labels[max(0, len(labels)-2):], "."))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
