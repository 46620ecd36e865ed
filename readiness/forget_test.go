package readiness_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/accuracy"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
	"github.com/netready/netready/readiness/render"
)

// sameWithLess judges what a run that forgets keeps of a report's observations. It
// returns an error if that report says anything else, but for the observations.
func sameWithLess(r readiness.Runner, whole *readiness.Report) error {
	less, err := r.Judge(whole.Plan, readiness.Forgotten(whole.Observations))
	if err != nil {
		return err
	}
	return sameButFacts(whole, less)
}

// sameButFacts returns an error if two reports differ in more than what they keep
// of observations.
func sameButFacts(whole, less *readiness.Report) error {
	copied := *less
	copied.Notes = slices.DeleteFunc(slices.Clone(less.Notes), func(s string) bool { return strings.Contains(s, "dropped other facts") })
	var want, got bytes.Buffer
	if err := errors.Join(render.Brief(&want, whole), render.Brief(&got, &copied)); err != nil {
		return err
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		return fmt.Errorf("a run that forgets tells something else (-whole +less):\n%s", cmp.Diff(want.String(), got.String()))
	}
	return nil
}

// What a run forgets decides nothing on random networks either. Situations of
// other tests are compared in assessPlan.
func TestForgettingOnRandomNetworks(t *testing.T) {
	const seed, first = 3, 5000
	plans, err := accuracy.Sample(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	for number := uint64(first); number < first+uint64(sampletest.Count(20)); number++ {
		n := accuracy.Generate(plans, seed, number)
		t.Run(n.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r, err := n.Assess(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := sameWithLess(readiness.Runner{}, r); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// OnResult sees everything, and a report has everything of what failed.
func TestRunForgets(t *testing.T) {
	own := func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation { return n.Probe(ctx, t) }
	tests := []struct {
		name    string
		probers map[probe.Protocol]probe.Prober
		less    []probe.Protocol // of which little is kept
	}{
		{"built-in probers", nil, []probe.Protocol{probe.HTTP, probe.HTTPS}},
		{"a prober of one's own", map[probe.Protocol]probe.Prober{probe.HTTPS: own}, []probe.Protocol{probe.HTTP}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := planOn(t, autopilot(), few(t), probe.Network{})
				net := &probetest.Internet{Hosts: p.Hosts(), Faults: []probetest.Fault{at("login.live.com", probetest.Reset)}}
				seen := make(map[probe.Target]probe.Observation)
				r := readiness.Runner{
					Network: net.Network(), Probers: tt.probers, Forget: true,
					OnResult: func(c readiness.Check, o probe.Observation) { seen[c.Target] = o },
				}
				obs, err := r.Run(t.Context(), p)
				if err != nil {
					t.Fatal(err)
				}
				var whole []probe.Observation
				for _, o := range obs {
					was := seen[o.Target]
					whole = append(whole, was)
					if want := was.OK() && slices.Contains(tt.less, o.Target.Protocol); o.Forgotten != want {
						t.Errorf("%v is marked as forgotten: %t, want %t", o.Target, o.Forgotten, want)
					}
					if was.Forgotten {
						t.Errorf("OnResult is told little of %v", o.Target)
					}
					if !o.Forgotten {
						if diff := cmp.Diff(was, o, cmp.Comparer(func(a, b *probe.Error) bool { return a == b }), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })); diff != "" {
							t.Errorf("%v (-seen +kept):\n%s", o.Target, diff)
						}
						continue
					}
					if o.Target.Protocol == probe.HTTPS && o.TLS.Handshakes == nil && (len(o.TLS.Chain) > 0 || len(was.TLS.Chain) == 0) {
						t.Errorf("%v has %d certificates, and had %d", o.Target, len(o.TLS.Chain), len(was.TLS.Chain))
					}
				}
				all, err1 := r.Judge(p, whole)
				less, err2 := r.Judge(p, obs)
				if err := errors.Join(err1, err2); err != nil {
					t.Fatal(err)
				}
				if err := sameButFacts(all, less); err != nil {
					t.Error(err)
				}
				if told := strings.Join(less.Notes, " "); !strings.Contains(told, "dropped other facts") {
					t.Errorf("%q does not say that facts are gone", told)
				}
				written(t, less)
				readAgain(t, less)
			})
		})
	}
}

// readAgain checks that a report of which little is kept can be stored, read and
// judged again.
func readAgain(t *testing.T, r *readiness.Report) {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back readiness.Report
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	again, err := readiness.Runner{Catalog: r.Plan.Catalog, Probers: map[probe.Protocol]probe.Prober{}}.Rejudge(&back)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(summarize(r), summarize(again)); diff != "" {
		t.Errorf("judged again (-want +got):\n%s", diff)
	}
	if !slices.Equal(r.Notes, again.Notes) {
		t.Errorf("notes %q, and judged again %q", r.Notes, again.Notes)
	}
}

// Of revocation, only what could have been told of another certificate is kept of
// sources that answered, once for all checks.
func TestForgettingSharesRevocation(t *testing.T) {
	seen := func(code probe.Code) probe.Observation {
		return probe.Observation{
			Target: probe.Target{Protocol: probe.HTTPS, Host: "a.example", Port: 443}, Attempts: 1,
			TCP: &probe.TCPFacts{}, TLS: &probe.TLSFacts{}, HTTP: &probe.HTTPFacts{Status: 200},
			Revocation: &probe.RevocationFacts{Sources: []probe.Document{{Kind: "ocsp", URL: "http://o.example/", Status: "good", Code: code, Text: "x"}}},
		}
	}
	for _, tt := range []struct {
		code   probe.Code
		shared bool
	}{{"", true}, {probe.Skipped, true}, {probe.RevocationUnreachable, false}} {
		kept := readiness.Forgotten([]probe.Observation{seen(tt.code), seen(tt.code)})
		if got := kept[0].Revocation == kept[1].Revocation && kept[0].Revocation.Sources[0].Text == ""; got != tt.shared {
			t.Errorf("%q: shared and short: %t, want %t", tt.code, got, tt.shared)
		}
	}
}

// A report of a run that forgets takes little memory for each check.
func TestForgettingKeepsLittle(t *testing.T) {
	const n, most = 150, 2_000 // bytes; without Forget, they are about 5,000
	synctest.Test(t, func(t *testing.T) {
		p := planOn(t, autopilot(), manyHosts(t, n), probe.Network{})
		net := &probetest.Internet{Hosts: p.Hosts()}
		runner := readiness.Runner{Network: net.Network(), Forget: true}
		obs, err := runner.Run(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		report := runner.JudgeRun(p, obs)
		if report.Verdict != readiness.Ready {
			t.Errorf("verdict %v", report.Verdict)
		}
		with := live()
		runtime.KeepAlive(obs)
		runtime.KeepAlive(report)
		obs, report = nil, nil //nolint:ineffassign,wastedassign // so that they are garbage
		if size := (with - live()) / n; size > most {
			t.Errorf("%d bytes for each check, want at most %d", size, most)
		} else {
			t.Logf("%d bytes for each check", size)
		}
		runtime.KeepAlive(p)
		runtime.KeepAlive(net)
	})
}

// A report that is judged again says once what its run forgot, and of as many checks
// as it still has.
func TestForgettingIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := few(t)
		wide, err := c.With(endpoint(t, "intranet", "a.contoso.com", nil, "tcp/443 https"), endpoint(t, "intranet", "b.contoso.com", nil, "tcp/443 https"))
		if err != nil {
			t.Fatal(err)
		}
		p := planOn(t, autopilot(), wide, probe.Network{})
		r := readiness.Runner{Network: (&probetest.Internet{Hosts: p.Hosts()}).Network(), Catalog: wide, Forget: true}
		obs, err := r.Run(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := r.Judge(p, obs)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]*endpoints.Catalog{"the same catalog": wide, "one with fewer hosts": c} {
			again, err := readiness.Runner{Catalog: c}.Rejudge(stored)
			if err != nil {
				t.Fatal(err)
			}
			told := 0
			for _, note := range again.Notes {
				if strings.Contains(note, "dropped other facts") {
					told++
				}
			}
			if told != 1 {
				t.Errorf("%s: told %d times in %q", name, told, again.Notes)
			}
		}
	})
}
