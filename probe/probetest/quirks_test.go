package probetest_test

import (
	"crypto/tls"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const oddHost = "odd.example"

// A seen is the result of probing a host.
type seen struct {
	Code   probe.Code
	By     string // the root set that verified the chain
	Served int    // certificates
}

func seenIn(o probe.Observation) seen {
	var got seen
	if o.Error != nil {
		got.Code = o.Error.Code
	}
	if o.TLS != nil {
		got.By, got.Served = o.TLS.VerifiedBy, len(o.TLS.Chain)
	}
	return got
}

func TestChainsOfGenuineIssuers(t *testing.T) {
	fetching := probetest.At{Host: "aia.probetest.example", Fault: probetest.Drop}
	tests := []struct {
		name   string
		quirk  probetest.Fault
		bundle bool
		faults []probetest.Fault
		want   seen
	}{
		{"the usual public CA", nil, false, nil, seen{By: "public", Served: 2}},
		{"another public CA", probetest.OtherIssuer, true, nil, seen{By: "public", Served: 2}},
		{"a root of Windows', on Windows", probetest.WindowsRoot, false, nil, seen{By: "public", Served: 2}},
		{"a root of Windows', on a machine with the public bundle", probetest.WindowsRoot, true, nil, seen{By: "public", Served: 2}},
		{"a cross-signed root, on Windows", probetest.CrossSigned, false, nil, seen{By: "public", Served: 3}},
		{"a cross-signed root, on a machine with the public bundle", probetest.CrossSigned, true, nil, seen{By: "public", Served: 3}},
		{"a cross-signed root that is not served, on Windows", probetest.CrossSignMissing, false, []probetest.Fault{fetching}, seen{By: "public", Served: 2}},
		{"a cross-signed root that is not served and can be fetched", probetest.CrossSignMissing, true, nil, seen{By: "public", Served: 2}},
		{
			"a cross-signed root that is not served and cannot be fetched", probetest.CrossSignMissing, true,
			[]probetest.Fault{fetching},
			seen{Code: probe.TLSUntrusted, Served: 2},
		},
		{"inspection of a host with a root of Windows'", probetest.WindowsRoot, false, []probetest.Fault{probetest.Inspect{}}, seen{Code: probe.TLSInspected, By: "machine", Served: 2}},
		{"a stranger in place of a host with a cross-signed root", probetest.CrossSigned, false, []probetest.Fault{probetest.Untrusted}, seen{Code: probe.TLSUntrusted, Served: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Hosts: []string{oddHost}, PublicBundle: tt.bundle, Faults: tt.faults,
					Quirks: []probetest.Fault{probetest.At{Host: oddHost, Port: 443, Fault: tt.quirk}},
				}
				o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.HTTPS, Host: oddHost, Port: 443})
				if o.Error == nil && (o.Revocation == nil || o.Revocation.Code != "" || len(o.Revocation.Sources) == 0) {
					t.Errorf("revocation %+v", o.Revocation)
				}
				if diff := cmp.Diff(tt.want, seenIn(o)); diff != "" {
					t.Errorf("(-want +got):\n%s%v", diff, o.Error)
				}
			})
		})
	}
}

// Machines do not trust every genuine CA.
func TestRootsOfMachines(t *testing.T) {
	for _, tt := range []struct {
		name    string
		quirk   probetest.Fault
		bundle  bool
		trusted bool
	}{
		{"a root of Windows', on Windows", probetest.WindowsRoot, false, true},
		{"a root of Windows', on a machine with the public bundle", probetest.WindowsRoot, true, false},
		{"another public CA, on a machine with the public bundle", probetest.OtherIssuer, true, true},
		{"a cross-signed root, on a machine with the public bundle", probetest.CrossSigned, true, true},
		{"a cross-signed root that is not served, on a machine with the public bundle", probetest.CrossSignMissing, true, false},
		{"a cross-signed root that is not served, on Windows", probetest.CrossSignMissing, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{oddHost}, PublicBundle: tt.bundle, Quirks: []probetest.Fault{tt.quirk}}
				_, err := handshake(t.Context(), i, addresses(t, i, oddHost, dns.TypeA)[0].String()+":443", &tls.Config{ServerName: oddHost})
				if trusted := err == nil; trusted != tt.trusted {
					t.Errorf("trusted %v, want %v: %v", trusted, tt.trusted, err)
				}
			})
		})
	}
}

// Whatever is normal, a fault of the network comes first.
func TestFaultsWinOverQuirks(t *testing.T) {
	quirks := []probetest.Fault{
		probetest.At{Host: oddHost, Port: 443, Fault: probetest.Certificate{Names: []string{"cdn.example"}}},
		probetest.At{Host: oddHost, Port: 80, Fault: probetest.Page{Status: 404}},
	}
	https, http := probe.Target{Protocol: probe.HTTPS, Host: oddHost, Port: 443}, probe.Target{Protocol: probe.HTTP, Host: oddHost, Port: 80}
	for _, tt := range []struct {
		name   string
		faults []probetest.Fault
		target probe.Target
		want   probe.Code
		status int
		names  []string
	}{
		{name: "a certificate of a CDN", target: https, want: probe.TLSNameMismatch, names: []string{"cdn.example"}},
		{name: "a status", target: http, status: 404},
		{name: "a port that a firewall closes", faults: []probetest.Fault{probetest.At{Port: 80, Fault: probetest.Refuse}}, target: http, want: probe.TCPRefused},
		{name: "a block page", faults: []probetest.Fault{probetest.BlockPage{}}, target: http, want: probe.HTTPBlockPage, status: 403},
		{name: "inspection, with a certificate for the name", faults: []probetest.Fault{probetest.Inspect{}}, target: https, want: probe.TLSInspected, names: []string{oddHost}},
		{name: "an expired certificate of a CDN", faults: []probetest.Fault{probetest.Expired}, target: https, want: probe.TLSNameMismatch, names: []string{"cdn.example"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{oddHost}, Faults: tt.faults, Quirks: quirks}
				o := i.Network().Probe(t.Context(), tt.target)
				if got := seenIn(o).Code; got != tt.want {
					t.Errorf("code %q, want %q", got, tt.want)
				}
				if o.HTTP != nil && o.HTTP.Status != tt.status && tt.status != 0 {
					t.Errorf("status %d, want %d", o.HTTP.Status, tt.status)
				}
				var names []string
				if o.TLS != nil && len(o.TLS.Chain) > 0 {
					names = o.TLS.Chain[0].DNSNames
				}
				if diff := cmp.Diff(tt.names, names); diff != "" {
					t.Errorf("names (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestHostsWithoutIPv6(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"a.example", "b.example", "c.old.example"}, IPv6: true, IPv4Only: []string{"a.example", "*.old.example"}}
		got := make(map[string][]netip.Addr)
		for _, host := range i.Hosts {
			got[host] = addresses(t, i, host, dns.TypeAAAA)
		}
		if len(got["a.example"]) != 0 || len(got["b.example"]) != 1 || len(got["c.old.example"]) != 0 {
			t.Errorf("IPv6 addresses %v", got)
		}
		if v4 := addresses(t, i, "a.example", dns.TypeA); len(v4) != 1 {
			t.Errorf("IPv4 addresses %v", v4)
		}
	})
}
