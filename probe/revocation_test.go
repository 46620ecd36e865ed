package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
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

func revocation(n probe.Network) probe.Prober { return probe.HTTPS{Network: n, Revocation: true} }

func at80(host string, f probetest.Fault) probetest.Fault {
	return probetest.At{Host: host, Port: 80, Fault: f}
}

// sourceLines tells sources in short, the leaf's and the intermediate's.
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

// whole is the outcome of all sources of a chain, in the order leaf OCSP, leaf
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
		{name: "nowhere to ask", faults: fault(probetest.NoRevocation{})},

		{name: "the leaf revoked", faults: fault(probetest.Revoke{}), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked", "revoked", "good", "good")},
		{name: "the intermediate revoked", faults: fault(probetest.Revoke{Issuer: true}), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("good", "good", "revoked", "revoked")},
		{name: "revoked, as the CRL alone says", faults: fault(probetest.Revoke{}, at80(ocspHost, probetest.Refuse{})), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("tcp.refused", "revoked", "tcp.refused", "good")},
		{name: "revoked, as OCSP alone says", faults: fault(probetest.Revoke{}, at80(crlHost, probetest.Refuse{})), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked", "tcp.refused", "good", "tcp.refused")},
		{name: "revoked, as old answers say", faults: fault(probetest.Revoke{}, probetest.StaleRevocation{}), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked revocation.stale", "revoked revocation.stale", "good revocation.stale", "good revocation.stale")},
		{name: "another host revoked", faults: fault(probetest.At{Host: "other.example", Fault: probetest.Revoke{}}), sources: whole("good")},

		{name: "no responder", faults: fault(at80(ocspHost, probetest.Refuse{})), sources: whole("tcp.refused", "good")},
		{name: "no CRL", faults: fault(at80(crlHost, probetest.Page{Status: 404})), sources: whole("good", "http.status")},
		{name: "neither", faults: fault(at80(crlHost, probetest.Reset{}), at80(ocspHost, probetest.Refuse{})), facts: probe.RevocationUnreachable, sources: whole("tcp.refused", "http.reset")},
		{name: "neither has a name", faults: fault(probetest.At{Host: "*.probetest.example", Port: 53, Fault: probetest.NXDomain}), facts: probe.RevocationUnreachable, sources: whole("dns.nxdomain")},
		{name: "a filter's page for both", faults: fault(at80("*.probetest.example", probetest.BlockPage{})), facts: probe.RevocationUnreachable, sources: whole("http.block_page")},
		{name: "a portal", faults: fault(probetest.Portal{}), facts: probe.RevocationMalformed, sources: whole("revocation.malformed")},
		{name: "a portal on TLS", faults: fault(probetest.Portal{Location: "https://portal.example/"}), facts: probe.RevocationUnreachable, sources: whole("http.status")},
		{name: "a portal that says so", faults: fault(probetest.Portal{Status: 511}), facts: probe.RevocationUnreachable, sources: whole("http.captive_portal")},

		{name: "old answers", faults: fault(probetest.StaleRevocation{}), facts: probe.RevocationStale, sources: whole("good revocation.stale")},
		{name: "answers of tomorrow", faults: fault(probetest.StaleRevocation{From: 24 * time.Hour, Until: 48 * time.Hour}), facts: probe.RevocationStale, sources: whole("good revocation.stale")},
		{name: "answers of a clock that is a little ahead", faults: fault(probetest.StaleRevocation{From: time.Minute, Until: time.Hour}), sources: whole("good")},
		{name: "an old CRL alone", faults: fault(at80(crlHost, probetest.StaleRevocation{})), sources: whole("good", "good revocation.stale")},
		{name: "an old CRL and no responder", faults: fault(at80(crlHost, probetest.StaleRevocation{}), at80(ocspHost, probetest.Refuse{})), facts: probe.RevocationStale, sources: whole("tcp.refused", "good revocation.stale")},

		{name: "forged answers", faults: fault(probetest.ForgedRevocation{}), facts: probe.RevocationBadSignature, sources: whole("revocation.bad_signature")},
		{name: "a forged CRL alone", faults: fault(at80(crlHost, probetest.ForgedRevocation{})), sources: whole("good", "revocation.bad_signature")},
		{name: "forged answers of a revoked certificate", faults: fault(probetest.ForgedRevocation{}, probetest.Revoke{}), facts: probe.RevocationBadSignature, sources: whole("revocation.bad_signature")},

		{name: "garbled answers", faults: fault(probetest.GarbledRevocation{}), facts: probe.RevocationMalformed, sources: whole("revocation.malformed")},
		{name: "a garbled OCSP response alone", faults: fault(at80(ocspHost, probetest.GarbledRevocation{})), sources: whole("revocation.malformed", "good")},
		{name: "empty answers", faults: fault(at80("*.probetest.example", probetest.Page{})), facts: probe.RevocationMalformed, sources: whole("revocation.malformed")},

		{name: "a responder that does not know", faults: fault(probetest.UnknownRevocation{}), sources: whole("unknown revocation.unknown", "good")},
		{name: "a responder that does not know, and no CRL", faults: fault(probetest.UnknownRevocation{}, at80(crlHost, probetest.Refuse{})), facts: probe.RevocationUnknown, sources: whole("unknown revocation.unknown", "tcp.refused")},
		{name: "a responder that is busy, and no CRL", faults: fault(probetest.UnknownRevocation{Status: 3}, at80(crlHost, probetest.Refuse{})), facts: probe.RevocationUnknown, sources: whole("revocation.unknown", "tcp.refused")},

		{name: "a stapled answer", faults: fault(probetest.Staple{}), sources: append([]string{"leaf stapled good"}, whole("skipped", "skipped", "good", "good")...)},
		{name: "a stapled answer, and nobody to ask", faults: fault(probetest.Staple{}, at80("*.probetest.example", probetest.Refuse{})), facts: probe.RevocationUnreachable, sources: append([]string{"leaf stapled good"}, whole("skipped", "skipped", "tcp.refused", "tcp.refused")...)},
		{name: "a stapled answer that is revoked", faults: fault(probetest.Staple{}, probetest.Revoke{}), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: append([]string{"leaf stapled revoked"}, whole("revoked", "revoked", "good", "good")...)},
		{name: "a stapled answer that is old", faults: fault(probetest.Staple{}, probetest.At{Port: 443, Fault: probetest.StaleRevocation{}}), sources: append([]string{"leaf stapled good revocation.stale"}, whole("good")...)},
		{name: "a stapled answer that is forged", faults: fault(probetest.Staple{}, probetest.At{Port: 443, Fault: probetest.ForgedRevocation{}}), sources: append([]string{"leaf stapled revocation.bad_signature"}, whole("good")...)},
		{name: "a stapled answer that is garbled, and nobody to ask", faults: fault(probetest.Staple{}, probetest.At{Port: 443, Fault: probetest.GarbledRevocation{}}, at80("*.probetest.example", probetest.Refuse{})), facts: probe.RevocationMalformed, sources: append([]string{"leaf stapled revocation.malformed"}, whole("tcp.refused")...)},

		{name: "an expired certificate that is revoked", faults: fault(probetest.Validity{}, probetest.Revoke{}), code: probe.TLSExpired, facts: probe.TLSRevoked, sources: whole("revoked", "revoked", "good", "good")},
		{name: "a client certificate that is required", faults: fault(probetest.ClientCertificate{Require: true}, probetest.Revoke{}), code: probe.TLSRevoked, facts: probe.TLSRevoked, sources: whole("revoked", "revoked", "good", "good")},
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
				step := o.Steps[len(o.Steps)-1]
				if step.Op != probe.OpRevocation || (step.Error != nil) != (test.facts != "") || step.Error != nil && step.Error.Code != test.facts {
					t.Errorf("step %+v, want %q", step, test.facts)
				}
			})
		})
	}
}

// Who shows a chain that is not genuine is not asked about.
func TestRevocationOfStrangers(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
		prober func(probe.Network) probe.Prober
	}{
		{"not asked for", nil, secure},
		{"inspected", fault(probetest.Inspect{}), revocation},
		{"untrusted", fault(probetest.Untrusted{}), revocation},
		{"another name", fault(probetest.WrongName{}), revocation},
		{"broken off", fault(probetest.Alert{}), revocation},
		{"silent", fault(probetest.Silence{Stage: probetest.AfterHandshake}), revocation},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{faults: test.faults, prober: test.prober, target: httpsTarget}
				i := s.internet()
				if o := s.observe(t.Context(), i); o.Revocation != nil {
					t.Errorf("facts %+v", o.Revocation)
				}
				for _, e := range i.Log() {
					if strings.HasSuffix(e.Host, "probetest.example") {
						t.Errorf("contacted %+v", e)
					}
				}
			})
		})
	}
}

func TestRevocationFacts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: fault(probetest.Revoke{})}
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
		want := fmt.Sprintf("revocation %s:443: tls.revoked: CN=%s, number %s, revoked at %s", host, host, leaf.Serial, leaf.RevokedAt.Format(time.RFC3339))
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

// A run fetches each document once, whoever wants it.
func TestRevocationOnce(t *testing.T) {
	tests := []struct {
		name   string
		faults []probetest.Fault
		code   probe.Code
		crl    int
		ocsp   int
	}{
		{name: "all well", crl: 2, ocsp: 101},
		{name: "old answers", faults: fault(probetest.StaleRevocation{}), code: probe.RevocationStale, crl: 2, ocsp: 101},
		{name: "garbled answers", faults: fault(probetest.GarbledRevocation{}), code: probe.RevocationMalformed, crl: 2, ocsp: 101},
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
						time.Sleep(time.Duration(n) * time.Millisecond) // some after others
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

// The times that are given to what does not answer, and what that proves.
func TestRevocationTime(t *testing.T) {
	const s = time.Second
	silent := fault(at80("*.probetest.example", probetest.Drop{}))
	slow := func(d time.Duration) []probetest.Fault {
		return fault(at80("*.probetest.example", probetest.Delay{By: d}))
	}
	tests := []struct {
		name    string
		faults  []probetest.Fault
		timeout time.Duration
		code    probe.Code
		sources []string
		took    time.Duration
	}{
		{"enough time", silent, time.Minute, probe.RevocationUnreachable, whole("tcp.timeout"), 15 * s},
		{"a check's time", silent, 10 * s, probe.RevocationUnreachable, whole("tcp.timeout"), 10 * s},
		{"too little time", silent, 4 * s, probe.Timeout, whole("timeout"), 4 * s},
		{"silence after the request", fault(at80("*.probetest.example", probetest.Silence{Stage: probetest.AfterRequest})), time.Minute, probe.RevocationUnreachable, whole("http.timeout"), 15 * s},
		{"silence in the document", fault(at80("*.probetest.example", probetest.Silence{Stage: probetest.AfterHeader})), time.Minute, probe.RevocationUnreachable, whole("http.timeout"), 15 * s},
		{"silent resolvers", fault(probetest.At{Host: "*.probetest.example", Port: 53, Fault: probetest.Unanswered{}}), time.Minute, probe.RevocationUnreachable, whole("dns.timeout"), 5 * s},
		{"slow answers", slow(6 * s), time.Minute, "", whole("good"), 12 * s},
		{"answers slower than Windows waits", slow(8 * s), time.Minute, probe.RevocationUnreachable, whole("http.timeout"), 15 * s},
		{"slow answers, and too little time", slow(s), s, probe.Timeout, whole("timeout"), s},
		{"one silent source of two", fault(at80(crlHost, probetest.Drop{})), 10 * s, "", whole("good", "tcp.timeout"), 10 * s},
		{"one silent source of two, and too little time", fault(at80(crlHost, probetest.Drop{})), s, "", whole("good", "timeout"), s},
		{"a garbled source, and too little time for the other", fault(at80(crlHost, probetest.Drop{}), at80(ocspHost, probetest.GarbledRevocation{})), s, probe.Timeout, whole("revocation.malformed", "timeout"), s},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults}
				ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
				defer cancel()
				o := revocation(i.Network()).Probe(ctx, httpsTarget)
				if !o.OK() || o.Revocation.Code != test.code {
					t.Errorf("error %v, revocation %q, want %q", o.Error, o.Revocation.Code, test.code)
				}
				if diff := cmp.Diff(test.sources, sourceLines(o)); diff != "" {
					t.Errorf("sources (-want +got):\n%s", diff)
				}
				if late := o.Duration - test.took; late < 0 || late > 100*time.Millisecond {
					t.Errorf("took %v, want %v", o.Duration, test.took)
				}
			})
		})
	}
}

// What there was no time left to ask for is told from what is fine, and from what
// is out of reach.
func TestRevocationWithoutTime(t *testing.T) {
	tests := []struct {
		name    string
		faults  []probetest.Fault
		code    probe.Code
		sources []string
	}{
		{"sources", nil, probe.Timeout, whole("timeout")},
		{"sources that would not answer", fault(at80("*.probetest.example", probetest.Drop{})), probe.Timeout, whole("timeout")},
		{"a stapled answer", fault(probetest.Staple{}), probe.Timeout, append([]string{"leaf stapled good"}, whole("skipped", "skipped", "timeout", "timeout")...)},
		{"no sources", fault(probetest.NoRevocation{}), "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// A page that is read to the end of the time, and is an answer all the same.
				endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "text/html")
					_, _ = fmt.Fprint(w, strings.Repeat("x", 600))
					_ = http.NewResponseController(w).Flush()
					<-r.Context().Done()
				})
				i := &probetest.Internet{Hosts: []string{host}, Handler: endless, Faults: test.faults}
				o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
				if !o.OK() || o.Revocation == nil || o.Revocation.Code != test.code {
					t.Fatalf("error %v, facts %+v, want %q", o.Error, o.Revocation, test.code)
				}
				if diff := cmp.Diff(test.sources, sourceLines(o)); diff != "" {
					t.Errorf("sources (-want +got):\n%s", diff)
				}
				for _, s := range o.Revocation.Sources {
					if s.Code == probe.Timeout && (s.Duration != 0 || s.Text != "not asked, the time was up") {
						t.Errorf("%s: %q after %v", s.URL, s.Text, s.Duration)
					}
				}
				if asked := requests(i, "probetest.example"); len(asked) > 0 {
					t.Errorf("asked %v", asked)
				}
				checkSteps(t, o)
			})
		})
	}
}

// A run does not wait for the same silence again and again.
func TestRevocationSilence(t *testing.T) {
	for name, apart := range map[string]time.Duration{"at once": 0, "a second apart": time.Second, "one after the other": 11 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"*.example.com"}, Faults: fault(at80("*.probetest.example", probetest.Drop{}))}
				p := revocation(i.Network().Shared())
				var mu sync.Mutex
				var waited time.Duration // all in all
				var all sync.WaitGroup
				for n := range 20 {
					all.Go(func() {
						time.Sleep(time.Duration(n) * apart)
						ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
						defer cancel()
						o := p.Probe(ctx, probe.Target{Host: fmt.Sprintf("host%d.example.com", n)})
						if !o.OK() || o.Revocation.Code != probe.RevocationUnreachable {
							t.Errorf("host %d: %v, revocation %q", n, o.Error, o.Revocation.Code)
						}
						mu.Lock()
						defer mu.Unlock()
						waited += o.Duration
					})
				}
				all.Wait()
				if apart > 10*time.Second && waited > 16*time.Second {
					t.Errorf("waited %v, want no more than for two checks", waited)
				}
				connects := 0
				for _, e := range i.Log() {
					if e.Kind == probetest.EventConnect && strings.HasSuffix(e.Host, "probetest.example") {
						connects++
					}
				}
				if apart > 0 && connects > 40 {
					t.Errorf("%d connections", connects)
				}
			})
		})
	}
}

// A caller with too little time spoils nothing for the next.
func TestRevocationShortCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(at80("*.probetest.example", probetest.Delay{By: 2 * time.Second}))}
		p := revocation(i.Network().Shared())
		for range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if o := p.Probe(ctx, httpsTarget); !o.OK() || o.Revocation.Code != probe.Timeout {
				t.Errorf("error %v, revocation %q, want %q", o.Error, o.Revocation.Code, probe.Timeout)
			}
			cancel()
		}
		if o := p.Probe(t.Context(), httpsTarget); !o.OK() || o.Revocation.Code != "" {
			t.Errorf("error %v, revocation %q", o.Error, o.Revocation.Code)
		}
	})
}

// A caller that leaves does not take the document from those who wait on.
func TestRevocationImpatientCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{host}, Faults: fault(at80("*.probetest.example", probetest.Delay{By: 3 * time.Second}))}
		p := revocation(i.Network().Shared())
		want := map[time.Duration]probe.Code{time.Second: probe.Timeout, 5500 * time.Millisecond: probe.RevocationUnreachable, 9 * time.Second: ""}
		var all sync.WaitGroup
		for timeout, code := range want {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				o := p.Probe(ctx, httpsTarget)
				if !o.OK() || o.Revocation.Code != code {
					t.Errorf("with %v: %v, revocation %q, want %q", timeout, o.Error, o.Revocation.Code, code)
				}
			})
		}
		all.Wait()
		for url, n := range requests(i, "probetest.example") {
			if n != 1 {
				t.Errorf("%s was fetched %d times", url, n)
			}
		}
	})
}

func TestRevocationCanceled(t *testing.T) {
	cause := errors.New("the user went home")
	for name, faults := range map[string][]probetest.Fault{
		"while asking":                     fault(at80("*.probetest.example", probetest.Drop{})),
		"while fetching":                   fault(at80("*.probetest.example", probetest.Silence{Stage: probetest.AfterHeader})),
		"while fetching what was left out": fault(probetest.LeafOnly{}, at80(aiaHost, probetest.Silence{Stage: probetest.AfterRequest})),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: faults}
				n := i.Network().Shared()
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				time.AfterFunc(6*time.Second, func() { cancel(cause) })
				var all sync.WaitGroup
				for range 3 {
					all.Go(func() {
						o := revocation(n).Probe(ctx, httpsTarget)
						if o.Code() != probe.Canceled || !errors.Is(o.Error, cause) {
							t.Errorf("error %v, want %s because %v", o.Error, probe.Canceled, cause)
						}
						if o.Duration < 6*time.Second || o.Duration > 6*time.Second+100*time.Millisecond {
							t.Errorf("took %v", o.Duration)
						}
						checkSteps(t, o)
					})
				}
				all.Wait()
			})
		})
	}
}

// What whoever answers can do is bounded.
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
		{"a name of this machine", fault(probetest.At{Host: crlHost, Port: 53, Fault: probetest.Answers{Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}}), whole("good", "dns.sinkhole")},
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

// Through a proxy, what certificates point to is asked of the proxy.
func TestRevocationThroughProxy(t *testing.T) {
	tests := []struct {
		name    string
		faults  []probetest.Fault
		sources []string
		code    probe.Code
	}{
		{"a proxy for everything", fault(probetest.At{Direct: true, Network: "tcp", Fault: probetest.Drop{}}), whole("good"), ""},
		{"a proxy that refuses", fault(at80(crlHost, probetest.ProxyDeny{})), whole("good", "good"), ""},
		{"a proxy that does not get through", fault(at80(crlHost, probetest.Refuse{})), whole("good", "proxy.target_unreachable"), ""},
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

// A wrong clock can be told from old answers by their times.
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

// A host on this machine may point to this machine, and others may not, in the
// same run.
func TestRevocationHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const here, there = "here.example", "there.example"
		loopback := netip.MustParseAddr("127.0.0.1")
		i := &probetest.Internet{Hosts: []string{there}, Addresses: map[string][]netip.Addr{here: {loopback}}, Faults: fault(
			probetest.At{Host: "*.probetest.example", Port: 53, Fault: probetest.Answers{Addrs: []netip.Addr{loopback}}},
		)}
		n := i.Network().Shared()
		// The resolver is on this machine too, so what it says of it is believed.
		n.Resolvers = resolvers("127.0.0.53:53")
		n.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
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
