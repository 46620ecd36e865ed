package accuracy

import (
	"net/http"

	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func revocationKinds() []kind {
	closed := func(what string, step Step, f probetest.Fault) variant {
		return variant{what: what, step: step, on: onHTTP, fault: f}
	}
	answered := func(what string, f probetest.Fault) variant {
		return variant{what: what, step: StepReply, on: onDocuments, fault: f}
	}
	return []kind{
		{
			name: "revocation-closed", cause: readiness.CauseRevocation, weight: 4, once: true,
			variants: []variant{
				closed("dropped", StepConnect, probetest.Drop),
				closed("refused", StepConnect, probetest.Refuse),
				closed("reset", StepRequest, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Reset}),
			},
			shape: func(_ *draw, f *Fault) {
				f.Hosts = []string{crlHost, ocspHost}
				at := f.internet[0].(probetest.At) //nolint:errcheck // place made it
				f.internet = nil
				for _, host := range f.Hosts {
					at.Host = host
					f.internet = append(f.internet, at)
				}
			},
		},
		{
			name: "revocation-useless", cause: readiness.CauseRevocation, weight: 4, once: true,
			variants: []variant{
				answered("out of date", probetest.StaleRevocation),
				answered("signed by another", probetest.ForgedRevocation),
				answered("a web page", probetest.GarbledRevocation),
			},
			shape: func(_ *draw, f *Fault) {
				f.stale = f.What == "out of date"
			},
		},
	}
}

func filterKinds() []kind {
	page := func(what string, f probetest.Fault) variant {
		return variant{what: what, step: StepPage, on: onHTTP, fault: f}
	}
	legal := probetest.Page{
		Status: http.StatusUnavailableForLegalReasons,
		Header: http.Header{"Link": {`<https://filter.example/>; rel="blocked-by"`}},
		Body:   "<html><head><title>Unavailable</title></head><body>Not here.</body></html>",
	}
	return []kind{
		{
			name: "block-page", cause: readiness.CauseBlockPage, weight: 8, once: true, places: []place{everywhere, oneHost, fewHosts},
			variants: []variant{
				page("403", probetest.BlockPage{}),
				page("503", probetest.BlockPage{Status: http.StatusServiceUnavailable}),
				page("200", probetest.BlockPage{Status: http.StatusOK}),
				page("451", legal),
			},
		},
		{
			name: "ranges-taken", cause: readiness.CauseRangeStripped, weight: 5, once: true,
			variants: []variant{
				{what: "everywhere", step: stepNone, on: onWeb, fault: probetest.IgnoreRange},
				{what: "everywhere", step: stepNone, on: onWeb, fault: probetest.IgnoreRange},
				{what: "from plain HTTP", step: stepNone, on: onHTTP, fault: probetest.IgnoreRange},
				{what: "and the connection with them", step: stepNone, on: onWeb, fault: probetest.ResetRange},
				{what: "of answers", step: stepNone, on: onHTTP, fault: probetest.BareRange},
			},
			shape: func(_ *draw, f *Fault) { f.unranged = f.strikes[0].on },
		},
		{
			name: "tls13-stopped", cause: readiness.CauseTLS13Blocked, weight: 9, once: true, without: []string{"hellos-cut"},
			variants: []variant{{what: "everywhere", step: stepNone, on: onHTTPS, fault: probetest.NewHello{}}},
			shape:    func(_ *draw, f *Fault) { f.hellos = true },
		},
		{
			name: "hellos-cut", cause: readiness.CauseLargeHelloBlocked, weight: 7, once: true, without: []string{"tls13-stopped"},
			variants: []variant{{what: "after a packet", step: stepNone, on: onHTTPS, fault: probetest.NewHello{Over: 1400}}},
			shape:    func(_ *draw, f *Fault) { f.hellos = true },
		},
	}
}
