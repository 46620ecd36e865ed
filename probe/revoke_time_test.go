package probe_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// How long silent sources get, and what their silence proves.
func TestRevocationTime(t *testing.T) {
	const s = time.Second
	silent := fault(at80("*.probetest.example", probetest.Drop))
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
		{"silence after the request", fault(at80("*.probetest.example", probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence})), time.Minute, probe.RevocationUnreachable, whole("http.timeout"), 15 * s},
		{"silence in the document", fault(at80("*.probetest.example", probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Silence})), time.Minute, probe.RevocationUnreachable, whole("http.timeout"), 15 * s},
		{"silent resolvers", fault(probetest.At{Host: "*.probetest.example", Port: 53, Fault: probetest.Unanswered}), time.Minute, probe.RevocationUnreachable, whole("dns.timeout"), 5 * s},
		{"slow answers", slow(6 * s), time.Minute, "", whole("good"), 12 * s},
		{"answers slower than Windows waits", slow(8 * s), time.Minute, probe.RevocationUnreachable, whole("http.timeout"), 15 * s},
		{"slow answers, and too little time", slow(s), s, probe.Timeout, whole("timeout"), s},
		{"one silent source of two", fault(at80(crlHost, probetest.Drop)), 10 * s, "", whole("good", "tcp.timeout"), 10 * s},
		{"one silent source of two, and too little time", fault(at80(crlHost, probetest.Drop)), s, "", whole("good", "timeout"), s},
		{"a garbled source, and too little time for the other", fault(at80(crlHost, probetest.Drop), at80(ocspHost, probetest.GarbledRevocation)), s, probe.Timeout, whole("revocation.malformed", "timeout"), s},
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

// Sources are asked beside the request, once the chain has arrived: they take no time
// of a page that is slow.
func TestRevocationBesideTheRequest(t *testing.T) {
	const s = time.Second
	tests := []struct {
		name    string
		faults  []probetest.Fault
		handler http.HandlerFunc
		code    probe.Code
		sources []string
		took    time.Duration
	}{
		// The chain arrives in the third round trip, and the probe's response in
		// the fifth. Sources take three: their name, connecting, and the request.
		{"a page", nil, nil, "", whole("good"), 6 * 20 * time.Millisecond},
		{"a page, and no sources", fault(probetest.NoRevocation), nil, "", nil, 5 * 20 * time.Millisecond},
		{"a page that never ends", nil, endlessPage, "", whole("good"), 10 * s},
		{"a page that never ends, and silent sources", fault(at80("*.probetest.example", probetest.Drop)), endlessPage, probe.RevocationUnreachable, whole("tcp.timeout"), 10 * s},
		{"a page that never ends, and a stapled answer", fault(probetest.Staple), endlessPage, "", append([]string{"leaf stapled good"}, whole("skipped", "skipped", "good", "good")...), 10 * s},
		{"a page that never ends, and no sources", fault(probetest.NoRevocation), endlessPage, "", nil, 10 * s},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Latency: 20 * time.Millisecond, Faults: test.faults}
				if test.handler != nil {
					i.Handler = test.handler
				}
				o := revocation(i.Network()).Probe(t.Context(), httpsTarget)
				if !o.OK() || o.Revocation == nil || o.Revocation.Code != test.code {
					t.Fatalf("error %v, facts %+v, want %q", o.Error, o.Revocation, test.code)
				}
				if diff := cmp.Diff(test.sources, sourceLines(o)); diff != "" {
					t.Errorf("sources (-want +got):\n%s", diff)
				}
				if late := o.Duration - test.took; late < 0 || late > 100*time.Millisecond || test.took < s && late > 0 {
					t.Errorf("took %v, want %v", o.Duration, test.took)
				}
				checkSteps(t, o)
			})
		})
	}
}

// endlessPage serves a page that takes until the deadline to read, but counts as a
// response.
func endlessPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = fmt.Fprint(w, strings.Repeat("x", 600))
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// A source that was not asked for lack of time is neither good nor unreachable.
func TestRevocationWithoutTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := new(probetest.Internet)
		ctx, cancel := context.WithTimeout(t.Context(), 0)
		defer cancel()
		day := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
		got := probe.Sources(ctx, i.Network(), []*x509.Certificate{chainFile(t, "microsoft-ecc-update-secure-server-ca-2.1")}, day)
		if len(got) != 1 || got[0].Code != probe.Timeout || got[0].Duration != 0 || got[0].Text != "not asked, no time was left" {
			t.Errorf("sources %+v", got)
		}
		if log := i.Log(); len(log) > 0 {
			t.Errorf("contacted %v", log)
		}
	})
}

// A run does not wait for the same silent server again and again.
func TestRevocationSilence(t *testing.T) {
	for name, apart := range map[string]time.Duration{"at once": 0, "a second apart": time.Second, "one after the other": 11 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{"*.example.com"}, Faults: fault(at80("*.probetest.example", probetest.Drop))}
				p := revocation(i.Network().Shared())
				var mu sync.Mutex
				var waited time.Duration // in total
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

// A caller with too little time spoils nothing for the next one.
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

// A caller that leaves does not end the download for those still waiting.
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
		"while asking":                     fault(at80("*.probetest.example", probetest.Drop)),
		"while fetching":                   fault(at80("*.probetest.example", probetest.At{Stage: probetest.AfterHeader, Fault: probetest.Silence})),
		"while fetching what was left out": fault(probetest.LeafOnly, at80(aiaHost, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Silence})),
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
