package readiness_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// verifiedBy returns the report on the observations of an internet as if their
// chains had been verified under another set of roots. The keys of the sets that
// Windows has are not to be had for servers of a test.
func verifiedBy(t *testing.T, set string, net *probetest.Internet) *readiness.Report {
	t.Helper()
	p := plan(t, autopilot())
	net.Hosts = append(net.Hosts, p.Hosts()...)
	obs, err := readiness.Runner{Network: net.Network()}.Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i := range obs {
		if f := obs[i].TLS; f != nil && f.VerifiedBy == "public" {
			f.VerifiedBy = set
			changed++
		}
	}
	if changed == 0 {
		t.Fatal("no genuine chain")
	}
	return judge(t, p, obs, readiness.Policy{})
}

// What Windows trusts is as good as what the public trusts, and its hosts tell
// the time as well. Inspection is something else.
func TestGenuineSets(t *testing.T) {
	late := func() *probetest.Internet {
		return &probetest.Internet{Skew: 20 * time.Hour, Faults: []probetest.Fault{onPort("udp", 123, probetest.Drop)}}
	}
	for _, set := range []string{"public", "microsoft", "windows"} {
		synctest.Test(t, func(t *testing.T) {
			if diff := cmp.Diff(summary{Verdict: readiness.Ready}, summarize(verifiedBy(t, set, new(probetest.Internet)))); diff != "" {
				t.Errorf("%s, a perfect network (-want +got):\n%s", set, diff)
			}
		})
		synctest.Test(t, func(t *testing.T) {
			if r := verifiedBy(t, set, late()); !slices.Contains(codes(r), readiness.CauseClockWrong) {
				t.Errorf("%s, a wrong clock: causes %v", set, codes(r))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		if r := verifiedBy(t, "machine", late()); slices.Contains(codes(r), readiness.CauseClockWrong) {
			t.Error("the clocks of those who inspect count")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		// Even under Microsoft's name.
		r := assess(t, autopilot(), &probetest.Internet{Faults: []probetest.Fault{probetest.Inspect{Organization: "Microsoft Corporation"}}})
		want := summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseTLSInspection}, endpoints.PhaseDeviceIdentity}
		if diff := cmp.Diff(want, summarize(r)); diff != "" {
			t.Errorf("inspection (-want +got):\n%s", diff)
		}
	})
}

// An intermediate certificate that has expired is the host's fault only if there
// is no other. A wrong clock is not to be taken for that, or that for a wrong clock.
func TestOldIntermediates(t *testing.T) {
	noIssuers := at("aia.probetest.example", probetest.Refuse)
	for _, test := range []struct {
		name string
		net  *probetest.Internet
		want summary
	}{
		{
			"another is to be had", &probetest.Internet{Faults: []probetest.Fault{probetest.OldIntermediate}},
			summary{Verdict: readiness.Ready},
		},
		{
			"none is to be had", &probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.OldIntermediate), noIssuers}},
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseHostUnreachable}, endpoints.PhaseDeviceIdentity},
		},
		{
			"none is to be had, and none is needed", &probetest.Internet{Faults: []probetest.Fault{noIssuers}},
			summary{Verdict: readiness.Ready},
		},
	} {
		for name, w := range worlds() {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					if diff := cmp.Diff(test.want, summarize(assessIn(t, w, autopilot(), test.net)).inAnyWorld()); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			})
		}
	}
	t.Run("another is to be had, and the clock is wrong", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			clock := assess(t, autopilot(), &probetest.Internet{Skew: 100 * 24 * time.Hour})
			both := assess(t, autopilot(), &probetest.Internet{Skew: 100 * 24 * time.Hour, Faults: []probetest.Fault{probetest.OldIntermediate}})
			if !slices.Contains(codes(clock), readiness.CauseClockWrong) || !slices.Contains(codes(both), readiness.CauseClockWrong) {
				t.Errorf("causes %v, and with old intermediates %v", codes(clock), codes(both))
			}
		})
	})
}

// A chain that nobody can complete is open. Nobody is accused, and the report
// says what is missing.
func TestUnverifiable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := assess(t, autopilot(), &probetest.Internet{Faults: []probetest.Fault{at("login.live.com", probetest.LeafOrphan)}})
		want := summary{Verdict: readiness.Unproven, Causes: []readiness.CauseCode{readiness.CauseTLSIncomplete}}
		if diff := cmp.Diff(want, summarize(r)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		const missing = "Probetest Public Trust Issuing CA 01"
		c := r.Causes[0]
		if c.Impact != readiness.Informational || !strings.Contains(c.Title, missing+" is missing") ||
			!strings.Contains(c.Evidence[len(c.Evidence)-1], missing) || !strings.Contains(c.Remedy, "login.live.com") {
			t.Errorf("cause %+v", c)
		}
		for _, f := range r.Findings {
			if f.Code != probe.TLSIncomplete {
				continue
			}
			if f.Outcome != readiness.NotRun || f.Cause != &r.Causes[0] {
				t.Errorf("finding %+v", f)
			}
			if s := serviceOf(t, r, f.Service); s.Verdict != readiness.Unproven || s.Failed > 0 {
				t.Errorf("service %+v", s)
			}
		}
		if r.Err() == nil {
			t.Error("an open question passes")
		}
	})
}
