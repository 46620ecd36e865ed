package readiness_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// planOfKnown is planOfHosts of hosts that are known to answer.
func planOfKnown(t *testing.T, hosts []int) (p *readiness.Plan, names []string) {
	t.Helper()
	p, names = planOfHosts(t, hosts)
	var list []endpoints.Endpoint
	var facts []endpoints.Fact
	for e := range p.Endpoints() {
		list = append(list, e)
		facts = append(facts, known(e, 443, endpoints.Confirmed, endpoints.HowAnswers))
	}
	return planOn(t, autopilot(), dated(t, list, facts...), probe.Network{}), names
}

// muteAt is a host at an address that does not answer.
func muteAt(a netip.Addr) func(int, *probe.Observation) {
	return func(_ int, o *probe.Observation) {
		o.DNS.Addresses = []netip.Addr{a}
		o.DNS.Queries = []probe.DNSQuery{{Resolver: resolver, Type: map[bool]string{true: "A", false: "AAAA"}[a.Is4()], Addresses: o.DNS.Addresses}}
		o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: netip.AddrPortFrom(a, o.Target.Port), Code: probe.TCPTimeout}}}
		o.TLS, o.HTTP, o.Error = nil, nil, &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
	}
}

// Silent names of unrelated owners that share an address are sent there by DNS only
// if a second sign says so.
func TestSharedAddress(t *testing.T) {
	public, private := netip.MustParseAddr("203.0.113.200"), netip.MustParseAddr("10.0.0.1")
	// elsewhere is another resolver's answer for the first n hosts.
	elsewhere := func(n int, at func(k int) netip.Addr) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k < n {
				o.DNS.Queries = append(o.DNS.Queries, probe.DNSQuery{Resolver: netip.MustParseAddrPort("192.0.2.54:53"), Type: "A", Addresses: []netip.Addr{at(k)}})
			}
		}
	}
	same := func(int) netip.Addr { return address4(100) }
	shared := func(int) netip.Addr { return public }
	ruled := func(n int) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k < n {
				o.DNS.Queries[0].Authoritative = true
			}
		}
	}
	aliased := func(k int, o *probe.Observation) {
		if k == 1 {
			o.DNS.CNAMEs = []string{"cdn.example.net"}
		}
	}
	over6 := func(k int, o *probe.Observation) { o.DNS.Addresses = append(o.DNS.Addresses, address6(k)) }
	otherwise := func(q probe.DNSQuery) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			q := q
			q.Resolver = netip.MustParseAddrPort("192.0.2.54:53")
			if q.Type == "AAAA" {
				q.Addresses = []netip.Addr{address6(k)}
			}
			o.DNS.Queries = append(o.DNS.Queries, q)
		}
	}
	privately := func(int) netip.Addr { return netip.MustParseAddr("10.0.0.2") }
	const owners = 5
	for _, tt := range []struct {
		name   string
		at     netip.Addr
		silent int
		also   func(int, *probe.Observation)
		found  bool
	}{
		{"two owners at a public address", public, 2, nil, false},
		{"three owners at a public address", public, 3, nil, true},
		{"three owners at a public address, one by an alias", public, 3, aliased, false},
		{"two owners at a private address", private, 2, nil, true},
		{"one owner at a private address", private, 1, nil, false},
		{"another resolver has an address for each", public, 2, elsewhere(2, address4), true},
		{"another resolver has an address for one", public, 2, elsewhere(1, address4), false},
		{"another resolver has another address that they share", public, 2, elsewhere(2, same), false},
		{"another resolver has the same address", public, 2, elsewhere(2, shared), false},
		{"another resolver has an IPv6 address for each", public, 2, otherwise(probe.DNSQuery{Type: "AAAA"}), false},
		{"another resolver fails", public, 2, otherwise(probe.DNSQuery{Type: "A", Code: probe.DNSServFail}), false},
		{"three owners at a public address, each with an IPv6 address of its own", public, 3, over6, true},
		{"one owner at a private address, and another resolver has a public one", private, 1, elsewhere(1, same), true},
		{"one owner at a private address, and another resolver has another", private, 1, elsewhere(1, privately), false},
		{"one owner at a public address, and another resolver has another", public, 1, elsewhere(1, same), false},
		{"the resolver is authoritative for both", public, 2, ruled(2), true},
		{"the resolver is authoritative for one", public, 2, ruled(1), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, names := planOfKnown(t, each(owners))
			obs := reached(p)
			for i := range obs {
				k := slices.Index(names, obs[i].Target.Host)
				if answer(&obs[i], k); k >= tt.silent {
					continue
				}
				if muteAt(tt.at)(k, &obs[i]); tt.also != nil {
					tt.also(k, &obs[i])
				}
			}
			got := codes(judge(t, p, obs, fatal()))
			if found := slices.Contains(got, readiness.CauseDNSFiltered); found != tt.found || found && len(got) != 1 {
				t.Errorf("causes %v, want %s alone: %t", got, readiness.CauseDNSFiltered, tt.found)
			}
		})
	}
}

// Private addresses are no sign if a host is genuine at one, as behind a VPN.
func TestSharedAddressInsideThatWorks(t *testing.T) {
	for _, works := range []bool{false, true} {
		p, names := planOfKnown(t, each(5))
		obs := reached(p)
		for i := range obs {
			k := slices.Index(names, obs[i].Target.Host)
			switch answer(&obs[i], k); {
			case k < 2:
				muteAt(netip.MustParseAddr("10.0.0.1"))(k, &obs[i])
			case k == 4 && works:
				obs[i].TCP.Remote = netip.AddrPortFrom(netip.MustParseAddr("10.0.0.9"), obs[i].Target.Port)
			}
		}
		if got := codes(judge(t, p, obs, fatal())); slices.Contains(got, readiness.CauseDNSFiltered) == works {
			t.Errorf("another host is genuine at a private address: %t, causes %v", works, got)
		}
	}
}

// Names that share an address inside the network are not led astray if nothing is
// reached over the family of that address.
func TestSharedAddressWithoutItsFamily(t *testing.T) {
	inside4, inside6 := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("fd00::1")
	over6 := func(k int, o *probe.Observation) {
		o.DNS.Addresses = []netip.Addr{address6(k)}
		o.TCP.Remote = netip.AddrPortFrom(address6(k), o.Target.Port)
		o.TCP.Dials = []probe.Dial{{Addr: o.TCP.Remote}}
	}
	over4 := func(int, *probe.Observation) {}
	for _, tt := range []struct {
		name                string
		silent, third, last func(int, *probe.Observation)
		want                []readiness.CauseCode
	}{
		{"over IPv4, and others answer over IPv6", muteAt(inside4), over6, over6, []readiness.CauseCode{readiness.CauseIPv4Missing}},
		{"over IPv4, where one answers", muteAt(inside4), over6, over4, []readiness.CauseCode{readiness.CauseDNSFiltered}},
		{"over IPv6, and others answer over IPv4", muteAt(inside6), over4, over4, []readiness.CauseCode{readiness.CauseHostUnreachable}},
		{"over IPv6, where one answers", muteAt(inside6), over4, over6, []readiness.CauseCode{readiness.CauseDNSFiltered}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, names := planOfKnown(t, each(4))
			obs := reached(p)
			for i := range obs {
				k := slices.Index(names, obs[i].Target.Host)
				answer(&obs[i], k)
				[]func(int, *probe.Observation){tt.silent, tt.silent, tt.third, tt.last}[k](k, &obs[i])
			}
			if diff := cmp.Diff(tt.want, codes(judge(t, p, obs, fatal()))); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

// A silent address that is not published for a host is wrong if another resolver
// gives one that is.
func TestLimitsOfPublishedAddresses(t *testing.T) {
	const name = "login.microsoftonline.com"
	c, err := new(endpoints.Catalog).With(endpoint(t, "mail", name, nil, "tcp/443 https"), endpoint(t, "mail", "owner0.example", nil, "tcp/443 https"))
	if err != nil {
		t.Fatal(err)
	}
	p := planOn(t, autopilot(), c, probe.Network{})
	addr := func(s string) []netip.Addr { return []netip.Addr{netip.MustParseAddr(s)} }
	for _, tt := range []struct {
		name, used, other string
		code              probe.Code // of the other
		want              readiness.CauseCode
	}{
		{"another resolver gives a published address", "93.184.216.34", "20.190.160.14", "", readiness.CauseDNSFiltered},
		{"another resolver gives a published address in a malformed answer", "93.184.216.34", "20.190.160.14", probe.DNSMalformed, readiness.CauseHostUnreachable},
		{"another resolver gives one that is not published", "93.184.216.34", "93.184.216.35", "", readiness.CauseHostUnreachable},
		{"both give published addresses", "20.190.160.14", "20.190.160.20", "", readiness.CauseHostUnreachable},
		{"both give the same", "93.184.216.34", "93.184.216.34", "", readiness.CauseHostUnreachable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obs := reached(p)
			for i := range obs {
				o := &obs[i]
				if answer(o, i); o.Target.Host != name {
					continue
				}
				o.DNS.Addresses = addr(tt.used)
				o.DNS.Queries = []probe.DNSQuery{
					{Resolver: resolver, Type: "A", Addresses: addr(tt.used)},
					{Resolver: netip.MustParseAddrPort("192.0.2.54:53"), Type: "A", Addresses: addr(tt.other), Code: tt.code},
				}
				o.TCP, o.TLS, o.HTTP, o.Error = nil, nil, nil, &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
			}
			if got := codes(judge(t, p, obs, fatal())); !slices.Equal(got, []readiness.CauseCode{tt.want}) {
				t.Errorf("causes %v, want %s", got, tt.want)
			}
		})
	}
}
