//go:build linux

package integration_test

import (
	"fmt"
	"testing"
)

// knotPolicies are Knot Resolver's own, each for one name.
func knotPolicies() []string {
	lines := []string{"hints['hint.windowsupdate.com'] = '0.0.0.0'"}
	for name, action := range map[string]string{
		"deny": "DENY", "message": "DENY_MSG('blocked')", "dropped": "DROP", "refuse": "REFUSE", "tc": "TC",
		"answer": "ANSWER({ [kres.type.A] = { rdata = kres.str2ip('0.0.0.0'), ttl = 300 } })",
	} {
		lines = append(lines, fmt.Sprintf("policy.add(policy.suffix(policy.%s, policy.todnames({'%s.windowsupdate.com'})))", action, name))
	}
	return lines
}

// otherFilters are those of dnsmasq and Knot Resolver.
func otherFilters() []filtering {
	return []filtering{
		{
			name: "dnsmasq",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.forwarding(t, "--server="+recursorAddr, "--address=/nx.windowsupdate.com/", "--address=/null.windowsupdate.com/0.0.0.0",
					"--address=/nulls.windowsupdate.com/#", "--server=/local.windowsupdate.com/", "--bogus-nxdomain=10.99.1.1")
			},
			want: map[string]string{
				"dns nx.windowsupdate.com":    "dns.nxdomain NXDOMAIN RA",
				"dns x.nx.windowsupdate.com":  "dns.nxdomain NXDOMAIN RA",
				"dns null.windowsupdate.com":  "dns.sinkhole NOERROR AA RA 0.0.0.0",
				"dns nulls.windowsupdate.com": "dns.sinkhole NOERROR AA RA 0.0.0.0",
				"dns local.windowsupdate.com": "dns.nxdomain NXDOMAIN RA",
				"dns bogus.windowsupdate.com": `dns.blocked NXDOMAIN RA EDE 15 ""; then dns.nxdomain NXDOMAIN RA`,
				"soa nx.windowsupdate.com":    "dns.nxdomain NXDOMAIN RA",
				"soa null.windowsupdate.com":  "NOERROR RA SOA windowsupdate.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
				"soa local.windowsupdate.com": "dns.nxdomain NXDOMAIN RA",
			},
		},
		{
			name: "dnsmasq, a type left out",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.forwarding(t, "--server="+recursorAddr, "--filter-A")
			},
			want: map[string]string{
				"dns kept.microsoft.com": `dns.blocked NOERROR RA EDE 17 ""`,
			},
		},
		{
			name: "dnsmasq, private addresses",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.forwarding(t, "--server="+recursorAddr, "--stop-dns-rebind")
			},
			want: map[string]string{
				"dns kept.microsoft.com": `dns.blocked NOERROR RA EDE 15 ""`,
			},
		},
		{
			name: "Knot Resolver",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.knot(t, knotPolicies()...)
			},
			want: map[string]string{
				"dns deny.windowsupdate.com":    `dns.blocked NXDOMAIN AA RA SOA deny.windowsupdate.com deny.windowsupdate.com nobody.invalid EDE 15 "CR36"`,
				"dns x.deny.windowsupdate.com":  `dns.blocked NXDOMAIN AA RA SOA x.deny.windowsupdate.com x.deny.windowsupdate.com nobody.invalid EDE 15 "CR36"`,
				"dns message.windowsupdate.com": `dns.blocked NXDOMAIN AA RA SOA message.windowsupdate.com message.windowsupdate.com nobody.invalid EDE 15 "CR36"`,
				"dns dropped.windowsupdate.com": `dns.servfail SERVFAIL RA EDE 18 "U5KL"`,
				"dns refuse.windowsupdate.com":  `dns.refused REFUSED RA EDE 18 "EIM4"`,
				"dns tc.windowsupdate.com":      "NOERROR RA 10.99.1.1 truncated",
				"dns answer.windowsupdate.com":  `dns.sinkhole NOERROR AA RA 0.0.0.0 EDE 4 "5DO5"`,
				"dns hint.windowsupdate.com":    "dns.sinkhole NOERROR RA 0.0.0.0",
				"soa deny.windowsupdate.com":    `dns.blocked NXDOMAIN AA RA SOA deny.windowsupdate.com deny.windowsupdate.com nobody.invalid EDE 15 "CR36"`,
			},
		},
		{
			name: "Knot Resolver, response policy zone",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.knot(t, `policy.add(policy.rpz(policy.DENY, '`+r.zoneFile(t, "rpz", corporate, triggers...)+`'))`)
			},
			want: map[string]string{
				"dns nx.windowsupdate.com":     `dns.blocked NXDOMAIN AA RA SOA nx.windowsupdate.com nx.windowsupdate.com nobody.invalid EDE 15 "CR36"`,
				"dns nodata.windowsupdate.com": `dns.nodata NOERROR AA RA SOA nodata.windowsupdate.com nodata.windowsupdate.com nobody.invalid EDE 4 "5DO5"`,
				"dns pass.windowsupdate.com":   "NOERROR RA 10.99.1.1",
				"dns drop.windowsupdate.com":   `dns.servfail SERVFAIL RA EDE 18 "U5KL"`,
				"dns tcp.windowsupdate.com":    "NOERROR RA 10.99.1.1 truncated",
				"dns null.windowsupdate.com":   `dns.sinkhole NOERROR AA RA 0.0.0.0 EDE 4 "5DO5"`,
				"soa nx.windowsupdate.com":     `dns.blocked NXDOMAIN AA RA SOA nx.windowsupdate.com nx.windowsupdate.com nobody.invalid EDE 15 "CR36"`,
				"soa nodata.windowsupdate.com": `NOERROR AA RA SOA nodata.windowsupdate.com nodata.windowsupdate.com nobody.invalid EDE 4 "5DO5"`,
				"soa null.windowsupdate.com":   `NOERROR AA RA SOA null.windowsupdate.com null.windowsupdate.com nobody.invalid EDE 4 "5DO5"`,
			},
		},
	}
}
