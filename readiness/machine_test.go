package readiness_test

import (
	"context"
	"net"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A machine on which sockets fail accuses nobody, whatever the number that its
// system gives; one that is refused by the network does.
func TestWhatFailsOnThisMachineAccusesNobody(t *testing.T) {
	const nobodyKnows = syscall.Errno(3999)
	machine := []readiness.CauseCode{readiness.CauseMachine}
	tests := []struct {
		name    string
		network string // on which it happens, or "" for all
		err     error
		verdict readiness.Verdict
		causes  []readiness.CauseCode
	}{
		{"datagram sockets that cannot be set up", "udp", os.NewSyscallError("wsaioctl", nobodyKnows), readiness.Unproven, machine},
		{"sockets that cannot be opened", "", os.NewSyscallError("socket", nobodyKnows), readiness.Unproven, machine},
		{"streams that cannot be connected", "tcp", os.NewSyscallError("connect", nobodyKnows), readiness.Unproven, machine},
		{"sockets that cannot be bound", "tcp", os.NewSyscallError("bind", nobodyKnows), readiness.Unproven, machine},
		{"no descriptors left", "tcp", os.NewSyscallError("socket", syscall.EMFILE), readiness.Unproven, machine},
		{"a resolver on which nothing listens", "udp", os.NewSyscallError("connect", syscall.ECONNREFUSED), readiness.Blocked, []readiness.CauseCode{readiness.CauseDNSUnreachable}},
		{"hosts on which nothing listens", "tcp", os.NewSyscallError("connect", syscall.ECONNREFUSED), readiness.Blocked, []readiness.CauseCode{
			readiness.CauseHTTPSBlocked, readiness.CauseHTTPBlocked, readiness.CauseController,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := everyKind(t, false)
				n := domainInternet(p).Network()
				dial := n.Connect
				n.Connect = func(ctx context.Context, network, addr string) (net.Conn, error) {
					if tt.network == "" || tt.network == network {
						return nil, &net.OpError{Op: "dial", Net: network, Err: tt.err}
					}
					return dial(ctx, network, addr)
				}
				r, err := assessPlan(t.Context(), readiness.Runner{Network: n}, p)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.causes, codes(r)); diff != "" || r.Verdict != tt.verdict {
					t.Errorf("%s, want %s; causes (-want +got):\n%s", r.Verdict, tt.verdict, diff)
				}
				if tt.verdict != readiness.Unproven {
					return
				}
				for _, f := range r.Findings {
					if f.Outcome == readiness.Failed {
						t.Errorf("%s failed: %s", f.Check.ID(), f.Code)
					}
					if f.Outcome == readiness.NotRun && f.Code != probe.Skipped && f.Cause != &r.Causes[0] {
						t.Errorf("%s was not run (%s) without a cause", f.Check.ID(), f.Code)
					}
				}
				if r.CutOff || len(r.Missing) == 0 || r.Err() == nil || r.Causes[0].Impact != readiness.Informational {
					t.Errorf("cut off %v, %d missing, error %v, %s", r.CutOff, len(r.Missing), r.Err(), r.Causes[0].Impact)
				}
			})
		})
	}
}

// A certificate whose revocation this machine could not look up is not one
// that was looked up.
func TestRevocationThatThisMachineCouldNotAskForIsUnproven(t *testing.T) {
	p := plan(t, autopilot())
	source := func(c probe.Code) *probe.RevocationFacts {
		return &probe.RevocationFacts{Code: c, Sources: []probe.Document{{URL: "http://crl.example/1.crl", Code: c}}}
	}
	for code, want := range map[probe.Code]readiness.Verdict{
		"":                  readiness.Ready,
		probe.LocalResource: readiness.Unproven,
		probe.LocalSocket:   readiness.Unproven,
	} {
		obs := reached(p)
		at := slices.IndexFunc(obs, func(o probe.Observation) bool { return o.Target.String() == "https login.live.com:443" })
		obs[at].Revocation = source(code)
		if r := judge(t, p, obs, readiness.Policy{}); r.Verdict != want || len(r.Causes) > 0 {
			t.Errorf("%q: %s, causes %v, want %s", code, r.Verdict, codes(r), want)
		}
	}
}
