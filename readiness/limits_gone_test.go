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

// A name is gone if every answer proves it. One thing that does not fit is enough for
// it to count as withheld.
func TestProofsThatANameIsGone(t *testing.T) {
	const name, other, evidence = "onlyone.microsoft.com", "www.microsoft.com", "onlyone.microsoft.com: 192.0.2.53:53 reported that the name does not exist (dns.nxdomain), " +
		"with the SOA record of the zone's operator: microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com; www.microsoft.com of the same zone resolves."
	second := netip.MustParseAddrPort("192.0.2.54:53")
	also := func(q probe.DNSQuery) func(o, w *probe.Observation) {
		q.Resolver, q.Type = second, "A"
		return func(o, _ *probe.Observation) { o.DNS.Queries = append(o.DNS.Queries, q) }
	}
	query := func(change func(q *probe.DNSQuery)) func(o, w *probe.Observation) {
		return func(o, _ *probe.Observation) { change(&o.DNS.Queries[0]) }
	}
	p := planOn(t, autopilot(), own(t, endpoint(t, "mail", name, nil, "tcp/443 https"), endpoint(t, "mail", "mail.example", nil, "tcp/443 https")), probe.Network{})
	for _, tt := range []struct {
		name   string
		change func(o, w *probe.Observation) // of the name, and of another in its zone
		gone   bool
	}{
		{"as its operator says", func(_, _ *probe.Observation) {}, true},
		{"it has no address, as its operator says", func(o, _ *probe.Observation) { o.DNS.Queries[0].Code, o.Error.Code = probe.DNSNoData, probe.DNSNoData }, true},
		{"through a proxy", func(o, _ *probe.Observation) { o.Proxy = new(probe.ProxyFacts) }, false},
		{"no answer is known", func(o, _ *probe.Observation) { o.DNS = nil }, false},
		{"no query is known", func(o, _ *probe.Observation) { o.DNS.Queries = nil }, false},
		{"by the resolver's own authority", query(func(q *probe.DNSQuery) { q.Authoritative = true }), false},
		{"by no resolver", query(func(q *probe.DNSQuery) { q.RecursionAvailable = false }), false},
		{"without a SOA record", query(func(q *probe.DNSQuery) { q.SOA = nil }), false},
		{"with an extended error", query(func(q *probe.DNSQuery) { q.Extended = []probe.ExtendedError{{InfoCode: 15}} }), false},
		{"with the SOA record of another operator", query(func(q *probe.DNSQuery) { q.SOA.MName = "dc1.corp.example" }), false},
		{"with the SOA record of the name", query(func(q *probe.DNSQuery) { q.SOA.Owner = name }), false},
		{"with the SOA record of the root", query(func(q *probe.DNSQuery) { q.SOA.Owner = "." }), false},
		{"it is an alias of a name elsewhere", query(func(q *probe.DNSQuery) { q.CNAMEs = []string{"cdn.example.net"} }), false},
		{"it is an alias of a name in the zone", query(func(q *probe.DNSQuery) { q.CNAMEs = []string{"cdn.example.net", "b.microsoft.com"} }), true},
		{"another resolver has it", also(probe.DNSQuery{Addresses: []netip.Addr{address4(1)}}), false},
		{"another resolver does not answer", also(probe.DNSQuery{Code: probe.DNSTimeout}), true},
		{"another resolver refuses", also(probe.DNSQuery{Code: probe.DNSRefused}), false},
		{"another resolver blocks it", also(probe.DNSQuery{Code: probe.DNSBlocked}), false},
		{"another resolver denies it without proof", also(probe.DNSQuery{Code: probe.DNSNXDomain}), false},
		{"no other name was looked up", func(_, w *probe.Observation) { w.DNS = nil }, false},
		{"the other name has no address", func(_, w *probe.Observation) { w.DNS.Addresses = nil }, false},
		{"the other name was looked up by a proxy", func(_, w *probe.Observation) { w.Proxy = new(probe.ProxyFacts) }, false},
		{"the other name was not measured", func(_, w *probe.Observation) { w.Error = &probe.Error{Op: probe.OpConnect, Code: probe.Canceled} }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			obs := reached(p)
			at := func(name string) *probe.Observation {
				return &obs[slices.IndexFunc(obs, func(o probe.Observation) bool { return o.Target.Host == name })]
			}
			o, w := at(name), at(other)
			o.Error = &probe.Error{Op: probe.OpResolve, Addr: name, Code: probe.DNSNXDomain}
			o.DNS = &probe.DNSFacts{Name: name, Queries: []probe.DNSQuery{{Resolver: resolver, Type: "A", Code: probe.DNSNXDomain, RecursionAvailable: true, SOA: azure()}}}
			w.DNS = &probe.DNSFacts{Name: other, Addresses: []netip.Addr{netip.MustParseAddr("203.0.113.7")}}
			tt.change(o, w)
			r := judge(t, p, obs, fatal())
			c := r.Causes[slices.IndexFunc(r.Causes, func(c readiness.Cause) bool { return slices.Contains(c.Names, name) || strings.Contains(c.Title, name) })]
			if (c.Code == readiness.CauseNameGone) != tt.gone {
				t.Errorf("%s, want %s: %t", c.Code, readiness.CauseNameGone, tt.gone)
			}
			if tt.name == "as its operator says" && !slices.Contains(c.Evidence, evidence) {
				t.Errorf("evidence %q, want %q", c.Evidence, evidence)
			}
		})
	}
}

// Whether any resolver works is told by the first lookups, of unrelated owners.
func TestLimitsOfFirstLookups(t *testing.T) {
	lookups := func(codes ...probe.Code) func(o *probe.Observation) {
		return func(o *probe.Observation) {
			o.Error, o.DNS = &probe.Error{Op: probe.OpResolve, Code: codes[0]}, &probe.DNSFacts{Name: o.Target.Host}
			for _, c := range codes {
				o.DNS.Queries = append(o.DNS.Queries, probe.DNSQuery{Resolver: resolver, Type: "A", Code: c})
			}
		}
	}
	silent, unrouted, denied := lookups(probe.DNSTimeout), lookups(probe.DNSNoRoute), lookups(probe.DNSNXDomain)
	for _, tt := range []struct {
		name  string
		hosts int
		each  func(o *probe.Observation)
		first func(o *probe.Observation) // another change of the first
		want  readiness.CauseCode
	}{
		{"silence", 3, silent, nil, readiness.CauseDNSUnreachable},
		{"silence for one", 1, silent, nil, readiness.CauseDNSUnreachable},
		{"no route", 3, unrouted, nil, readiness.CauseNetworkDown},
		{"no route to one resolver, and another is silent", 3, lookups(probe.DNSNoRoute, probe.DNSTimeout), nil, readiness.CauseDNSUnreachable},
		{"no route, and one that says nothing", 3, unrouted, func(o *probe.Observation) { o.DNS.Queries = nil }, readiness.CauseDNSUnreachable},
		{"denial for three owners", 3, denied, nil, readiness.CauseDNSUnreachable},
		{"denial for two owners", 2, denied, nil, ""},
		{"silence for two owners", 2, silent, nil, readiness.CauseDNSUnreachable},
		{"silence, and one is found", 3, silent, func(o *probe.Observation) { o.Error, o.DNS = nil, nil }, ""},
		{"silence, and one is blocked", 3, silent, lookups(probe.DNSTimeout, probe.DNSBlocked), ""},
		{"silence, and one was not measured", 3, silent, func(o *probe.Observation) { o.Error.Code = probe.Canceled }, ""},
		{"silence, and of one nothing is known", 3, silent, func(o *probe.Observation) { o.DNS = nil }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, tt.hosts, false, "tcp/443 https").Endpoints()
			for k := range list {
				list[k].Decisive = true
			}
			list = append(list, endpoint(t, endpoints.ServiceDNS, "$resolver", nil, "udp/53 dns"))
			p := planOn(t, autopilot(), dated(t, list), probe.Network{})
			obs := reached(p)
			for i := range obs {
				if obs[i].Target.Protocol != probe.DNS {
					continue
				}
				if tt.each(&obs[i]); tt.first != nil && obs[i].Target.Host == list[0].Host.String() {
					tt.first(&obs[i])
				}
			}
			got := codes(judge(t, p, obs, readiness.Policy{}))
			for _, c := range []readiness.CauseCode{readiness.CauseDNSUnreachable, readiness.CauseNetworkDown} {
				if slices.Contains(got, c) != (c == tt.want) {
					t.Errorf("causes %v, want %q", got, tt.want)
				}
			}
		})
	}
}

// What DNS says of a zone whose names nobody knows.
func TestAnswersForZones(t *testing.T) {
	above := &probe.SOARecord{Owner: "com", MName: "a.gtld-servers.net", RName: "nstld.verisign-grs.com"}
	denied := probe.DNSQuery{Code: probe.DNSNXDomain, RecursionAvailable: true, SOA: above}
	changed := func(change func(q *probe.DNSQuery)) *probe.DNSQuery {
		q := denied
		change(&q)
		return &q
	}
	for _, tt := range []struct {
		name  string
		query *probe.DNSQuery
		other bool // whether another zone is found
		want  readiness.Outcome
		code  probe.Code
	}{
		{"it is there", &probe.DNSQuery{RecursionAvailable: true}, false, readiness.OK, ""},
		{"the zone above denies it", &denied, false, readiness.NotRun, probe.NotTestable},
		{"the root denies it", changed(func(q *probe.DNSQuery) { q.SOA = &probe.SOARecord{Owner: "."} }), false, readiness.NotRun, probe.NotTestable},
		{"it denies itself", changed(func(q *probe.DNSQuery) { q.SOA = &probe.SOARecord{Owner: "contoso.com"} }), false, readiness.Failed, probe.DNSNXDomain},
		{"denied by the resolver's own authority", changed(func(q *probe.DNSQuery) { q.Authoritative = true }), false, readiness.Failed, readiness.InternalZone},
		{"denied by no resolver", changed(func(q *probe.DNSQuery) { q.RecursionAvailable = false }), false, readiness.Failed, probe.DNSNXDomain},
		{"denied without a SOA record", changed(func(q *probe.DNSQuery) { q.SOA = nil }), false, readiness.Failed, probe.DNSNXDomain},
		{"blocked", &probe.DNSQuery{Code: probe.DNSBlocked}, false, readiness.Failed, probe.DNSBlocked},
		{"at an address that leads nowhere", &probe.DNSQuery{Code: probe.DNSSinkhole}, false, readiness.Failed, probe.DNSSinkhole},
		{"no such record", &probe.DNSQuery{Code: probe.DNSNoData}, false, readiness.NotRun, probe.NotTestable},
		{"no such record, and another zone has one", &probe.DNSQuery{Code: probe.DNSNoData}, true, readiness.Failed, probe.DNSNoData},
		{"refused", &probe.DNSQuery{Code: probe.DNSRefused}, false, readiness.NotRun, probe.NotTestable},
		{"refused, and another zone is not", &probe.DNSQuery{Code: probe.DNSRefused}, true, readiness.Failed, probe.DNSRefused},
		{"no answer", &probe.DNSQuery{Code: probe.DNSTimeout}, false, readiness.NotRun, probe.NotTestable},
		{"cut off", &probe.DNSQuery{Code: probe.Canceled}, false, readiness.NotRun, probe.Canceled},
		{"without a socket", &probe.DNSQuery{Code: probe.LocalSocket}, false, readiness.NotRun, probe.LocalSocket},
		{"denied, and the answer is unknown", nil, false, readiness.Failed, probe.DNSNXDomain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := []endpoints.Endpoint{endpoint(t, "mail", "*.contoso.com", nil, "tcp/443 https"), endpoint(t, "calendar", "*.fabrikam.com", nil, "tcp/443 https")}
			p := planOn(t, autopilot(), dated(t, list), probe.Network{})
			obs := reached(p)
			for i := range obs {
				o := &obs[i]
				switch {
				case o.Target.Host == "contoso.com" && tt.query == nil:
					o.Error = &probe.Error{Op: probe.OpResolve, Code: probe.DNSNXDomain}
				case o.Target.Host == "contoso.com":
					o.DNS = &probe.DNSFacts{Name: "contoso.com", Queries: []probe.DNSQuery{*tt.query}}
					if tt.query.Code != "" {
						o.Error = &probe.Error{Op: probe.OpResolve, Code: tt.query.Code}
					}
				case !tt.other:
					*o = probe.Observation{Target: o.Target}
				}
			}
			for _, f := range judge(t, p, obs, fatal()).Findings {
				if f.Check.Target.Host == "contoso.com" && (f.Outcome != tt.want || f.Code != tt.code) {
					t.Errorf("%s (%s), want %s (%s)", f.Outcome, f.Code, tt.want, tt.code)
				}
			}
		})
	}
}
