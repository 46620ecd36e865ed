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

// windowsHosts is a plan of Windows' connectivity probe, its time server and three
// hosts over plain HTTP.
func windowsHosts(t *testing.T) *readiness.Plan {
	t.Helper()
	list := append(ownHosts(t, 3, false, "tcp/80 http").Endpoints(),
		endpoint(t, endpoints.ServiceNCSI, "www.msftconnecttest.com", nil, "tcp/80 http"),
		endpoint(t, endpoints.ServiceNTP, "time.windows.com", nil, "udp/123 ntp"))
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	return planOn(t, autopilot(), c, probe.Network{})
}

// A page that all other hosts give is no portal if anything else answers Windows' own
// probe, right or wrong.
func TestLimitsOfWindowsProbe(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer *probe.NCSIAnswer
		code   probe.Code
		portal bool
	}{
		{"the expected answer", &probe.NCSIAnswer{Status: 200}, "", false},
		{"another answer", &probe.NCSIAnswer{Status: 404, Code: probe.HTTPStatus}, probe.HTTPStatus, false},
		{"no answer", &probe.NCSIAnswer{Code: probe.TCPTimeout}, probe.TCPTimeout, true},
		{"the portal's own", &probe.NCSIAnswer{Status: 302, Code: probe.HTTPCaptivePortal, Location: "http://portal.example/"}, probe.HTTPCaptivePortal, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := windowsHosts(t)
			obs := reached(p)
			for i := range obs {
				switch obs[i].Target.Protocol {
				case probe.NCSI:
					obs[i].NCSI = &probe.NCSIFacts{IPv4: tt.answer}
					if tt.code != "" {
						obs[i].Error = &probe.Error{Op: probe.OpRequest, Code: tt.code}
					}
				case probe.HTTP:
					answer(&obs[i], i)
					obs[i].HTTP.Body = "Sign in to this network."
				}
			}
			if got := codes(judge(t, p, obs, readiness.Policy{})); slices.Contains(got, readiness.CauseCaptivePortal) != tt.portal {
				t.Errorf("causes %v, want a portal: %t", got, tt.portal)
			}
		})
	}
}

// Evidence quotes what Windows' own hosts showed.
func TestWordsOfWindowsHosts(t *testing.T) {
	for _, tt := range []struct {
		name   string
		proto  probe.Protocol
		change func(o *probe.Observation)
		want   string
	}{
		{"the only address of a time server", probe.NTP, func(o *probe.Observation) {
			o.DNS = &probe.DNSFacts{Name: o.Target.Host, Addresses: []netip.Addr{address4(0)}}
			o.Error = &probe.Error{Op: probe.OpClock, Code: probe.NTPTimeout}
		}, "did not answer at [203.0.113.1]"},
		{"a page in place of the expected one", probe.NCSI, func(o *probe.Observation) {
			o.NCSI = &probe.NCSIFacts{IPv4: &probe.NCSIAnswer{Status: 404, Body: "Not here"}}
			o.Error = &probe.Error{Op: probe.OpRequest, Code: probe.HTTPStatus}
		}, `status 404: "Not here"`},
		{"a redirect over one family", probe.NCSI, func(o *probe.Observation) {
			o.NCSI = &probe.NCSIFacts{
				IPv4: &probe.NCSIAnswer{Status: 200},
				IPv6: &probe.NCSIAnswer{Status: 302, Code: probe.HTTPCaptivePortal, Location: "http://portal.example/"},
			}
		}, `status 302 to "http://portal.example/" (`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := windowsHosts(t)
			obs := reached(p)
			for i := range obs {
				if obs[i].Target.Protocol == tt.proto {
					tt.change(&obs[i])
				}
			}
			r := judge(t, p, obs, readiness.Policy{})
			if len(r.Causes) != 1 || !strings.Contains(strings.Join(r.Causes[0].Evidence, "\n"), tt.want) {
				t.Errorf("causes %+v, want %q in one", r.Causes, tt.want)
			}
		})
	}
}
