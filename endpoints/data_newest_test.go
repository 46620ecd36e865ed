package endpoints_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

// The page of device association requires 12 hosts of its own, whatever the
// region.
func TestDeviceAssociationRequiresItsAttestationHosts(t *testing.T) {
	want := []string{
		"peapdamaa1.eus2.attest.azure.net", "peapdamaa19.wus2.attest.azure.net", "peapdamaa2.wus2.attest.azure.net",
		"peapdamaa3.cus.attest.azure.net", "peapdamaa5.cus.attest.azure.net", "peapdamaa6.neu.attest.azure.net",
		"peapdamaa7.weu.attest.azure.net", "peapdamaa8.sasia.attest.azure.net", "peapdamaa86.cin.attest.azure.net",
		"peapdamaa89.jpe.attest.azure.net", "peapdamaa9.eau.attest.azure.net", "peapdamaa93.weu.attest.azure.net",
	}
	for _, s := range endpoints.Scenarios() {
		var got []string
		for _, e := range choose(t, endpoints.Embedded(), endpoints.Scope{Scenario: s, Region: endpoints.RegionIndia}) {
			if !strings.HasPrefix(e.Host.String(), "peapdamaa") {
				continue
			}
			got = append(got, e.Host.String())
			if e.NeedFor(s) != endpoints.Required || !e.Decisive || e.Newest().Day() != "2026-08-25" || fmt.Sprint(e.Ports) != "[tcp/443 https]" {
				t.Errorf("%s is %s, decisive %t, on %v, by %v", e.Host, e.NeedFor(s), e.Decisive, e.Ports, e.Newest())
			}
		}
		if s != endpoints.ScenarioDeviceAssociation {
			want := []string(nil)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", s, diff)
			}
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", s, diff)
		}
	}
}

func TestAutopatchRequires(t *testing.T) {
	got := make(map[string]string)
	s := endpoints.Scope{Scenario: endpoints.ScenarioAutopatch}
	for _, e := range choose(t, endpoints.Embedded(), s, endpoints.ServiceAutopatch) {
		got[e.Host.String()] = fmt.Sprintf("%s %t %s", s.Need(e), e.Decisive, e.Newest().Day())
	}
	want := map[string]string{
		"*.webpubsub.azure.com":                 "required false 2025-03-31",
		"device.autopatch.microsoft.com":        "required true 2025-03-31",
		"devicelistenerprod.eudb.microsoft.com": "conditional false 2025-08-21",
		"devicelistenerprod.microsoft.com":      "required true 2025-08-21",
		"devicelistenprod.eudb.microsoft.com":   "conditional false 2025-03-31",
		"login.windows.net":                     "required false 2025-03-31",
		"logcollection.mmd.microsoft.com":       "formerly-required false 2024-09-24",
		"mmdcustomer.microsoft.com":             "required true 2025-03-31",
		"mmdls.microsoft.com":                   "required true 2025-03-31",
		"payloadprod*.blob.core.windows.net":    "required false 2025-03-31",
		"services.autopatch.microsoft.com":      "required true 2025-03-31",
		"support.mmd.microsoft.com":             "formerly-required false 2024-09-24",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every name of Remote Help is on a list that must not be inspected.
func TestRemoteHelpIsNotInspected(t *testing.T) {
	n := 0
	for _, e := range endpoints.Embedded().Endpoints() {
		if e.Service != endpoints.ServiceRemoteHelp {
			continue
		}
		if n++; !e.Has(endpoints.TraitNoInspection) {
			t.Errorf("%s may be inspected", e.Host)
		}
	}
	if n != 26 {
		t.Errorf("%d names, want 26", n)
	}
}

// The Intune page of 2026-08-21 names these.
func TestIntuneNames(t *testing.T) {
	diagnostics := choose(t, endpoints.Embedded(), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}, endpoints.ServiceDiagnosticsCollection)
	named := slices.DeleteFunc(hosts(diagnostics), func(h string) bool { return !strings.HasSuffix(h, "lmsas.blob.core.windows.net") })
	if len(named) != 34 {
		t.Errorf("%d hosts for diagnostics, want 34: %v", len(named), named)
	}
	for _, host := range []string{"clientconfig.passport.net", "windowsphone.com", "*.s-microsoft.com", "c.s-microsoft.com"} {
		if e := embedded(t, endpoints.ServiceWNS, host); e.Status != endpoints.StatusCurrent || e.Newest().Day() < "2026-07" {
			t.Errorf("%s is %s, by %v", host, e.Status, e.Newest())
		}
	}
	for region, host := range map[endpoints.Region]string{
		endpoints.RegionNorthAmerica: "go-amer.trouter.communications.svc.cloud.microsoft",
		endpoints.RegionEurope:       "go-eu.trouter.communications.svc.cloud.microsoft",
		endpoints.RegionAsiaPacific:  "go-apac.trouter.communications.svc.cloud.microsoft",
	} {
		e := embedded(t, endpoints.ServiceIntuneContent, host)
		if e.Region != region || !slices.Equal(e.Features, []endpoints.Feature{endpoints.FeatureWin32Apps, endpoints.FeatureScripts}) {
			t.Errorf("%s: region %s, features %v", host, e.Region, e.Features)
		}
	}
	for _, s := range endpoints.Scenarios() {
		for _, e := range choose(t, endpoints.Embedded(), endpoints.Scope{Scenario: s}) {
			if strings.HasPrefix(string(e.Service), "intune") && strings.HasSuffix(e.Host.String(), ".azureedge.net") {
				t.Errorf("%s: %s needs %s", s, e.Service, e.Host)
			}
		}
	}
}

// What captures show and no list has is as required as what it replaces.
func TestTrustAnchorOfWindowsUpdate(t *testing.T) {
	old := embedded(t, endpoints.ServiceWindowsUpdate, "*.update.microsoft.com")
	e := embedded(t, endpoints.ServiceWindowsUpdate, "tas02.sls.update.microsoft.com")
	if !slices.Contains(old.Members, "slscr.update.microsoft.com") {
		t.Fatal("slscr.update.microsoft.com is no member")
	}
	for _, s := range endpoints.Scenarios() {
		if e.NeedFor(s) != old.NeedFor(s) {
			t.Errorf("%s: %s, and what it replaces is %s", s, e.NeedFor(s), old.NeedFor(s))
		}
	}
	if e.Basis != endpoints.BasisSeen || e.Decisive || !slices.Equal(e.Clouds, old.Clouds) {
		t.Errorf("%s, decisive %t, in %v", e.Basis, e.Decisive, e.Clouds)
	}
}
