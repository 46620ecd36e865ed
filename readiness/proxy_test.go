package readiness_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestProxyBySituation(t *testing.T) {
	domain, proxied := inDomain(), through()
	wpad := map[string][]netip.Addr{"wpad.corp.contoso.com": {netip.MustParseAddr("10.0.0.80")}}
	script := probetest.At{Host: "wpad.corp.contoso.com", Fault: probetest.Page{
		Header: http.Header{"Content-Type": {"application/x-ns-proxy-autoconfig"}},
		Body:   `function FindProxyForURL(url, host) { return "PROXY proxy.corp.contoso.com:8080"; }`,
	}}
	direct := func(f probetest.Fault) probetest.Fault { return probetest.At{Network: "tcp", Direct: true, Fault: f} }
	web := []probetest.Fault{script, onPort("tcp", 443, probetest.Drop)}
	tests := []struct {
		name  string
		on    probe.Network
		net   *probetest.Internet
		proxy bool
		want  summary
	}{
		{
			"a domain without a proxy", domain, &probetest.Internet{}, false,
			summary{readiness.Ready, nil, ""},
		},
		{
			"a proxy is announced, and the way out is open", domain,
			&probetest.Internet{Addresses: wpad, Faults: []probetest.Fault{script}}, false,
			summary{readiness.Ready, nil, ""},
		},
		{
			"a proxy is announced, and the way out is blocked", domain,
			&probetest.Internet{Addresses: wpad, Faults: web}, false,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyRequired}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a proxy is announced, and the way out loses large packets", domain,
			&probetest.Internet{Addresses: wpad, Latency: 20 * time.Millisecond, Faults: []probetest.Fault{script, probetest.PathMTU{}}}, false,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CausePathMTU}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a proxy that is not needed", proxied, &probetest.Internet{}, true,
			summary{readiness.Ready, nil, ""},
		},
		{
			"a proxy that is needed", proxied,
			&probetest.Internet{Faults: []probetest.Fault{
				direct(probetest.At{Port: 443, Fault: probetest.Drop}), direct(probetest.At{Port: 80, Fault: probetest.Drop}),
			}}, true,
			summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseProxyRequired}, ""}, // for notifications, which cannot go through it
		},
		{
			"a proxy that is needed and denies a host", proxied,
			&probetest.Internet{Faults: []probetest.Fault{
				direct(probetest.At{Port: 443, Fault: probetest.Drop}), probetest.At{Host: "login.live.com", Fault: probetest.ProxyDeny{}},
			}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyDenied, readiness.CauseProxyRequired}, endpoints.PhaseDeviceIdentity},
		},
		{
			"a proxy on which nothing listens, and no way around it", proxied,
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Port: 3128, Fault: probetest.Refuse}, direct(probetest.At{Port: 443, Fault: probetest.Drop}),
			}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyUnreachable, readiness.CauseProxyRequired}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a proxy that is not needed, and notifications are blocked", proxied,
			&probetest.Internet{Faults: []probetest.Fault{direct(probetest.At{Host: "client.wns.windows.com", Fault: probetest.Drop})}}, true,
			summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseHostUnreachable}, ""},
		},
		{
			"a proxy that demands authentication", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.ProxyAuth{}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyAuthRequired}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a time server that lies, seen from behind a proxy", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.NTPAnswer{Ahead: 3 * time.Hour}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a proxy that accepts connections and says nothing", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Silence}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a proxy that resets connections", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Reset}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a proxy that is not what answers there", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Garbage{}}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a proxy whose name the resolver does not tell", proxied,
			&probetest.Internet{Faults: []probetest.Fault{onPort("", 53, probetest.Drop)}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a proxy, and no route to anywhere", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.Unreachable{}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseNetworkDown}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a resolver makes names up, that of a proxy too, and their address is dead", domain,
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.Rewrite{}, probetest.At{Addrs: netip.MustParsePrefix("203.0.113.80/32"), Fault: probetest.Drop},
			}}, false,
			summary{readiness.Degraded, []readiness.CauseCode{readiness.CauseDNSRewriting}, ""},
		},
		{
			"a proxy on which nothing listens", proxied,
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Port: 3128, Fault: probetest.Refuse}}}, true,
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseProxyUnreachable}, endpoints.PhaseNetworkBringUp},
		},
	}
	for _, tt := range sampletest.Of(tests) {
		for name, w := range worlds() {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					p := planOn(t, autopilot(), nil, tt.on)
					i := w(p, tt.net)
					n := i.Network()
					if tt.proxy {
						u := i.ProxyURL()
						n.Proxy = func(probe.Target) (*url.URL, error) { return u, nil }
					}
					r, err := assessPlan(t.Context(), readiness.Runner{Network: n}, p)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(tt.want, summarize(r).inAnyWorld()); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
						for _, c := range r.Causes {
							t.Log(c.Code, c.Title, c.Evidence)
						}
					}
					for _, c := range r.Causes {
						if slices.Contains(c.Evidence, "") {
							t.Errorf("%s has an empty line of evidence: %q", c.Code, c.Evidence)
						}
					}
				})
			})
		}
	}
}

// TestClosedBehindProxy: direct connections are closed on networks with a proxy.
// That is no fault of its own, whatever the proxy does, except for what cannot use
// a proxy.
func TestClosedBehindProxy(t *testing.T) {
	closed := probetest.At{Network: "tcp", Port: 443, Direct: true, Fault: probetest.Drop}
	rejected := probetest.At{Network: "tcp", Port: 443, Direct: true, Fault: probetest.Refuse}
	net := func(f ...probetest.Fault) *probetest.Internet { return &probetest.Internet{Faults: f} }
	at := func(c readiness.CauseCode) summary {
		return summary{blocked, causes{c, readiness.CauseProxyRequired}, endpoints.PhaseNetworkBringUp}
	}
	shut := func(host string) probetest.Fault {
		return probetest.At{Host: host, Network: "tcp", Port: 443, Direct: true, Fault: probetest.Drop}
	}
	onProxy := func(f probetest.Fault) probetest.Fault {
		return probetest.At{Network: "tcp", Addrs: netip.MustParsePrefix("192.0.2.80/32"), Fault: f}
	}
	var tests []spot
	for _, scheme := range []string{"http", "socks5"} {
		const offered = "SOCKS authentication offered"
		asks, silent := []string{offered}, []string(nil)
		if scheme == "http" {
			asks, silent = nil, []string{offered}
		}
		tests = append(tests,
			spot{scheme + ", which works", net(closed), summary{degraded, causes{readiness.CauseProxyRequired}, ""}, []string{"only through the proxy", "cannot use a proxy"}, nil, scheme},
			spot{scheme + ", which works, and nothing is closed", net(), summary{ready, nil, ""}, nil, nil, scheme},
			spot{scheme + ", which demands credentials", net(closed, probetest.ProxyAuth{}), at(readiness.CauseProxyAuthRequired), asks, silent, scheme},
			spot{scheme + ", which denies everything", net(rejected, probetest.ProxyDeny{}), at(readiness.CauseProxyDenied), nil, []string{offered}, scheme},
			spot{scheme + ", which is dead", net(closed, onProxy(probetest.Drop)), at(readiness.CauseProxyUnreachable), nil, []string{offered}, scheme},
			spot{scheme + ", which says nothing", net(closed, onProxy(probetest.Silence)), at(readiness.CauseProxyUnreachable), nil, []string{offered}, scheme},
		)
	}
	tests = append(tests, spot{
		"a proxy that demands credentials, and notifications get out",
		net(probetest.ProxyAuth{}, shut("login.live.com"), shut("ztd.dds.microsoft.com"), shut("aadcdn.msauth.net"), shut("aadcdn.msftauth.net")),
		summary{blocked, causes{readiness.CauseProxyAuthRequired}, endpoints.PhaseNetworkBringUp},
		nil, nil, "http",
	}, spot{
		"a proxy that demands credentials, and nothing is closed", net(probetest.ProxyAuth{}),
		summary{blocked, causes{readiness.CauseProxyAuthRequired}, endpoints.PhaseNetworkBringUp},
		nil, nil, "http",
	})
	spots(t, tests)
}
