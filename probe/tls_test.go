package probe_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// Issuer, name and time: the first fault decides, and the facts hold all of
// them.
func TestChains(t *testing.T) {
	type authority struct {
		name       string
		fault      probetest.Fault
		verifiedBy string
		code       probe.Code
	}
	authorities := []authority{
		{"public", nil, "public", ""},
		{"inspecting", probetest.Inspect{}, "machine", probe.TLSInspected},
		{"unknown", probetest.Untrusted, "", probe.TLSUntrusted},
	}
	names := []struct {
		name  string
		fault probetest.Fault
		code  probe.Code
	}{
		{"right name", nil, ""},
		{"wrong name", probetest.WrongName, probe.TLSNameMismatch},
	}
	times := []struct {
		name  string
		fault probetest.Fault
		code  probe.Code
	}{
		{"valid", nil, ""},
		{"expired", probetest.Certificate{From: -48 * time.Hour, Until: -24 * time.Hour}, probe.TLSExpired},
		{"not yet valid", probetest.Certificate{From: 24 * time.Hour, Until: 48 * time.Hour}, probe.TLSNotYetValid},
	}
	for _, a := range authorities {
		for _, n := range names {
			for _, v := range times {
				t.Run(fmt.Sprint(a.name, ", ", n.name, ", ", v.name), func(t *testing.T) {
					want := a.code
					if want == "" {
						want = n.code
					}
					if want == "" {
						want = v.code
					}
					s := situation{prober: secure, target: httpsTarget, code: want}
					for _, f := range []probetest.Fault{a.fault, n.fault, v.fault} {
						if f != nil {
							s.faults = append(s.faults, f)
						}
					}
					synctest.Test(t, func(t *testing.T) {
						o := s.observe(t.Context(), s.internet())
						if o.Code() != want {
							t.Errorf("error = %v, want %q", o.Error, want)
						}
						if o.TLS.VerifiedBy != a.verifiedBy || o.TLS.NameMatches != (n.fault == nil) {
							t.Errorf("verified by %q, name matches: %t; want %q, %t", o.TLS.VerifiedBy, o.TLS.NameMatches, a.verifiedBy, n.fault == nil)
						}
						if leaf := o.TLS.Chain[0]; a.verifiedBy != "" && (o.TLS.ValidFrom != leaf.NotBefore || o.TLS.ValidUntil != leaf.NotAfter) {
							t.Errorf("valid from %v until %v, want %v, %v", o.TLS.ValidFrom, o.TLS.ValidUntil, leaf.NotBefore, leaf.NotAfter)
						}
						if o.HTTP == nil || o.HTTP.Status != 200 {
							t.Errorf("HTTP facts = %+v, want the answer even so", o.HTTP)
						}
					})
				})
			}
		}
	}
}

// The facts show a wrong local clock: the chain is genuine and valid at another
// time.
func TestWrongClock(t *testing.T) {
	for skew, want := range map[time.Duration]probe.Code{
		-20 * 365 * 24 * time.Hour: probe.TLSNotYetValid,
		20 * 365 * 24 * time.Hour:  probe.TLSExpired,
	} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{host}, Skew: -skew}
			o := secure(i.Network()).Probe(t.Context(), httpsTarget)
			if o.Code() != want || o.TLS.VerifiedBy != "public" || !o.TLS.NameMatches {
				t.Errorf("clock off by %v: %v, verified by %q; want %s, public", skew, o.Error, o.TLS.VerifiedBy, want)
			}
			if now := time.Now().Add(-skew); now.Before(o.TLS.ValidFrom) || now.After(o.TLS.ValidUntil) {
				t.Errorf("valid from %v until %v, want %v in between", o.TLS.ValidFrom, o.TLS.ValidUntil, now)
			}
		})
	}
}

func TestTLSFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}}
		o := secure(i.Network()).Probe(t.Context(), httpsTarget)
		if o.Error != nil {
			t.Fatal(o.Error)
		}
		got := *o.TLS
		for n, c := range got.Chain {
			if len(c.SHA256) != 64 || strings.Trim(c.SHA256, "0123456789abcdef") != "" || !c.NotBefore.Before(c.NotAfter) {
				t.Errorf("certificate %d: SHA-256 %q, from %v until %v", n, c.SHA256, c.NotBefore, c.NotAfter)
			}
			c.SHA256, c.NotBefore, c.NotAfter = "", time.Time{}, time.Time{}
			got.Chain[n] = c
		}
		got.ValidFrom, got.ValidUntil = time.Time{}, time.Time{}
		want := probe.TLSFacts{
			ServerName: host, Version: "TLS 1.2", CipherSuite: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
			Chain: []probe.Certificate{
				{
					Subject: "CN=login.live.com", Issuer: "CN=Probetest Public Trust Issuing CA 01,O=Probetest Public Trust",
					Organization: "Probetest Public Trust", DNSNames: []string{host},
				},
				{
					Subject: "CN=Probetest Public Trust Issuing CA 01,O=Probetest Public Trust",
					Issuer:  "CN=Probetest Public Trust Root CA,O=Probetest Public Trust", Organization: "Probetest Public Trust",
				},
			},
			VerifiedBy: "public", NameMatches: true,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("TLS facts (-want +got):\n%s", diff)
		}
	})
}

// serverHello is the beginning of a handshake for which the server chose a
// version.
func serverHello(version uint16) string {
	body := string([]byte{byte(version >> 8), byte(version)}) + strings.Repeat("r", 32) + "\x00\xc0\x2f\x00"
	message := "\x02\x00\x00" + string(rune(len(body))) + body
	return "\x16\x03\x01\x00" + string(rune(len(message))) + message
}

func TestHandshakesThatBreakOff(t *testing.T) {
	tests := []struct {
		name  string
		fault probetest.Fault
		code  probe.Code
		alert string
	}{
		{"TLS 1.0 chosen", probetest.Garbage{Data: serverHello(0x0301)}, probe.TLSVersion, ""},
		{"SSL 3.0 chosen", probetest.Garbage{Data: serverHello(0x0300)}, probe.TLSVersion, ""},
		{"a later version chosen than offered", probetest.Garbage{Data: serverHello(0x0304)}, probe.TLSMalformed, ""},
		{"a broken ServerHello", probetest.Garbage{Data: "\x16\x03\x03\x00\x08\x02\x00\x00\x04\x03\x03rr"}, probe.TLSMalformed, ""},
		{"a handshake message of 16 MB", probetest.Garbage{Data: "\x16\x03\x03\x00\x04\x02\xff\xff\xff"}, probe.TLSMalformed, ""},
		{"messages out of order", probetest.Garbage{Data: "\x16\x03\x03\x00\x04\x0e\x00\x00\x00"}, probe.TLSMalformed, ""},
		{"a record of 64 KiB", probetest.Garbage{Data: "\x16\x03\x03\xff\xff"}, probe.TLSMalformed, ""},
		{"not TLS, but for its first byte", probetest.Garbage{Data: "\x16hello"}, probe.TLSNotTLS, ""},
		{"a ServerHello cut short", probetest.Garbage{Data: serverHello(0x0303)[:20]}, probe.TLSClosed, ""},
		{"two letters", probetest.Garbage{Data: "hi"}, probe.TLSNotTLS, ""},
		{"HTTP", probetest.Garbage{Data: "HTTP/1.1 400 Bad Request\r\n\r\n"}, probe.TLSNotTLS, ""},
		{"a handshake that was refused", probetest.Alert{}, probe.TLSAlert, "handshake failure"},
		{"a name that is not served", probetest.Alert{Description: 112}, probe.TLSAlert, "unrecognized name"},
		{"a version that is not served", probetest.Alert{Description: 70}, probe.TLSVersion, "protocol version not supported"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := situation{faults: fault(probetest.At{Stage: probetest.AfterHello, Fault: test.fault}), prober: secure, target: httpsTarget}
			synctest.Test(t, func(t *testing.T) {
				o := s.observe(t.Context(), s.internet())
				if o.Code() != test.code || o.TLS.Alert != test.alert || o.TLS.Version != "" || o.HTTP != nil {
					t.Errorf("error %v, alert %q, version %q; want %q, %q, none", o.Error, o.TLS.Alert, o.TLS.Version, test.code, test.alert)
				}
			})
		})
	}
}

func TestClientCertificates(t *testing.T) {
	tests := []struct {
		name      string
		faults    []probetest.Fault
		requested bool
		ok        bool
	}{
		{"not requested, answered", nil, false, true},
		{"requested, answered without", fault(probetest.ClientCertificate{}), true, true},
		{"requested, reset without", fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}), true, true},
		{"requested, closed without", fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}), true, true},
		{"required", fault(probetest.ClientCertificate{Require: true}), true, true},
		{"required with the wrong name", fault(probetest.ClientCertificate{Require: true}, probetest.WrongName), true, false},
		{"required by who inspects", fault(probetest.ClientCertificate{Require: true}, probetest.Inspect{}), true, false},
		{"not requested, reset", fault(probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}), false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
				o := secure(i.Network()).Probe(t.Context(), httpsTarget)
				if o.TLS.ClientCertificateRequested != test.requested || o.OK() != test.ok {
					t.Errorf("requested: %t, ok: %t (%v); want %t, %t", o.TLS.ClientCertificateRequested, o.OK(), o.Error, test.requested, test.ok)
				}
			})
		})
	}
}

// A chain that is not genuine is the fault, even if the peer then requests a
// certificate and breaks off without one.
func TestClientCertificatesOfStrangers(t *testing.T) {
	chains := []struct {
		name  string
		fault probetest.Fault
		code  probe.Code
	}{
		{"untrusted", probetest.Untrusted, probe.TLSUntrusted},
		{"inspecting", probetest.Inspect{}, probe.TLSInspected},
		{"expired", probetest.Expired, probe.TLSExpired},
		{"of tomorrow", probetest.Certificate{From: 24 * time.Hour, Until: 48 * time.Hour}, probe.TLSNotYetValid},
		{"for another name", probetest.WrongName, probe.TLSNameMismatch},
		{"genuine", nil, ""},
	}
	ends := []struct {
		name   string
		faults []probetest.Fault
		alert  string
	}{
		{"an alert in the handshake", fault(probetest.ClientCertificate{Require: true}), "handshake failure"},
		{"a reset after the handshake", fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Reset}), ""},
		{"a close after the request", fault(probetest.ClientCertificate{}, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Close}), ""},
	}
	for _, c := range chains {
		for _, end := range ends {
			s := situation{name: c.name + ", " + end.name, faults: end.faults, prober: secure, target: httpsTarget, code: c.code}
			if c.fault != nil {
				s.faults = append(fault(c.fault), end.faults...)
				s.op = probe.OpHandshake
			}
			t.Run(s.name, func(t *testing.T) {
				s.test(t)
				synctest.Test(t, func(t *testing.T) {
					o := s.observe(t.Context(), s.internet())
					if o.TLS.Alert != end.alert || !o.TLS.ClientCertificateRequested {
						t.Errorf("alert %q, want %q; a certificate requested: %t", o.TLS.Alert, end.alert, o.TLS.ClientCertificateRequested)
					}
					if c.fault != nil && end.alert != "" && !strings.Contains(o.Error.Error(), "then the peer broke off, tls.alert") {
						t.Errorf("the alert is lost: %v", o.Error)
					}
				})
			})
		}
	}
}

// A resolver that redirects a name to another host is detected by that host's
// certificate.
func TestWalledGardens(t *testing.T) {
	const garden, edge = "signin.hotel.example", "edge.cdn.example"
	tests := []struct {
		name    string
		faults  []probetest.Fault
		machine func(*probetest.Internet, *probe.Network)
		code    probe.Code
		cnames  []string
		alias   string
	}{
		{"a content network", nil, nil, "", []string{edge, garden}, ""},
		{"a garden's certificate", fault(probetest.Certificate{Names: []string{garden}}), nil, probe.TLSNameMismatch, []string{edge, garden}, garden},
		{"a garden's certificate for all its hosts", fault(probetest.Certificate{Names: []string{"*.hotel.example"}}), nil, probe.TLSNameMismatch, []string{edge, garden}, garden},
		{"a garden's untrusted certificate", fault(probetest.Certificate{Names: []string{garden}}, probetest.Untrusted), nil, probe.TLSUntrusted, []string{edge, garden}, garden},
		{"a garden that asks for a certificate", fault(probetest.Certificate{Names: []string{garden}}, probetest.ClientCertificate{Require: true}), nil, probe.TLSNameMismatch, []string{edge, garden}, garden},
		{"another certificate", fault(probetest.WrongName), nil, probe.TLSNameMismatch, []string{edge, garden}, ""},
		{"a garden behind a proxy", fault(probetest.At{Port: 443, Fault: probetest.Certificate{Names: []string{garden}}}), proxied, probe.TLSNameMismatch, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{machine: test.machine, faults: test.faults, prober: secure, target: httpsTarget}
				i := s.internet()
				i.Hosts = []string{garden}
				i.Aliases = map[string]string{host: edge, edge: garden}
				o := s.observe(t.Context(), i)
				if o.Code() != test.code || o.TLS.Alias != test.alias {
					t.Errorf("error %v, alias %q; want %q, %q", o.Error, o.TLS.Alias, test.code, test.alias)
				}
				if diff := cmp.Diff(test.cnames, o.DNS.CNAMEs); diff != "" {
					t.Errorf("canonical names (-want +got):\n%s", diff)
				}
			})
		})
	}
}
