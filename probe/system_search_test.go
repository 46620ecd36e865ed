package probe_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/probe"
)

func TestParseSearch(t *testing.T) {
	tests := []struct {
		name, conf string
		want       []string
	}{
		{"a search list", "nameserver 192.0.2.1\nsearch corp.contoso.com contoso.com\n", []string{"corp.contoso.com", "contoso.com"}},
		{"a domain", "domain contoso.com\n", []string{"contoso.com"}},
		{"a domain and something behind it", "domain contoso.com x.example\n", []string{"contoso.com"}},
		{"the last line counts", "search a.example\ndomain b.example\n", []string{"b.example"}},
		{"the last line counts, the other way round", "domain b.example\nsearch a.example\n", []string{"a.example"}},
		{"an empty line behind", "search a.example\nsearch\n", nil},
		{"upper case and dots", "search Contoso.COM. CONTOSO.com\n", []string{"contoso.com"}},
		{"the root", "search .\n", nil},
		{"comments", "# search a.example\n; search b.example\nsearch c.example # d.example\n", []string{"c.example"}},
		{"a comment after a semicolon", "search c.example ;d.example e.example\n", []string{"c.example"}},
		{"tabs and spaces", " \tsearch\t a.example \t b.example\r\n", []string{"a.example", "b.example"}},
		{"an invalid domain", "search -.example *.example a_b.example 192.0.2.1 ::1 x..example a/b\n", []string{"-.example", "a_b.example"}},
		{"a longer word", "searching a.example\n", nil},
		{"nothing", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := probe.ParseSearch(strings.NewReader(test.conf))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("domains (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDomainListIsBounded(t *testing.T) {
	var all []string
	for i := range 100 {
		all = append(all, fmt.Sprintf("d%d.example", i))
	}
	if diff := cmp.Diff(all[:16], probe.DomainList(strings.Join(all, ","))); diff != "" {
		t.Errorf("domains (-want +got):\n%s", diff)
	}
}

// Windows separates lists by commas, old versions by spaces.
func TestDomainList(t *testing.T) {
	got := probe.DomainList("corp.contoso.com", "", "home.arpa", "contoso.com,corp.contoso.com, Fabrikam.com.  x.example")
	want := []string{"corp.contoso.com", "home.arpa", "contoso.com", "fabrikam.com", "x.example"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("domains (-want +got):\n%s", diff)
	}
}

func TestSystemSearchDomains(t *testing.T) {
	n, err := probe.Network{Resolvers: []netip.AddrPort{}, HostsFile: map[string][]netip.Addr{}}.Load()
	if err != nil {
		t.Fatal(err)
	}
	domains := n.SearchDomains
	if diff := cmp.Diff(probe.DomainList(domains...), domains, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("domains that are not in their form (-want +got):\n%s", diff)
	}
}

func FuzzParseSearch(f *testing.F) {
	f.Add("nameserver 192.0.2.1\nsearch corp.contoso.com contoso.com\n")
	f.Add("domain Contoso.com. # x\nsearch .\n")
	f.Add("search a,b\x00c")
	f.Fuzz(func(t *testing.T, conf string) {
		domains, err := probe.ParseSearch(strings.NewReader(conf))
		if err != nil {
			return // an endless line
		}
		if diff := cmp.Diff(probe.DomainList(domains...), domains, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("domains that are not in their form (-want +got):\n%s", diff)
		}
		for _, d := range domains {
			if !strings.Contains(strings.ToLower(conf), d) || d == "" || strings.HasSuffix(d, ".") {
				t.Errorf("domain %q", d)
			}
		}
	})
}
