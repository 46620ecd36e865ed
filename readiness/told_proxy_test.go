package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// What causes of proxies say. A host of each plan cannot use one.
func TestWordsOfProxiesInFull(t *testing.T) {
	list := ownHosts(t, 4, false, "tcp/443 https", "tcp/80 http").Endpoints()
	for i := range list {
		list[i].Decisive = true // so that it is also tried without the proxy
	}
	list = append(list,
		endpoint(t, "mail", "push.example", func(e *endpoints.Endpoint) { e.Traits = []endpoints.Trait{endpoints.TraitNoProxy} }, "tcp/443 https"),
		endpoint(t, endpoints.ServiceProxy, "wpad.corp.contoso.com", nil, "tcp/80 http"))
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	on := func(n probe.Network) *readiness.Plan {
		n.SearchDomains = []string{"corp.contoso.com"}
		return planOn(t, autopilot(), c, n)
	}
	p, direct := on(through()), on(probe.Network{})
	// through are the checks that go through the proxy, and past the others, which no
	// endpoint needs unless it cannot use a proxy.
	through := func(changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if !o.Target.Direct && (o.Target.Protocol == probe.HTTPS || o.Target.Protocol == probe.HTTP) {
				if o.Proxy == nil {
					o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"}
				}
				all(changes...)(k, o)
			}
		}
	}
	past := func(changes ...func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if o.Target.Direct {
				all(changes...)(k, o)
			}
		}
	}
	at := func(host string, change func(int, *probe.Observation)) func(int, *probe.Observation) {
		return func(k int, o *probe.Observation) {
			if o.Target.Host == host {
				change(k, o)
			}
		}
	}
	says := func(f probe.ProxyFacts, c probe.Code) func(int, *probe.Observation) {
		return through(func(_ int, o *probe.Observation) {
			g := f
			g.URL = o.Proxy.URL
			o.Proxy, o.TLS, o.HTTP, o.Error = &g, nil, nil, &probe.Error{Op: probe.OpProxy, Code: c}
		})
	}
	silent := func(_ int, o *probe.Observation) {
		o.TCP, o.TLS, o.HTTP, o.Error = &probe.TCPFacts{Dials: o.TCP.Dials}, nil, nil, &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
	}
	announced := func(c probe.Code, f probe.WPADFacts) func(int, *probe.Observation) {
		return over(probe.WPAD, everyHost, func(_ int, o *probe.Observation) {
			if o.WPAD = &f; c != "" {
				o.Error = &probe.Error{Op: probe.OpBody, Code: c}
			}
		})
	}
	file := probe.WPADFacts{URL: "http://wpad.corp.contoso.com/wpad.dat", Script: true, Mentions: []string{"PROXY a.example:80", "DIRECT"}}
	unmentioned, unread := file, file
	unmentioned.Mentions, unread.Script = nil, false
	works := through()
	refused := probe.ProxyFacts{Status: 403, Vendor: "Squid", Header: probe.Header{"Via": {"1.1 proxy"}}}
	tellOf(t, "told-proxies.txt", []toldOf{
		{"hosts answer only through the proxy", p, all(works, past(silent))},
		{"hosts answer only through the proxy, which is announced", p, all(works, past(silent), announced("", file))},
		{"hosts answer only through the proxy, but for one that fails there too", p, all(works, past(silent), at("host.owner1.example", through(failed(probe.OpRequest, probe.HTTPStatus))))},
		{"hosts do not answer without the proxy, and one fails another way", p, all(works, past(silent), at("push.example", failed(probe.OpConnect, probe.TCPReset)))},
		{"hosts do not resolve without the proxy", p, all(works, past(failed(probe.OpResolve, probe.DNSServFail), func(_ int, o *probe.Observation) { o.TCP, o.TLS, o.HTTP = nil, nil, nil }))},
		{"hosts answer without the proxy, but for the one that cannot use it", p, all(works, at("push.example", silent))},
		{"one host answers without the proxy", p, all(works, past(silent), at("host.owner0.example", past(func(k int, o *probe.Observation) { answer(o, k); o.Error = nil })))},
		{"one host answers something without the proxy", p, all(works, past(silent), at("host.owner0.example", past(func(k int, o *probe.Observation) { answer(o, k) })))},
		{"one host fails otherwise without the proxy", p, all(works, past(silent), at("host.owner0.example", past(failed(probe.OpHandshake, probe.TLSExpired))))},
		{"one check without the proxy was cut off", p, all(works, past(silent), at("host.owner0.example", past(failed(probe.OpConnect, probe.Canceled))))},
		{"nothing answers through the proxy or without it", p, all(says(probe.ProxyFacts{Status: 502}, probe.ProxyTargetUnreachable), past(silent))},
		{"nothing answers without the proxy, and others through it", p, all(says(probe.ProxyFacts{Status: 502}, probe.ProxyTargetUnreachable), past(silent), over(probe.HTTP, everyHost, func(k int, o *probe.Observation) { answer(o, k); o.Error = nil }))},
		{"nothing answers through the proxy or without it, where one host answers that cannot use it", p, all(says(probe.ProxyFacts{Status: 502}, probe.ProxyTargetUnreachable), past(silent), at("push.example", func(k int, o *probe.Observation) { answer(o, k); o.Error = nil }))},
		{"the proxy cannot be reached", p, all(says(probe.ProxyFacts{Op: probe.OpConnect, Code: probe.TCPRefused}, probe.ProxyUnreachable), through(func(k int, o *probe.Observation) {
			o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: netip.AddrPortFrom(address4(200), 3128), Code: probe.TCPRefused}}}
		}))},
		{"the proxy's name does not resolve", p, says(probe.ProxyFacts{Op: probe.OpResolve, Code: probe.DNSNXDomain}, probe.ProxyUnreachable)},
		{"the proxy says nothing", p, says(probe.ProxyFacts{}, probe.ProxyBadResponse)},
		{"the proxy says nothing, and some checks took too long", p, all(says(probe.ProxyFacts{}, probe.ProxyBadResponse), over(probe.HTTP, everyHost, through(failed(probe.OpProxy, probe.Timeout))))},
		{"the proxy says nothing, and some checks failed otherwise", p, all(says(probe.ProxyFacts{}, probe.ProxyBadResponse), over(probe.HTTP, everyHost, through(failed(probe.OpProxy, probe.TLSExpired))))},
		{"the proxy asks for a password", p, says(probe.ProxyFacts{Status: 407, Schemes: []string{"NTLM", "Basic"}}, probe.ProxyAuthRequired)},
		{"the proxy accepts no authentication", p, says(probe.ProxyFacts{Offered: []string{"none", "password"}}, probe.ProxyAuthRequired)},
		{"the proxy refuses the password", p, says(probe.ProxyFacts{Offered: []string{"none", "password"}, Chosen: "password"}, probe.ProxyAuthRequired)},
		{"the proxy denies hosts", p, all(works, at("host.owner1.example", says(refused, probe.ProxyDenied)), at("host.owner2.example", says(refused, probe.ProxyDenied)))},
		{"the proxy denies a host, and offered ways to authenticate", p, all(works, at("host.owner1.example", says(probe.ProxyFacts{Reply: 2, Offered: []string{"none"}}, probe.ProxyDenied)))},
		{"port 443 is blocked, and a proxy is announced", direct, all(over(probe.HTTPS, everyHost, silent), announced("", file))},
		{"ports 443 and 80 are blocked, and a proxy is announced", direct, all(over(probe.HTTPS, everyHost, silent), over(probe.HTTP, everyHost, silent), announced("", unmentioned))},
		{"port 443 is blocked, and no proxy is announced", direct, all(over(probe.HTTPS, everyHost, silent), announced("", unread))},
		{"port 443 is blocked, and no file was found", direct, all(over(probe.HTTPS, everyHost, silent), announced("", probe.WPADFacts{Script: true}))},
		{"port 80 is blocked, and a proxy is announced", direct, all(over(probe.HTTP, everyHost, silent), announced("", file))},
	})
}

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
	c, err := new(endpoints.Catalog).With(append(ownHosts(t, 3, false, "tcp/443 https").Endpoints(), oneDomain("crl.a.example"), oneDomain("crl.b.example"), oneDomain("crl.c.example"))...)
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
	known, _ := planOfKnown(t, []int{3, 1, 1})
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
	})
}
