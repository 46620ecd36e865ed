package endpoints_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// factsAsCatalog returns facts.json with what a catalog needs beside.
func factsAsCatalog(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("facts.json")
	if err != nil {
		t.Fatal(err)
	}
	const format = "\t\"format\": \"netready-endpoints/1\",\n"
	const facts = "\t\"facts\": ["
	text := strings.Replace(string(data), format, format+"\t\"version\": \"1\",\n\t\"date\": \"2026-11-22\",\n", 1)
	return strings.Replace(text, facts, "\t\"services\": [{\"service\": \"contoso\", \"groups\": []}],\n"+facts, 1)
}

func TestFactsFileIsWhatEncodeWrites(t *testing.T) {
	want := factsAsCatalog(t)
	c, err := endpoints.Decode(strings.NewReader(want))
	if err != nil {
		t.Fatal(err) // Embedded relies on it
	}
	var got bytes.Buffer
	if err := c.Encode(&got); err != nil {
		t.Fatal(err)
	}
	if want != got.String() {
		t.Error("facts.json is not in the form that Encode writes: decode and encode it once")
	}
	same := cmp.Comparer(func(a, b endpoints.Host) bool { return a == b })
	if diff := cmp.Diff(slices.Collect(c.Facts()), slices.Collect(endpoints.Embedded().Facts()), same); diff != "" {
		t.Errorf("Embedded has other facts than its file (-file +embedded):\n%s", diff)
	}
}

func TestEmbeddedSurvivesItsOwnEncoding(t *testing.T) {
	c := endpoints.Embedded()
	var b bytes.Buffer
	if err := c.Encode(&b); err != nil {
		t.Fatal(err)
	}
	again, err := endpoints.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	facts := func(c *endpoints.Catalog) (out []string) {
		for f := range c.Facts() {
			out = append(out, fmt.Sprintf("%+v", f))
		}
		return out
	}
	if diff := cmp.Diff(facts(c), facts(again)); diff != "" || !slices.EqualFunc(c.Endpoints(), again.Endpoints(), same) {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.Operators("a.microsoft.com"), again.Operators("a.microsoft.com")); diff != "" {
		t.Errorf("operators (-want +got):\n%s", diff)
	}
}

func TestEmbeddedFacts(t *testing.T) {
	c := endpoints.Embedded()
	year := regexp.MustCompile(`\d{4}`)
	seen := make(map[string]bool)
	for f := range c.Facts() {
		name := fmt.Sprintf("%s:%d, %s", f.Host, f.Port, f.Source.Title)
		if err := f.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if f.Source.Ref == "" || f.Source.Date == "" || f.Confidence == "" {
			t.Errorf("%s: no reference, date or confidence", name)
		}
		if f.Basis == endpoints.BasisInferred {
			t.Errorf("%s: inferred, which nobody has seen", name)
		}
		if years := year.FindAllString(f.Source.Date, -1); f.Date != "" && !slices.Contains(years, f.Date[:4]) {
			t.Errorf("%s: the date %s is not in its source's, %q", name, f.Date, f.Source.Date)
		}
		if f.Date > c.Date() && len(f.Date) == len(c.Date()) {
			t.Errorf("%s: seen on %s, after the catalog's date", name, f.Date)
		}
		key := fmt.Sprint(f.Host, f.Port, f.How, f.Source, f.Date)
		if seen[key] {
			t.Errorf("%s: twice", name)
		}
		seen[key] = true
	}
	if len(seen) < 800 {
		t.Errorf("%d facts", len(seen))
	}
}

// TestEmbeddedFactsSay guards what rules and advice rest on.
func TestEmbeddedFactsSay(t *testing.T) {
	tests := []struct {
		name string
		host string
		port uint16
		want string // known, how, and the names of the certificate
	}{
		{"content by another's certificate", "download.windowsupdate.com", 443, "contradicted foreign_certificate [fallback.tls.fastly.net]"},
		{"a name of that zone without a row", "b1.download.windowsupdate.com", 443, "contradicted foreign_certificate [a248.e.akamai.net fallback.tls.fastly.net]"},
		{"which answers on 80", "download.windowsupdate.com", 80, "confirmed answers []"},
		{"a content network in China", "dl.delivery.mp.microsoft.com", 443, "contradicted foreign_certificate [a248.e.akamai.net default.chinanetcenter.com fallback.tls.fastly.net]"},
		{"the names for HTTPS in that zone", "msteams.sf.dl.delivery.mp.microsoft.com", 443, "confirmed answers []"},
		{"one that was seen", "catalog.sf.dl.delivery.mp.microsoft.com", 443, "confirmed answers []"},
		{"a member behind a content network", "m.manage.microsoft.com", 443, "contradicted foreign_certificate [*.azureedge.net]"},
		{"its pattern as a whole", "*.manage.microsoft.com", 443, "unknown  []"},
		{"another member", "a.manage.microsoft.com", 443, "confirmed answers []"},
		{"documented with 80 and never there", "fe3.delivery.mp.microsoft.com", 80, "contradicted silent []"},
		{"another", "licensing.mp.microsoft.com", 80, "contradicted silent []"},
		{"and another", "tsfe.trafficshaping.dsp.mp.microsoft.com", 80, "contradicted silent []"},
		{"documented with 443 alone, and so listed", "intunecdnpeasd.manage.microsoft.com", 80, "unknown  []"},
		{"listed for 443 alone, and 80 not documented there", "v10c.events.data.microsoft.com", 80, "unknown  []"},
		{"a listed name that DNS does not have", "sinwns1011421.wns.windows.com", 443, "contradicted no_such_name []"},
		{"a host for diagnostics that never was", "amsua0902lmsas.blob.core.windows.net", 443, "contradicted no_such_name []"},
		{"one beside it", "amsua0901lmsas.blob.core.windows.net", 443, "confirmed answers []"},
		{"a host for metadata that is gone", "emdl.ws.microsoft.com", 80, "contradicted no_such_name []"},
		{"sign-in", "login.microsoftonline.com", 443, "confirmed answers []"},
		{"sign-in on 80", "login.microsoftonline.com", 80, "confirmed redirects []"},
		{"a recording network that got no answer", "ocsp.msocsp.com", 443, "unknown  []"},
		{"a status of 2020 has lapsed", "crl.entrust.net", 443, "unknown  []"},
		{"the deployment service, of which only the name is known", "ztd.dds.microsoft.com", 443, "unknown  []"},
		{"its name", "ztd.dds.microsoft.com", 0, "confirmed resolves []"},
	}
	c := endpoints.Embedded()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := c.Fact(tt.host, tt.port)
			if got := fmt.Sprint(f.Known, " ", f.How, " ", f.Names); got != tt.want {
				t.Errorf("%s:%d: got %q, want %q", tt.host, tt.port, got, tt.want)
			}
		})
	}
}

// hostPorts returns the hosts and TCP ports through which an endpoint may be
// tested: of a pattern, what a source gives for a member.
func hostPorts(c *endpoints.Catalog, e endpoints.Endpoint) (out []string) {
	hosts := []string{e.Host.String()}
	if e.Host.Kind() != endpoints.Exact {
		hosts = e.Members
	}
	for _, h := range hosts {
		for _, p := range e.Ports {
			if _, _, ok := c.Given(h, p.Number); ok && p.Transport != "icmp" && p.Last == 0 {
				out = append(out, fmt.Sprintf("%s:%d", h, p.Number))
			}
		}
	}
	return out
}

func knownAt(c *endpoints.Catalog, at string) endpoints.Known {
	host, number, _ := strings.Cut(at, ":")
	var port uint16
	_, _ = fmt.Sscan(number, &port)
	return c.Fact(host, port).Known
}

// TestCoreThatTheDataContradicts lists core hosts that no rule may excuse: if
// another is contradicted, the catalog is wrong about its port or about its rank.
func TestCoreThatTheDataContradicts(t *testing.T) {
	want := []string{
		"ctldl.windowsupdate.com:443", // plain HTTP is what counts
	}
	c := endpoints.Embedded()
	var got []string
	for _, e := range c.Endpoints() {
		if !e.Decisive || e.Status != endpoints.StatusCurrent {
			continue
		}
		all := hostPorts(c, e)
		bad := slices.DeleteFunc(slices.Clone(all), func(at string) bool { return knownAt(c, at) != endpoints.Contradicted })
		if e.Host.Kind() == endpoints.Exact {
			got = append(got, bad...)
		} else if len(bad) > 0 && len(bad) == len(all) {
			got = append(got, e.Host.String()) // every member of a core pattern
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("core hosts that the facts contradict (-want +got):\n%s", diff)
	}
}

// TestCoreIsConfirmed lists the core hosts of which nothing current shows that
// they answer: their failure counts, and the finding says so.
func TestCoreIsConfirmed(t *testing.T) {
	unknown := []string{
		"device.login.microsoftonline.com",
		"enrollment.manage.microsoft.com",
		"logincdn.msauth.net",
		"r.manage.microsoft.com",
		"ztd.dds.microsoft.com",

		// Device association.
		"peapdamaa1.eus2.attest.azure.net",
		"peapdamaa19.wus2.attest.azure.net",
		"peapdamaa2.wus2.attest.azure.net",
		"peapdamaa3.cus.attest.azure.net",
		"peapdamaa5.cus.attest.azure.net",
		"peapdamaa6.neu.attest.azure.net",
		"peapdamaa7.weu.attest.azure.net",
		"peapdamaa8.sasia.attest.azure.net",
		"peapdamaa86.cin.attest.azure.net",
		"peapdamaa89.jpe.attest.azure.net",
		"peapdamaa9.eau.attest.azure.net",
		"peapdamaa93.weu.attest.azure.net",

		// Autopatch.
		"device.autopatch.microsoft.com",
		"devicelistenerprod.microsoft.com",
		"mmdcustomer.microsoft.com",
		"mmdls.microsoft.com",
		"services.autopatch.microsoft.com",

		// The clouds for the US government.
		"*.manage.microsoft.us",
		"device.login.microsoftonline.us",
		"enrollment.manage.microsoft.us",
		"enterpriseregistration.microsoftonline.us",
		"login.microsoftonline.us",
		"manage.microsoft.us",
	}
	c := endpoints.Embedded()
	var got []string
	core := 0
	for _, e := range c.Endpoints() {
		at := hostPorts(c, e)
		if !e.Decisive || e.Status != endpoints.StatusCurrent || len(at) == 0 {
			continue
		}
		core++
		if !slices.ContainsFunc(at, func(at string) bool { return knownAt(c, at) == endpoints.Confirmed }) {
			got = append(got, e.Host.String())
		}
	}
	if core < 20 {
		t.Errorf("%d core hosts", core)
	}
	slices.Sort(unknown)
	slices.Sort(got)
	if diff := cmp.Diff(unknown, slices.Compact(got)); diff != "" {
		t.Errorf("core hosts that nothing confirms (-want +got):\n%s", diff)
	}
}
