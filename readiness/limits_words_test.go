package readiness_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Hosts that fail alike are told by what they have in common, and the remedy by how
// they fail.
func TestWordsOfHostsThatFailAlike(t *testing.T) {
	// The first three hosts are all of one domain.
	hosts := []int{3, 1, 1}
	fails := func(op string, c probe.Code) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k >= 3 {
				return
			}
			o.Error = &probe.Error{Op: op, Code: c}
			if op == probe.OpResolve {
				o.DNS = &probe.DNSFacts{Name: o.Target.Host, Queries: []probe.DNSQuery{{Resolver: resolver, Type: "A", Code: c}, {Resolver: resolver, Type: "AAAA", Code: c}}}
			}
			if op == probe.OpConnect || op == probe.OpResolve {
				o.TCP, o.TLS, o.HTTP = nil, nil, nil
			}
		}
	}
	at := func(n int) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k < n {
				o.DNS.Addresses = []netip.Addr{address4(100)}
			}
		}
	}
	for _, tt := range []struct {
		name          string
		change        func(int, *probe.Observation)
		title, remedy string
	}{
		{"silent", fails(probe.OpConnect, probe.TCPTimeout), "No host in owner0.example can be reached (tcp.timeout)", "Allow outbound "},
		{"silent at one address", all(fails(probe.OpConnect, probe.TCPTimeout), at(3)), "3 hosts at 203.0.113.101 cannot be reached (tcp.timeout)", "Allow outbound "},
		{"silent, two at one address", all(fails(probe.OpConnect, probe.TCPTimeout), at(2)), "No host in owner0.example can be reached (tcp.timeout)", "Allow outbound "},
		{"lookups fail", fails(probe.OpResolve, probe.DNSServFail), "No name in owner0.example resolves (dns.servfail)", "Find out why the DNS servers resolve other names but not these: "},
		{"another status", fails(probe.OpRequest, probe.HTTPStatus), "3 hosts in owner0.example ", "Find out what answers in place of these hosts"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, hosts, tt.change)
			if len(r.Causes) != 1 || !strings.HasPrefix(r.Causes[0].Title, tt.title) || !strings.HasPrefix(r.Causes[0].Remedy, tt.remedy) {
				t.Errorf("causes %+v, want %q and %q", r.Causes, tt.title, tt.remedy)
			}
		})
	}
}

// A port on which no host answers is blocked; if all hosts belong to two owners, they
// may be down instead.
func TestWordsOfABlockedPort(t *testing.T) {
	for _, tt := range []struct {
		name  string
		hosts []int
		title string
		doubt string // in the evidence
	}{
		{"three owners", each(3), "TCP port 443 is blocked", ""},
		{"two owners", []int{2, 1}, "TCP port 443 is blocked for every host tried", "All these hosts are in 2 domains, so their servers may be down instead."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, tt.hosts, over(probe.HTTPS, everyHost, func(k int, o *probe.Observation) {
				failed(probe.OpConnect, probe.TCPTimeout)(k, o)
				o.TCP, o.TLS, o.HTTP = nil, nil, nil
			}))
			if len(r.Causes) != 1 || r.Causes[0].Code != readiness.CauseHTTPSBlocked || r.Causes[0].Title != tt.title {
				t.Fatalf("causes %+v, want %q", r.Causes, tt.title)
			}
			if got := slices.Contains(r.Causes[0].Evidence, "All these hosts are in 2 domains, so their servers may be down instead."); got != (tt.doubt != "") {
				t.Errorf("evidence %q", r.Causes[0].Evidence)
			}
		})
	}
}

// An address inside the network is odd for a name if other names of its domain have
// public ones.
func TestWordsOfAPrivateAddress(t *testing.T) {
	const odd = "owner0.example resolves to [10.0.0.1], which is private, while other names of owner0.example have public addresses, as host1.owner0.example has."
	private := netip.MustParseAddr("10.0.0.1")
	at := func(n int, a netip.Addr) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k == n {
				muteAt(a)(k, o)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		hosts  []int
		change func(int, *probe.Observation)
		want   bool
	}{
		{"another name has a public address", []int{2, 1}, at(0, private), true},
		{"no other name", each(3), at(0, private), false},
		{"a public address", []int{2, 1}, at(0, address4(9)), false},
		{"the other name was not looked up", []int{2, 1}, all(at(0, private), func(k int, o *probe.Observation) {
			if k == 1 {
				o.DNS = nil
			}
		}), false},
		{"the other name has no address", []int{2, 1}, all(at(0, private), func(k int, o *probe.Observation) {
			if k == 1 {
				o.DNS.Addresses = nil
			}
		}), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var evidence []string
			for _, c := range reportOf(t, tt.hosts, tt.change).Causes {
				evidence = append(evidence, c.Evidence...)
			}
			if len(evidence) == 0 || slices.Contains(evidence, odd) != tt.want {
				t.Errorf("evidence %q, want it to say that the address is odd: %t", evidence, tt.want)
			}
		})
	}
}

// How a proxy failed is told, and by what name it goes.
func TestWordsOfAProxy(t *testing.T) {
	const through = "owner0.example:80 through http://proxy.example:3128"
	for _, tt := range []struct {
		name  string
		code  probe.Code
		proxy probe.ProxyFacts
		want  string
	}{
		{"its name does not resolve", probe.ProxyUnreachable, probe.ProxyFacts{Op: probe.OpResolve, Code: probe.DNSNXDomain}, through + ": its name does not resolve (dns.nxdomain) (proxy.unreachable)."},
		{"it says nothing", probe.ProxyBadResponse, probe.ProxyFacts{}, through + ": no valid response (proxy.bad_response)."},
		{"it says nothing, and its product is known", probe.ProxyBadResponse, probe.ProxyFacts{Vendor: "Squid"}, through + " (Squid): "},
		{"it asks for a password", probe.ProxyAuthRequired, probe.ProxyFacts{Status: 407, Schemes: []string{"Negotiate", "NTLM"}}, through + ": status 407, asking for Negotiate or NTLM (proxy.auth_required)."},
		{"it asks for nothing that is known", probe.ProxyAuthRequired, probe.ProxyFacts{Status: 407}, through + ": status 407 (proxy.auth_required)."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, each(3), func(_ int, o *probe.Observation) {
				f := tt.proxy
				f.URL = "http://proxy.example:3128"
				o.Proxy, o.TLS, o.HTTP = &f, nil, nil
				o.Error = &probe.Error{Op: probe.OpProxy, Code: tt.code}
			})
			if len(r.Causes) != 1 || !strings.HasPrefix(r.Causes[0].Evidence[0], tt.want) {
				t.Errorf("causes %+v, want %q", r.Causes, tt.want)
			}
		})
	}
}

// Resolvers that deny names for IPv6 do harm; those that leave addresses out do not.
func TestWordsOfIPv6Filtering(t *testing.T) {
	for code, remedy := range map[probe.Code]string{
		probe.DNSBlocked:  "Change nothing if this network is meant to use IPv4 only. ",
		probe.DNSNXDomain: "Have the DNS servers answer AAAA questions with records or without any, but not with an error.",
		probe.DNSRefused:  "Have the DNS servers answer AAAA questions with records or without any, but not with an error.",
	} {
		r := reportOf(t, each(10), func(_ int, o *probe.Observation) { o.DNS.Queries[1].Code = code })
		if len(r.Causes) != 1 || r.Causes[0].Code != readiness.CauseIPv6Filtered || !strings.HasPrefix(r.Causes[0].Remedy, remedy) {
			t.Errorf("%s: causes %+v, want %q", code, r.Causes, remedy)
		}
	}
}

// All hosts of a service are told by its name, unless they are all of one domain and
// their names do not resolve.
func TestWordsOfALostService(t *testing.T) {
	for _, tt := range []struct {
		name  string
		hosts []string
		op    string
		code  probe.Code
		title string
	}{
		{"silent hosts of one domain", []string{"lost.example", "a.lost.example", "b.lost.example"}, probe.OpConnect, probe.TCPTimeout, "No host of mail can be reached (tcp.timeout)"},
		{"names of one domain", []string{"lost.example", "a.lost.example", "b.lost.example"}, probe.OpResolve, probe.DNSServFail, "No name in lost.example resolves (dns.servfail)"},
		{"names of several domains", []string{"lost.example", "a.lost.example", "gone.example"}, probe.OpResolve, probe.DNSServFail, "No name of mail resolves (dns.servfail)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var list []endpoints.Endpoint
			for _, h := range tt.hosts {
				list = append(list, endpoint(t, "mail", h, nil, "tcp/443 https"))
			}
			for _, h := range []string{"owner0.example", "owner1.example", "owner2.example"} {
				list = append(list, endpoint(t, "calendar", h, nil, "tcp/443 https"))
			}
			c, err := new(endpoints.Catalog).With(list...)
			if err != nil {
				t.Fatal(err)
			}
			p := planOn(t, autopilot(), c, probe.Network{})
			obs := reached(p)
			for i := range obs {
				o := &obs[i]
				if answer(o, i); !slices.Contains(tt.hosts, o.Target.Host) {
					continue
				}
				o.Error = &probe.Error{Op: tt.op, Code: tt.code}
				if o.TCP, o.TLS, o.HTTP = nil, nil, nil; tt.op == probe.OpResolve {
					o.DNS = &probe.DNSFacts{Name: o.Target.Host, Queries: []probe.DNSQuery{{Resolver: resolver, Type: "A", Code: tt.code}, {Resolver: resolver, Type: "AAAA", Code: tt.code}}}
				}
			}
			r := judge(t, p, obs, fatal())
			if len(r.Causes) != 1 || r.Causes[0].Title != tt.title {
				t.Errorf("causes %+v, want one, %q", r.Causes, tt.title)
			}
		})
	}
}
