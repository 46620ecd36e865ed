package main

import (
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// domainFaults are faults of the domain that devices join, and of the tenant's
// domains.
func domainFaults() []simulation {
	const join, tenant = "-scenario hybrid-join -ad-domain DOMAIN", "-tenant DOMAIN"
	return []simulation{
		{
			name: "dc-unknown", what: "DNS does not know the domain controllers (with -ad-domain).",
			protocol: probe.SRV, needs: join, change: func(i *probetest.Internet, _ *readiness.Plan) { i.Services = nil },
		},
		{
			name: "dc-blocked", what: "A firewall drops traffic to the domain controllers (with -ad-domain).",
			protocol: probe.SRV, needs: join, change: func(i *probetest.Internet, _ *readiness.Plan) {
				for _, servers := range i.Services {
					for _, s := range servers {
						i.Faults = append(i.Faults, probetest.At{Host: s.Host, Network: "tcp", Fault: probetest.Drop})
					}
				}
			},
		},
		{
			name: "alias-missing", what: "The tenant's domain lacks the manual-enrollment CNAME records (with -tenant).",
			protocol: probe.CNAME, needs: tenant, change: func(i *probetest.Internet, plan *readiness.Plan) {
				for _, name := range records(plan) {
					delete(i.Aliases, name)
				}
			},
		},
		{
			name: "alias-wrong", what: "The manual-enrollment CNAME records of the tenant's domain point elsewhere (with -tenant).",
			protocol: probe.CNAME, needs: tenant, change: func(i *probetest.Internet, plan *readiness.Plan) {
				for _, name := range records(plan) {
					i.Aliases[name] = "elsewhere.probetest.example"
				}
			},
		},
	}
}

// records returns the plan's names that need a CNAME record.
func records(plan *readiness.Plan) []string {
	var names []string
	for _, t := range plan.Targets() {
		if t.Protocol == probe.CNAME {
			names = append(names, t.Host)
		}
	}
	return names
}
