package readiness_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

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
