package probetest_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe/probetest"
)

func TestNames(t *testing.T) {
	i := &probetest.Internet{
		Hosts:     []string{"Login.Live.com.", "*.example.net"},
		Addresses: map[string][]netip.Addr{"two.example": addrs("203.0.113.1", "203.0.113.2", "2001:db8::1"), "none.example": nil},
		Aliases:   map[string]string{"www.example": "cdn.example", "cdn.example": "two.example", "lost.example": "nowhere.example"},
	}
	for _, test := range []struct {
		name, host string
		qtype      uint16
		want       string
	}{
		{"listed", "login.live.com", dns.TypeA, "NOERROR 198.19.255.29"},
		{"listed, in other letters", "LOGIN.live.COM", dns.TypeA, "NOERROR 198.19.255.29"},
		{"listed, without IPv6", "login.live.com", dns.TypeAAAA, "NOERROR"},
		{"below a listed name", "x.login.live.com", dns.TypeA, "NXDOMAIN"},
		{"above a listed name", "live.com", dns.TypeA, "NOERROR"},
		{"below a pattern", "a.b.example.net", dns.TypeA, "NOERROR 198.18.31.149"},
		{"the apex of a pattern", "example.net", dns.TypeA, "NOERROR"},
		{"not listed", "qzjxkv.com", dns.TypeA, "NXDOMAIN"},
		{"several addresses", "two.example", dns.TypeA, "NOERROR 203.0.113.1 203.0.113.2"},
		{"an IPv6 address of its own", "two.example", dns.TypeAAAA, "NOERROR 2001:db8::1"},
		{"without records", "none.example", dns.TypeA, "NOERROR"},
		{"aliases", "www.example", dns.TypeA, "NOERROR cdn.example. two.example. 203.0.113.1 203.0.113.2"},
		{"an alias of nothing", "lost.example", dns.TypeA, "NXDOMAIN nowhere.example."},
		{"another type", "login.live.com", dns.TypeMX, "NOERROR"},
		{"Windows' DNS probe", "dns.msftncsi.com", dns.TypeA, "NOERROR 131.107.255.255"},
		{"Windows' DNS probe over IPv6", "dns.msftncsi.com", dns.TypeAAAA, "NOERROR fd3e:4f5a:5b81::1"},
		{"Windows' IPv6 probe", "ipv6.msftconnecttest.com", dns.TypeA, "NOERROR"},
	} {
		for _, network := range []string{"udp", "tcp"} {
			t.Run(test.name+" over "+network, func(t *testing.T) {
				m, err := ask(t, i, network, test.host, test.qtype)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, summary(m)); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
				if len(m.Answer) == 0 && len(m.Ns) == 0 {
					t.Error("a negative answer without an SOA record")
				}
			})
		}
	}
}

// Addresses depend on the set of names, not on the order of names or lookups,
// and no two names share one.
func TestAddresses(t *testing.T) {
	var names, reversed []string
	for n := range 1000 {
		names = append(names, fmt.Sprintf("host%d.example", n), fmt.Sprintf("%d.%d.example", n*n, n))
	}
	for n := range names {
		reversed = append(reversed, names[len(names)-1-n])
	}
	one := &probetest.Internet{Hosts: names, IPv6: true}
	two := &probetest.Internet{Hosts: reversed, IPv6: true}
	prefix4, prefix6 := netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("2001:db8::/32")
	seen := map[netip.Addr]string{}
	for _, name := range names {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			a, b := addresses(t, one, name, qtype), addresses(t, two, name, qtype)
			if len(a) != 1 || len(b) != 1 || a[0] != b[0] {
				t.Fatalf("%s has addresses %v and %v", name, a, b)
			}
			if other := seen[a[0]]; other != "" {
				t.Fatalf("%s and %s have the address %v", name, other, a[0])
			}
			seen[a[0]] = name
			if !prefix4.Contains(a[0]) && !prefix6.Contains(a[0]) {
				t.Fatalf("%s has the address %v", name, a[0])
			}
		}
	}
}
