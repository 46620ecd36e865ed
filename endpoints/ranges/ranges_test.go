package ranges_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/ranges"
)

func TestEmbedded(t *testing.T) {
	l := ranges.Embedded()
	if len(l) < 50 {
		t.Fatalf("%d sets", len(l))
	}
	for i, s := range l {
		if !slices.Contains(endpoints.Clouds(), s.Cloud) {
			t.Errorf("set %d: cloud %q", i, s.Cloud)
		}
		if !slices.Contains(endpoints.Embedded().Services(), s.Service) {
			t.Errorf("set %d: service %q", i, s.Service)
		}
		if s.Source.Title == "" || s.Source.Ref == "" || s.Source.Date == "" {
			t.Errorf("set %d: source %+v", i, s.Source)
		}
		if len(s.Prefixes) == 0 || len(s.Ports) == 0 {
			t.Errorf("set %d: %d ranges, %d ports", i, len(s.Prefixes), len(s.Ports))
		}
		if !slices.IsSortedFunc(s.Prefixes, netip.Prefix.Compare) {
			t.Errorf("set %d: ranges not in order", i)
		}
		for j, p := range s.Prefixes {
			if p != p.Masked() || p.Bits() < 8 || p.Addr().IsPrivate() || !p.Addr().IsGlobalUnicast() {
				t.Errorf("set %d: range %v", i, p)
			}
			if slices.Contains(s.Prefixes[:j], p) {
				t.Errorf("set %d: %v twice", i, p)
			}
		}
		media := slices.ContainsFunc(s.Ports, func(p endpoints.Port) bool { return p.Protocol == "teams-media" })
		if len(s.Hosts) == 0 && !media {
			t.Errorf("set %d: no hosts", i)
		}
		for _, h := range s.Hosts {
			covered := slices.ContainsFunc(endpoints.Embedded().Endpoints(), func(e endpoints.Endpoint) bool {
				return e.Host == h && slices.Contains(e.Clouds, s.Cloud)
			})
			if !covered {
				t.Errorf("set %d: the catalog has no %s in %s", i, h, s.Cloud)
			}
		}
	}
}

// TestEmbeddedIntune guards the sources: the documentation of Intune is newer
// than the endpoint service, and has all that the service has.
func TestEmbeddedIntune(t *testing.T) {
	l, err := ranges.Embedded().Select(endpoints.CloudWorldwide, endpoints.ServiceIntune)
	if len(l) != 3 || err != nil {
		t.Fatalf("%d sets, %v, want the page's two and the service's", len(l), err)
	}
	page, frontDoor, service := l[0], l[1], l[2]
	if len(page.Prefixes) != 84 || len(frontDoor.Prefixes) != 7 || len(service.Prefixes) != 81 {
		t.Errorf("%d, %d and %d ranges", len(page.Prefixes), len(frontDoor.Prefixes), len(service.Prefixes))
	}
	for _, p := range service.Prefixes {
		if !slices.Contains(page.Prefixes, p) {
			t.Errorf("%v is only in the answer of the endpoint service", p)
		}
	}
	if page.Note != "" || !strings.Contains(service.Note, "no longer accurate") {
		t.Errorf("notes %q and %q", page.Note, service.Note)
	}
}

func TestEmbeddedIsACopy(t *testing.T) {
	addr := netip.MustParseAddr("20.42.1.17")
	l := ranges.Embedded()
	for i := range l {
		clear(l[i].Hosts)
		clear(l[i].Ports)
		clear(l[i].Prefixes)
	}
	if got := ranges.Check("", "manage.microsoft.com", addr); got != endpoints.Confirmed {
		t.Errorf("after the caller changed its copy: %v", got)
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name  string
		cloud endpoints.Cloud
		host  string
		addr  string
		want  endpoints.Known
	}{
		{"the service itself", "worldwide", "manage.microsoft.com", "20.42.1.17", endpoints.Confirmed},
		{"no cloud is worldwide", "", "manage.microsoft.com", "20.42.1.17", endpoints.Confirmed},
		{"a name below the pattern", "", "fef.msua01.manage.microsoft.com", "20.42.1.17", endpoints.Confirmed},
		{"a name that the catalog has for the same service", "", "r.manage.microsoft.com", "20.42.1.17", endpoints.Confirmed},
		{"upper case and a dot", "", "R.Manage.Microsoft.COM.", "20.42.1.17", endpoints.Confirmed},
		{"first address of a range", "", "manage.microsoft.com", "20.204.193.10", endpoints.Confirmed},
		{"last address of a range", "", "manage.microsoft.com", "20.204.193.15", endpoints.Confirmed},
		{"one past it", "", "manage.microsoft.com", "20.204.193.16", endpoints.Contradicted},
		{"one before it", "", "manage.microsoft.com", "20.204.193.9", endpoints.Contradicted},
		{"an IPv4 address in IPv6 form", "", "manage.microsoft.com", "::ffff:20.42.1.17", endpoints.Confirmed},
		{"Azure Front Door", "", "manage.microsoft.com", "2620:1ec:4b::1", endpoints.Confirmed},
		{"IPv6 elsewhere", "", "manage.microsoft.com", "2001:db8::1", endpoints.Contradicted},
		{"a sinkhole", "", "manage.microsoft.com", "127.0.0.1", endpoints.Contradicted},
		{"content of another service below the pattern", "", "swda01-mscdn.manage.microsoft.com", "192.0.2.1", endpoints.Unknown},
		{"content below a narrower pattern of another service", "", "x.swda01.manage.microsoft.com", "192.0.2.1", endpoints.Unknown},
		{"content that is listed for other clouds alone", "", "imeswdsc-afd-pri.manage.microsoft.com", "192.0.2.1", endpoints.Unknown},
		{"a name in a set of another cloud", "gcc-high", "manage.microsoft.com", "20.42.1.17", endpoints.Unknown},
		{"government", "dod", "portal.manage.microsoft.us", "20.159.111.1", endpoints.Confirmed},
		{"government has no IPv6 ranges", "dod", "portal.manage.microsoft.us", "2001:db8::1", endpoints.Unknown},
		{"China", "china", "portal.manage.microsoftonline.cn", "40.73.38.143", endpoints.Confirmed},
		{"Azure Front Door in China", "china", "portal.manage.microsoftonline.cn", "159.27.255.225", endpoints.Confirmed},
		{"the same as the page misprints it", "china", "portal.manage.microsoftonline.cn", "159.27.255.232", endpoints.Contradicted},
		{"Azure Front Door in China over IPv6", "china", "portal.manage.microsoftonline.cn", "2404:7940:301::5e1", endpoints.Confirmed},
		{"mail in China, in a range that grew", "china", "partner.outlook.cn", "40.73.167.255", endpoints.Confirmed},
		{"mail in China, in a range that is gone", "china", "partner.outlook.cn", "42.159.40.1", endpoints.Contradicted},
		{"Teams of GCC High, in its range of 2026", "gcc-high", "gov.teams.microsoft.us", "57.16.0.1", endpoints.Confirmed},
		{"Teams of DoD, in the range of GCC High", "dod", "dod.teams.microsoft.us", "57.16.0.1", endpoints.Contradicted},
		{"Teams of DoD, in its own", "dod", "dod.teams.microsoft.us", "57.16.128.1", endpoints.Confirmed},
		{"mail of GCC High over IPv6", "gcc-high", "outlook.office365.us", "2001:489a:2200:8000::1", endpoints.Confirmed},
		{"mail of DoD over IPv6", "dod", "outlook-dod.office365.us", "2001:489a:2200:c000::1", endpoints.Confirmed},
		{"a range whose set is not known", "gcc-high", "www.office365.us", "20.35.3.255", endpoints.Confirmed},
		{"that of DoD", "dod", "portal.apps.mil", "20.35.4.0", endpoints.Confirmed},
		{"an address that DoD gave up", "dod", "portal.apps.mil", "52.127.72.42", endpoints.Contradicted},
		{"signing in", "", "login.microsoftonline.com", "20.190.128.1", endpoints.Confirmed},
		{"a set of two services", "china", "login.partner.microsoftonline.cn", "192.0.2.1", endpoints.Contradicted},
		{"nothing published", "", "ztd.dds.microsoft.com", "192.0.2.1", endpoints.Unknown},
		{"a name that no rule covers", "", "example.com", "192.0.2.1", endpoints.Unknown},
		{"the apex of a pattern", "", "dm.microsoft.com", "192.0.2.1", endpoints.Unknown},
		{"no name", "", "", "192.0.2.1", endpoints.Unknown},
		{"no address", "", "manage.microsoft.com", "", endpoints.Unknown},
		{"a zone does not matter", "", "manage.microsoft.com", "2620:1ec:4b::1%eth0", endpoints.Confirmed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			addr, _ := netip.ParseAddr(tt.addr)
			if got := ranges.Check(tt.cloud, tt.host, addr); got != tt.want {
				t.Errorf("Check(%q, %q, %v) = %v, want %v", tt.cloud, tt.host, addr, got, tt.want)
			}
		})
	}
}

func TestCoverPatterns(t *testing.T) {
	tests := []struct {
		name  string
		cloud endpoints.Cloud
		host  string
		want  []int // numbers of the sets
	}{
		{"the pattern of the set", "worldwide", "*.manage.microsoft.com", []int{163, 163, 163}},
		{"a pattern below, of another service", "worldwide", "*.swda01.manage.microsoft.com", nil},
		{"a pattern that is wider than the set", "worldwide", "*.microsoft.com", nil},
		{"a tenant", "worldwide", "{tenant}.sharepoint.com", []int{31}},
		{"a domain", "worldwide", "enterpriseenrollment.{domain}", nil},
		{"a name in several sets", "worldwide", "outlook.office365.com", []int{1, 2}},
		{"two patterns, both published", "worldwide", "contoso-com.mail.protection.outlook.com", []int{9, 10}},
		{"a placeholder", "worldwide", "$resolver", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []int
			for _, s := range ranges.Embedded().Cover(tt.cloud, tt.host) {
				got = append(got, s.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCoverOwn has a list of the caller's own, for a service of its own.
func TestCoverOwn(t *testing.T) {
	host, err := endpoints.ParseHost("*.manage.microsoft.com")
	if err != nil {
		t.Fatal(err)
	}
	l := ranges.List{{Cloud: endpoints.CloudWorldwide, Service: "own", Hosts: []endpoints.Host{host}}}
	for name, want := range map[string]int{
		"x.manage.microsoft.com": 1, // the catalog's rule is no narrower
		"r.manage.microsoft.com": 0, // Intune's
	} {
		if got := l.Cover("", name); len(got) != want {
			t.Errorf("%s: %d sets, want %d", name, len(got), want)
		}
	}
}

// TestSelectRefuses shows that an empty list is never what a slip of the pen gives.
func TestSelectRefuses(t *testing.T) {
	tests := []struct {
		name     string
		cloud    endpoints.Cloud
		services []endpoints.Service
		field    string // of the error, or empty
	}{
		{"all of a cloud", endpoints.CloudChina, nil, ""},
		{"a service for which nothing is published", "", []endpoints.Service{endpoints.ServiceNTP}, ""},
		{"a service of the list's own", "", []endpoints.Service{"own"}, ""},
		{"an unknown cloud", "moon", nil, "cloud"},
		{"an unknown service", "", []endpoints.Service{endpoints.ServiceIntune, "foo"}, "service"},
	}
	l := append(ranges.Embedded(), ranges.Set{Cloud: endpoints.CloudWorldwide, Service: "own"})
	for _, tt := range tests {
		got, err := l.Select(tt.cloud, tt.services...)
		field := ""
		if bad, ok := errors.AsType[*endpoints.Error](err); ok {
			field = bad.Field
		}
		if field != tt.field || (err == nil) != (tt.field == "") || err != nil && got != nil {
			t.Errorf("%s: %d sets, %v", tt.name, len(got), err)
		}
	}
}

func TestPrefixes(t *testing.T) {
	set := func(ps ...string) ranges.Set {
		var s ranges.Set
		for _, p := range ps {
			s.Prefixes = append(s.Prefixes, netip.MustParsePrefix(p))
		}
		return s
	}
	l := ranges.List{
		set("2001:db8::/32", "192.0.2.0/25", "198.51.100.7/24"),
		set("192.0.2.0/24", "192.0.2.64/26", "2001:db8:1::/48"),
		set("192.0.2.0/24", "203.0.113.0/32"),
	}
	var got []string
	for _, p := range l.Prefixes() {
		got = append(got, p.String())
	}
	want := []string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/32", "2001:db8::/32"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := ranges.List(nil).Prefixes(); got != nil {
		t.Errorf("of nothing: %v", got)
	}
	zero := ranges.List{{Prefixes: make([]netip.Prefix, 1)}}
	if got := zero.Prefixes(); got != nil {
		t.Errorf("of a range that is none: %v", got)
	}
	if got := zero.Check(netip.Addr{}); got != endpoints.Unknown {
		t.Errorf("no address in a range that is none: %v", got)
	}
}

func BenchmarkCheck(b *testing.B) {
	addr := netip.MustParseAddr("20.42.1.17")
	b.ReportAllocs()
	for b.Loop() {
		if ranges.Check(endpoints.CloudWorldwide, "fef.msua01.manage.microsoft.com", addr) != endpoints.Confirmed {
			b.Fatal("not within")
		}
	}
}
