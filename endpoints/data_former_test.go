package endpoints_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// A name that only older wordings require is tested, decides nothing, and says
// which document dropped it.
func TestFormerlyRequired(t *testing.T) {
	var got []string
	for _, s := range endpoints.Scenarios() {
		for _, e := range choose(t, endpoints.Embedded(), endpoints.Scope{Scenario: s}) {
			by, dropped := e.DroppedBy[s]
			if (e.NeedFor(s) == endpoints.FormerlyRequired) != dropped {
				t.Errorf("%s is %s in %s, dropped: %t", e.Host, e.NeedFor(s), s, dropped)
			}
			if !dropped {
				continue
			}
			got = append(got, fmt.Sprintf("%s %s %s", s, e.Host, by.Day()))
			if e.Decisive {
				t.Errorf("%s decides over %s", e.Host, s)
			}
			if !strings.Contains(e.Notes, "lder ") || !strings.Contains(e.Notes, by.Day()) {
				t.Errorf("%s: the note does not say that older documents require it and that of %s does not: %s", e.Host, by.Day(), e.Notes)
			}
			older := slices.SortedFunc(e.Sources(), func(a, b endpoints.Source) int { return strings.Compare(a.Day(), b.Day()) })
			if older = slices.DeleteFunc(older, func(s endpoints.Source) bool { return s.Day() == "" }); older[0].Day() >= by.Day() {
				t.Errorf("%s: no source is older than %s", e.Host, by.Day())
			}
		}
	}
	want := []string{
		"autopilot cs.dds.microsoft.com 2025-07-08",
		"hybrid-join cs.dds.microsoft.com 2025-07-08",
		"self-deploying cs.dds.microsoft.com 2025-07-08",
		"pre-provisioning cs.dds.microsoft.com 2025-07-08",
		"device-preparation cs.dds.microsoft.com 2025-06-11",
		"device-preparation ztd.dds.microsoft.com 2025-06-11",
		"device-association cs.dds.microsoft.com 2026-08-25",
		"autopatch logcollection.mmd.microsoft.com 2025-03-31",
		"autopatch support.mmd.microsoft.com 2025-03-31",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Where the newest pages require it, it decides.
	for _, s := range []endpoints.Scenario{endpoints.ScenarioAutopilot, endpoints.ScenarioDeviceAssociation} {
		for _, e := range choose(t, endpoints.Embedded(), endpoints.Scope{Scenario: s}, endpoints.ServiceDeployment) {
			if e.Host.String() == "ztd.dds.microsoft.com" && (!e.Decisive || e.NeedFor(s) != endpoints.Required) {
				t.Errorf("ztd in %s: %s, decisive %t", s, e.NeedFor(s), e.Decisive)
			}
		}
	}
}

// What is gone keeps its row, is in no plan, and is still recognized.
func TestNamesThatAreGone(t *testing.T) {
	c := endpoints.Embedded()
	tests := []struct {
		service endpoints.Service
		host    string
		status  endpoints.Status
		by      []string
	}{
		{endpoints.ServiceMicrosoft365, "officecdn.microsoft.com.edgesuite.net", endpoints.StatusRetired, []string{"officecdn.microsoft.com"}},
		{endpoints.ServiceMicrosoft365SharePoint, "*.search.production.apac.trafficmanager.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceMicrosoft365SharePoint, "*.search.production.emea.trafficmanager.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceMicrosoft365SharePoint, "*.search.production.us.trafficmanager.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceMicrosoft365, "ocsa.officeapps.live.com", endpoints.StatusRetired, nil},
		{endpoints.ServiceMicrosoft365, "prod.msocdn.us", endpoints.StatusRetired, nil},
		{endpoints.ServiceMicrosoft365, "*.chinacloudapp.cn", endpoints.StatusRetired, nil},
		{endpoints.ServiceMicrosoft365, "*.chinacloudsites.cn", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "fxpwcpna03.usgovtexas.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "fxpwcpna04.usgovvirginia.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "mamls-fxp-eus-ip.usgovvirginia.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "qrybkr-cses01-fxp.usgovvirginia.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "qrybkr-cses02-fxp.usgovvirginia.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "slasvc-cses01-fxp.usgovvirginia.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntune, "slasvc-cses02-fxp.usgovvirginia.cloudapp.usgovcloudapi.net", endpoints.StatusRetired, nil},
		{endpoints.ServiceIntuneContent, "swda01-mscdn.azureedge.net", endpoints.StatusRetired, []string{"swda01-mscdn.manage.microsoft.com"}},
		{endpoints.ServiceIntuneContent, "euprodimedatapri.azureedge.net", endpoints.StatusRetired, []string{"imeswdb-afd-primary.manage.microsoft.com"}},
		{endpoints.ServiceIntuneContent, "sovereignprodimedatasec.azureedge.net", endpoints.StatusRetired, []string{"imeswdsc-afd-sec.manage.microsoft.com"}},
		{endpoints.ServiceDiagnosticsData, "kmwatsonc.telemetry.microsoft.com", endpoints.StatusLegacy, []string{"kmwatsonc.events.data.microsoft.com"}},
		{endpoints.ServiceDiagnosticsData, "umwatsonc.telemetry.microsoft.com", endpoints.StatusLegacy, []string{"umwatsonc.events.data.microsoft.com"}},
		{endpoints.ServiceCRL, "*.omniroot.com", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.symcb.com", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.symcd.com", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.geotrust.com", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.verisign.com", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.verisign.net", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.public-trust.com", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "*.entrust.net", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "cert.int-x3.letsencrypt.org", endpoints.StatusLegacy, nil},
		{endpoints.ServiceCRL, "isrg.trustid.ocsp.identrust.com", endpoints.StatusLegacy, nil},
	}
	for _, tt := range tests {
		t.Run(tt.host, func(t *testing.T) {
			e := embedded(t, tt.service, tt.host)
			if diff := cmp.Diff(tt.by, e.ReplacedBy); diff != "" || e.Status != tt.status {
				t.Errorf("it is %s, want %s; replaced by (-want +got):\n%s", e.Status, tt.status, diff)
			}
			name := strings.TrimPrefix(tt.host, "*.")
			if name != tt.host {
				name = "www." + name
			}
			if !slices.ContainsFunc(c.Match(name, 0), func(m endpoints.Endpoint) bool { return m.Host == e.Host }) {
				t.Error("Match does not know it")
			}
			s := endpoints.Scope{Cloud: e.Clouds[0]}
			is := func(o endpoints.Endpoint) bool { return o.Host == e.Host && o.Service == e.Service }
			if slices.ContainsFunc(choose(t, c, s), is) || s.Need(e) != endpoints.NotNeeded {
				t.Error("it is still needed")
			}
			listed, err := c.Listed(s, tt.service)
			if got := slices.ContainsFunc(listed, is); err != nil || got != (tt.status == endpoints.StatusLegacy) {
				t.Errorf("listed: %t, %v", got, err)
			}
		})
	}
	for _, e := range c.Endpoints() {
		if len(e.ReplacedBy) > 0 && e.Status == endpoints.StatusCurrent {
			t.Errorf("%s is current and replaced", e.Host)
		}
		for _, name := range e.ReplacedBy {
			host := mustHost(t, name)
			current := func(o endpoints.Endpoint) bool { return o.Status == endpoints.StatusCurrent }
			if host.Kind() == endpoints.Exact && !slices.ContainsFunc(c.Match(name, 443), current) {
				t.Errorf("%s: its successor %s is no current endpoint", e.Host, name)
			}
		}
	}
}

// The page on connections of Windows 11 does not contain these names.
func TestCitationsOfTheWindows11Page(t *testing.T) {
	page, ok := endpoints.Embedded().Source("win11")
	if !ok {
		t.Fatal("no such source")
	}
	absent := []string{
		"crl3.digicert.com", "crl4.digicert.com", "v10c.events.data.microsoft.com", "*.emdl.ws.microsoft.com", "*.smartscreen.microsoft.com",
		"*.smartscreen-prod.microsoft.com", "*.urs.microsoft.com", "ecs.office.com", "teams.cloud.microsoft", "*.teams.cloud.microsoft",
		"api.aadrm.com", "clients.config.office.net", "edgeservices.bing.com",
	}
	for _, e := range endpoints.Embedded().Endpoints() {
		if slices.Contains(absent, e.Host.String()) && slices.Contains(slices.Collect(e.Sources()), page) {
			t.Errorf("%s %s cites a page that does not name it", e.Service, e.Host)
		}
	}
}
