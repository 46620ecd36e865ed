package endpoints_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// Lists of one host differ between clouds.
func TestPortsByCloud(t *testing.T) {
	const both, plain, secure = "[tcp/80 http tcp/443 https]", "[tcp/80 http]", "[tcp/443 https]"
	tests := []struct {
		service endpoints.Service
		host    string
		want    [4]string // worldwide, GCC High, DoD, China
	}{
		{endpoints.ServiceMicrosoft365, "*.cdn.office.net", [4]string{plain, both, secure, secure}},
		{endpoints.ServiceEntraID, "graph.windows.net", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "*.msauth.net", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "*.msftauth.net", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "login-us.microsoftonline.com", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "login.microsoftonline-p.com", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "loginex.microsoftonline.com", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "nexus.microsoftonline-p.com", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "login.microsoftonline.com", [4]string{both, secure, secure, both}},
		{endpoints.ServiceEntraID, "login.windows.net", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "clientconfig.microsoftonline-p.net", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "login.microsoftonline.us", [4]string{"", secure, secure, ""}},
		{endpoints.ServiceCRL, "mscrl.microsoft.com", [4]string{both, secure, secure, ""}},
		{endpoints.ServiceEntraID, "autologon.microsoftazuread-sso.com", [4]string{both, "", "", ""}},
		{endpoints.ServiceEntraID, "device.login.microsoftonline.com", [4]string{both, "", "", ""}},
		{endpoints.ServiceDeployment, "login.live.com", [4]string{secure, secure, secure, secure}},
		{endpoints.ServiceActivation, "activation.sls.microsoft.com", [4]string{secure, both, both, both}},
		{endpoints.ServiceTeams, "*.gov.teams.microsoft.us", [4]string{"", both, "", ""}},
		{endpoints.ServiceRemoteHelp, "*.gov.teams.microsoft.us", [4]string{secure, secure, "", ""}},
		{endpoints.ServiceEntraID, "login.chinacloudapi.cn", [4]string{"", "", "", secure}},
		{endpoints.ServiceEntraID, "graph.chinacloudapi.us", [4]string{"", "", "", secure}},
		{endpoints.ServiceIntune, "mooncake.ecs.office.com", [4]string{"", "", "", secure}},
		{endpoints.ServiceIntune, "*.ecs.gov.teams.microsoft.us", [4]string{"", secure, secure, ""}},
		{endpoints.ServiceCRL, "cacerts.digicert.com", [4]string{both, plain, plain, plain}},
		{endpoints.ServiceCRL, "www.microsoft.com", [4]string{both, plain, plain, plain}},
		{endpoints.ServiceCRL, "oneocsp.microsoft.com", [4]string{both, plain, plain, plain}},
		{endpoints.ServiceCRL, "caissuers.microsoft.com", [4]string{plain, plain, plain, plain}},
		{endpoints.ServiceCRL, "ctldl.windowsupdate.com", [4]string{both, plain, plain, plain}},
	}
	for _, tt := range tests {
		t.Run(string(tt.service)+" "+tt.host, func(t *testing.T) {
			var got [4]string
			for i, cloud := range endpoints.Clouds() {
				for _, e := range choose(t, endpoints.Embedded(), endpoints.Scope{Cloud: cloud}, tt.service) {
					if e.Host.String() == tt.host {
						got[i] = fmt.Sprint(e.Ports)
					}
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Set 116 lists port 80 of these hosts for Office for iPad, which is no reason
// to test it on Windows.
func TestPortsOfOfficeForIPad(t *testing.T) {
	c := endpoints.Embedded()
	for _, host := range []string{"account.live.com", "login.live.com"} {
		e := embedded(t, endpoints.ServiceMicrosoft365, host)
		if got := fmt.Sprint(e.Ports, e.Sets); got != "[tcp/80 http tcp/443 https] [worldwide 116 Common Default/Optional: Office for iPad]" {
			t.Errorf("%s: %s", host, got)
		}
		if found := c.Match(host, 80); len(found) != 1 || found[0].Status != endpoints.StatusLegacy {
			t.Errorf("%s on port 80: %v", host, found)
		}
		for _, s := range endpoints.Scenarios() {
			for _, e := range choose(t, c, endpoints.Scope{Scenario: s}) {
				if e.Host.String() == host && fmt.Sprint(e.Ports) != "[tcp/443 https]" {
					t.Errorf("%s plans %s on %v", s, host, e.Ports)
				}
			}
		}
	}
}

// Mail is planned only for those who name it, and what has mail ports alone
// belongs to no plan without it.
func TestMailPortsAreNamed(t *testing.T) {
	mail := []uint16{25, 143, 587, 993, 995}
	isMail := func(p endpoints.Port) bool { return slices.Contains(mail, p.Number) }
	var all int
	for _, e := range endpoints.Embedded().Endpoints() {
		for _, p := range e.Ports {
			if isMail(p) != slices.Contains(e.PortsOf[endpoints.FeatureMail], p) {
				t.Errorf("%s: %s, of mail: %v", e.Host, p, e.PortsOf)
			}
			if isMail(p) {
				all++
			}
		}
	}
	if all != 37 {
		t.Errorf("%d mail ports, want 37", all)
	}
	count := func(s endpoints.Scope) (n int) {
		for _, e := range choose(t, endpoints.Embedded(), s) {
			for _, p := range e.Ports {
				if isMail(p) {
					n++
				}
			}
			if len(e.Ports) == 0 || s.Need(e) == endpoints.NotNeeded {
				t.Errorf("%s is selected with %v, and %s", e.Host, e.Ports, s.Need(e))
			}
		}
		return n
	}
	for _, s := range endpoints.Scenarios() {
		for _, cloud := range endpoints.Clouds() {
			if n := count(endpoints.Scope{Scenario: s, Cloud: cloud}); n != 0 {
				t.Errorf("%s in %s has %d mail ports", s, cloud, n)
			}
		}
	}
	named := []endpoints.Feature{endpoints.FeatureMail}
	if n := count(endpoints.Scope{Scenario: endpoints.ScenarioAutopatch, Features: named}); n != 10 {
		t.Errorf("Autopatch with mail has %d mail ports, want 10", n)
	}
	if n := count(endpoints.Scope{Scenario: endpoints.ScenarioDevicePreparation, Cloud: endpoints.CloudGCCHigh, Features: named}); n == 0 {
		t.Error("device preparation in GCC High with mail has no mail port")
	}
}
