package probe_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// What a server leaves out of its chain is fetched between the handshake and
// the request, so neither a silent host nor a silent server of certificates
// spoils what the other shows.
func TestMissingIntermediateBeforeTheRequest(t *testing.T) {
	const s = time.Second
	cause := errors.New("the user went home")
	silentHost := probetest.At{Host: host, Port: 443, Stage: probetest.AfterHandshake, Fault: probetest.Silence}
	slow := func(by time.Duration) probetest.Fault { return at80(aiaHost, probetest.Delay{By: by}) }
	tests := []struct {
		name     string
		faults   []probetest.Fault
		canceled time.Duration // or 0
		code     probe.Code
		fetched  bool
		request  probe.Code // of the request, "ok", or "" if it was not tried
		took     time.Duration
	}{
		{name: "both answer", faults: fault(probetest.LeafOnly), fetched: true, request: "ok"},
		{name: "a host that is then silent", faults: fault(probetest.LeafOnly, silentHost), code: probe.HTTPTimeout, fetched: true, request: probe.HTTPTimeout, took: 10 * s},
		{name: "a slow server of certificates", faults: fault(probetest.LeafOnly, slow(3*s)), fetched: true, request: "ok", took: 6 * s},
		{name: "a silent server of certificates", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Drop)), code: probe.TLSUntrusted, request: probe.Timeout, took: 10 * s},
		{name: "both silent", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Drop), silentHost), code: probe.TLSUntrusted, request: probe.Timeout, took: 10 * s},
		{name: "canceled meanwhile", faults: fault(probetest.LeafOnly, at80(aiaHost, probetest.Drop)), canceled: 2 * s, code: probe.Canceled, took: 2 * s},
		{name: "canceled while the host is silent", faults: fault(probetest.LeafOnly, silentHost), canceled: 2 * s, code: probe.Canceled, fetched: true, request: probe.Canceled, took: 2 * s},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{host}, Faults: test.faults, Latency: time.Millisecond}
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if test.canceled > 0 {
					time.AfterFunc(test.canceled, func() { cancel(cause) })
				}
				limited, end := context.WithTimeout(ctx, 10*s)
				defer end()
				o := secure(i.Network()).Probe(limited, httpsTarget)
				if o.Code() != test.code || test.canceled > 0 && !errors.Is(o.Error, cause) {
					t.Errorf("error %v, want %q", o.Error, test.code)
				}
				if got := len(o.TLS.FetchedIssuers) == 1; got != test.fetched {
					t.Errorf("fetched %v, want %t", o.TLS.FetchedIssuers, test.fetched)
				}
				var steps []string
				for _, st := range o.Steps {
					if st.Op == probe.OpIssuer || st.Op == probe.OpRequest {
						steps = append(steps, st.Op)
					}
				}
				want := []string{probe.OpIssuer, probe.OpRequest}
				if test.request == "" {
					want = want[:1]
				}
				if diff := cmp.Diff(want, steps); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				for _, st := range o.Steps {
					if code := codeOf(st); st.Op == probe.OpRequest && code != test.request {
						t.Errorf("the request came to %q, want %q", code, test.request)
					}
				}
				if late := o.Duration - test.took; late < 0 || late > 100*time.Millisecond {
					t.Errorf("took %v, want %v", o.Duration, test.took)
				}
				checkSteps(t, o)
			})
		})
	}
}

func codeOf(s probe.Step) probe.Code {
	if s.Error == nil {
		return "ok"
	}
	return s.Error.Code
}
