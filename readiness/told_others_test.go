package readiness_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// What causes of domains, revocation and other plans say.
func TestWordsOfOthersInFull(t *testing.T) {
	domain := domainPlan(t, domainScope())
	servers := func(list ...probe.SRVServer) func(int, *probe.Observation) {
		return over(probe.SRV, everyHost, func(_ int, o *probe.Observation) {
			o.SRV = &probe.SRVFacts{Servers: list}
			o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
		})
	}
	dc := func(n int, c probe.Code, ips ...netip.Addr) probe.SRVServer {
		return probe.SRVServer{Host: []string{"dc0.corp.contoso.com", "dc1.corp.contoso.com"}[n], Addresses: ips, Code: c}
	}
	oneDomain := func(name string) endpoints.Endpoint {
		return endpoint(t, endpoints.ServiceCRL, name, nil, "tcp/80 http")
	}
	c, err := new(endpoints.Catalog).With(append(ownHosts(t, 3, false, "tcp/443 https", "tcp/80 http").Endpoints(), oneDomain("crl.a.example"), oneDomain("crl.b.example"), oneDomain("crl.c.example"))...)
	if err != nil {
		t.Fatal(err)
	}
	lists := planOn(t, autopilot(), c, probe.Network{})
	unlisted := planOn(t, autopilot(), ownHosts(t, 6, false, "tcp/443 https"), probe.Network{})
	revoked := func(c probe.Code, sources ...probe.Document) func(int, *probe.Observation) {
		return over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.Revocation = &probe.RevocationFacts{Code: c, Sources: sources}
		})
	}
	doc := func(url string, c probe.Code) probe.Document {
		return probe.Document{URL: url, Code: c, Text: "no luck"}
	}
	down := func(names ...string) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			for _, name := range names {
				if o.Target.Host == name {
					blockedOn(probe.HTTP, everyHost)(k, o)
				}
			}
		}
	}
	a, b, x := doc("http://crl.a.example/1", probe.TCPTimeout), doc("http://crl.b.example/1", probe.TCPTimeout), doc("http://crl.x.example/1", probe.HTTPStatus)
	stale := doc("http://crl.x.example/2", probe.RevocationStale)
	forged := doc("http://crl.x.example/3", probe.RevocationBadSignature)
	known, _ := planOfKnown(t, []int{3, 1, 1, 1})
	// behaves is the plan of known hosts of which the first n are known to behave so.
	behaves := func(n int, f endpoints.Fact) *readiness.Plan {
		t.Helper()
		var facts []endpoints.Fact
		for e := range known.Endpoints() {
			if len(facts) < n {
				f := f
				f.Host, f.Basis, f.Source, f.Date, f.Confidence = e.Host, endpoints.BasisSeen, endpoints.Source{Title: "a capture", Ref: "here", Date: "2026-11-02"}, "2026-11-02", "several"
				if f.Statuses != nil {
					f.Statuses = []int{f.Statuses[0] + len(facts)} // each its own
				}
				facts = append(facts, f)
			}
		}
		c, err := known.Catalog.WithFacts(facts...)
		if err != nil {
			t.Fatal(err)
		}
		return planOn(t, autopilot(), c, probe.Network{})
	}
	first := func(n int, change func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k < n {
				change(k, o)
			}
		}
	}
	// alone are hosts that are optional, of a service each.
	var list []endpoints.Endpoint
	for i := range 5 {
		list = append(list, endpoint(t, endpoints.Service(fmt.Sprintf("service%d", i)), fmt.Sprintf("host%d.example", i), func(e *endpoints.Endpoint) { e.Need = endpoints.Optional }, "tcp/443 https", "tcp/80 http"))
	}
	if c, err = new(endpoints.Catalog).With(list...); err != nil {
		t.Fatal(err)
	}
	alone := planOn(t, autopilot(), c, probe.Network{})
	// mixed are hosts of a domain, of which one is required.
	list = []endpoints.Endpoint{endpoint(t, "mail", "a.domain.example", nil, "tcp/443 https")}
	for _, name := range []string{"b.domain.example", "c.domain.example", "b.a.domain.example", "x.elsewhere.example"} {
		list = append(list, endpoint(t, "mail", name, func(e *endpoints.Endpoint) { e.Need = endpoints.Optional }, "tcp/443 https"))
	}
	if c, err = new(endpoints.Catalog).With(list...); err != nil {
		t.Fatal(err)
	}
	mixed := planOn(t, autopilot(), c, probe.Network{})
	// clocks are two time servers, and bare a host on a port of which only connections
	// are tested.
	if c, err = new(endpoints.Catalog).With(endpoint(t, "mail", "a.example", nil, "udp/123 ntp"), endpoint(t, endpoints.ServiceNTP, "b.example", nil, "udp/123 ntp")); err != nil {
		t.Fatal(err)
	}
	clocks := planOn(t, autopilot(), c, probe.Network{})
	if c, err = ownHosts(t, 11, false, "tcp/443 https").With(endpoint(t, "mail", "bare.example", nil, "tcp/8080 unspecified")); err != nil {
		t.Fatal(err)
	}
	bare := planOn(t, autopilot(), c, probe.Network{})
	if c, err = ownHosts(t, 3, false, "tcp/80 http").With(endpoint(t, endpoints.ServiceNCSI, "www.msftconnecttest.com", nil, "tcp/80 http"), endpoint(t, endpoints.ServiceNCSI, "dns.msftncsi.com", nil, "udp/53 dns")); err != nil {
		t.Fatal(err)
	}
	windows := planOn(t, endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Windows: endpoints.Windows10}, c, probe.Network{})
	shortly := func(sooner, later time.Duration) func(int, *probe.Observation) {
		return all(revoked(probe.RevocationStale, stale), over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.HTTP.Date = o.Start.Add(10*time.Millisecond - 48*time.Hour)
			now := o.Start.Add(-48 * time.Hour)
			o.Revocation.Sources = []probe.Document{{URL: "http://crl.x.example/2", Code: probe.RevocationStale, ThisUpdate: now.Add(sooner), NextUpdate: now.Add(later)}}
		}))
	}
	named := func(names ...string) func(func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(change func(int, *probe.Observation)) func(int, *probe.Observation) {
			return func(k int, o *probe.Observation) {
				if host(names...)(o.Target) {
					change(k, o)
				}
			}
		}
	}
	silent, refused := failed(probe.OpConnect, probe.TCPTimeout), failed(probe.OpConnect, probe.TCPRefused)
	contradicted := endpoints.Fact{Port: 443, Known: endpoints.Contradicted, How: endpoints.HowSilent}
	page := func(_ int, o *probe.Observation) { o.HTTP.Body = "This is not here." }
	tellOf(t, "told-others.txt", []toldOf{
		{"no domain controller", domain, over(probe.SRV, everyHost, unresolved(probe.DNSNXDomain))},
		{"an empty list of domain controllers", domain, servers()},
		{"domain controllers that accept nothing", domain, servers(dc(0, probe.TCPTimeout, address4(1)), dc(1, probe.TCPRefused, address4(2)))},
		{"domain controllers without addresses, and with", domain, servers(dc(0, probe.DNSNXDomain), dc(1, probe.TCPRefused, address4(2)), dc(1, probe.TCPRefused, address4(3)))},
		{"a domain controller that accepts nothing on one port", domain, all(servers(dc(0, probe.TCPTimeout, address4(1))), func(_ int, o *probe.Observation) {
			if o.Target.Protocol == probe.SRV && o.Target.Port != 389 {
				o.Error = nil
			}
		})},
		{"records of the tenant that do not exist", domain, over(probe.CNAME, everyHost, unresolved(probe.DNSNXDomain))},
		{"records of the tenant that point elsewhere", domain, over(probe.CNAME, everyHost, func(k int, o *probe.Observation) {
			o.DNS.CNAMEs = []string{"elsewhere.example", "x.example"}
		})},
		{"a record of the tenant that is an address, and one that nobody looked up", domain, over(probe.CNAME, everyHost, func(k int, o *probe.Observation) {
			if o.Error = (&probe.Error{Op: probe.OpResolve, Code: probe.DNSNoData}); o.Target.Host == enrolment {
				o.DNS = nil
			}
		})},
		{"a record of the tenant that fails", domain, over(probe.CNAME, everyHost, unresolved(probe.DNSServFail))},
		{"two revocation hosts are down, of which one is pointed to", lists, all(down("crl.a.example", "crl.b.example"), revoked(probe.RevocationUnreachable, a, x))},
		{"two revocation hosts are down, and both are pointed to", lists, all(down("crl.a.example", "crl.b.example"), revoked(probe.RevocationUnreachable, a, b, x))},
		{"two revocation hosts are down, and their lists came", lists, all(down("crl.a.example", "crl.b.example"), revoked("", doc("http://crl.a.example/1", "")))},
		{"a revocation host is down", lists, all(down("crl.a.example"), revoked(probe.RevocationUnreachable, a))},
		{"all revocation hosts are down", lists, down("crl.a.example", "crl.b.example", "crl.c.example")},
		{"lists are unreachable, stale or altered", lists, revoked(probe.RevocationUnreachable, x, stale, forged, doc("", probe.TCPTimeout), doc("http://crl.x.example/4", probe.Skipped), doc("http://crl.x.example/5", probe.NotTestable), doc("http://crl.x.example/6", ""))},
		{"lists are stale by this clock alone", lists, all(revoked(probe.RevocationStale, stale), over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.HTTP.Date = o.Start.Add(-96e12)
			o.Revocation.Sources = []probe.Document{{URL: "http://crl.x.example/2", Code: probe.RevocationStale, ThisUpdate: o.Start.Add(-100e12), NextUpdate: o.Start.Add(-50e12)}}
		}))},
		{"lists are stale by any clock", lists, all(revoked(probe.RevocationStale, stale), over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.HTTP.Date = o.Start.Add(-40e12)
			o.Revocation.Sources = []probe.Document{{URL: "http://crl.x.example/2", Code: probe.RevocationStale, ThisUpdate: o.Start.Add(-100e12), NextUpdate: o.Start.Add(-50e12)}}
		}))},
		{"revocation was not asked for", unlisted, revoked(probe.RevocationUnreachable, x, forged)},
		{"revocation was not asked for, from many sources", unlisted, func(k int, o *probe.Observation) {
			revoked(probe.RevocationUnreachable, doc("http://crl"+o.Target.Host+"/1", probe.TCPTimeout))(k, o)
		}},
		{"hosts of one domain are silent at a private address", known, func(k int, o *probe.Observation) {
			if o.Target.Protocol == probe.HTTPS && k < 3 {
				muteAt(netip.MustParseAddr("10.0.0.1"))(k, o)
			}
		}},
		{"hosts of one domain are silent at private addresses", known, func(k int, o *probe.Observation) {
			if k < 3 {
				muteAt(netip.AddrFrom4([4]byte{10, 0, 0, byte(k)}))(k, o)
			}
		}},
		{"a host is silent at a private address", known, func(k int, o *probe.Observation) {
			if k == 1 {
				muteAt(netip.MustParseAddr("10.0.0.1"))(k, o)
			}
		}},
		{"hosts that are known to answer fail alike", known, over(probe.HTTPS, everyHost, func(k int, o *probe.Observation) {
			if k < 2 {
				failed(probe.OpHandshake, probe.TLSExpired)(k, o)
			}
		})},
		{"all hosts are genuine for other names at one private address", known, over(probe.HTTPS, everyHost, first(4, all(failed(probe.OpHandshake, probe.TLSNameMismatch), func(_ int, o *probe.Observation) {
			o.DNS.Addresses = []netip.Addr{netip.MustParseAddr("10.0.0.1")}
			o.TLS.NameMatches, o.TLS.Chain = false, []probe.Certificate{{Subject: "CN=cdn.example", Issuer: "CN=CA"}}
		})))},
		{"lists are current by other clocks, within five minutes", lists, shortly(5*time.Minute, -5*time.Minute)},
		{"lists are too new by other clocks", lists, shortly(5*time.Minute+1, time.Hour)},
		{"lists are too old by other clocks", lists, shortly(-time.Hour, -5*time.Minute-1)},
		{"two revocation hosts are down, and their port is refused", lists, all(down("crl.a.example", "crl.b.example"), named("crl.c.example")(failed(probe.OpRequest, probe.HTTPStatus)))},
		{"names that are known to be gone", behaves(3, endpoints.Fact{Known: endpoints.Contradicted, How: endpoints.HowNoSuchName}), first(2, unresolved(probe.DNSNXDomain))},
		{"a name that is known to be gone", behaves(3, endpoints.Fact{Known: endpoints.Contradicted, How: endpoints.HowNoSuchName}), over(probe.HTTPS, 1, unresolved(probe.DNSNoData))},
		{"a name that is known to be gone fails otherwise", behaves(3, endpoints.Fact{Known: endpoints.Contradicted, How: endpoints.HowNoSuchName}), over(probe.HTTPS, 1, silent)},
		{"ports that are known to be silent", behaves(3, contradicted), over(probe.HTTPS, 2, silent)},
		{"a port that is known to be silent", behaves(3, contradicted), over(probe.HTTPS, 1, silent)},
		{"ports that are known to be silent refuse", behaves(5, contradicted), all(over(probe.HTTPS, 5, refused), over(probe.HTTPS, 1, silent))},
		{"a port that nobody has to need is lost", alone, named("host1.example")(over(probe.HTTPS, everyHost, silent))},
		{"a host that nobody has to need is lost", alone, named("host1.example")(silent)},
		{"two hosts that nobody has to need are lost", alone, named("host1.example", "host2.example")(refused)},
		{"two ports that nobody has to need are lost", alone, named("host1.example", "host2.example")(over(probe.HTTP, everyHost, refused))},
		{"three hosts that nobody has to need are lost", alone, named("host1.example", "host2.example", "host3.example")(silent)},
		{"a host that nobody has to need is lost, with something else in its answers", alone, named("host1.example")(all(silent, over(probe.HTTP, everyHost, failed(probe.OpRequest, probe.HTTPStatus))))},
		{"three hosts that nobody has to need answer strangely", alone, named("host1.example", "host2.example", "host3.example")(failed(probe.OpRequest, probe.HTTPStatus))},
		{"a required name is denied, and the rest of its domain", mixed, named("a.domain.example", "b.domain.example", "c.domain.example", "b.a.domain.example")(unresolved(probe.DNSNXDomain))},
		{"a required name is denied, and some of its domain", mixed, named("a.domain.example", "b.domain.example", "b.a.domain.example")(unresolved(probe.DNSNXDomain))},
		{"names that are not required are denied", mixed, named("b.domain.example", "c.domain.example", "x.elsewhere.example")(unresolved(probe.DNSNXDomain))},
		{"a name that is not required is denied, and another DNS server has it", mixed, named("b.domain.example")(all(unresolved(probe.DNSNXDomain), asked(probe.DNSQuery{Resolver: second, Type: "A", Addresses: []netip.Addr{address4(1)}})))},
		{"a name that is not required is denied by authority", mixed, named("b.domain.example")(all(unresolved(probe.DNSNoData), func(_ int, o *probe.Observation) { o.DNS.Queries[0].Authoritative = true }))},
		{"a name that is not required is denied by a private zone of Azure", mixed, named("b.domain.example")(all(unresolved(probe.DNSNoData), func(_ int, o *probe.Observation) {
			o.DNS.Queries[0].SOA = &probe.SOARecord{MName: "azureprivatedns.net"}
		}))},
		{"two time servers do not answer", clocks, failed(probe.OpClock, probe.NTPTimeout)},
		{"one of two time servers does not answer", clocks, named("a.example")(failed(probe.OpClock, probe.NTPTimeout))},
		{"one of two time servers is unreachable", clocks, named("b.example")(failed(probe.OpClock, probe.NTPUnreachable))},
		{"something close accepts connections, of which one is all that is known of a host", bare, over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.Steps[0].Duration, o.Steps[1].Duration = time.Millisecond, 20*time.Millisecond
		})},
		{"one server answers in place of others", behaves(5, endpoints.Fact{Port: 80, Known: endpoints.Confirmed, How: endpoints.HowAnswers, Statuses: []int{201}}), over(probe.HTTP, everyHost, first(5, page))},
		{"a portal gives every host one page, and Windows' probe was silent", windows, all(over(probe.HTTP, everyHost, func(_ int, o *probe.Observation) { o.HTTP.Body = "Welcome to this hotel" }), over(probe.NCSI, everyHost, func(_ int, o *probe.Observation) {
			if o.Target.Port == 80 {
				o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
			}
		}))},
	})
}
