package probe_test

import (
	"bytes"
	"context"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	ownHost, ownHostV6 = "ncsi.contoso.com", "ncsi6.contoso.com"
	ownContent         = "Contoso"
)

// ownLong is longer than what is kept of a body.
var ownLong = strings.Repeat("Contoso.", 80)

// ownNetwork is an internet with the web servers and names of a company's own
// NCSI settings.
func ownNetwork(faults ...probetest.Fault) *probetest.Internet {
	return &probetest.Internet{
		Hosts: []string{ownHost, ownHostV6}, IPv6: true, Faults: faults,
		Addresses: map[string][]netip.Addr{"dns.contoso.com": addrs("10.1.1.1", "fd00::1")},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body := "Microsoft Connect Test"
			switch {
			case strings.HasSuffix(r.Host, ".contoso.com") && r.URL.Path == "/up.txt":
				body = ownContent
			case strings.HasSuffix(r.Host, ".contoso.com") && r.URL.Path == "/long.txt":
				body = ownLong + "\r\n"
			case strings.HasSuffix(r.Host, ".contoso.com") && r.URL.Path == "/longer.txt":
				body = ownLong + "\r\n."
			case strings.HasSuffix(r.Host, ".contoso.com"):
				w.WriteHeader(http.StatusNotFound)
				return
			}
			_, _ = w.Write([]byte(body))
		}),
	}
}

// deafConn loses what is written about a name that begins with silent.
type deafConn struct{ net.Conn }

func (c deafConn) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("silent")) {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// The settings of a machine are told, with what they lead to, and change no
// result.
func TestNCSIOwn(t *testing.T) {
	web := map[string]string{"ActiveWebProbeHost": ownHost, "ActiveWebProbePath": "up.txt", "ActiveWebProbeContent": ownContent}
	both := map[string]string{
		"ActiveWebProbeHost": ownHost, "ActiveWebProbePath": "/up.txt", "ActiveWebProbeContent": ownContent,
		"ActiveWebProbeHostV6": ownHostV6, "ActiveWebProbePathV6": "up.txt", "ActiveWebProbeContentV6": ownContent,
	}
	dns := map[string]string{"ActiveDnsProbeHost": "dns.contoso.com", "ActiveDnsProbeContent": "10.1.1.1"}
	good := probe.NCSIAnswer{Host: ownHost, Status: 200, Body: ownContent}
	good6 := probe.NCSIAnswer{Host: ownHostV6, Status: 200, Body: ownContent}
	at := func(f probetest.Fault) []probetest.Fault { return fault(probetest.At{Host: ownHost, Fault: f}) }
	tests := []struct {
		name     string
		target   probe.Target
		settings map[string]string
		faults   []probetest.Fault
		proxied  bool
		told     map[string]string // nil means all settings
		own      []probe.NCSIAnswer
		code     probe.Code
		took     time.Duration
	}{
		{name: "a web server", target: webTarget, settings: web, own: []probe.NCSIAnswer{good}},
		{name: "a web server for each family", target: webTarget, settings: both, own: []probe.NCSIAnswer{good, good6}},
		{name: "one of them through a proxy", target: webTarget, settings: both, proxied: true, own: []probe.NCSIAnswer{good}},
		{name: "a long text", target: webTarget, settings: map[string]string{"ActiveWebProbeHost": ownHost, "ActiveWebProbePath": "long.txt", "ActiveWebProbeContent": ownLong}, own: []probe.NCSIAnswer{{Host: ownHost, Status: 200, Body: ownLong[:512]}}},
		{name: "a long text, and more", target: webTarget, settings: map[string]string{"ActiveWebProbeHost": ownHost, "ActiveWebProbePath": "longer.txt", "ActiveWebProbeContent": ownLong}, own: []probe.NCSIAnswer{{Host: ownHost, Status: 200, Body: ownLong[:512], Code: probe.HTTPBodyMismatch}}},
		{name: "another text", target: webTarget, settings: map[string]string{"ActiveWebProbeHost": ownHost, "ActiveWebProbePath": "up.txt"}, own: []probe.NCSIAnswer{{Host: ownHost, Status: 200, Body: ownContent, Code: probe.HTTPBodyMismatch}}},
		{name: "another path", target: webTarget, settings: map[string]string{"ActiveWebProbeHost": ownHost}, own: []probe.NCSIAnswer{{Host: ownHost, Status: 404, Code: probe.HTTPStatus}}},
		{name: "another spelling of the path, which may be another file", target: webTarget, settings: map[string]string{"ActiveWebProbePath": "ConnectTest.txt"}, own: []probe.NCSIAnswer{{Host: "www.msftconnecttest.com", Status: 200, Body: "Microsoft Connect Test"}}},
		{name: "a redirect", target: webTarget, settings: web, faults: at(probetest.Portal{}), own: []probe.NCSIAnswer{{Host: ownHost, Status: 302, Location: "http://portal.example/login", Body: "<a href=\"http://portal.example/login\">Found</a>.", Code: probe.HTTPStatus}}},
		{name: "a name that does not exist", target: webTarget, settings: web, faults: at(probetest.NXDomain), own: []probe.NCSIAnswer{{Host: ownHost, Code: probe.DNSNXDomain}}},
		{name: "a silent web server", target: webTarget, settings: web, faults: at(probetest.At{Port: 80, Fault: probetest.Drop}), own: []probe.NCSIAnswer{{Host: ownHost, Code: probe.TCPTimeout}}, took: 2 * time.Second},
		{name: "no host name", target: webTarget, settings: map[string]string{"ActiveWebProbeHost": "http://ncsi/"}, own: []probe.NCSIAnswer{{Host: "http://ncsi/", Code: probe.NotTestable}}},
		{name: "an address of the other family", target: webTarget, settings: map[string]string{"ActiveWebProbeHost": "2001:db8::1"}, own: []probe.NCSIAnswer{{Host: "2001:db8::1", Code: probe.DNSNoData}}},
		{name: "a web server, and Microsoft's blocked", target: webTarget, settings: web, faults: fault(probetest.At{Host: "www.msftconnecttest.com", Port: 80, Fault: probetest.Refuse}, probetest.At{Host: "ipv6.msftconnecttest.com", Port: 80, Fault: probetest.Refuse}), own: []probe.NCSIAnswer{good}, code: probe.TCPRefused},
		{name: "probing turned off", target: webTarget, settings: map[string]string{"EnableActiveProbing": "0", "ActiveWebProbeHost": ownHost}},
		{name: "probing turned off by a policy", target: webTarget, settings: map[string]string{"NoActiveProbe": "1", "ActiveWebProbeHost": ownHost}},
		{name: "names for DNS, at the web probe", target: webTarget, settings: dns, told: map[string]string{}},

		{name: "a name", target: dnsTarget, settings: dns, own: []probe.NCSIAnswer{{Host: "dns.contoso.com"}}},
		{name: "a name with another address", target: dnsTarget, settings: map[string]string{"ActiveDnsProbeHost": "dns.contoso.com"}, own: []probe.NCSIAnswer{{Host: "dns.contoso.com", Code: probe.NCSIDNSMismatch}}},
		{name: "a name for IPv6", target: dnsTarget, settings: map[string]string{"ActiveDnsProbeHostV6": "dns.contoso.com", "ActiveDnsProbeContentV6": "FD00:0::1"}, own: []probe.NCSIAnswer{{Host: "dns.contoso.com"}}},
		{name: "a name that no resolver answers", target: dnsTarget, settings: map[string]string{"ActiveDnsProbeHost": "silent.contoso.com"}, own: []probe.NCSIAnswer{{Host: "silent.contoso.com", Code: probe.DNSTimeout}}, took: 2 * time.Second},
		{name: "no address", target: dnsTarget, settings: map[string]string{"ActiveDnsProbeContent": "any"}, own: []probe.NCSIAnswer{{Host: "dns.msftncsi.com", Code: probe.NotTestable}}},
		{name: "web servers, at the DNS probe", target: dnsTarget, settings: both, told: map[string]string{}},

		{name: "none", target: webTarget, settings: map[string]string{}},
		{name: "those of a new device, otherwise spelled", target: webTarget, settings: map[string]string{
			"ActiveWebProbeHost": "WWW.msftconnecttest.com.", "ActiveWebProbePath": "connecttest.txt", "ActiveWebProbeContent": "Microsoft Connect Test",
			"EnableActiveProbing": "1", "NoActiveProbe": "0",
		}, told: map[string]string{}},
		{name: "names of a new device, otherwise spelled", target: dnsTarget, settings: map[string]string{
			"ActiveDnsProbeHost": "DNS.msftncsi.com", "ActiveDnsProbeContentV6": "FD3E:4F5A:5B81:0::1",
		}, told: map[string]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := ownNetwork(tt.faults...)
				n := i.Network()
				if tt.proxied {
					proxied(i, &n)
				}
				n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
					c, err := i.DialContext(ctx, network, address)
					return deafConn{c}, err
				}
				n = n.Shared()
				plain := n.Probe(t.Context(), tt.target)
				n.Settings = tt.settings
				start := time.Now()
				o := n.Probe(t.Context(), tt.target)
				told := tt.told
				if told == nil {
					told = tt.settings
				}
				if diff := cmp.Diff(told, o.NCSI.Settings, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("settings (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.own, o.NCSI.Own, cmpopts.IgnoreFields(probe.NCSIAnswer{}, "Addresses")); diff != "" {
					t.Errorf("results (-want +got):\n%s", diff)
				}
				if o.Code() != tt.code || time.Since(start) != tt.took {
					t.Errorf("error %v after %v, want %q after %v", o.Error, time.Since(start), tt.code, tt.took)
				}
				o.NCSI.Settings, o.NCSI.Own = nil, nil
				if diff := cmp.Diff(plain.NCSI, o.NCSI, equatable); diff != "" || plain.Code() != o.Code() || len(plain.Steps) != len(o.Steps) {
					t.Errorf("without the settings it is %v in %d steps, with them %v in %d:\n%s", plain.Error, len(plain.Steps), o.Error, len(o.Steps), diff)
				}
			})
		})
	}
}

// Every system has settings that can be read, if only none.
func TestLoadSettings(t *testing.T) {
	n := probe.Network{Resolvers: []netip.AddrPort{}, SearchDomains: []string{}, HostsFile: map[string][]netip.Addr{}}
	read, err := n.Load()
	if err != nil || read.Settings == nil {
		t.Errorf("settings %v, error %v", read.Settings, err)
	}
	n.Settings = map[string]string{"NoActiveProbe": "1"}
	if given, err := n.Load(); err != nil || !maps.Equal(given.Settings, n.Settings) {
		t.Errorf("given %v, loaded %v, error %v", n.Settings, given.Settings, err)
	}
}

// ownServer has the machine ask the test's host instead of Microsoft's.
func ownServer(_ *probetest.Internet, n *probe.Network) {
	n.Settings = map[string]string{"ActiveWebProbeHost": host}
}

// What waits only for the machine's own server ends with its context, and the
// result stands.
// A machine's own server that is silent takes no time from the second attempt at
// Microsoft's.
func TestNCSIOwnLeavesTimeForAnotherAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		i := ownNetwork(
			probetest.At{Host: ownHost, Port: 80, Fault: probetest.Drop},
			probetest.At{Host: "www.msftconnecttest.com", Port: 80, Fault: probetest.Once{Fault: probetest.Reset}},
		)
		i.IPv6 = false
		n := i.Network()
		n.Settings = map[string]string{"ActiveWebProbeHost": ownHost, "ActiveWebProbePath": "up.txt", "ActiveWebProbeContent": ownContent}
		if o := n.Probe(ctx, webTarget); !o.OK() || o.Attempts != 2 {
			t.Errorf("%v after %d attempts", o.Error, o.Attempts)
		}
	})
}

func TestNCSIOwnCanceled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		time.AfterFunc(time.Second, cancel)
		s := situation{faults: fault(probetest.At{Host: host, Port: 80, Fault: probetest.Drop}), machine: ownServer, prober: ncsi, target: webTarget}
		o := s.observe(ctx, s.internet())
		want := []probe.NCSIAnswer{{Host: host, Code: probe.Canceled}}
		if diff := cmp.Diff(want, o.NCSI.Own, cmpopts.IgnoreFields(probe.NCSIAnswer{}, "Addresses")); diff != "" || !o.OK() || o.Duration != time.Second {
			t.Errorf("error %v after %v (-want +got):\n%s", o.Error, o.Duration, diff)
		}
	})
}
