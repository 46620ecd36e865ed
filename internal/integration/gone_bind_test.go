//go:build linux

package integration_test

import (
	"slices"
	"strings"
	"testing"
)

// hidden returns the answers where an internal zone with a SOA record hides
// windowsupdate.com, with these flags. An alias from elsewhere hides whose
// authority it is.
func hidden(flags, soa string) map[string]string {
	soa = " SOA windowsupdate.com " + strings.TrimSuffix(strings.ReplaceAll(soa, ". ", " "), ".")
	return map[string]string{
		"dns x.windowsupdate.com": "dns.nxdomain NXDOMAIN " + flags + soa,
		"dns windowsupdate.com":   "dns.nodata NOERROR " + flags + soa,
		"dns led.microsoft.com":   "dns.nxdomain NXDOMAIN RA alias x.windowsupdate.com" + soa,
		"soa windowsupdate.com":   "NOERROR " + flags + soa,
		"soa x.windowsupdate.com": "dns.nxdomain NXDOMAIN " + flags + soa,
	}
}

// filtersOfBIND are BIND's filters, alone and behind a forwarder.
func filtersOfBIND() []filtering {
	return []filtering{
		{
			name: "BIND, response policy zone",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.bindPolicy(t, corporate, slices.Concat(triggers, leads)...)
			},
			want: map[string]string{
				"dns nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN RA",
				"dns nodata.windowsupdate.com": "dns.nodata NOERROR RA",
				"dns pass.windowsupdate.com":   "NOERROR RA 10.99.1.1",
				"dns drop.windowsupdate.com":   "dns.timeout",
				"dns tcp.windowsupdate.com":    "NOERROR RA 10.99.1.1 truncated",
				"dns null.windowsupdate.com":   "dns.sinkhole NOERROR RA 0.0.0.0",
				"soa nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN RA",
				"soa nodata.windowsupdate.com": "dns.nodata NOERROR RA",
				"soa null.windowsupdate.com":   "dns.nodata NOERROR RA",
				"dns garden.windowsupdate.com": "NOERROR RA alias kept.microsoft.com 10.99.1.1",
				"dns own.windowsupdate.com":    "dns.nxdomain NXDOMAIN RA alias blocked.corp.example SOA . a.root-servers.net nstld.verisign-grs.com",
				"dns gone.windowsupdate.com":   "dns.nxdomain NXDOMAIN RA alias gone.microsoft.com SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
			},
			gone: []string{"dns gone.windowsupdate.com"},
		},
		{
			name: "BIND, response policy zone with the SOA record of the operator",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.bindPolicy(t, azureDNS, triggers...)
			},
			want: map[string]string{
				"dns nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN RA",
				"dns nodata.windowsupdate.com": "dns.nodata NOERROR RA",
				"dns pass.windowsupdate.com":   "NOERROR RA 10.99.1.1",
				"dns drop.windowsupdate.com":   "dns.timeout",
				"dns tcp.windowsupdate.com":    "NOERROR RA 10.99.1.1 truncated",
				"dns null.windowsupdate.com":   "dns.sinkhole NOERROR RA 0.0.0.0",
				"soa nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN RA",
				"soa nodata.windowsupdate.com": "dns.nodata NOERROR RA",
				"soa null.windowsupdate.com":   "dns.nodata NOERROR RA",
			},
		},
		{
			name: "BIND, response policy zone, by address",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.bindPolicy(t, corporate, "32.1.1.99.10.rpz-ip CNAME .")
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.nxdomain NXDOMAIN RA",
				"dns gone.microsoft.com":  "dns.nxdomain NXDOMAIN RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
			},
			gone: []string{"dns gone.microsoft.com"},
		},
		{
			name: "BIND, response policy zone, by address, no data",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.bindPolicy(t, corporate, "32.1.1.99.10.rpz-ip CNAME *.")
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.nodata NOERROR RA",
			},
		},
		{
			name: "BIND, denied addresses",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.bind(t, filterAddr, "deny-answer-addresses { 10.99.1.0/24; };", "")
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.servfail SERVFAIL RA",
			},
		},
		{
			name: "BIND, internal zone",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.hiding(t, filterAddr, corporate)
			},
			want: hidden("AA RA", corporate),
		},
		{
			name: "BIND, internal zone with the SOA record of the operator: an alias hides it",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.hiding(t, filterAddr, azureDNS)
			},
			want: hidden("AA RA", azureDNS),
			gone: []string{"dns led.microsoft.com"},
		},
		{
			name: "unbound before BIND, internal zone",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				t.Cleanup(r.hiding(t, corporateAddr, corporate).stop)
				return r.recursor(t, filterAddr, "", forwards(corporateAddr))
			},
			want: hidden("RA", corporate),
		},
		{
			name: "unbound before BIND, internal zone with the SOA record of the operator: the forwarder hides it",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				t.Cleanup(r.hiding(t, corporateAddr, azureDNS).stop)
				return r.recursor(t, filterAddr, "", forwards(corporateAddr))
			},
			want: hidden("RA", azureDNS),
			gone: []string{"dns led.microsoft.com", "dns windowsupdate.com", "dns x.windowsupdate.com", "soa x.windowsupdate.com"},
		},
		{
			name: "dnsmasq before BIND, internal zone",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				t.Cleanup(r.hiding(t, corporateAddr, corporate).stop)
				return r.forwarding(t, "--server="+corporateAddr)
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.nxdomain NXDOMAIN AA RA SOA windowsupdate.com dc1.corp.example hostmaster.corp.example; then dns.nxdomain NXDOMAIN RA SOA windowsupdate.com dc1.corp.example hostmaster.corp.example",
			},
			either: true,
		},
	}
}
