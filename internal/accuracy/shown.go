package accuracy

import (
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// shown returns the causes that are visible, whether or not they fail a check.
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
	if v.oneFamily() {
		out = append(out, Key{Code: readiness.CauseNCSIOneFamily})
	}
	if v.Plan.Proxied && v.compared() && v.throughProxy() {
		out = append(out, Key{Code: readiness.CauseProxyRequired})
	}
	return out
}

// behind returns the fault that prevents revocation checks: a port closed for
// everyone hides one closed for the CRL and OCSP servers.
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

// shows reports whether a fault is visible in successful checks.
func (v view) shows(i int, f Fault) bool {
	switch {
	case f.skew != 0:
		return v.dates() || v.index(func(f Fault) bool { return f.ahead != 0 }) < 0 && v.asked()
	case f.addresses != nil:
		return v.shaky(i)
	case f.no6:
		return len(v.zones(v.onlyIPv4())) >= 2
	case f.no6TLS:
		return len(v.zones(v.onlyIPv4TLS())) >= 3
	case f.noAAAA:
		return len(v.zones(v.resolved())) >= 3
	case f.unranged != 0:
		whole := v.whole(f.unranged)
		documented := func(i int) bool { return v.Plan.Checks[i].Target.Path != "" }
		return len(v.zones(whole)) >= 2 || slices.ContainsFunc(whole, documented)
	case f.hellos:
		return len(v.zones(v.greeted())) >= 2
	case f.accepts:
		return v.latency >= 4*time.Millisecond // less is nearby anyway
	case f.limits:
		return true
	case f.hosts != nil:
		return v.overridden(f)
	case f.contested:
		return len(v.contested(f)) > 0
	}
	return false
}

// contested returns the successful checks of names that only one of two
// resolvers blocks.
func (v view) contested(f Fault) []int {
	return v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		looked := len(w) > 0 && !w[0].proxied && t.Protocol != probe.NXDomain && t.Protocol != probe.WPAD
		judged := len(v.Plan.Checks[i].Endpoints) > 0 // otherwise the proxy looks the name up
		return f.covers(t.Host) && looked && judged && v.fates[i].Outcome != readiness.NotRun && v.fates[i].Step > StepName && len(v.checks(func(k int, u probe.Target) bool {
			by := v.fates[k].By
			return u.Host == t.Host && by >= 0 && v.fates[k].Step == StepName
		})) == 0
	})
}

// oneFamily reports whether Windows' web probe fails over IPv4, after the name
// was found, and works over IPv6.
func (v view) oneFamily() bool {
	return len(v.checks(func(i int, t probe.Target) bool {
		no4 := v.index(func(f Fault) bool { return f.no4 }) >= 0
		if t.Protocol != probe.NCSI || t.Port == 53 || v.fates[i].Outcome != readiness.OK || no4 {
			return false
		}
		first := v.walk(v.ways(t)[0], false)
		return first.Outcome == readiness.Failed && first.Step >= StepConnect
	})) > 0
}

// asked reports whether a time server gave a time, right or wrong.
func (v view) asked() bool {
	for i, f := range v.fates {
		if v.traffic(i) == onNTP && (f.Outcome == readiness.OK || f.Step == StepOffset) {
			return true
		}
	}
	return false
}

// shaky reports whether a host's address was found to be dead. A port closed
// for everyone, or someone who answers for everyone, hides that.
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

// onlyIPv4 returns the checks that could not reach a host over IPv6 but started
// a conversation over IPv4. An alert that refuses the version is one.
func (v view) onlyIPv4() []int {
	return v.checks(func(i int, t probe.Target) bool {
		web := t.Protocol == probe.HTTPS || t.Protocol == probe.HTTP
		f := v.fates[i]
		began := f.Step > StepHello || f.By >= 0 && v.Faults[f.By].Cause == readiness.CauseTLSVersion
		p := v.portal() // it may answer over one family, and closes the other
		return web && (t.Families || v.allAddresses) && !v.proxied && began && v.dual(t.Host) && (p < 0 || v.taken(i) != p)
	})
}

// onlyIPv4TLS returns those that completed a handshake over IPv4 and not over
// IPv6.
func (v view) onlyIPv4TLS() []int {
	return slices.DeleteFunc(v.onlyIPv4(), func(i int) bool {
		return v.Plan.Checks[i].Target.Protocol != probe.HTTPS || v.fates[i].Step <= StepVersion
	})
}

// resolved returns the checks that looked up the IPv4 addresses of a name.
func (v view) resolved() []int {
	return v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		return len(w) > 0 && !w[0].proxied && t.Protocol != probe.NXDomain && t.Protocol != probe.WPAD && v.fates[i].Step > StepName
	})
}

// dual reports whether a host also has an IPv6 address.
func (v view) dual(host string) bool {
	given := v.addresses[host] != nil || v.index(func(f Fault) bool { return f.addresses[host] != nil }) >= 0
	return v.ipv6 && !given && v.index(func(f Fault) bool { return f.noAAAA }) < 0
}

// whole returns the checks that received the whole instead of a range.
func (v view) whole(on traffic) []int {
	return v.checks(func(i int, t probe.Target) bool {
		// An error page says nothing about ranges.
		refused := t.Protocol == probe.HTTPS && slices.Contains(v.refusing, t.Host)
		return t.Range && v.fates[i].Outcome == readiness.OK && v.traffic(i)&on != 0 && !refused
	})
}

// greeted returns the checks that made a newer handshake as well.
func (v view) greeted() []int {
	return v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		return t.Handshakes && v.fates[i].Outcome == readiness.OK && len(w) > 0 && !w[0].proxied
	})
}

// overridden reports whether a name in the hosts file was looked up.
func (v view) overridden(f Fault) bool {
	return len(v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		return f.hosts[t.Host] != nil && len(w) > 0 && !w[0].proxied && v.fates[i].Outcome != readiness.NotRun
	})) > 0
}

// chains returns the successful checks that were shown a genuine chain.
func (v view) chains() []int {
	return v.checks(func(i int, t probe.Target) bool {
		return t.Protocol == probe.HTTPS && v.fates[i].Outcome == readiness.OK && len(v.Plan.Checks[i].Endpoints) > 0
	})
}

// compared reports whether the need for the proxy is visible: nothing works
// without it.
func (v view) compared() bool {
	direct := v.checks(func(i int, t probe.Target) bool { return t.Direct })
	closed := slices.DeleteFunc(slices.Clone(direct), func(i int) bool {
		return !v.closed(i) && v.fates[i].Step != StepName
	})
	general := slices.ContainsFunc(closed, func(i int) bool { return v.fates[i].By >= 0 && v.Faults[v.fates[i].By].general() })
	return general && len(closed) == len(direct)
}

// throughProxy reports whether anything works through the proxy.
func (v view) throughProxy() bool {
	return len(v.checks(func(i int, t probe.Target) bool {
		w := v.ways(t)
		return len(w) > 0 && w[0].proxied && v.fates[i].Outcome == readiness.OK
	})) > 0
}

// discovered reports whether the domain announces the proxy.
func (v view) discovered() bool {
	return v.announced && len(v.checks(func(i int, t probe.Target) bool {
		return t.Protocol == probe.WPAD && v.fates[i].Outcome == readiness.OK
	})) > 0
}

// shut reports whether a port is closed for everyone.
func (v view) shut(on traffic) bool {
	return v.index(func(f Fault) bool { return f.general() && closes(f) && f.meets(on) }) >= 0
}

// checks returns the checks for which keep returns true.
func (v view) checks(keep func(i int, t probe.Target) bool) []int {
	var out []int
	for i, c := range v.Plan.Checks {
		if keep(i, c.Target) {
			out = append(out, i)
		}
	}
	return out
}

// zones returns the unrelated owners of the checks' hosts.
func (v view) zones(checks []int) []string {
	var out []string
	for _, i := range checks {
		labels := strings.Split(v.Plan.Checks[i].Target.Host, ".")
		out = append(out, strings.Join(labels[max(0, len(labels)-2):], "."))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
