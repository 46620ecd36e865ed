package readiness_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestCausesInRevocation(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"revocation lists are dropped",
			&probetest.Internet{Faults: []probetest.Fault{
				at("ocsp.probetest.example", probetest.Drop), at("crl.probetest.example", probetest.Drop),
			}},
			summary{blocked, causes{readiness.CauseRevocation}, endpoints.PhaseNetworkBringUp},
		},
		{
			"revocation lists are refused, but answers are stapled",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.Staple, at("ocsp.probetest.example", probetest.Refuse),
			}},
			summary{ready, nil, ""},
		},
		{
			"revocation lists of another time",
			&probetest.Internet{Faults: []probetest.Fault{probetest.StaleRevocation}},
			summary{blocked, causes{readiness.CauseRevocation}, endpoints.PhaseNetworkBringUp},
		},
		{
			"revocation lists that somebody else signed",
			&probetest.Internet{Faults: []probetest.Fault{probetest.ForgedRevocation}},
			summary{blocked, causes{readiness.CauseRevocation}, endpoints.PhaseNetworkBringUp},
		},
		{
			"certificates without revocation lists",
			&probetest.Internet{Faults: []probetest.Fault{probetest.NoRevocation}},
			summary{ready, nil, ""},
		},
		{
			"a host whose certificate is revoked",
			&probetest.Internet{Faults: []probetest.Fault{at("ztd.dds.microsoft.com", probetest.Revoke)}},
			summary{blocked, causes{readiness.CauseHostUnreachable}, endpoints.PhaseProfileDownload},
		},
		{
			"responders that do not know the certificates, and no lists",
			&probetest.Internet{Faults: []probetest.Fault{probetest.UnknownRevocation, at("crl.probetest.example", probetest.Refuse)}},
			summary{blocked, causes{readiness.CauseRevocation}, endpoints.PhaseNetworkBringUp},
		},
	})
}

// Each way in which sources fail has its own remedy, which names them.
func TestRevocationRemedies(t *testing.T) {
	told := summary{blocked, causes{readiness.CauseRevocation}, endpoints.PhaseNetworkBringUp}
	const silent, altered, stale = "without proxy authentication, to http://", "unchanged: http://", "refresh it: http://"
	spots(t, []spot{
		{
			"no answer",
			&probetest.Internet{Faults: []probetest.Fault{at("ocsp.probetest.example", probetest.Drop), at("crl.probetest.example", probetest.Drop)}},
			told,
			[]string{silent},
			[]string{altered, stale},
			"",
		},
		{"answers that somebody else signed", &probetest.Internet{Faults: []probetest.Fault{probetest.ForgedRevocation}}, told, []string{altered}, []string{silent, stale}, ""},
		{"answers of another time", &probetest.Internet{Faults: []probetest.Fault{probetest.StaleRevocation}}, told, []string{stale}, []string{silent, altered}, ""},
		{
			"two ways at once",
			&probetest.Internet{Faults: []probetest.Fault{probetest.StaleRevocation, at("ocsp.probetest.example", probetest.Drop)}},
			told,
			[]string{silent + "ocsp", stale + "crl"},
			[]string{altered},
			"",
		},
	})
}

// A revocation check that time ended is not run, unless an answer of the same
// source settles it.
func TestRevocationThatWasCutOff(t *testing.T) {
	const source, other = "http://crl.example/a.crl", "http://ocsp.example"
	late, answered := probe.Document{URL: source, Code: probe.Timeout}, probe.Document{URL: source}
	const host, elsewhere = "login.live.com", "login.microsoftonline.com"
	for _, tt := range []struct {
		name string
		seen map[string]*probe.RevocationFacts // by host
		want []readiness.Outcome
	}{
		{"the only source", map[string]*probe.RevocationFacts{host: {Code: probe.Timeout, Sources: []probe.Document{late}}}, []readiness.Outcome{readiness.NotRun}},
		{"another source answered", map[string]*probe.RevocationFacts{host: {Sources: []probe.Document{late, {URL: other}}}}, nil},
		{
			"the source answered another check",
			map[string]*probe.RevocationFacts{host: {Code: probe.Timeout, Sources: []probe.Document{late}}, elsewhere: {Sources: []probe.Document{answered}}},
			nil,
		},
		{"no source answers", map[string]*probe.RevocationFacts{host: {Code: probe.RevocationUnreachable, Sources: []probe.Document{{URL: source, Code: probe.TCPTimeout}}}}, []readiness.Outcome{readiness.Failed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := plan(t, autopilot())
			obs := reached(p)
			for i, o := range obs {
				if o.Target.Protocol == probe.HTTPS {
					obs[i].Revocation = tt.seen[o.Target.Host]
				}
			}
			r := judge(t, p, obs, readiness.DocumentedPolicy())
			var got []readiness.Outcome
			for _, f := range r.Findings {
				if f.Service == endpoints.ServiceCRL && f.Check.Target.Host == host {
					got = append(got, f.Outcome)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
