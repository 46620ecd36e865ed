package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
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
