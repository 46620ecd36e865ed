package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

var second = netip.MustParseAddrPort("192.0.2.54:53")

// asked adds an answer of a resolver to a lookup.
func asked(q probe.DNSQuery) func(int, *probe.Observation) {
	return func(_ int, o *probe.Observation) { o.DNS.Queries = append(o.DNS.Queries, q) }
}

// unresolved is a name that does not resolve.
func unresolved(c probe.Code) func(int, *probe.Observation) {
	return func(_ int, o *probe.Observation) {
		o.DNS = &probe.DNSFacts{Name: o.Target.Host, Queries: []probe.DNSQuery{{Resolver: resolver, Type: "A", Code: c}, {Resolver: resolver, Type: "AAAA", Code: c}}}
		o.TCP, o.TLS, o.HTTP, o.Error = nil, nil, nil, &probe.Error{Op: probe.OpResolve, Code: c}
	}
}

// What causes of names say.
func TestWordsOfNamesInFull(t *testing.T) {
	// first changes all checks of the first n hosts, and nth those of one.
	first := func(n int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if 0 <= k && k < n {
				all(changes...)(k, o)
			}
		}
	}
	nth := func(n int, changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k == n {
				all(changes...)(k, o)
			}
		}
	}
	proxied := func(_ int, o *probe.Observation) { o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"} }
	cut := failed(probe.OpRequest, probe.Canceled)
	denies := asked(probe.DNSQuery{Resolver: second, Type: "A", Code: probe.DNSNXDomain})
	denies6 := func(c probe.Code) func(int, *probe.Observation) {
		return all(asked(probe.DNSQuery{Resolver: second, Type: "AAAA", Code: c}), func(k int, o *probe.Observation) {
			o.DNS.Queries[1] = probe.DNSQuery{Resolver: resolver, Type: "AAAA", Addresses: []netip.Addr{address6(k)}}
		})
	}
	family := func(v4, v6 probe.Code) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.DNS.IPv4Code, o.DNS.IPv6Code = v4, v6 }
	}
	there := func(_ int, o *probe.Observation) { o.DNS.Addresses = []netip.Addr{address4(99)} }
	stranger := func(code probe.Code, matches bool) func(int, *probe.Observation) {
		return over(probe.HTTPS, everyHost, all(failed(probe.OpHandshake, code), func(_ int, o *probe.Observation) {
			o.TLS = &probe.TLSFacts{NameMatches: matches, Chain: []probe.Certificate{{Subject: "CN=Filter", Issuer: "CN=Filter", DNSNames: []string{"filter.example"}}}}
		}))
	}
	hostsFile := func(addrs ...netip.Addr) func(int, *probe.Observation) {
		return func(_ int, o *probe.Observation) { o.DNS.HostsFile = addrs }
	}
	blocked6 := func(c probe.Code, n int) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if k < n {
				o.DNS.Queries[1].Code = c
			}
		}
	}
	toTCP := func(_ int, o *probe.Observation) {
		for i := range o.DNS.Queries {
			o.DNS.Queries[i].Truncated = true
		}
	}
	tell(t, "told-names.txt", []told{
		{"a DNS server withholds two names that another resolves", each(4), first(2, denies)},
		{"two DNS servers withhold a name that another resolves", each(4), first(1, denies, asked(probe.DNSQuery{Resolver: netip.MustParseAddrPort("192.0.2.55:53"), Type: "A", Code: probe.DNSNoData}))},
		{"a DNS server withholds the IPv6 address of a name that another has", each(4), first(1, denies6(probe.DNSNXDomain))},
		{"a DNS server has no IPv6 address of a name that another has", each(4), first(1, denies6(probe.DNSNoData))},
		{"a DNS server fails for a name that another resolves", each(4), first(1, asked(probe.DNSQuery{Resolver: second, Type: "A", Code: probe.DNSServFail}))},
		{"a DNS server withholds a name that another resolves, of which nothing was tested", each(4), first(1, denies, undone)},
		{"a DNS server withholds a name that another resolves, and the check was cut off", each(4), first(1, denies, cut)},
		{"a DNS server withholds the name of a proxy that another resolves", each(4), first(1, denies, proxied)},
		{"a DNS server withholds a name, and another blocks it", each(4), first(1, unresolved(probe.DNSBlocked), asked(probe.DNSQuery{Resolver: second, Type: "A", Addresses: []netip.Addr{address4(1)}}))},
		{"DNS withholds IPv4 addresses", each(4), first(2, family(probe.DNSBlocked, ""))},
		{"DNS withholds IPv6 addresses", each(4), first(2, family("", probe.DNSSinkhole))},
		{"DNS withholds IPv4 addresses of one name and IPv6 addresses of another", each(4), all(first(1, family(probe.DNSSinkhole, "")), nth(1, family("", probe.DNSBlocked)))},
		{"DNS fails for one family", each(4), all(first(1, family(probe.DNSServFail, "")), nth(1, family("", probe.DNSServFail)))},
		{"DNS withholds IPv4 addresses, and the check was cut off", each(4), first(2, family(probe.DNSBlocked, ""), cut)},
		{"DNS withholds IPv4 addresses of a proxy", each(4), first(2, family(probe.DNSBlocked, ""), proxied)},
		{"DNS withholds the IPv6 addresses of every name, and IPv4 addresses of one", each(10), all(blocked6(probe.DNSBlocked, everyHost), nth(0, family(probe.DNSSinkhole, "")))},
		{"DNS withholds the IPv6 addresses of every name", each(10), all(blocked6(probe.DNSBlocked, everyHost), first(everyHost, family("", probe.DNSBlocked)))},
		{"DNS denies the IPv6 addresses of every name", each(10), blocked6(probe.DNSNXDomain, everyHost)},
		{"DNS refuses the IPv6 addresses of some names and blocks those of others", each(10), all(blocked6(probe.DNSBlocked, everyHost), blocked6(probe.DNSRefused, 3), nth(4, proxied), nth(5, undone), nth(6, cut), nth(7, func(_ int, o *probe.Observation) { o.DNS.Queries[0].Addresses = nil }))},
		{"strangers answer for two hosts at one address", each(4), first(2, there, stranger(probe.TLSUntrusted, false))},
		{"strangers answer for two hosts at one address with a CA that this machine trusts", each(4), first(2, there, stranger(probe.TLSInspected, false))},
		{"someone signs for two hosts at one address", each(4), first(2, there, stranger(probe.TLSUntrusted, true))},
		{"strangers answer for six hosts at one address", each(8), first(6, there, stranger(probe.TLSUntrusted, false))},
		{"strangers answer for two hosts at one address through a proxy", each(4), first(2, there, stranger(probe.TLSUntrusted, false), proxied)},
		{"strangers answer for two hosts at one address, where plain ports fail too", each(4), first(2, there, stranger(probe.TLSUntrusted, false), over(probe.HTTP, 1, failed(probe.OpRequest, probe.HTTPStatus)), over(probe.HTTP, everyHost, func(k int, o *probe.Observation) {
			if k == 1 {
				all(failed(probe.OpRequest, probe.HTTPStatus), proxied)(k, o)
			}
		}))},
		{"strangers answer for two hosts at one address, and port 443 is blocked for others", each(5), all(blockedOn(probe.HTTPS, everyHost), first(2, func(k int, o *probe.Observation) { answer(o, k); o.Error = nil }, there, stranger(probe.TLSUntrusted, false)))},
		{"a stranger answers for a host by an alias", each(4), first(1, stranger(probe.TLSUntrusted, false), over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.TLS.Alias, o.DNS.CNAMEs = "filter.example", []string{"a.example", "b.example"}
		}))},
		{"a stranger answers for a host inside the network", each(4), first(1, stranger(probe.TLSUntrusted, false), func(_ int, o *probe.Observation) { o.DNS.Addresses = []netip.Addr{netip.MustParseAddr("100.64.0.1")} })},
		{"a stranger answers for a host at one of two addresses inside the network", each(4), first(1, stranger(probe.TLSUntrusted, false), func(_ int, o *probe.Observation) {
			o.DNS.Addresses = []netip.Addr{netip.MustParseAddr("10.0.0.1"), address4(9)}
		})},
		{"a stranger answers for a host, and its name was not looked up", each(4), first(1, stranger(probe.TLSUntrusted, false), func(_ int, o *probe.Observation) { o.DNS = nil })},
		{"another server answers for a host inside the network, through an alias", each(4), first(1, over(probe.HTTPS, everyHost, failed(probe.OpHandshake, probe.TLSNameMismatch)), func(_ int, o *probe.Observation) {
			if o.TLS != nil {
				o.TLS.NameMatches, o.TLS.Chain = false, []probe.Certificate{{Subject: "CN=cdn.example", DNSNames: []string{"cdn.example"}}}
			}
			o.DNS.CNAMEs = []string{"a.example", "cdn.example"}
		})},
		{"another server answers for a host, and its name was not looked up", each(4), first(1, over(probe.HTTPS, everyHost, failed(probe.OpHandshake, probe.TLSNameMismatch)), func(_ int, o *probe.Observation) { o.DNS = nil })},
		{"DNS withholds two names", each(4), first(2, unresolved(probe.DNSNXDomain))},
		{"DNS withholds a name", each(4), first(1, unresolved(probe.DNSNoData))},
		{"DNS withholds a domain", []int{3, 1, 1}, first(3, unresolved(probe.DNSNXDomain))},
		{"DNS blocks a name", each(4), first(1, unresolved(probe.DNSBlocked))},
		{"DNS fails for two names of unrelated owners", each(4), first(2, unresolved(probe.DNSServFail))},
		{"DNS fails for names of three unrelated owners", each(5), first(3, unresolved(probe.DNSServFail))},
		{"DNS answers do not fit into UDP for a name", each(4), first(1, unresolved(probe.DNSTimeout), toTCP)},
		{"DNS answers do not fit into UDP for three names of one owner", []int{3, 1}, first(3, unresolved(probe.DNSTimeout), toTCP)},
		{"a DNS server withholds a name by its own authority", each(4), first(1, unresolved(probe.DNSNXDomain), func(_ int, o *probe.Observation) {
			o.DNS.Queries[0].Authoritative, o.DNS.Queries[0].SOA = true, &probe.SOARecord{Owner: "owner0.example", MName: "dc.corp.example"}
		})},
		{"a private zone of Azure withholds a name", each(4), first(2, unresolved(probe.DNSNXDomain), func(_ int, o *probe.Observation) {
			o.DNS.Queries[0].SOA = &probe.SOARecord{Owner: "owner0.example", MName: "azureprivatedns.net"}
		})},
		{"the hosts file overrides names", each(4), all(first(2, hostsFile(netip.MustParseAddr("10.0.0.1"))), nth(2, func(k int, o *probe.Observation) { o.DNS.HostsFile = o.DNS.Addresses }))},
		{"the hosts file overrides a name, and the check was cut off", each(4), first(1, hostsFile(netip.MustParseAddr("10.0.0.1")), cut)},
		{"the hosts file overrides a name through a proxy", each(4), first(1, hostsFile(netip.MustParseAddr("10.0.0.1")), proxied)},
	})
}

// What causes of resolvers say.
func TestWordsOfResolversInFull(t *testing.T) {
	list := append(ownHosts(t, 3, false, "tcp/443 https", "tcp/80 http").Endpoints(),
		endpoint(t, endpoints.ServiceProxy, "wpad.corp.contoso.com", nil, "tcp/80 http"),
		endpoint(t, "mail", "*.pattern.example", nil, "tcp/443 https"), endpoint(t, "mail", "*.other.example", nil, "tcp/443 https"))
	for _, name := range []string{"login.live.com", "www.microsoft.com", "www.example.org"} {
		list = append(list, endpoint(t, endpoints.ServiceDNS, name, nil, "udp/53 dns"))
	}
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	p := planOn(t, autopilot(), c, probe.Network{SearchDomains: []string{"corp.contoso.com"}})
	every := func(changes ...func(int, *probe.Observation)) func(int, *probe.Observation) { return all(changes...) }
	// first are the lookups before other checks, and rest the others, which are skipped.
	first := func(change func(int, *probe.Observation)) func(int, *probe.Observation) {
		return over(probe.DNS, everyHost, change)
	}
	rest := func(k int, o *probe.Observation) {
		if o.Target.Protocol != probe.DNS {
			*o = probe.Observation{Target: o.Target, Error: &probe.Error{Op: probe.OpResolve, Code: probe.Skipped}}
		}
	}
	cut := func(_ int, o *probe.Observation) {
		for i := range o.DNS.Queries {
			o.DNS.Queries[i].Truncated = true
		}
	}
	byProxy := func(op string, c probe.Code) func(int, *probe.Observation) {
		return over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128", Op: op, Code: c}
			o.TCP, o.TLS, o.HTTP, o.Error = nil, nil, nil, &probe.Error{Op: probe.OpProxy, Code: probe.ProxyUnreachable}
		})
	}
	madeUp := func(n int) func(int, *probe.Observation) {
		return over(probe.NXDomain, everyHost, func(_ int, o *probe.Observation) {
			host := o.Target.Host
			if host == "com" || n > 1 && host == "net" {
				at := netip.MustParseAddr("198.51.100.7")
				o.DNS = &probe.DNSFacts{Name: "random." + host, Queries: []probe.DNSQuery{
					{Resolver: resolver, Type: "A", Code: probe.DNSRewritten, Addresses: []netip.Addr{at}},
					{Resolver: second, Type: "A", Code: probe.DNSNXDomain},
					{Resolver: second, Type: "AAAA", Code: probe.DNSRewritten, Addresses: []netip.Addr{address6(7)}},
				}}
				o.Error = &probe.Error{Op: probe.OpResolve, Code: probe.DNSRewritten}
			}
		})
	}
	wpad := func(c probe.Code, at ...netip.Addr) func(int, *probe.Observation) {
		return over(probe.WPAD, everyHost, func(_ int, o *probe.Observation) {
			o.DNS, o.Error = &probe.DNSFacts{Name: o.Target.Host, Addresses: at}, &probe.Error{Op: probe.OpConnect, Code: c}
		})
	}
	zone := func(host string, c probe.Code, q probe.DNSQuery) func(int, *probe.Observation) {
		return over(probe.SOA, everyHost, func(_ int, o *probe.Observation) {
			if o.Target.Host == host {
				q.Resolver, q.Type, q.Code = resolver, "SOA", c
				if o.DNS = (&probe.DNSFacts{Name: host, Queries: []probe.DNSQuery{q}}); c != "" {
					o.Error = &probe.Error{Op: probe.OpResolve, Code: c}
				}
			}
		})
	}
	away := func(_ int, o *probe.Observation) { o.DNS = nil }
	tellOf(t, "told-resolvers.txt", []toldOf{
		{"no route", p, every(first(unresolved(probe.DNSNoRoute)), rest)},
		{"no route, and no DNS server", p, every(first(unresolved(probe.DNSNoRoute)), first(func(_ int, o *probe.Observation) { o.DNS.Queries = nil }), rest)},
		{"no route, nor to the proxy", p, every(first(unresolved(probe.DNSNoRoute)), rest, byProxy(probe.OpConnect, probe.TCPUnreachable))},
		{"no route, and the proxy refuses", p, every(first(unresolved(probe.DNSNoRoute)), rest, byProxy(probe.OpConnect, probe.TCPRefused))},
		{"no route, and the proxy's name does not resolve", p, every(first(unresolved(probe.DNSNoRoute)), rest, byProxy(probe.OpResolve, probe.DNSNoRoute))},
		{"silence, and no route to the proxy", p, every(first(unresolved(probe.DNSTimeout)), rest, byProxy(probe.OpConnect, probe.TCPUnreachable))},
		{"silence, and the proxy's name does not resolve", p, every(first(unresolved(probe.DNSTimeout)), rest, byProxy(probe.OpResolve, probe.DNSTimeout))},
		{"silence, and other checks were made", p, every(first(unresolved(probe.DNSTimeout)), over(probe.HTTPS, everyHost, unresolved(probe.DNSTimeout)), over(probe.HTTP, everyHost, failed(probe.OpConnect, probe.TCPTimeout)))},
		{"silence, and other checks found other errors", p, every(first(unresolved(probe.DNSTimeout)), over(probe.HTTPS, everyHost, unresolved(probe.DNSNXDomain)), over(probe.HTTP, everyHost, failed(probe.OpConnect, probe.DNSTimeout)))},
		{"answers do not fit into UDP", p, every(first(unresolved(probe.DNSTimeout)), first(cut), rest)},
		{"answers of one name do not fit into UDP", p, every(first(unresolved(probe.DNSTimeout)), first(func(k int, o *probe.Observation) {
			if o.Target.Host == "login.live.com" {
				cut(k, o)
			}
		}), rest)},
		{"names are made up", p, madeUp(2)},
		{"names are made up under one suffix", p, madeUp(1)},
		{"names are made up, and one was not looked up", p, every(madeUp(2), over(probe.NXDomain, everyHost, func(k int, o *probe.Observation) {
			if o.Target.Host == "com" {
				away(k, o)
			}
		}))},
		{"names are made up, and that of a proxy", p, every(madeUp(2), wpad(probe.TCPTimeout, netip.MustParseAddr("198.51.100.7"), address6(7)))},
		{"names are made up, and a proxy has an address", p, every(madeUp(2), wpad(probe.TCPTimeout, netip.MustParseAddr("198.51.100.8")))},
		{"names are made up, and a proxy has none", p, every(madeUp(2), wpad(probe.TCPTimeout))},
		{"names are made up, and a proxy was not looked up", p, every(madeUp(2), wpad(probe.TCPTimeout), over(probe.WPAD, everyHost, away))},
		{"names are made up, and those of hosts", p, every(madeUp(2), over(probe.HTTPS, everyHost, func(_ int, o *probe.Observation) {
			o.DNS.Addresses, o.Error = []netip.Addr{netip.MustParseAddr("198.51.100.7")}, &probe.Error{Op: probe.OpRequest, Code: probe.HTTPStatus}
		}))},
		{"a zone is denied", p, zone("pattern.example", probe.DNSNXDomain, probe.DNSQuery{})},
		{"a zone is denied by the zone above", p, zone("pattern.example", probe.DNSNXDomain, probe.DNSQuery{RecursionAvailable: true, SOA: &probe.SOARecord{Owner: "example"}})},
		{"a zone is refused, and another is not", p, zone("pattern.example", probe.DNSRefused, probe.DNSQuery{})},
		{"zones are refused", p, every(zone("pattern.example", probe.DNSRefused, probe.DNSQuery{}), zone("other.example", probe.DNSRefused, probe.DNSQuery{}))},
		{"a zone has no record, and another has", p, zone("pattern.example", probe.DNSNoData, probe.DNSQuery{})},
		{"a zone is answered by someone else's authority", p, zone("pattern.example", "", probe.DNSQuery{Authoritative: true, SOA: &probe.SOARecord{Owner: "pattern.example", MName: "dc.corp.example"}})},
	})
}
