package traffic_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// row formats a host as in "intune mdm-enrollment required
// *.manage.microsoft.com".
func row(h traffic.Host) string {
	if h.Rule == "" {
		return ""
	}
	return strings.Join(strings.Fields(fmt.Sprint(h.Service, " ", h.Phase, " ", h.Need, " ", h.Rule)), " ")
}

func TestRules(t *testing.T) {
	in := func(change func(*endpoints.Scope)) func(*endpoints.Scope) { return change }
	same := func(*endpoints.Scope) {}
	tests := []struct {
		name, host string // as a list of hosts has it
		scope      func(*endpoints.Scope)
		want       string
	}{
		{"an exact name", "login.live.com:443", same, "deployment-service device-identity required login.live.com"},
		{"without a port", "login.live.com", same, "deployment-service device-identity required login.live.com"},
		{"at a port that no rule has", "login.live.com:8443", same, "deployment-service device-identity required login.live.com"},
		{"below a suffix", "fef.msua01.manage.microsoft.com:443", same, "intune mdm-enrollment required *.manage.microsoft.com"},
		{"the exact rule before the suffix", "r.manage.microsoft.com:443", same, "intune mdm-sync required r.manage.microsoft.com"},
		{"of two services, the one that needs it more", "licensing.mp.microsoft.com:443", same, "activation activation required licensing.mp.microsoft.com"},
		{"of two services, the one with the port", "licensing.mp.microsoft.com:80", same, "microsoft-store device-esp-apps optional licensing.mp.microsoft.com"},
		{"the tenant's own name", "contoso.sharepoint.com:443", same, "microsoft-365-sharepoint post-provisioning required contoso.sharepoint.com"},
		{"another tenant's name", "fabrikam.sharepoint.com:443", same, "microsoft-365-sharepoint post-provisioning none {tenant}.sharepoint.com"},
		{"any tenant's name, without a tenant", "fabrikam.sharepoint.com:443", in(func(s *endpoints.Scope) { s.Tenant = "" }), "microsoft-365-sharepoint post-provisioning required {tenant}.sharepoint.com"},
		{"a tenant's initial domain", "contoso.sharepoint.com:443", in(func(s *endpoints.Scope) { s.Tenant = "contoso.onmicrosoft.com" }), "microsoft-365-sharepoint post-provisioning required contoso.sharepoint.com"},
		{"a tenant's verified domain", "enterpriseregistration.contoso.com:443", in(func(s *endpoints.Scope) { s.Tenant = "contoso.com" }), "entra-id device-registration conditional enterpriseregistration.contoso.com"},
		{"another tenant's verified domain", "enterpriseregistration.fabrikam.com:443", in(func(s *endpoints.Scope) { s.Tenant = "contoso.com" }), "entra-id device-registration none enterpriseregistration.{domain}"},
		{"of another scenario", "mmdcustomer.microsoft.com:443", same, "autopatch post-provisioning none mmdcustomer.microsoft.com"},
		{"of that scenario", "payloadprod7.blob.core.windows.net:443", in(func(s *endpoints.Scope) { s.Scenario = endpoints.ScenarioAutopatch }), "autopatch post-provisioning required payloadprod*.blob.core.windows.net"},
		{"of another scenario by several rules", "payloadprod7.blob.core.windows.net:443", same, "autopatch post-provisioning none payloadprod*.blob.core.windows.net"},
		{"of no scenario in particular", "mmdcustomer.microsoft.com:443", in(func(s *endpoints.Scope) { s.Scenario = "" }), "autopatch post-provisioning required mmdcustomer.microsoft.com"},
		{"of another cloud", "login.live.com:443", in(func(s *endpoints.Scope) { s.Cloud = endpoints.CloudChina }), "deployment-service device-identity none login.live.com"},
		{"of another region", "swda01-mscdn.manage.microsoft.com:443", in(func(s *endpoints.Scope) { s.Region = endpoints.RegionEurope }), "intune mdm-enrollment required *.manage.microsoft.com"},
		{"retired", "old.example.net:443", same, "intune mdm-enrollment none old.example.net"},
		{"of a feature that is not known to be used", "storeedgefd.dsx.mp.microsoft.com:443", same, "microsoft-store device-esp-apps conditional storeedgefd.dsx.mp.microsoft.com"},
		{"of a feature in use", "storeedgefd.dsx.mp.microsoft.com:443", in(func(s *endpoints.Scope) { s.Features = []endpoints.Feature{endpoints.FeatureStoreApps} }), "microsoft-store device-esp-apps required storeedgefd.dsx.mp.microsoft.com"},
		{"optional, of a feature in use", "store-images.s-microsoft.com:443", in(func(s *endpoints.Scope) { s.Features = []endpoints.Feature{endpoints.FeatureStoreApps} }), "microsoft-store device-esp-apps optional store-images.s-microsoft.com"},
		{"of the TPM vendor", "ekop.intel.com:443", in(func(s *endpoints.Scope) { s.TPM = endpoints.TPMIntel }), "tpm-attestation tpm-attestation required ekop.intel.com"},
		{"of another vendor", "ekop.intel.com:443", in(func(s *endpoints.Scope) { s.TPM = endpoints.TPMAMD }), "tpm-attestation tpm-attestation none ekop.intel.com"},
		{"of nobody", "login.live.com.example:443", same, ""},
		{"an address", "203.0.113.5:443", same, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := autopilot()
			tt.scope(&s)
			sum := annotate(t, tt.host, traffic.Hosts, small(t), s)
			if len(sum.Hosts) != 1 {
				t.Fatalf("hosts: %v", sum.Hosts)
			}
			if got := row(sum.Hosts[0]); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if uncovered := len(sum.Uncovered) == 1; uncovered != (tt.want == "") {
				t.Errorf("uncovered: %v", sum.Uncovered)
			}
		})
	}
}

// TestStrongestNeed: the order of the catalog does not decide between two rules
// with the same pattern.
func TestStrongestNeed(t *testing.T) {
	c := small(t)
	i := slices.IndexFunc(c.Endpoints(), func(e endpoints.Endpoint) bool { return e.Host.String() == "activation.sls.microsoft.com" })
	e := c.Endpoints()[i]
	e.Service, e.Need = endpoints.ServiceDNS, endpoints.Optional // which comes before activation
	var err error
	if c, err = c.With(e); err != nil {
		t.Fatal(err)
	}
	sum := annotate(t, "activation.sls.microsoft.com:443", traffic.Hosts, c, autopilot())
	if got, want := row(sum.Hosts[0]), "activation activation required activation.sls.microsoft.com"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCounts(t *testing.T) {
	log := "#Fields: date time cs-uri sc-status action\n" + strings.Join([]string{
		"2019-09-14 02:00:20 licensing.mp.microsoft.com:80 403 Denied",   // the store's, and optional
		"2019-09-14 02:00:30 licensing.mp.microsoft.com:443 200 Allowed", // activation's, and required
		"2019-09-14 02:00:10 licensing.mp.microsoft.com:443 403 Denied",
		"2019-09-14 02:00:15 licensing.mp.microsoft.com:443 407 Denied",
		"- - licensing.mp.microsoft.com:8443 403 Denied", // nobody's
		"2019-09-14 02:00:12 login.live.com:8443 403 Denied",
	}, "\n")
	got := annotate(t, log, traffic.W3C, small(t), autopilot())
	at := func(s int) time.Time { return time.Date(2019, 9, 14, 2, 0, s, 0, time.UTC) }
	want := []traffic.Host{
		{
			Host: "licensing.mp.microsoft.com", Service: endpoints.ServiceActivation, Phase: endpoints.PhaseActivation,
			Need: endpoints.Required, Rule: "licensing.mp.microsoft.com", Status: endpoints.StatusCurrent,
			Requests: 5, Denied: 4, DeniedRequired: 2, Unauthenticated: 1, OffPort: 1, Ports: []uint16{80, 443, 8443}, First: at(10), Last: at(30),
		},
		{
			Host: "login.live.com", Service: endpoints.ServiceDeployment, Phase: endpoints.PhaseDeviceIdentity,
			Need: endpoints.Required, Rule: "login.live.com", Status: endpoints.StatusCurrent,
			Requests: 1, Denied: 1, OffPort: 1, Ports: []uint16{8443}, First: at(12), Last: at(12),
		},
	}
	if diff := cmp.Diff(want, got.Hosts); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], got.Denied); diff != "" {
		t.Errorf("denied (-want +got):\n%s", diff)
	}
	if !slices.ContainsFunc(got.Missing, func(m traffic.Missing) bool { return m.Host == "login.live.com" }) {
		t.Error("login.live.com is not missing, though it was only asked for at another port")
	}
	if got.Requests() != 6 || got.Told != 6 {
		t.Errorf("%d requests, %d told", got.Requests(), got.Told)
	}
}

// TestTold shows for which requests a log tells whether they were denied.
func TestTold(t *testing.T) {
	tests := []struct {
		name, log string
		format    traffic.Format
		want      int
	}{
		{"a list", "a.example\n", traffic.Hosts, 0},
		{"Squid's result without a status", "1568426405.020 9 192.0.2.10 TCP_MISS_ABORTED/000 0 GET http://a.example/ - HIER_NONE/- -\n", traffic.Squid, 0},
		{"a result of Squid that is not known", "1568426405.020 9 192.0.2.10 TCP_CENSORED/200 0 GET http://a.example/ - HIER_NONE/- -\n", traffic.Squid, 0},
		{"a status that is not known", "#Fields: cs-host sc-status\na.example 999\n", traffic.W3C, 0},
		{"an action that is not known", "#Fields: cs-host sc-status action\na.example 200 Frobbed\n", traffic.W3C, 0},
		{"CLF without a status", "192.0.2.10 - - [14/Sep/2019:02:00:10 +0000] \"GET http://a.example/ HTTP/1.1\" - -\n", traffic.CLF, 0},
		{"W3C with a status", "#Fields: cs-host sc-status\na.example 200\n", traffic.W3C, 1},
		{"W3C with an action", "#Fields: cs-host sc-status action\na.example - Allowed\n", traffic.W3C, 1},
		{"W3C with neither", "#Fields: cs-host sc-status action\na.example 0 -\n", traffic.W3C, 0},
		{"HAR of what was given up", `{"log": {"entries": [{"request": {"url": "https://a.example/"}, "response": {"status": 0}}]}}`, traffic.HAR, 0},
	}
	for _, tt := range tests {
		if sum := annotate(t, tt.log, tt.format, small(t), autopilot()); sum.Told != tt.want || sum.Requests() != 1 {
			t.Errorf("%s: %d of %d", tt.name, sum.Told, sum.Requests())
		}
	}
}

func TestTimeline(t *testing.T) {
	log := "login.live.com\n" +
		"2019-09-14T02:00:40Z enrollment.manage.microsoft.com\n" +
		"2019-09-14T02:00:20Z fef.manage.microsoft.com\n" +
		"2019-09-14T02:00:30Z login.microsoftonline.com\n" +
		"www.msftconnecttest.com\n" +
		"2019-09-14T02:00:10Z a.example\n"
	at := func(s int) time.Time { return time.Date(2019, 9, 14, 2, 0, s, 0, time.UTC) }
	want := []traffic.Phase{
		{Phase: endpoints.PhaseMDMEnrollment, First: at(20), Last: at(40), Hosts: []string{"fef.manage.microsoft.com", "enrollment.manage.microsoft.com"}},
		{Phase: endpoints.PhaseEntraSignIn, First: at(30), Last: at(30), Hosts: []string{"login.microsoftonline.com"}},
		{Phase: endpoints.PhaseNetworkBringUp, Hosts: []string{"www.msftconnecttest.com"}},
		{Phase: endpoints.PhaseDeviceIdentity, Hosts: []string{"login.live.com"}},
	}
	if diff := cmp.Diff(want, annotate(t, log, traffic.Hosts, small(t), autopilot()).Phases); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMissing(t *testing.T) {
	all := "www.msftconnecttest.com\ncrl3.digicert.com\nctldl.windowsupdate.com\nztd.dds.microsoft.com\ncs.dds.microsoft.com\n" +
		"login.live.com\nlicensing.mp.microsoft.com\nactivation.sls.microsoft.com\nlogin.microsoftonline.com\n" +
		"enrollment.manage.microsoft.com\nr.manage.microsoft.com\ncontoso.sharepoint.com\n"
	without := func(host string) string { return strings.Replace(all, host+"\n", "", 1) }
	tests := []struct {
		name, log string
		scope     func(*endpoints.Scope)
		want      []string
	}{
		{"all is there", all, func(*endpoints.Scope) {}, nil},
		{"one of a service", without("r.manage.microsoft.com"), func(*endpoints.Scope) {}, []string{"intune r.manage.microsoft.com true"}},
		{"all of a service", without("login.microsoftonline.com"), func(*endpoints.Scope) {}, []string{"entra-id login.microsoftonline.com false"}},
		{"a tenant that is not known", without("contoso.sharepoint.com"), func(s *endpoints.Scope) { s.Tenant = "" }, []string{"microsoft-365-sharepoint {tenant}.sharepoint.com false"}},
		{"hosts of a region", all, func(s *endpoints.Scope) { s.Region = endpoints.RegionEurope }, []string{"intune-content swdb01-mscdn.manage.microsoft.com false"}},
		{"a TPM vendor's host", all, func(s *endpoints.Scope) { s.TPM = endpoints.TPMIntel }, []string{"tpm-attestation ekop.intel.com false"}},
		{"a TPM vendor's required host", all, func(s *endpoints.Scope) { s.TPM = endpoints.TPMAMD }, []string{"tpm-attestation ftpm.amd.com false"}},
		{"a host of a feature", all, func(s *endpoints.Scope) { s.Features = []endpoints.Feature{endpoints.FeatureStoreApps} }, []string{"microsoft-store storeedgefd.dsx.mp.microsoft.com true"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := autopilot()
			tt.scope(&s)
			var got []string
			for _, m := range annotate(t, tt.log, traffic.Hosts, small(t), s).Missing {
				got = append(got, fmt.Sprint(m.Service, " ", m.Host, " ", m.ServiceSeen))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestScopeRefuses: a meaningless scope does not accept every log.
func TestScopeRefuses(t *testing.T) {
	tests := []struct {
		field    string
		scope    endpoints.Scope
		services []endpoints.Service
	}{
		{"scenario", endpoints.Scope{Scenario: "autopilto"}, nil},
		{"cloud", endpoints.Scope{Cloud: "moon"}, nil},
		{"region", endpoints.Scope{Region: "atlantis"}, nil},
		{"tpm", endpoints.Scope{TPM: "acme"}, nil},
		{"windows", endpoints.Scope{Windows: "12"}, nil},
		{"features", endpoints.Scope{Features: []endpoints.Feature{endpoints.FeatureScripts, "magic"}}, nil},
		{"tenant", endpoints.Scope{Tenant: "con toso"}, nil},
		{"tenant", endpoints.Scope{Tenant: "*.contoso.com"}, nil},
		{"tenant", endpoints.Scope{Tenant: "192.0.2.1"}, nil},
		{"service", endpoints.Scope{}, []endpoints.Service{"foo"}},
	}
	for _, tt := range tests {
		sum, err := traffic.Annotate(strings.NewReader("a.example"), traffic.Auto, nil, tt.scope, tt.services...)
		bad, ok := errors.AsType[*endpoints.Error](err)
		if sum != nil || !ok || bad.Field != tt.field || bad.Code != endpoints.BadValue {
			t.Errorf("%v: summary %v, error %v", tt.scope, sum, err)
		}
	}
	for _, s := range []endpoints.Scope{{}, {Tenant: "contoso"}, {Tenant: "contoso.com"}, {Windows: "11"}} {
		if _, err := traffic.NewAnnotator(nil, s, endpoints.ServiceIntune); err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
	// A tenant's name that is too long for any host.
	long := strings.Repeat("x", 63)
	if _, err := traffic.NewAnnotator(small(t), endpoints.Scope{Tenant: long}); err != nil {
		t.Errorf("a long tenant: %v", err)
	}
}

// TestDomains recognizes a tenant's hosts by its name and by each domain.
func TestDomains(t *testing.T) {
	scope := autopilot()
	scope.Domains = []string{"contoso.com", "contoso.net"}
	sum := annotate(t, "contoso.sharepoint.com\nenterpriseregistration.contoso.com\nenterpriseregistration.contoso.net\n"+
		"enterpriseregistration.fabrikam.com\n", traffic.Hosts, small(t), scope)
	var got []string
	for _, h := range sum.Hosts {
		got = append(got, h.Host+" "+h.Need.String())
	}
	want := []string{
		"contoso.sharepoint.com required", "enterpriseregistration.contoso.com conditional",
		"enterpriseregistration.contoso.net conditional", "enterpriseregistration.fabrikam.com none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
