package endpoints_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

func TestMatch(t *testing.T) {
	c := endpoints.Embedded()
	tests := []struct {
		name, host string
		port       uint16
		want       []string
	}{
		{
			"the apex has an entry of its own", "manage.microsoft.com", 443,
			[]string{"intune manage.microsoft.com", "microsoft-365 *.microsoft.com"},
		},
		{
			"a name below the suffix", "fef.msua01.manage.microsoft.com", 443,
			[]string{"intune *.manage.microsoft.com", "microsoft-365 *.microsoft.com"},
		},
		{
			"exact before the longer and the shorter suffix", "R.Manage.Microsoft.com.", 443,
			[]string{"intune r.manage.microsoft.com", "intune *.manage.microsoft.com", "microsoft-365 *.microsoft.com"},
		},
		{
			"the longer suffix before the shorter of the same service", "kv501.prod.do.dsp.mp.microsoft.com", 443,
			[]string{
				"delivery-optimization *.prod.do.dsp.mp.microsoft.com", "delivery-optimization *.do.dsp.mp.microsoft.com",
				"microsoft-365 *.microsoft.com",
			},
		},
		{
			"a wildcard in a label", "payloadprod123.blob.core.windows.net", 443,
			[]string{"autopatch payloadprod*.blob.core.windows.net"},
		},
		{
			"a wildcard inside before the suffix", "eaus-umwatsonc.events.data.microsoft.com", 443,
			[]string{
				"diagnostics-data *-umwatsonc.events.data.microsoft.com", "intune *.events.data.microsoft.com",
				"microsoft-365 *.microsoft.com",
			},
		},
		{
			"one name of several services", "licensing.mp.microsoft.com", 443,
			[]string{
				"activation licensing.mp.microsoft.com", "microsoft-store licensing.mp.microsoft.com",
				"microsoft-365 *.microsoft.com",
			},
		},
		{
			"a port that only some have", "licensing.mp.microsoft.com", 80,
			[]string{"microsoft-store licensing.mp.microsoft.com", "microsoft-365 *.microsoft.com"},
		},
		{"a port that none has", "time.windows.com", 443, nil},
		{"any port", "time.windows.com", 0, []string{"ntp time.windows.com"}},
		{
			"a retired name is known as such", "swda01-mscdn.azureedge.net", 443,
			[]string{"intune-content swda01-mscdn.azureedge.net"},
		},
		{
			"a tenant's name", "contoso-my.sharepoint.com", 443,
			[]string{
				"microsoft-365-sharepoint {tenant}-my.sharepoint.com", "microsoft-365-sharepoint {tenant}.sharepoint.com",
				"microsoft-365-sharepoint *.sharepoint.com",
			},
		},
		{
			"a tenant's own domain", "enterpriseenrollment.contoso.com", 443,
			[]string{"intune enterpriseenrollment.{domain}"},
		},
		{
			"no domain where a rule covers the name", "enterpriseenrollment.manage.microsoft.us", 443,
			[]string{"intune *.manage.microsoft.us"},
		},
		{"a name that no rule covers", "www.example.com", 443, nil},
		{"a name that ends alike", "evilmanage.microsoft.us", 443, nil},
		{"a placeholder is no name", "$resolver", 0, nil},
		{"an address", "192.0.2.7", 443, nil},
		{"no name", "", 0, nil},
		{"a URL", "https://manage.microsoft.com/", 443, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, pairs(c.Match(tt.host, tt.port))); diff != "" {
				t.Errorf("Match(%q, %d) (-want +got):\n%s", tt.host, tt.port, diff)
			}
		})
	}
}

// TestMatchAgreesWithHosts compares the index with asking every host.
func TestMatchAgreesWithHosts(t *testing.T) {
	c := endpoints.Embedded()
	all := c.Endpoints()
	for _, e := range all {
		for _, name := range append([]string{e.Host.String(), e.PathHost}, e.Members...) {
			want := make(map[string]bool)
			for _, other := range all {
				if other.Host.Match(name) && other.Host.Kind() != endpoints.Tenant {
					want[string(other.Service)+" "+other.Host.String()] = true
				}
			}
			got := make(map[string]bool)
			for _, m := range c.Match(name, 0) {
				if m.Host.Kind() != endpoints.Tenant {
					got[string(m.Service)+" "+m.Host.String()] = true
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Match(%q) (-want +got):\n%s", name, diff)
			}
		}
	}
}
