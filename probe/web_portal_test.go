package probe_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// An answerer is who answered, according to the facts.
type answerer struct {
	Code     probe.Code
	Status   int
	Location string
	Title    string
	Vendor   string
	Issuer   string // the organization that issued the certificate
}

func answererOf(o probe.Observation) answerer {
	a := answerer{Code: o.Code()}
	if o.HTTP != nil {
		a.Status, a.Location, a.Title, a.Vendor = o.HTTP.Status, o.HTTP.Location, o.HTTP.Title, o.HTTP.Vendor
	}
	if o.TLS != nil && len(o.TLS.Chain) > 0 {
		a.Issuer = o.TLS.Chain[0].Organization
	}
	return a
}

// The facts show who answered instead of the host, with or without TLS.
func TestWhoAnswered(t *testing.T) {
	const signIn = "http://portal.example/login"
	const public, unknown, gateway = "Probetest Public Trust", "Probetest Unknown", "Example Web Gateway"
	elsewhere := probetest.Page{Status: 302, Header: http.Header{"Location": {"https://n1.network-auth.com/splash/"}}}
	tests := []struct {
		name   string
		faults []probetest.Fault
		http   answerer
		https  answerer
	}{
		{"the host", nil, answerer{Status: 200}, answerer{Status: 200, Issuer: public}},
		{"a portal by 302", fault(probetest.Portal{}), answerer{Status: 302, Location: signIn}, answerer{Status: 200, Issuer: public}},
		{"a portal by 302, over TLS too", fault(probetest.Portal{TLS: true}), answerer{Status: 302, Location: signIn}, answerer{Code: probe.TLSUntrusted, Status: 302, Location: signIn, Issuer: unknown}},
		{"a portal by 303", fault(probetest.Portal{Status: 303, TLS: true}), answerer{Status: 303, Location: signIn}, answerer{Code: probe.TLSUntrusted, Status: 303, Location: signIn, Issuer: unknown}},
		{"a portal by 307", fault(probetest.Portal{Status: 307, TLS: true}), answerer{Status: 307, Location: signIn}, answerer{Code: probe.TLSUntrusted, Status: 307, Location: signIn, Issuer: unknown}},
		{"a portal in place", fault(probetest.Portal{Status: 200, TLS: true}), answerer{Status: 200}, answerer{Code: probe.TLSUntrusted, Status: 200, Issuer: unknown}},
		{"a portal that says so", fault(probetest.Portal{Status: 511, TLS: true}), answerer{Code: probe.HTTPCaptivePortal, Status: 511}, answerer{Code: probe.TLSUntrusted, Status: 511, Issuer: unknown}},
		{"a portal with a certificate for its own name", fault(elsewhere, probetest.WrongName), answerer{Status: 302, Location: "https://n1.network-auth.com/splash/", Vendor: "Cisco Meraki"}, answerer{Code: probe.TLSNameMismatch, Status: 302, Location: "https://n1.network-auth.com/splash/", Vendor: "Cisco Meraki", Issuer: public}},
		{"a filter", fault(probetest.BlockPage{}), answerer{Code: probe.HTTPBlockPage, Status: 403, Title: "Access denied", Vendor: "Squid"}, answerer{Status: 403, Title: "Access denied", Issuer: public}},
		{"a filter behind inspection", fault(probetest.BlockPage{}, probetest.Inspect{}), answerer{Code: probe.HTTPBlockPage, Status: 403, Title: "Access denied", Vendor: "Squid"}, answerer{Code: probe.TLSInspected, Status: 403, Title: "Access denied", Vendor: "Squid", Issuer: gateway}},
		{"a filter behind an unknown certificate", fault(probetest.BlockPage{}, probetest.Untrusted), answerer{Code: probe.HTTPBlockPage, Status: 403, Title: "Access denied", Vendor: "Squid"}, answerer{Code: probe.TLSUntrusted, Status: 403, Title: "Access denied", Vendor: "Squid", Issuer: unknown}},
		{"nobody", fault(probetest.At{Network: "tcp", Fault: probetest.Drop}), answerer{Code: probe.TCPTimeout}, answerer{Code: probe.TCPTimeout}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: test.faults}
				if diff := cmp.Diff(test.http, answererOf(plain(i.Network()).Probe(t.Context(), httpTarget))); diff != "" {
					t.Errorf("HTTP (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.https, answererOf(secure(i.Network()).Probe(t.Context(), httpsTarget))); diff != "" {
					t.Errorf("HTTPS (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// One filter's pages for many hosts differ, but share their title.
func TestPagesOfOneFilter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"a.example", "b.example"}, Faults: fault(probetest.BlockPage{})}
		var titles, bodies []string
		for _, name := range i.Hosts {
			o := plain(i.Network()).Probe(t.Context(), probe.Target{Host: name})
			titles, bodies = append(titles, o.HTTP.Title), append(bodies, o.HTTP.Body)
		}
		if titles[0] == "" || titles[0] != titles[1] || bodies[0] == bodies[1] {
			t.Errorf("titles %q, bodies %q", titles, bodies)
		}
	})
}

// A page that redirects by markup or script is neither followed nor searched
// for its target.
func TestPageThatRedirects(t *testing.T) {
	for _, body := range []string{
		`<html><head><meta http-equiv="refresh" content="0; url=http://portal.example/"></head></html>`,
		`<html><script>window.location="http://portal.example/"</script></html>`,
	} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{host, "portal.example"}, Faults: raw(fmt.Sprintf("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: %d\n\n%s", len(body), body))}
			o := i.Network().Probe(t.Context(), httpTarget)
			if !o.OK() || o.HTTP.Location != "" || len(o.HTTP.Redirects) != 0 || o.HTTP.Body != body {
				t.Errorf("error %v, %+v", o.Error, o.HTTP)
			}
		})
	}
}
