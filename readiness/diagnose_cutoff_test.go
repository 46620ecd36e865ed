package readiness_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// What an unfinished check has learned accuses nobody; the same facts of a
// finished one do.
func TestFactsOfUnfinishedChecksAccuseNobody(t *testing.T) {
	proxied := through()
	tests := []struct {
		name   string
		on     probe.Network
		finish *probe.Error // how the checks end if they are not cut off
		learn  func(o *probe.Observation) bool
		cause  readiness.CauseCode
	}{
		{
			"dates of genuine web servers",
			probe.Network{},
			nil,
			func(o *probe.Observation) bool {
				if o.Target.Protocol != probe.HTTPS {
					return false
				}
				o.Steps = []probe.Step{{Op: probe.OpRequest, Start: time.Unix(1e9, 0)}}
				o.HTTP = &probe.HTTPFacts{Status: 200, Date: time.Unix(1e9, 0).Add(time.Hour)}
				o.TLS = &probe.TLSFacts{VerifiedBy: "public"}
				return true
			}, readiness.CauseClockWrong,
		},
		{
			"one redirect for everyone",
			probe.Network{},
			nil,
			func(o *probe.Observation) bool {
				if o.Target.Protocol == probe.HTTP {
					o.HTTP = &probe.HTTPFacts{Status: 302, Location: "http://portal.example/"}
				}
				if o.Target.Protocol == probe.NCSI {
					o.Error = &probe.Error{Op: probe.OpConnect, Code: probe.Canceled} // or it would decide alone
				}
				return o.Target.Protocol == probe.HTTP
			}, readiness.CauseCaptivePortal,
		},
		{
			"a name in the hosts file",
			probe.Network{},
			nil,
			func(o *probe.Observation) bool {
				if o.Target.Host != "login.live.com" {
					return false
				}
				o.DNS = &probe.DNSFacts{Name: o.Target.Host, HostsFile: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}
				return true
			}, readiness.CauseDNSOverridden,
		},
		{
			"one address of two that is silent",
			probe.Network{},
			nil,
			func(o *probe.Observation) bool {
				if o.Target.String() != "https login.live.com:443" {
					return false
				}
				o.TCP = &probe.TCPFacts{Dials: []probe.Dial{
					{Addr: netip.MustParseAddrPort("192.0.2.1:443"), Code: probe.TCPTimeout},
					{Addr: netip.MustParseAddrPort("192.0.2.2:443")},
				}}
				return true
			}, readiness.CauseAddressPartial,
		},
		{
			"a connection over IPv4, which another host does not get",
			probe.Network{},
			nil,
			func(o *probe.Observation) bool {
				v4, v6 := netip.MustParseAddrPort("192.0.2.1:443"), netip.MustParseAddrPort("[2001:db8::1]:443")
				switch o.Target.String() {
				case "https login.live.com:443":
					o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: v4, Code: probe.TCPTimeout}, {Addr: v6}}}
				case "https cs.dds.microsoft.com:443":
					o.TCP = &probe.TCPFacts{Dials: []probe.Dial{{Addr: v4}}}
					return true
				}
				return false
			}, readiness.CauseAddressPartial,
		},
		{
			"looked up without the proxy, and no answer", proxied, &probe.Error{Op: probe.OpResolve, Code: probe.DNSTimeout},
			func(o *probe.Observation) bool {
				if !o.Target.Direct && (o.Target.Protocol == probe.HTTPS || o.Target.Protocol == probe.HTTP) {
					o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"}
				}
				return o.Target.Direct
			}, readiness.CauseProxyRequired,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, cut := range []bool{false, true} {
				p := planOn(t, autopilot(), nil, tt.on)
				obs := reached(p)
				for i := range obs {
					o := obs[i]
					learned := tt.learn(&o)
					switch {
					case !learned: // finished in any case
					case cut:
						o.Error = &probe.Error{Op: probe.OpResolve, Code: probe.Canceled}
					default:
						o.Error = tt.finish
					}
					obs[i] = o
				}
				r := judge(t, p, obs, readiness.Policy{})
				if got := slices.Contains(codes(r), tt.cause); got == cut {
					t.Errorf("cut off %v: causes %v", cut, codes(r))
				}
				if cut && (len(r.Causes) > 0 || r.Verdict != readiness.Unproven) {
					t.Errorf("cut off: %s, causes %v", r.Verdict, codes(r))
				}
			}
		})
	}
}

// An unfinished check that was answered speaks against what others suggest.
func TestFactsOfUnfinishedChecksSpeakForOthers(t *testing.T) {
	p := plan(t, autopilot())
	obs := reached(p)
	var last *probe.Observation
	for i := range obs {
		if obs[i].Target.Protocol != probe.HTTP && obs[i].Target.Protocol != probe.NCSI {
			continue
		}
		last = &obs[i]
		last.HTTP = &probe.HTTPFacts{Status: 302, Location: "http://portal.example/"}
		if last.Target.Protocol == probe.NCSI {
			last.Error = &probe.Error{Op: probe.OpConnect, Code: probe.Canceled}
		}
	}
	if r := judge(t, p, obs, readiness.Policy{}); !slices.Contains(codes(r), readiness.CauseCaptivePortal) {
		t.Fatalf("causes %v, want a portal", codes(r))
	}
	last.HTTP, last.Error = &probe.HTTPFacts{Status: 200, Body: "as it should be"}, &probe.Error{Op: probe.OpBody, Code: probe.Canceled}
	if r := judge(t, p, obs, readiness.Policy{}); slices.Contains(codes(r), readiness.CauseCaptivePortal) {
		t.Errorf("a portal, although %s was answered otherwise", last.Target)
	}
}

// A proxy that an unfinished check saw announced is not the reason why a port
// is blocked.
func TestAnUnfinishedCheckAnnouncesNoProxy(t *testing.T) {
	for code, want := range map[probe.Code]readiness.CauseCode{"": readiness.CauseProxyRequired, probe.Canceled: readiness.CauseHTTPSBlocked} {
		p := planOn(t, autopilot(), nil, inDomain())
		obs := reached(p)
		for i := range obs {
			switch obs[i].Target.Protocol {
			case probe.HTTPS:
				obs[i].Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
			case probe.WPAD:
				obs[i].WPAD = &probe.WPADFacts{URL: "http://wpad.corp.contoso.com/wpad.dat", Script: true}
				if code != "" {
					obs[i].Error = &probe.Error{Op: probe.OpBody, Code: code}
				}
			}
		}
		if r := judge(t, p, obs, readiness.Policy{}); len(r.Causes) != 1 || r.Causes[0].Code != want {
			t.Errorf("%q: causes %v, want %s", code, codes(r), want)
		}
	}
}

// A port that is blocked for all that was tried need not be for the rest.
func TestABlockedPortIsOnlyBlockedForWhatWasTried(t *testing.T) {
	const every, tried = "TCP port 443 is blocked", "TCP port 443 is blocked for every host tried"
	for _, cut := range []int{0, 1, 100} { // hosts
		p := plan(t, autopilot())
		obs := reached(p)
		n := 0
		for i := range obs {
			if obs[i].Target.Protocol != probe.HTTPS {
				continue
			}
			n++
			obs[i].Error = &probe.Error{Op: probe.OpConnect, Code: probe.TCPTimeout}
			if n <= cut {
				obs[i].Error.Code = probe.Canceled
			}
		}
		r := judge(t, p, obs, readiness.Policy{})
		want := every
		if cut > 0 {
			want = tried
		}
		if len(r.Causes) != 1 || r.Causes[0].Title != want {
			t.Fatalf("%d cut off: %v, want %s", cut, failures(r)[:min(8, len(failures(r)))], want)
		}
		if last := r.Causes[0].Evidence[len(r.Causes[0].Evidence)-1]; strings.Contains(last, "not completed") != (cut > 0) {
			t.Errorf("%d cut off: evidence %s", cut, last)
		}
	}
}
