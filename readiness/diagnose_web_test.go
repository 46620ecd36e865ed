package readiness_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

func TestCausesInWebAnswers(t *testing.T) {
	diagnoseAll(t, []outage{
		{
			"a portal that redirects",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{Location: "http://portal.example/login"}}},
			summary{blocked, causes{readiness.CauseCaptivePortal}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that answers with its own page",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.Page{Body: "Welcome to the guest network. Please sign in."})}},
			summary{blocked, causes{readiness.CauseCaptivePortal}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that drops everything but port 80",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.Portal{Location: "http://portal.example/login"}, onPort("tcp", 443, probetest.Drop), onPort("udp", 123, probetest.Drop),
			}},
			summary{blocked, causes{readiness.CauseCaptivePortal}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that answers over TLS too, with a certificate of its own",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{TLS: true}}},
			summary{blocked, causes{readiness.CauseCaptivePortal}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that says so with status 511",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{Status: 511}}},
			summary{blocked, causes{readiness.CauseCaptivePortal}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal, and a resolver that makes names up",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{}, probetest.Rewrite{}}},
			summary{blocked, causes{readiness.CauseCaptivePortal, readiness.CauseDNSRewriting}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal that also filters the name of Windows' own test",
			&probetest.Internet{Faults: []probetest.Fault{
				probetest.At{Host: "www.msftconnecttest.com", Port: 53, Fault: probetest.NXDomain},
				probetest.Portal{Location: "http://portal.example/login"},
			}},
			summary{blocked, causes{readiness.CauseCaptivePortal, readiness.CauseDNSFiltered}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a portal, and a time server that is not synchronized",
			&probetest.Internet{Faults: []probetest.Fault{probetest.Portal{}, probetest.Unsynchronized}},
			summary{blocked, causes{readiness.CauseCaptivePortal, readiness.CauseNTPUnusable}, endpoints.PhaseNetworkBringUp},
		},
		{
			"a filter answers plain HTTP with its page",
			&probetest.Internet{Faults: []probetest.Fault{probetest.At{Host: "crl3.digicert.com", Port: 80, Fault: probetest.BlockPage{}}}},
			summary{blocked, causes{readiness.CauseBlockPage}, endpoints.PhaseNetworkBringUp},
		},
		{
			"something on the way takes byte ranges out",
			&probetest.Internet{Faults: []probetest.Fault{probetest.IgnoreRange}},
			summary{degraded, causes{readiness.CauseRangeStripped}, ""},
		},
		{
			"something takes byte ranges out of plain HTTP alone",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.IgnoreRange)}},
			summary{degraded, causes{readiness.CauseRangeStripped}, ""},
		},
		{
			"something resets connections on which ranges are requested",
			&probetest.Internet{Faults: []probetest.Fault{probetest.ResetRange}},
			summary{degraded, causes{readiness.CauseRangeStripped}, ""},
		},
		{
			"something takes byte ranges out of requests to the hosts of updates alone",
			&probetest.Internet{Faults: []probetest.Fault{at("*.windowsupdate.com", probetest.IgnoreRange), at("*.sfx.ms", probetest.IgnoreRange)}},
			summary{degraded, causes{readiness.CauseRangeStripped}, ""},
		},
		{
			"hosts that have nothing at their root",
			&probetest.Internet{Faults: []probetest.Fault{at("*.delivery.mp.microsoft.com", probetest.Page{Status: 403, Body: "no"}), at("officecdn.microsoft.com", probetest.Page{Status: 404, Body: "no"})}},
			summary{ready, nil, ""},
		},
		{
			"a single host ignores byte ranges",
			&probetest.Internet{Faults: []probetest.Fault{at("officecdn.microsoft.com", probetest.IgnoreRange)}},
			summary{ready, nil, ""},
		},
		{
			"what answers on TCP port 80 does not speak HTTP",
			&probetest.Internet{Faults: []probetest.Fault{onPort("tcp", 80, probetest.At{Stage: probetest.AfterRequest, Fault: probetest.Garbage{}})}},
			summary{blocked, causes{readiness.CauseHTTPBlocked}, endpoints.PhaseNetworkBringUp},
		},
	})
}

// The evidence of a block page names the other hosts that it stands for, and no
// more.
func TestBlockPageNamesTheOthers(t *testing.T) {
	page := func(names ...string) *probetest.Internet {
		i := new(probetest.Internet)
		for _, name := range names {
			i.Faults = append(i.Faults, probetest.At{Host: name, Port: 80, Fault: probetest.BlockPage{}})
		}
		return i
	}
	told := summary{blocked, causes{readiness.CauseBlockPage}, endpoints.PhaseNetworkBringUp}
	spots(t, []spot{
		{"one host", page("crl3.digicert.com"), told, []string{"crl3.digicert.com"}, []string{"The same for"}, ""},
		{"two hosts", page("crl3.digicert.com", "ctldl.windowsupdate.com"), told, []string{"The same for: ctldl.windowsupdate.com."}, nil, ""},
	})
}
