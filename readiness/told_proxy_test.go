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
