package endpoints_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
)

func TestOperators(t *testing.T) {
	c := endpoints.Embedded()
	tests := []struct {
		name         string
		of           string
		mname, rname string
		zone         string // of the operator that matches; empty for none
	}{
		{"Azure DNS as it was seen", "emdl.ws.microsoft.com", "ns1-39.azure-dns.com", "azuredns-hostmaster.microsoft.com", "microsoft.com"},
		{"Azure DNS under another number", "emdl.ws.microsoft.com", "ns1-205.azure-dns.com", "azuredns-hostmaster.microsoft.com", "microsoft.com"},
		{"in capitals with dots", "Microsoft.com.", "NS1-7.Azure-DNS.com.", "AzureDNS-hostmaster.Microsoft.com.", "microsoft.com"},
		{"a word for the number", "emdl.ws.microsoft.com", "ns1-x.azure-dns.com", "azuredns-hostmaster.microsoft.com", ""},
		{"no number", "emdl.ws.microsoft.com", "ns1-.azure-dns.com", "azuredns-hostmaster.microsoft.com", ""},
		{"two labels for the number", "emdl.ws.microsoft.com", "ns1-1.2.azure-dns.com", "azuredns-hostmaster.microsoft.com", ""},
		{"something behind the name", "emdl.ws.microsoft.com", "ns1-39.azure-dns.com.evil.com", "azuredns-hostmaster.microsoft.com", ""},
		{"the server with another mailbox", "emdl.ws.microsoft.com", "ns1-39.azure-dns.com", "hostmaster.contoso.com", ""},
		{"a filter's own record", "emdl.ws.microsoft.com", "localhost", "root.localhost", ""},
		{"an internal zone on a company's servers", "au.download.windowsupdate.com", "dc1.corp.contoso.com", "hostmaster.corp.contoso.com", ""},
		{"a private zone of Azure", "emdl.ws.microsoft.com", "azureprivatedns.net", "azureprivatedns-host.microsoft.com", ""},
		{"the operator of another zone", "a.fastly.net", "ns1-39.azure-dns.com", "azuredns-hostmaster.microsoft.com", ""},
		{"a content network", "a.fastly.net", "ns1.fastly.net", "hostmaster.fastly.com", "fastly.net"},
		{"a name that only ends like the zone", "notmicrosoft.com", "ns1-39.azure-dns.com", "azuredns-hostmaster.microsoft.com", ""},
		{"no name", "a b", "ns1-39.azure-dns.com", "azuredns-hostmaster.microsoft.com", ""},
		{"nothing shown", "emdl.ws.microsoft.com", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, o := range c.Operators(tt.of) {
				if o.Match(tt.mname, tt.rname) {
					got = o.Zone
				}
			}
			if got != tt.zone {
				t.Errorf("the operator of %q, want %q", got, tt.zone)
			}
		})
	}
}

func TestOperatorsOfTheClosestZoneComeFirst(t *testing.T) {
	text := strings.TrimSuffix(strings.TrimSpace(factCatalog()), "}") + `, "operators": [
		{"zone": "b.com", "mname": "ns.b.com", "rname": "h.b.com", "source": "book"},
		{"zone": "a.b.com", "mname": "ns1-*.b.com", "rname": "h.b.com", "source": "list"},
		{"zone": "b.com", "mname": "ns.c.com", "rname": "h.c.com", "source": "list"}
	]}`
	c, err := endpoints.Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range c.Operators("x.a.b.com") {
		got = append(got, o.Zone+" "+o.MName)
	}
	if want := "[a.b.com ns1-*.b.com b.com ns.b.com b.com ns.c.com]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	for old, code := range map[string]string{
		`"zone": "b.com"`:        endpoints.BadValue,
		`"mname": "ns.b.com"`:    endpoints.BadValue,
		`"mname": "ns1-*.b.com"`: endpoints.BadValue,
		`"rname": "h.c.com"`:     endpoints.BadValue,
	} {
		name, _, _ := strings.Cut(old, ":")
		_, err := endpoints.Decode(strings.NewReader(strings.Replace(text, old, name+`: "*.*.B.com"`, 1)))
		if bad, ok := errors.AsType[*endpoints.Error](err); !ok || bad.Code != code || !strings.HasPrefix(bad.Field, "operators[") {
			t.Errorf("%s: got %v", old, err)
		}
	}
	_, err = endpoints.Decode(strings.NewReader(strings.Replace(text, `, "source": "list"}`, `}`, 1)))
	if bad, ok := errors.AsType[*endpoints.Error](err); !ok || bad.Code != endpoints.MissingField {
		t.Errorf("without a source: %v", err)
	}
}
