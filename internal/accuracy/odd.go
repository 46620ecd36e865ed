package accuracy

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// GenerateOdd is Generate with hosts that behave as in the real world. Its
// faults are at hosts with no known oddity.
func GenerateOdd(plans Plans, seed, number uint64) *Network {
	d := newDraw(plans, seed, number)
	d.net.AsItIs = true
	return d.broken()
}

// GenerateHealthy draws a network without faults. Its hosts behave as in the
// real world, and some have further oddities.
func GenerateHealthy(plans Plans, seed, number uint64) *Network {
	d := newDraw(plans, seed, number)
	d.net.AsItIs = true
	d.vary()
	for _, v := range oddities() {
		if d.chance(v.chance) && v.apply(d) {
			d.net.Variations = append(d.net.Variations, v.name)
		}
	}
	return d.net
}

// excused reports whether a check's failure may be no fault of the network: the
// host is known to deviate from the lists, or it is unknown and not required.
// Faults are not drawn there. Other tests cover the rules that excuse such
// checks.
func (n *Network) excused(c readiness.Check) bool {
	t := c.Target
	switch known := n.known(t); {
	case contradicted(n.Plan.Catalog, t.Host):
		return true
	case known == endpoints.Confirmed, len(c.Endpoints) == 0:
		return false
	}
	return !n.requires(c)
}

// requires reports whether a document requires the name of a check. A formerly
// required name counts if it is known to exist.
func (n *Network) requires(c readiness.Check) bool {
	exists := n.Plan.Catalog.Fact(c.Target.Host, 0).Known == endpoints.Confirmed
	return slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool {
		need := e.NeedFor(n.Plan.Scope.Scenario)
		return e.Decisive || need == endpoints.Required || exists && need == endpoints.FormerlyRequired
	})
}

// fatal reports whether a check belongs to a service without which nothing
// works. Such a service is never excused as a whole.
func (n *Network) fatal(c readiness.Check) bool {
	return slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool {
		return impact(e.Service, e.Part, n.Plan.Scope.Scenario) == readiness.Fatal
	})
}

// known says what is known of the host and port of a target.
func (n *Network) known(t probe.Target) endpoints.Known {
	switch t.Protocol {
	case probe.HTTP, probe.HTTPS, probe.TCP, probe.NTP:
		return n.Plan.Catalog.Fact(t.Host, t.Port).Known
	}
	return n.Plan.Catalog.Fact(t.Host, 0).Known
}

// oddities returns the table of healthy behavior that no fact predicts.
func oddities() []variation {
	return []variation{
		{"a machine with the public bundle", 0.5, set(func(n *Network) { n.bundle = true })},
		{"hosts that do what the lists say after all", 0.3, func(d *draw) bool {
			d.net.ordinary = d.contradicted(1 + d.rng.IntN(5))
			return len(d.net.ordinary) > 0
		}},
		{"other issuers", 0.5, func(d *draw) bool {
			for _, host := range d.untouched(1 + d.rng.IntN(20)) {
				by := pick(d, []probetest.Fault{probetest.WindowsRoot, probetest.OtherIssuer, probetest.CrossSigned, probetest.CrossSignMissing})
				d.net.quirks = append(d.net.quirks, probetest.At{Host: host, Port: 443, Fault: by})
			}
			return true
		}},
		{"other statuses", 0.5, func(d *draw) bool {
			for _, host := range d.untouched(1 + d.rng.IntN(20)) {
				status := pick(d, []int{301, 400, 401, 403, 404, 405, 500, 503})
				page := probetest.Page{Status: status, Body: host}
				d.net.quirks = append(d.net.quirks, probetest.At{Host: host, Port: 443, Fault: page})
			}
			return true
		}},
		{"names that have gone", 0.3, died},
		{"optional hosts that nothing shows to answer", 0.3, doubtful},
		{"a host that says nothing after the handshake", 0.2, mute},
	}
}

// died removes hosts that nothing requires from zones with known operators. It
// needs resolvers that pass on the operators' answers, so it excludes proxies.
func died(d *draw) bool {
	if d.net.proxied || d.net.resolvers != nil {
		return false
	}
	d.net.died = d.some(1+d.rng.IntN(3), func(c readiness.Check) bool {
		operators := d.net.Plan.Catalog.Operators(c.Target.Host)
		return len(operators) > 0 && operators[0].Zone != c.Target.Host && !d.net.requires(c) && !d.net.fatal(c) && d.net.lives(operators[0].Zone)
	})
	return len(d.net.died) > 0
}

// lives reports whether the plan has more names known to exist below a zone
// than died removes, so that one is left to show that the zone is not blocked.
func (n *Network) lives(zone string) bool {
	const enough = 8
	count := 0
	for _, t := range n.Plan.Targets() {
		if strings.HasSuffix(t.Host, "."+zone) && n.Plan.Catalog.Fact(t.Host, 0).Known == endpoints.Confirmed {
			count++
		}
	}
	return count >= enough
}

// doubtful silences up to two optional, unknown hosts, each the only one of its
// services. It excludes proxies, which may be silent themselves.
func doubtful(d *draw) bool {
	if d.net.proxied {
		return false
	}
	services := make(map[endpoints.Service]bool)
	count := 1 + d.rng.IntN(2)
	hosts := d.some(len(d.net.Plan.Checks), func(c readiness.Check) bool { return d.net.known(c.Target) == endpoints.Unknown && d.net.excused(c) })
	for _, host := range hosts {
		var of []endpoints.Service
		for _, c := range d.net.Plan.Checks {
			for _, e := range c.Endpoints {
				if c.Target.Host == host {
					of = append(of, e.Service)
				}
			}
		}
		if count == 0 || slices.ContainsFunc(of, func(s endpoints.Service) bool { return services[s] }) || slices.Contains(d.net.died, host) {
			continue
		}
		for _, s := range of {
			services[s] = true
		}
		count--
		d.net.quirks = append(d.net.quirks, probetest.At{Host: host, Network: "tcp", Fault: pick(d, []probetest.Fault{probetest.Drop, probetest.Refuse})})
	}
	return len(services) > 0
}

// mute silences one host after the handshake. The host decides nothing and is
// not known to answer.
func mute(d *draw) bool {
	hosts := d.some(1, func(c readiness.Check) bool {
		return c.Target.Protocol == probe.HTTPS && d.net.known(c.Target) == endpoints.Unknown && !decides(c) && !slices.Contains(d.net.died, c.Target.Host)
	})
	for _, host := range hosts {
		d.net.quirks = append(d.net.quirks, probetest.At{Host: host, Port: 443, Fault: probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Silence}})
	}
	return len(hosts) > 0
}

func decides(c readiness.Check) bool {
	return slices.ContainsFunc(c.Endpoints, func(e endpoints.Endpoint) bool { return e.Decisive })
}

// some draws hosts whose checks are all web checks and suit.
func (d *draw) some(count int, suits func(readiness.Check) bool) []string {
	fit := make(map[string]bool)
	for _, c := range d.net.Plan.Checks {
		t := c.Target
		web := t.Protocol == probe.HTTP || t.Protocol == probe.HTTPS
		before, known := fit[t.Host]
		fit[t.Host] = web && suits(c) && !contradicted(d.net.Plan.Catalog, t.Host) && (before || !known)
	}
	var all []string
	for host, ok := range fit {
		if ok {
			all = append(all, host)
		}
	}
	slices.Sort(all)
	d.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(count, len(all))]
}

// contradicted draws hosts known to deviate from the lists on a port.
func (d *draw) contradicted(count int) []string {
	var all []string
	for _, c := range d.net.Plan.Checks {
		t := c.Target
		if (t.Protocol == probe.HTTP || t.Protocol == probe.HTTPS) && contradicted(d.net.Plan.Catalog, t.Host) {
			all = append(all, t.Host)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	d.rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return slices.Sorted(slices.Values(all[:min(count, len(all))]))
}
