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

func TestEmbeddedFileIsWhatEncodeWrites(t *testing.T) {
	want, err := os.ReadFile("catalog.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := endpoints.Decode(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err) // Embedded relies on it
	}
	var got bytes.Buffer
	if err := c.Encode(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got.Bytes()) {
		t.Error("catalog.json is not in the form that Encode writes: decode and encode it once")
	}
	if n := endpoints.Embedded().Len(); n == 0 || n != c.Len() {
		t.Errorf("Embedded has %d endpoints, its file %d", n, c.Len())
	}
}

// A list of an issuing CA ends with that CA, and what asks for it fails then
// although nothing is wrong. These are of roots, which run on.
func TestRevocationListsLast(t *testing.T) {
	roots := []string{
		"/DigiCertGlobalRootG2.crl",                         // to 2038-01-15
		"/pki/crl/products/MicRooCerAut2011_2011_03_22.crl", // to 2036-03-22
	}
	for _, e := range endpoints.Embedded().Endpoints() {
		if strings.HasSuffix(e.Path, ".crl") && !slices.Contains(roots, e.Path) {
			t.Errorf("%s asks for the list %s", e.Host, e.Path)
		}
	}
}

// TestEmbeddedHasAllFacts compares with a list that was made from the
// documents, so that editing the catalog neither loses nor adds one unseen.
func TestEmbeddedHasAllFacts(t *testing.T) {
	data, err := os.ReadFile("testdata/facts.txt")
	if err != nil {
		t.Fatal(err)
	}
	have := make(map[string]bool)
	for _, e := range endpoints.Embedded().Endpoints() {
		have[string(e.Service)+" "+e.Host.String()] = true
	}
	var service string
	var want, total, n int
	check := func() {
		if n != want {
			t.Errorf("%s: the list has %d facts and says %d", service, n, want)
		}
		total += n
		n = 0
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		host, isHost := strings.CutPrefix(line, "\t")
		switch {
		case line == "" || line[0] == '#':
		case isHost:
			n++
			if !have[service+" "+host] {
				t.Errorf("%s: no endpoint for %s", service, host)
			}
		default:
			check()
			if _, err := fmt.Sscanf(line, "%s %d", &service, &want); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
		}
	}
	check()
	if want := endpoints.Embedded().Len(); total != want {
		t.Errorf("%d facts in the list, want %d, as many as endpoints", total, want)
	}
}

func TestEmbeddedEndpoints(t *testing.T) {
	c := endpoints.Embedded()
	order := c.Services()
	date := regexp.MustCompile(`^(\d{4}|undated|captured on or before \d{4})`)
	var last endpoints.Endpoint
	for i, e := range c.Endpoints() {
		name := fmt.Sprintf("%s %s", e.Service, e.Host)
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if i > 0 {
			was, is := slices.Index(order, last.Service), slices.Index(order, e.Service)
			if was > is || was == is && last.Host.String() >= e.Host.String() {
				t.Errorf("%s comes after %s %s", name, last.Service, last.Host)
			}
		}
		last = e
		for s := range e.Sources() {
			if s.Title == "" || s.Ref == "" || !date.MatchString(s.Date) {
				t.Errorf("%s: source without title, reference or date: %+v", name, s)
			}
		}
		if e.Loss == "" || e.LossBasis == "" {
			t.Errorf("%s: no consequence, or no basis for it", name)
		}
		if e.Status == endpoints.StatusCurrent && e.Phase == "" {
			t.Errorf("%s: current and without a phase", name)
		}
		if e.Decisive && e.Need != endpoints.Required && e.Service != endpoints.ServiceNCSI {
			t.Errorf("%s: core and %v", name, e.Need)
		}
		if e.Path != "" && e.Host.Kind() != endpoints.Exact && e.PathHost == "" {
			t.Errorf("%s: path without a host", name)
		}
		for cloud := range e.Windows {
			if !slices.Contains(e.Clouds, cloud) {
				t.Errorf("%s: a generation of Windows in %s, where the endpoint is not", name, cloud)
			}
		}
		for cloud, names := range e.CNAMEs {
			for _, target := range names {
				inCloud := func(e endpoints.Endpoint) bool { return slices.Contains(e.Clouds, cloud) }
				if e.Host.Kind() != endpoints.Tenant || !slices.ContainsFunc(c.Match(target, 443), inCloud) {
					t.Errorf("%s: no tenant's name, or the target %s is no endpoint in %s", name, target, cloud)
				}
			}
		}
		if len(e.CNAMEs) > 0 && len(e.CNAMEs) != len(e.Clouds) {
			t.Errorf("%s: no target in some cloud", name)
		}
		if strings.HasPrefix(e.Source.Ref, "/") || strings.Contains(e.Source.Ref, "...") {
			t.Errorf("%s: a reference that nobody can follow: %q", name, e.Source.Ref)
		}
	}
}

// TestEmbeddedParts guards what policies rely on: the rows of their tables
// that are about a part of a service.
func TestEmbeddedParts(t *testing.T) {
	got := make(map[string][]string)
	for _, e := range endpoints.Embedded().Endpoints() {
		if e.Part != "" {
			key := fmt.Sprintf("%s:%s", e.Service, e.Part)
			got[key] = append(got[key], e.Host.String())
		}
		if slices.Contains([]endpoints.Service{endpoints.ServiceEntraID, endpoints.ServiceIntune}, e.Service) &&
			e.Decisive != (e.Part == "core") {
			t.Errorf("%s %s: core is %v, part is %q", e.Service, e.Host, e.Decisive, e.Part)
		}
	}
	want := map[string][]string{
		"deployment-service:account": {"login.live.com"},
		"delivery-optimization:content": {
			"*.au.b1.download.windowsupdate.com", "*.au.download.windowsupdate.com", "*.b1.download.windowsupdate.com",
			"*.dl.delivery.mp.microsoft.com", "*.download.windowsupdate.com", "*.tlu.dl.delivery.mp.microsoft.com",
			"dl.delivery.mp.microsoft.com",
		},
		"entra-id:autologon": {"autologon.microsoft.us", "autologon.microsoftazuread-sso.com"},
		"entra-id:discovery": {"enterpriseregistration.{domain}"},
		"intune:discovery":   {"enterpriseenrollment.{domain}"},
		"entra-id:core": {
			"aadcdn.msauth.net", "aadcdn.msftauth.net", "device.login.microsoftonline.com", "device.login.microsoftonline.us",
			"enterpriseregistration.microsoftonline.us", "enterpriseregistration.windows.net", "login.microsoftonline.com",
			"login.microsoftonline.us", "logincdn.msauth.net",
		},
		"intune:core": {
			"*.manage.microsoft.com", "*.manage.microsoft.us", "enrollment.manage.microsoft.com", "enrollment.manage.microsoft.us",
			"enterpriseenrollment-s.manage.microsoft.com", "enterpriseenrollment.manage.microsoft.com", "manage.microsoft.com",
			"manage.microsoft.us", "r.manage.microsoft.com",
		},
		"intune-content:push": {
			"go-amer.trouter.communications.svc.cloud.microsoft", "go-apac.trouter.communications.svc.cloud.microsoft",
			"go-eu.trouter.communications.svc.cloud.microsoft",
		},
		"tpm-attestation:ek": {"ekcert.spserv.microsoft.com", "ekop.intel.com", "ftpm.amd.com", "tsci.intel.com"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestEmbeddedServices(t *testing.T) {
	c := endpoints.Embedded()
	count := make(map[endpoints.Service]int)
	first := make(map[endpoints.Service]int)
	for _, e := range c.Endpoints() {
		if n, ok := first[e.Service]; !ok || e.Phase.Order() < n {
			first[e.Service] = e.Phase.Order()
		}
		count[e.Service]++
	}
	for _, s := range c.Services() {
		if count[s] == 0 {
			t.Errorf("%s has no endpoints", s)
		}
		if title := c.Title(s); title == string(s) || title == "" {
			t.Errorf("%s has no title", s)
		}
	}
	if len(count) != len(c.Services()) || len(count) != 31 {
		t.Errorf("%d services have endpoints, %d are listed, want 31", len(count), len(c.Services()))
	}
	if got, want := c.Title("contoso"), "contoso"; got != want {
		t.Errorf("Title of an unknown service = %q, want %q", got, want)
	}
	if !regexp.MustCompile(`^\d{4}-\d\d-\d\d\.\d+$`).MatchString(c.Version()) || !strings.HasPrefix(c.Version(), c.Date()) {
		t.Errorf("version %q, date %q", c.Version(), c.Date())
	}
	if len(c.Notes()) == 0 || len(c.Sources()) < 50 {
		t.Errorf("%d notes, %d sources", len(c.Notes()), len(c.Sources()))
	}
}

func TestEmbeddedSupport(t *testing.T) {
	c := endpoints.Embedded()
	got := make(map[endpoints.Cloud]string)
	for _, cloud := range endpoints.Clouds() {
		for _, s := range append(endpoints.Scenarios(), endpoints.ScenarioRemoteHelp) {
			known, _, source := c.Support(s, cloud)
			got[cloud] += map[endpoints.Known]string{
				endpoints.Confirmed: "y", endpoints.Contradicted: "n", endpoints.Unknown: "-",
			}[known]
			if (source == endpoints.Source{}) != (known == endpoints.Unknown) {
				t.Errorf("%s in %s: %v by %+v", s, cloud, known, source)
			}
		}
	}
	// Autopilot, hybrid join, self-deploying, pre-provisioning, device preparation, device association, Autopatch, Remote Help.
	want := map[endpoints.Cloud]string{
		endpoints.CloudWorldwide: "yyyyyyyy", endpoints.CloudGCCHigh: "nnnnynny",
		endpoints.CloudDoD: "nnnnynnn", endpoints.CloudChina: "nnnny---",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("support (-want +got):\n%s", diff)
	}
	// Device preparation and device association are for Windows 11 alone.
	for _, s := range endpoints.Scenarios() {
		want := endpoints.Windows("")
		if s == endpoints.ScenarioDevicePreparation || s == endpoints.ScenarioDeviceAssociation {
			want = endpoints.Windows11
		}
		if _, got, _ := c.Support(s, ""); got != want {
			t.Errorf("%s is for Windows %q, want %q", s, got, want)
		}
	}
	if got, _, _ := c.Support(endpoints.ScenarioAutopilot, ""); got != endpoints.Confirmed {
		t.Errorf("support without a cloud = %v, want that of the worldwide cloud", got)
	}
	if got, _, _ := c.Support("contoso", "moon"); got != endpoints.Unknown {
		t.Errorf("support of the unknown = %v", got)
	}
}

func TestNothingIsSaidTwice(t *testing.T) {
	c := endpoints.Embedded()
	sources := make(map[string]bool)
	for _, s := range c.Sources() {
		key := s.Title + "\n" + s.Date
		if sources[key] {
			t.Errorf("%s of %s is there twice", s.Title, s.Date)
		}
		sources[key] = true
	}
	seen := make(map[string]bool)
	for _, e := range c.Endpoints() {
		name := fmt.Sprintf("%s %s", e.Service, e.Host)
		if seen[name] {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
		cited := slices.Collect(e.Sources())
		for i, s := range cited {
			if slices.Contains(cited[:i], s) {
				t.Errorf("%s cites %s of %s twice", name, s.Title, s.Date)
			}
		}
		for _, list := range [][]string{e.Sets, e.Members, e.ReplacedBy} {
			for i, s := range list {
				if slices.Contains(list[:i], s) {
					t.Errorf("%s has %q twice", name, s)
				}
			}
		}
	}
}

// The release notes and the code say the same numbers.
func TestChangelogCountsEndpoints(t *testing.T) {
	text, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	c := endpoints.Embedded()
	want := fmt.Sprintf("%d endpoints in %d services", c.Len(), len(c.Services()))
	if !strings.Contains(string(text), want) {
		t.Errorf("CHANGELOG.md does not say %q", want)
	}
}
