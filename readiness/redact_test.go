package readiness_test

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

const private = "dc1.corp.contoso.com"

// fill sets everything in a value to what is private.
func fill(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // numbers and truth values tell nobody
	case reflect.String:
		v.SetString(private)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value)
		v.SetMapIndex(reflect.ValueOf(private), value)
	case reflect.Struct:
		switch v.Interface().(type) {
		case netip.Addr:
			v.Set(reflect.ValueOf(netip.MustParseAddr("10.20.30.40")))
		case netip.AddrPort:
			v.Set(reflect.ValueOf(netip.MustParseAddrPort("10.20.30.40:53")))
		case time.Time:
			v.Set(reflect.ValueOf(time.Date(2026, 11, 28, 23, 59, 58, 0, time.UTC)))
		default:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					fill(v.Field(i))
				}
			}
		}
	}
}

// Whatever a report has, none of it that is private is left.
func TestRedacted(t *testing.T) {
	own, err := endpoints.New("mail", private, "tcp/443 https")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := endpoints.Embedded().With(own)
	if err != nil {
		t.Fatal(err)
	}
	s := endpoints.Scope{
		Scenario: endpoints.ScenarioHybridJoin, Tenant: "contoso", Domains: []string{"contoso.com"}, ADDomain: "corp.contoso.com", Region: "europe",
	}
	p := planOn(t, s, catalog, probe.Network{SearchDomains: []string{"corp.contoso.com"}, Proxy: through().Proxy})
	obs := reached(p)
	for i := range obs {
		var o probe.Observation
		fill(reflect.ValueOf(&o).Elem())
		o.Target, o.Attempts = obs[i].Target, 1
		// What is of a fixed set.
		o.Error.Op, o.Error.Code = probe.OpConnect, probe.TCPTimeout
		o.Proxy.Op, o.Proxy.Code = "", ""
		o.TLS.Version, o.TLS.VerifiedBy, o.TLS.Alert, o.Revocation.Code = "TLS 1.2", "machine", "", ""
		for k := range o.DNS.Queries {
			o.DNS.Queries[k].Type, o.DNS.Queries[k].Transport, o.DNS.Queries[k].RCode, o.DNS.Queries[k].Code = "A", "udp", "NXDOMAIN", probe.DNSNXDomain
		}
		obs[i] = o
	}
	r := judge(t, p, obs, readiness.Policy{}.Named("policy of "+private))
	r.Device = []readiness.Prerequisite{{ID: "x", Found: private}}
	r.Notes = append(r.Notes, private)
	for i := range r.Causes {
		r.Causes[i].Title, r.Causes[i].Evidence, r.Causes[i].Remedy, r.Causes[i].Names = private, []string{private}, private, []string{private}
	}
	red := r.Redacted()
	text := string(encoded(t, red))
	for _, word := range []string{"contoso", "10.20.30", "23:59", "machine.", "mail"} {
		if i := strings.Index(text, word); i >= 0 {
			t.Errorf("%q is left: %s", word, text[max(0, i-120):min(len(text), i+40)])
		}
	}
	if !strings.Contains(text, `"verdict":"`+r.Verdict.String()) || !strings.Contains(text, "login.live.com") || !strings.Contains(text, "2026-11-28T00:00:00Z") {
		t.Errorf("too much is gone: %s", text[:400])
	}
	if got := red.Plan.Scope; got.Scenario != s.Scenario || got.Region != s.Region || !red.Plan.Proxied {
		t.Errorf("the scope: %+v", got)
	}
	if diff := cmp.Diff(text, string(encoded(t, readBack(t, []byte(text)).Redacted()))); diff != "" {
		t.Errorf("read back, and once more (-first +second):\n%s", diff)
	}
	for _, nothing := range []*readiness.Report{nil, {}} {
		if got := nothing.Redacted(); got == nil || got.Verdict != readiness.Unproven || got.Plan != nil {
			t.Errorf("of nothing: %+v", got)
		}
	}
}

// The issuer of a genuine certificate is public, and that of another may be the
// company's.
func TestRedactedKeepsTheIssuersOfGenuineCertificates(t *testing.T) {
	p := plan(t, autopilot())
	obs := reached(p)
	for i, roots := range []string{"public", "microsoft", "windows", "machine", ""} {
		obs[i].TLS = &probe.TLSFacts{VerifiedBy: roots, NameMatches: true, Chain: []probe.Certificate{{Issuer: "CN=" + roots + " CA"}}}
	}
	// A genuine certificate for other names may be of the company's CA too.
	obs[5].TLS = &probe.TLSFacts{VerifiedBy: "public", Chain: []probe.Certificate{{Issuer: "CN=Contoso CA"}}}
	red := judge(t, p, obs, readiness.Policy{}).Redacted()
	var got []string
	for _, o := range red.Observations {
		if o.TLS != nil && o.TLS.Chain != nil {
			got = append(got, o.TLS.Chain[0].Issuer)
		}
	}
	if diff := cmp.Diff([]string{"CN=public CA", "CN=microsoft CA", "CN=windows CA"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A catalog of one's own may have the company's name for a version.
func TestRedactedKeepsNoVersionOfACatalogOfOnesOwn(t *testing.T) {
	r := judge(t, plan(t, autopilot()), nil, readiness.Policy{})
	want := r.Catalog
	for _, version := range []string{want, want + "+local", "contoso-7", "contoso-7+local"} {
		r.Catalog = version
		if got := r.Redacted().Catalog; got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
}

// Aliases may have the name of a tenant. Without them, a name that is gone is still
// told from one that is withheld.
func TestRedactedKeepsNoAliases(t *testing.T) {
	const host = "go.microsoft.com"
	_, measured := fieldFile(t, asItIs, autopilot())
	tests := []struct {
		name    string
		aliases []string
		want    readiness.CauseCode
	}{
		{"the target of an alias is gone", []string{"contoso.onmicrosoft.com", "contoso.trafficmanager.net"}, readiness.CauseNameGone},
		{"an alias leads elsewhere", []string{"contoso.trafficmanager.net", "contoso.example"}, readiness.CauseDNSFiltered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obs := slices.Clone(measured.Observations)
			for i, o := range obs {
				if o.Target.Host != host {
					continue
				}
				answer := probe.DNSQuery{
					Code: probe.DNSNXDomain, RCode: "NXDOMAIN", RecursionAvailable: true, CNAMEs: tt.aliases,
					SOA: &probe.SOARecord{Owner: "trafficmanager.net", MName: "tm1.msft.net", RName: "hostmaster.trafficmanager.net"},
				}
				obs[i] = probe.Observation{
					Target: o.Target, Attempts: 1, Error: &probe.Error{Op: probe.OpResolve, Code: probe.DNSNXDomain},
					DNS: &probe.DNSFacts{Name: host, Queries: []probe.DNSQuery{answer, answer}},
				}
			}
			r := judge(t, measured.Plan, obs, readiness.Policy{})
			named := func(r *readiness.Report) bool {
				return slices.ContainsFunc(r.Causes, func(c readiness.Cause) bool { return c.Code == tt.want && slices.Contains(c.Names, host) })
			}
			data := encoded(t, r.Redacted())
			_, now, _ := judgedAgain(t, data)
			if !named(r) || !named(now) {
				t.Errorf("%s of %s: before %t, judged again %t", tt.want, host, named(r), named(now))
			}
			if strings.Contains(string(data), "contoso") {
				t.Error("an alias is left")
			}
		})
	}
}

// A redacted report shows that a name had an address, even if it was only one.
func TestRedactedNameWithOneAddress(t *testing.T) {
	p := plan(t, autopilot())
	obs := reached(p)
	for i := range obs {
		answer(&obs[i], i%200)
	}
	redacted := judge(t, p, obs, readiness.Policy{}).Redacted().Observations
	if len(redacted) == 0 {
		t.Error("nothing is left")
	}
	for _, o := range redacted {
		if len(o.DNS.Addresses) != 1 {
			t.Errorf("%s: addresses %v, want one", o.Target, o.DNS.Addresses)
		}
	}
}
