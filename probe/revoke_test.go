package probe_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	crlHost  = "crl.probetest.example"
	ocspHost = "ocsp.probetest.example"
	aiaHost  = "aia.probetest.example"
)

func revocation(n probe.Network) bound {
	return bound{protocol: probe.HTTPS, network: n, revocation: true}
}

func at80(host string, f probetest.Fault) probetest.Fault {
	return probetest.At{Host: host, Port: 80, Fault: f}
}

// sourceLines summarizes the sources of the leaf and the intermediate.
func sourceLines(o probe.Observation) []string {
	if o.Revocation == nil {
		return nil
	}
	var lines []string
	for _, s := range o.Revocation.Sources {
		who := "leaf"
		if strings.Contains(s.Subject, "Issuing") {
			who = "issuing"
		}
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprintln(who, s.Kind, s.Status, s.Code)), " "))
	}
	return lines
}

// whole is the result of all sources of a chain, in the order leaf OCSP, leaf
// CRL, intermediate OCSP, intermediate CRL.
func whole(outcomes ...string) []string {
	var lines []string
	for n, name := range []string{"leaf ocsp", "leaf crl", "issuing ocsp", "issuing crl"} {
		lines = append(lines, name+" "+outcomes[n%len(outcomes)])
	}
	return lines
}

func TestRevocation(t *testing.T) {
	tests := []struct {
		name    string
		faults  []probetest.Fault
		code    probe.Code // of the observation
		facts   probe.Code
		sources []string
	}{
		{name: "all well", sources: whole("good")},
		{name: "nowhere to ask", faults: fault(probetest.NoRevocation)},

		{name: "the leaf revoked", faults: fault(probetest.Revoke), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked", "revoked", "good", "good")},
		{name: "the intermediate revoked", faults: fault(probetest.Revocation{Issuer: true}), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("good", "good", "revoked", "revoked")},
		{name: "revoked, as the CRL alone says", faults: fault(probetest.Revoke, at80(ocspHost, probetest.Refuse)), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("tcp.refused", "revoked", "tcp.refused", "good")},
		{name: "revoked, as OCSP alone says", faults: fault(probetest.Revoke, at80(crlHost, probetest.Refuse)), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked", "tcp.refused", "good", "tcp.refused")},
		{name: "revoked, as old answers say", faults: fault(probetest.Revoke, probetest.StaleRevocation), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked revocation.stale", "revoked revocation.stale", "good revocation.stale", "good revocation.stale")},
		{name: "another host revoked", faults: fault(probetest.At{Host: "other.example", Fault: probetest.Revoke}), sources: whole("good")},

		{name: "no responder", faults: fault(at80(ocspHost, probetest.Refuse)), sources: whole("tcp.refused", "good")},
		{name: "no CRL", faults: fault(at80(crlHost, probetest.Page{Status: 404})), sources: whole("good", "http.status")},
		{name: "neither", faults: fault(at80(crlHost, probetest.Reset), at80(ocspHost, probetest.Refuse)), facts: probe.RevocationUnreachable, sources: whole("tcp.refused", "http.reset")},
		{name: "neither has a name", faults: fault(probetest.At{Host: "*.probetest.example", Port: 53, Fault: probetest.NXDomain}), facts: probe.RevocationUnreachable, sources: whole("dns.nxdomain")},
		{name: "a filter's page for both", faults: fault(at80("*.probetest.example", probetest.BlockPage{})), facts: probe.RevocationUnreachable, sources: whole("http.block_page")},
		{name: "a portal", faults: fault(probetest.Portal{}), facts: probe.RevocationMalformed, sources: whole("revocation.malformed")},
		{name: "a portal on TLS", faults: fault(probetest.Portal{Location: "https://portal.example/"}), facts: probe.RevocationUnreachable, sources: whole("http.status")},
		{name: "a portal that says so", faults: fault(probetest.Portal{Status: 511}), facts: probe.RevocationUnreachable, sources: whole("http.captive_portal")},

		{name: "old answers", faults: fault(probetest.StaleRevocation), facts: probe.RevocationStale, sources: whole("good revocation.stale")},
		{name: "answers of tomorrow", faults: fault(probetest.Revocation{From: 24 * time.Hour, Until: 48 * time.Hour}), facts: probe.RevocationStale, sources: whole("good revocation.stale")},
		{name: "answers of a clock that is a little ahead", faults: fault(probetest.Revocation{From: time.Minute, Until: time.Hour}), sources: whole("good")},
		{name: "an old CRL alone", faults: fault(at80(crlHost, probetest.StaleRevocation)), sources: whole("good", "good revocation.stale")},
		{name: "an old CRL and no responder", faults: fault(at80(crlHost, probetest.StaleRevocation), at80(ocspHost, probetest.Refuse)), facts: probe.RevocationStale, sources: whole("tcp.refused", "good revocation.stale")},

		{name: "forged answers", faults: fault(probetest.ForgedRevocation), facts: probe.RevocationBadSignature, sources: whole("revocation.bad_signature")},
		{name: "a forged CRL alone", faults: fault(at80(crlHost, probetest.ForgedRevocation)), sources: whole("good", "revocation.bad_signature")},
		{name: "forged answers of a revoked certificate", faults: fault(probetest.ForgedRevocation, probetest.Revoke), facts: probe.RevocationBadSignature, sources: whole("revocation.bad_signature")},

		{name: "garbled answers", faults: fault(probetest.GarbledRevocation), facts: probe.RevocationMalformed, sources: whole("revocation.malformed")},
		{name: "a garbled OCSP response alone", faults: fault(at80(ocspHost, probetest.GarbledRevocation)), sources: whole("revocation.malformed", "good")},
		{name: "empty answers", faults: fault(at80("*.probetest.example", probetest.Page{})), facts: probe.RevocationMalformed, sources: whole("revocation.malformed")},

		{name: "a responder that does not know", faults: fault(probetest.UnknownRevocation), sources: whole("unknown revocation.unknown", "good")},
		{name: "a responder that does not know, and no CRL", faults: fault(probetest.UnknownRevocation, at80(crlHost, probetest.Refuse)), facts: probe.RevocationUnknown, sources: whole("unknown revocation.unknown", "tcp.refused")},
		{name: "a responder that is busy, and no CRL", faults: fault(probetest.Revocation{Status: 3}, at80(crlHost, probetest.Refuse)), facts: probe.RevocationUnknown, sources: whole("revocation.unknown", "tcp.refused")},

		{name: "a stapled answer", faults: fault(probetest.Staple), sources: append([]string{"leaf stapled good"}, whole("skipped", "skipped", "good", "good")...)},
		{name: "a stapled response, and no server", faults: fault(probetest.Staple, at80("*.probetest.example", probetest.Refuse)), facts: probe.RevocationUnreachable, sources: append([]string{"leaf stapled good"}, whole("skipped", "skipped", "tcp.refused", "tcp.refused")...)},
		{name: "a stapled answer that is revoked", faults: fault(probetest.Staple, probetest.Revoke), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: append([]string{"leaf stapled revoked"}, whole("revoked", "revoked", "good", "good")...)},
		{name: "a stapled answer that is old", faults: fault(probetest.Staple, probetest.At{Port: 443, Fault: probetest.StaleRevocation}), sources: append([]string{"leaf stapled good revocation.stale"}, whole("good")...)},
		{name: "a stapled answer that is forged", faults: fault(probetest.Staple, probetest.At{Port: 443, Fault: probetest.ForgedRevocation}), sources: append([]string{"leaf stapled revocation.bad_signature"}, whole("good")...)},
		{name: "a garbled stapled response, and no server", faults: fault(probetest.Staple, probetest.At{Port: 443, Fault: probetest.GarbledRevocation}, at80("*.probetest.example", probetest.Refuse)), facts: probe.RevocationMalformed, sources: append([]string{"leaf stapled revocation.malformed"}, whole("tcp.refused")...)},

		{name: "an expired certificate that is revoked", faults: fault(probetest.Expired, probetest.Revoke), code: probe.TLSExpired, facts: probe.TLSRevoked, sources: whole("revoked", "revoked", "good", "good")},
		{name: "a client certificate that is required", faults: fault(probetest.ClientCertificate{Require: true}, probetest.Revoke), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked", "revoked", "good", "good")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{faults: test.faults, prober: revocation, target: httpsTarget}
				o := s.observe(t.Context(), s.internet())
				checkSteps(t, o)
				if o.Code() != test.code {
					t.Errorf("error %v, want %q", o.Error, test.code)
				}
				if o.Revocation == nil || o.Revocation.Code != test.facts {
					t.Fatalf("facts %+v, want %q", o.Revocation, test.facts)
				}
				if diff := cmp.Diff(test.sources, sourceLines(o)); diff != "" {
					t.Errorf("sources (-want +got):\n%s", diff)
				}
				var step probe.Step
				for _, s := range o.Steps {
					if s.Op == probe.OpRevocation {
						step = s
					}
				}
				if step.Op == "" || (step.Error != nil) != (test.facts != "") || step.Error != nil && step.Error.Code != test.facts {
					t.Errorf("step %+v, want %q", step, test.facts)
				}
			})
		})
	}
}

// Revocation is not checked for chains that are not genuine. Of a host that stays
// silent, it says nothing.
func TestRevocationOfStrangers(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
		prober func(probe.Network) bound
		asked  bool
	}{
		{"not asked for", nil, secure, false},
		{"inspected", fault(probetest.Inspect{}), revocation, false},
		{"untrusted", fault(probetest.Untrusted), revocation, false},
		{"another name", fault(probetest.WrongName), revocation, false},
		{"broken off", fault(probetest.Alert{}), revocation, false},
		{"silent", fault(probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Silence}), revocation, true},
		{"silent, and so are the sources", fault(probetest.At{Port: 443, Stage: probetest.AfterHandshake, Fault: probetest.Silence}, at80("*.probetest.example", probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence})), revocation, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{faults: test.faults, prober: test.prober, target: httpsTarget}
				i := s.internet()
				start := time.Now()
				o := s.observe(t.Context(), i)
				if o.Revocation != nil || slices.ContainsFunc(o.Steps, func(s probe.Step) bool { return s.Op == probe.OpRevocation }) {
					t.Errorf("facts %+v, steps %v", o.Revocation, o.Steps)
				}
				if took := time.Since(start); took > 10*time.Second {
					t.Errorf("took %v", took)
				}
				contacted := slices.ContainsFunc(i.Log(), func(e probetest.Event) bool { return strings.HasSuffix(e.Host, "probetest.example") })
				if contacted != test.asked {
					t.Errorf("asked: %t, want %t", contacted, test.asked)
				}
			})
		})
	}
}

func TestRevocationFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: fault(probetest.Revoke)}
		o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
		now := time.Now()
		for n, s := range o.Revocation.Sources {
			if s.Serial == "" || strings.Trim(s.Serial, "0123456789abcdef") != "" || s.Duration <= 0 {
				t.Errorf("source %d: number %q, took %v", n, s.Serial, s.Duration)
			}
			if s.ThisUpdate.After(now) || s.NextUpdate.Before(now) {
				t.Errorf("source %d: from %v until %v", n, s.ThisUpdate, s.NextUpdate)
			}
			if (s.Status == probe.StatusRevoked) == s.RevokedAt.IsZero() {
				t.Errorf("source %d: %s since %v", n, s.Status, s.RevokedAt)
			}
		}
		leaf := o.Revocation.Sources[0]
		if want := "http://" + ocspHost; leaf.Subject != "CN="+host || leaf.URL != want {
			t.Errorf("source of %s at %s, want %s", leaf.Subject, leaf.URL, want)
		}
		want := fmt.Sprintf("revocation %s:443: tls.revoked: CN=%s, serial number %s, was revoked at %s", host, host, leaf.Serial, leaf.RevokedAt.Format(time.RFC3339))
		if diff := cmp.Diff(want, o.Error.Error()); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	})
}

// requests counts the HTTP requests to hosts under a suffix, by URL.
func requests(i *probetest.Internet, suffix string) map[string]int {
	seen := map[string]int{}
	for _, e := range i.Log() {
		if e.Kind == probetest.EventRequest && strings.HasSuffix(e.Host, suffix) {
			seen[e.Host+e.Detail]++
		}
	}
	return seen
}

// A run fetches each document once, whoever needs it.
func TestRevocationOnce(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
		code   probe.Code
		crl    int
		ocsp   int
	}{
		{name: "all well", crl: 2, ocsp: 101},
		{name: "old answers", faults: fault(probetest.StaleRevocation), code: probe.RevocationStale, crl: 2, ocsp: 101},
		{name: "garbled answers", faults: fault(probetest.GarbledRevocation), code: probe.RevocationMalformed, crl: 2, ocsp: 101},
		{name: "no answers", faults: fault(at80("*.probetest.example", probetest.Page{Status: 500})), code: probe.RevocationUnreachable, crl: 2, ocsp: 101},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var hosts []string
				for n := range 100 {
					hosts = append(hosts, fmt.Sprintf("host%d.example", n))
				}
				i := &probetest.Internet{Hosts: hosts, Latency: 20 * time.Millisecond, Faults: test.faults}
				p := revocation(i.Network().Shared())
				var all sync.WaitGroup
				for n, h := range hosts {
					all.Go(func() {
						time.Sleep(time.Duration(n) * time.Millisecond) // some later than others
						if o := p.Probe(t.Context(), probe.Target{Host: h}); !o.OK() || o.Revocation.Code != test.code {
							t.Errorf("%s: %v, revocation %q, want %q", h, o.Error, o.Revocation.Code, test.code)
						}
					})
				}
				all.Wait()
				for url, n := range requests(i, "probetest.example") {
					if n != 1 {
						t.Errorf("%s was fetched %d times", url, n)
					}
				}
				if got := len(requests(i, crlHost)); got != test.crl {
					t.Errorf("%d CRLs were fetched, want %d", got, test.crl)
				}
				if got := len(requests(i, ocspHost)); got != test.ocsp {
					t.Errorf("%d OCSP responses were fetched, want %d", got, test.ocsp)
				}
			})
		})
	}
}

// Limits on what a server can cause.
func TestRevocationBounds(t *testing.T) {
	redirect := func(location string) probetest.Fault {
		return at80(crlHost, probetest.Page{Status: 302, Header: http.Header{"Location": {location}}})
	}
	large := func(bytes int) probetest.Fault {
		return at80("*.probetest.example", probetest.Page{Body: strings.Repeat("x", bytes)})
	}
	tests := []struct {
		name    string
		faults  []probetest.Fault
		sources []string
	}{
		{"a large CRL", fault(large(17 << 20)), whole("http.too_large")},
		{"a CRL that is as large as it may be", fault(large(16 << 20)), whole("http.too_large", "revocation.malformed")},
		{"a large OCSP response", fault(large(64<<10 + 1)), whole("http.too_large", "revocation.malformed")},
		{"a redirect to another host", fault(redirect("http://" + aiaHost + "/root-ca.crt")), whole("good", "revocation.malformed")},
		{"a redirect to itself", fault(redirect("http://" + crlHost + "/")), whole("good", "http.redirect_loop")},
		{"a redirect to TLS", fault(redirect("https://" + crlHost + "/")), whole("good", "http.status")},
		{"a redirect to another port", fault(redirect("http://" + crlHost + ":8080/")), whole("good", "http.status")},
		{"a redirect to this machine", fault(redirect("http://127.0.0.1/")), whole("good", "http.status")},
		{"a redirect to this machine by name", fault(redirect("http://localhost/")), whole("good", "http.status")},
		{"a redirect to this machine over IPv6", fault(redirect("http://[::ffff:127.0.0.1]/")), whole("good", "http.status")},
		{"a redirect to this link", fault(redirect("http://169.254.169.254/latest/meta-data/")), whole("good", "http.status")},
		{"a redirect to a file", fault(redirect("file:///etc/passwd")), whole("good", "http.status")},
		{"a redirect with credentials", fault(redirect("http://user:secret@" + crlHost + "/")), whole("good", "http.redirect_loop")},
		{"a name of this machine", fault(probetest.At{Host: crlHost, Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}}), whole("good", "dns.sinkhole")},
		{"a header without end", fault(at80(crlHost, probetest.LargeHeader{})), whole("good", "http.too_large")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
				o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
				if diff := cmp.Diff(test.sources, sourceLines(o)); diff != "" {
					t.Errorf("sources (-want +got):\n%s", diff)
				}
				for _, e := range i.Log() {
					if a := e.Addr.Addr(); a.IsLoopback() || a.IsLinkLocalUnicast() {
						t.Errorf("contacted %+v", e)
					}
				}
				for _, s := range o.Revocation.Sources {
					if strings.Contains(s.Text, "secret") || len(s.Text) > 512 {
						t.Errorf("text %q", s.Text)
					}
				}
			})
		})
	}
}

// Through a proxy, documents are requested from the proxy.
func TestRevocationThroughProxy(t *testing.T) {
	tests := []struct {
		name    string
		faults  []probetest.Fault
		sources []string
		code    probe.Code
	}{
		{"a proxy for everything", fault(probetest.At{Direct: true, Network: "tcp", Fault: probetest.Drop}), whole("good"), ""},
		{"a proxy that refuses", fault(at80(crlHost, probetest.ProxyDeny{})), whole("good", "good"), ""},
		{"a proxy that does not get through", fault(at80(crlHost, probetest.Refuse)), whole("good", "proxy.target_unreachable"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{faults: test.faults, machine: proxied, prober: revocation, target: httpsTarget}
				o := s.observe(t.Context(), s.internet())
				if !o.OK() || o.Revocation.Code != test.code {
					t.Fatalf("error %v, facts %+v", o.Error, o.Revocation)
				}
				if diff := cmp.Diff(test.sources, sourceLines(o)); diff != "" {
					t.Errorf("sources (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The times in responses tell a wrong clock from old responses.
func TestRevocationAndWrongClock(t *testing.T) {
	for skew, stale := range map[time.Duration]bool{
		-25 * time.Hour: true, -23 * time.Hour: false, 0: false, 5 * 24 * time.Hour: false, 7 * 24 * time.Hour: true,
	} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{Hosts: []string{host}, Skew: -skew} // the local clock is ahead by skew
			o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
			if got := o.Revocation.Code == probe.RevocationStale; got != stale {
				t.Errorf("ahead by %v: revocation %q", skew, o.Revocation.Code)
			}
			truth := time.Now().Add(-skew)
			for _, s := range o.Revocation.Sources {
				if truth.Before(s.ThisUpdate) || truth.After(s.NextUpdate) {
					t.Errorf("ahead by %v: from %v until %v, want %v in between", skew, s.ThisUpdate, s.NextUpdate, truth)
				}
			}
		})
	}
}

// In one run, a host on this machine may point to this machine, and other hosts
// may not.
func TestRevocationHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const here, there = "here.example", "there.example"
		loopback := netip.MustParseAddr("127.0.0.1")
		i := &probetest.Internet{Hosts: []string{there}, Addresses: map[string][]netip.Addr{here: {loopback}}, Faults: fault(
			probetest.At{Host: "*.probetest.example", Port: 53, Fault: probetest.DNSAnswer{Addrs: []netip.Addr{loopback}}},
		)}
		n := i.Network().Shared()
		// The resolver is on this machine too, so its addresses here are believed.
		n.Resolvers = resolvers("127.0.0.53:53")
		n.Connect = func(ctx context.Context, network, address string) (net.Conn, error) {
			at := netip.MustParseAddrPort(address)
			switch {
			case at.Port() == 53:
				address = "192.0.2.53:53"
			case at.Addr().IsLoopback():
				address = netip.AddrPortFrom(netip.MustParseAddr("203.0.113.1"), at.Port()).String()
			}
			return i.DialContext(ctx, network, address)
		}
		for range 2 {
			for host, want := range map[string][]string{here: whole("good"), there: whole("dns.sinkhole")} {
				o := revocation(n).Probe(t.Context(), probe.Target{Host: host})
				if diff := cmp.Diff(want, sourceLines(o)); diff != "" {
					t.Errorf("%s: %v, sources (-want +got):\n%s", host, o.Error, diff)
				}
			}
		}
	})
}
