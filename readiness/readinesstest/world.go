package readinesstest

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// World simulates the real internet for the checks of a plan. Its hosts deviate
// from the endpoint lists exactly where the plan's catalog has facts: retired
// names do not exist, ports that never answer stay silent, CDNs present their
// own certificates, and hosts answer with their known statuses. Hosts without
// facts answer.
//
// The plan's other names also exist: domain controllers, with two servers, and
// the CNAME records of the tenant's domains, with their documented targets.
//
// The machine trusts the roots that Windows trusts, unless you set
// PublicBundle. Set IPv6 for a dual-stack network; some hosts then still have
// only IPv4, as in reality. Known oddities are in Quirks, which leaves Faults
// to you. The caller may change every field before the first use.
//
// The same plan always gives the same internet. A nil plan gives the zero
// Internet.
func World(plan *readiness.Plan) *probetest.Internet {
	i := &probetest.Internet{}
	if plan == nil {
		return i
	}
	i.Services = make(map[string][]probetest.Server)
	i.Aliases = make(map[string]string)
	i.Addresses = make(map[string][]netip.Addr)
	for _, c := range plan.Checks {
		switch t := c.Target; t.Protocol {
		case probe.SRV:
			i.Services[t.Host] = controllers(t.Host)
			addPort(i, t.Port)
		case probe.CNAME:
			alias(i, plan, c)
		case probe.NXDomain:
		case probe.WPAD:
			addHost(i, t.Host)
		default:
			if t.Protocol == probe.TCP {
				addPort(i, t.Port)
			}
			exist(i, plan.Catalog, t.Host)
		}
	}
	for _, c := range plan.Checks {
		behave(i, plan.Catalog, c.Target)
	}
	return i
}

// exist adds a name with its known addresses and aliases, unless it is known
// not to exist.
func exist(i *probetest.Internet, c *endpoints.Catalog, host string) {
	addZones(i, c, host)
	if c.Fact(host, 0).How == endpoints.HowNoSuchName {
		return
	}
	name := host
	for _, next := range chains()[host] {
		i.Aliases[name] = next
		addZones(i, c, next)
		name = next
	}
	addHost(i, name)
	for _, c := range centers()[name] {
		if slices.Contains(i.Addresses[name], c.addrs[0]) {
			break // it stands for several checks
		}
		i.Addresses[name] = append(i.Addresses[name], c.addrs...)
		for _, a := range c.addrs {
			if c.quirk != nil {
				i.Quirks = append(i.Quirks, probetest.At{Addrs: netip.PrefixFrom(a, a.BitLen()), Port: 443, Fault: c.quirk})
			}
		}
	}
	if slices.Contains(ipv4Only(), host) && !slices.Contains(i.IPv4Only, name) {
		i.IPv4Only = append(i.IPv4Only, name)
	}
}

// controllers returns the domain controllers that an SRV record lists.
func controllers(record string) []probetest.Server {
	const ldap = 389
	_, domain, _ := strings.Cut(record, "._msdcs.")
	return []probetest.Server{{Host: "dc1." + domain, Port: ldap}, {Host: "dc2." + domain, Port: ldap}}
}

// alias adds the record of a check, with the target that the document prefers.
func alias(i *probetest.Internet, plan *readiness.Plan, c readiness.Check) {
	for _, e := range c.Endpoints {
		if targets := e.CNAMEs[cloudOf(plan)]; len(targets) > 0 {
			i.Aliases[c.Target.Host] = targets[0]
			addHost(i, targets[0])
		}
	}
}

// addZones adds the zones of a name that have known operators. If an operator
// has many servers, it uses the first.
func addZones(i *probetest.Internet, c *endpoints.Catalog, host string) {
	for _, o := range c.Operators(host) {
		if !slices.ContainsFunc(i.Zones, func(soa probe.SOARecord) bool { return soa.Owner == o.Zone }) {
			i.Zones = append(i.Zones, probe.SOARecord{Owner: o.Zone, MName: strings.ReplaceAll(o.MName, "*", "01"), RName: o.RName})
		}
	}
}

func cloudOf(plan *readiness.Plan) endpoints.Cloud {
	return cmp.Or(plan.Scope.Cloud, endpoints.CloudWorldwide)
}

func addHost(i *probetest.Internet, host string) {
	if !slices.Contains(i.Hosts, host) {
		i.Hosts = append(i.Hosts, host)
	}
}

func addPort(i *probetest.Internet, port uint16) {
	if !slices.Contains(i.TCPPorts, port) {
		i.TCPPorts = append(i.TCPPorts, port)
	}
}
