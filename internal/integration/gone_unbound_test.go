//go:build linux

package integration_test

import (
	"fmt"
	"slices"
	"testing"
)

// localZones are one zone of each kind, for a name like the kind. The SOA
// record of one is the operator's.
func localZones() string {
	conf := `  local-data: "redirect.windowsupdate.com. A 0.0.0.0"
  local-zone: "soa.windowsupdate.com." static
  local-data: "soa.windowsupdate.com. SOA ` + corporate + ` 1 2 3 4 5"
  local-zone: "microsoft.com." static
  local-data: "microsoft.com. SOA ` + azureDNS + ` 1 2 3 4 5"
  local-data: "text.windowsupdate.com. TXT blocked"
`
	for _, kind := range []string{
		"static", "deny", "refuse", "redirect", "always_nxdomain", "always_nodata", "always_null", "always_refuse", "always_deny", "inform_deny",
	} {
		conf += fmt.Sprintf("  local-zone: \"%s.windowsupdate.com.\" %[1]s\n", kind)
	}
	return conf
}

// filtersOfUnbound are unbound's filters.
func filtersOfUnbound() []filtering {
	return []filtering{
		{
			name: "unbound, local zones",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.recursor(t, filterAddr, localZones(), forwards(recursorAddr))
			},
			want: map[string]string{
				"dns static.windowsupdate.com":          "dns.nxdomain NXDOMAIN AA RA",
				"dns x.static.windowsupdate.com":        "dns.nxdomain NXDOMAIN AA RA",
				"dns deny.windowsupdate.com":            "dns.timeout",
				"dns refuse.windowsupdate.com":          "dns.refused REFUSED AA RA",
				"dns redirect.windowsupdate.com":        "dns.sinkhole NOERROR AA RA 0.0.0.0",
				"dns always_nxdomain.windowsupdate.com": "dns.nxdomain NXDOMAIN AA RA",
				"dns always_nodata.windowsupdate.com":   "dns.nodata NOERROR AA RA",
				"dns always_null.windowsupdate.com":     "dns.sinkhole NOERROR AA RA 0.0.0.0",
				"dns always_refuse.windowsupdate.com":   "dns.refused REFUSED AA RA",
				"dns always_deny.windowsupdate.com":     "dns.timeout",
				"dns inform_deny.windowsupdate.com":     "dns.timeout",
				"dns soa.windowsupdate.com":             "dns.nodata NOERROR AA RA SOA soa.windowsupdate.com dc1.corp.example hostmaster.corp.example",
				"dns x.soa.windowsupdate.com":           "dns.nxdomain NXDOMAIN AA RA SOA soa.windowsupdate.com dc1.corp.example hostmaster.corp.example",
				"dns text.windowsupdate.com":            "dns.nodata NOERROR AA RA",
				"dns kept.microsoft.com":                "dns.nxdomain NXDOMAIN AA RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
				"soa static.windowsupdate.com":          "dns.nxdomain NXDOMAIN AA RA",
				"soa always_null.windowsupdate.com":     "dns.nodata NOERROR AA RA",
				"soa soa.windowsupdate.com":             "NOERROR AA RA SOA soa.windowsupdate.com dc1.corp.example hostmaster.corp.example",
			},
		},
		{
			name: "unbound, response policy zone",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.unboundPolicy(t, corporate, "", slices.Concat(triggers, leads)...)
			},
			want: map[string]string{
				"dns nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN AA RA",
				"dns nodata.windowsupdate.com": "dns.nodata NOERROR AA RA",
				"dns pass.windowsupdate.com":   "NOERROR RA 10.99.1.1",
				"dns drop.windowsupdate.com":   "dns.timeout",
				"dns tcp.windowsupdate.com":    "NOERROR RA 10.99.1.1 truncated",
				"dns null.windowsupdate.com":   "dns.sinkhole NOERROR AA RA 0.0.0.0",
				"soa nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN AA RA",
				"soa nodata.windowsupdate.com": "dns.nodata NOERROR AA RA",
				"soa null.windowsupdate.com":   "dns.nodata NOERROR AA RA",
				"dns garden.windowsupdate.com": "NOERROR AA RA alias kept.microsoft.com 10.99.1.1",
				"dns own.windowsupdate.com":    "dns.nxdomain NXDOMAIN AA RA alias blocked.corp.example SOA . a.root-servers.net nstld.verisign-grs.com",
				"dns gone.windowsupdate.com":   "dns.nxdomain NXDOMAIN AA RA alias gone.microsoft.com SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
			},
		},
		{
			name: "unbound, response policy zone with the SOA record of the operator",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.unboundPolicy(t, azureDNS, "  rpz-signal-nxdomain-ra: yes", triggers...)
			},
			want: map[string]string{
				"dns nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN AA",
				"dns nodata.windowsupdate.com": "dns.nodata NOERROR AA RA",
				"dns pass.windowsupdate.com":   "NOERROR RA 10.99.1.1",
				"dns drop.windowsupdate.com":   "dns.timeout",
				"dns tcp.windowsupdate.com":    "NOERROR RA 10.99.1.1 truncated",
				"dns null.windowsupdate.com":   "dns.sinkhole NOERROR AA RA 0.0.0.0",
				"soa nx.windowsupdate.com":     "dns.nxdomain NXDOMAIN AA",
				"soa nodata.windowsupdate.com": "dns.nodata NOERROR AA RA",
				"soa null.windowsupdate.com":   "dns.nodata NOERROR AA RA",
			},
		},
		{
			name: "unbound, response policy zone, by address",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.unboundPolicy(t, corporate, "", "32.1.1.99.10.rpz-ip CNAME .")
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.nxdomain NXDOMAIN RA",
				"dns gone.microsoft.com":  "dns.nxdomain NXDOMAIN RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
			},
			gone: []string{"dns gone.microsoft.com"},
		},
		{
			name: "unbound, response address",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.recursor(t, filterAddr, "  response-ip: 10.99.1.0/24 always_nxdomain", forwards(recursorAddr))
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.nxdomain NXDOMAIN RA",
			},
		},
		{
			name: "unbound, private addresses",
			filter: func(t *testing.T, r *rig) *process {
				t.Helper()
				return r.recursor(t, filterAddr, "  private-address: 10.99.1.0/24", forwards(recursorAddr))
			},
			want: map[string]string{
				"dns x.windowsupdate.com": "dns.nodata NOERROR RA",
			},
		},
	}
}
