package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// domainFaults are of the domain that devices join, and of the tenant's domains.
func domainFaults() []simulation {
	const join, tenant = "-scenario hybrid-join -ad-domain DOMAIN", "-tenant DOMAIN"
	return []simulation{
		{
			name: "dc-unknown", what: "DNS does not know the domain controllers (with -ad-domain).",
			protocol: probe.ProtocolSRV, needs: join, change: func(i *probetest.Internet) { i.Services = nil },
		},
		{
			name: "dc-blocked", what: "A firewall drops what goes to the domain controllers (with -ad-domain).",
			protocol: probe.ProtocolSRV, needs: join, change: func(i *probetest.Internet) {
				for _, servers := range i.Services {
					for _, s := range servers {
						i.Faults = append(i.Faults, probetest.At{Host: s.Host, Network: "tcp", Fault: probetest.Drop{}})
					}
				}
			},
		},
		{
			name: "alias-missing", what: "The tenant's domain lacks the records for enrolment by hand (with -tenant).",
			protocol: probe.ProtocolCNAME, needs: tenant, change: func(i *probetest.Internet) { i.Aliases = nil },
		},
		{
			name: "alias-wrong", what: "The records of the tenant's domain for enrolment by hand point elsewhere (with -tenant).",
			protocol: probe.ProtocolCNAME, needs: tenant, change: func(i *probetest.Internet) {
				for name := range i.Aliases {
					i.Aliases[name] = "elsewhere.probetest.example"
				}
			},
		},
	}
}

// records are the names of a plan that are no hosts.
type records struct {
	services map[string][]probetest.Server
	aliases  map[string]string
}

// recordsOf returns the records as they should be: two servers for each
// service, and for each alias the name that the document prefers.
func recordsOf(plan *readiness.Plan) records {
	r := records{services: make(map[string][]probetest.Server), aliases: make(map[string]string)}
	for _, c := range plan.Checks {
		name := c.Target.Host
		switch c.Target.Protocol {
		case probe.ProtocolSRV:
			_, domain, _ := strings.Cut(name, "._msdcs.")
			r.services[name] = []probetest.Server{{Host: "dc1." + domain, Port: 389}, {Host: "dc2." + domain, Port: 389}}
		case probe.ProtocolCNAME:
			for _, e := range c.Endpoints {
				if names := plan.Endpoints[e].Endpoint.CNAMEs[plan.Scope.Cloud]; len(names) > 0 {
					r.aliases[name] = names[0]
				}
			}
		}
	}
	return r
}

// others returns the names that are hosts.
func (r records) others(names []string) []string {
	special := slices.Concat(slices.Collect(maps.Keys(r.services)), slices.Collect(maps.Keys(r.aliases)))
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(special, name) })
}
