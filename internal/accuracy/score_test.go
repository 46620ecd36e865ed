package accuracy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/accuracy"
	"github.com/netready/netready/readiness"
)

func keys(codes ...readiness.CauseCode) []accuracy.Key {
	var out []accuracy.Key
	for _, c := range codes {
		out = append(out, accuracy.Key{Code: c})
	}
	return out
}

func TestScoreBySituation(t *testing.T) {
	const (
		clock = readiness.CauseClockWrong
		ntp   = readiness.CauseNTPUnusable
		down  = readiness.CauseNetworkDown
	)
	type pair = accuracy.Pair[readiness.CauseCode]
	tests := []struct {
		name      string
		truth     accuracy.Truth
		told      accuracy.Told
		total     accuracy.Count
		confusion map[pair]int
		good      bool
	}{
		{
			name:  "all reported",
			truth: accuracy.Truth{Causes: keys(clock, down)}, told: accuracy.Told{Causes: keys(clock, down)},
			total: accuracy.Count{True: 2}, confusion: map[pair]int{{clock, clock}: 1, {down, down}: 1}, good: true,
		},
		{
			name:  "one for another",
			truth: accuracy.Truth{Causes: keys(ntp)}, told: accuracy.Told{Causes: keys(clock)},
			total: accuracy.Count{False: 1, Missed: 1}, confusion: map[pair]int{{ntp, clock}: 1},
		},
		{
			name:  "one too many",
			truth: accuracy.Truth{Causes: keys(ntp)}, told: accuracy.Told{Causes: keys(clock, ntp)},
			total: accuracy.Count{True: 1, False: 1}, confusion: map[pair]int{{ntp, ntp}: 1, {"", clock}: 1},
		},
		{
			name:  "the same twice",
			truth: accuracy.Truth{Causes: keys(ntp)}, told: accuracy.Told{Causes: keys(ntp, ntp)},
			total: accuracy.Count{True: 1, False: 1}, confusion: map[pair]int{{ntp, ntp}: 1, {"", ntp}: 1},
		},
		{
			name:  "one missed",
			truth: accuracy.Truth{Causes: keys(clock, ntp)}, told: accuracy.Told{Causes: keys(ntp)},
			total: accuracy.Count{True: 1, Missed: 1}, confusion: map[pair]int{{ntp, ntp}: 1, {clock, ""}: 1},
		},
		{
			name:  "what nobody could tell",
			truth: accuracy.Truth{Causes: keys(down), Unclear: keys(clock, ntp)}, told: accuracy.Told{Causes: keys(clock, down)},
			total: accuracy.Count{True: 1, Unclear: 1}, confusion: map[pair]int{{down, down}: 1}, good: true,
		},
		{
			name:  "a network told to be better than it is",
			truth: accuracy.Truth{Verdict: readiness.Blocked}, told: accuracy.Told{Verdict: readiness.Degraded},
			confusion: map[pair]int{},
		},
		{
			name:  "a network reported worse than it is",
			truth: accuracy.Truth{Verdict: readiness.Ready}, told: accuracy.Told{Verdict: readiness.Blocked},
			confusion: map[pair]int{},
		},
		{
			name: "a check that did not go as modeled",
			truth: accuracy.Truth{
				Fates: []accuracy.Fate{{Outcome: readiness.OK}}, Owners: make([]accuracy.Key, 1),
			},
			told:      accuracy.Told{Outcomes: []readiness.Outcome{readiness.Failed}, Owners: make([]accuracy.Key, 1)},
			confusion: map[pair]int{},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := &accuracy.Network{Plan: &readiness.Plan{Checks: []readiness.Check{{Endpoints: make([]endpoints.Endpoint, 1)}}}}
			var s accuracy.Score
			s.Add(n, tt.truth, tt.told)
			if diff := cmp.Diff(tt.total, s.Total()); diff != "" {
				t.Errorf("total (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.confusion, s.Confusion); diff != "" {
				t.Errorf("confusion (-want +got):\n%s", diff)
			}
			if got := s.Good(); got != tt.good {
				t.Errorf("Good() = %t", got)
			}
		})
	}
}

func ExampleScore_WriteText() {
	var s accuracy.Score
	n := &accuracy.Network{Plan: &readiness.Plan{}}
	clock := accuracy.Key{Code: readiness.CauseClockWrong}
	host := accuracy.Key{Code: readiness.CauseHostUnreachable, About: "login.live.com"}
	truth := accuracy.Truth{Verdict: readiness.Blocked, Causes: []accuracy.Key{clock, host}}
	s.Add(n, truth, accuracy.Told{Verdict: readiness.Blocked, Causes: []accuracy.Key{clock, host}})
	s.Add(n, truth, accuracy.Told{Verdict: readiness.Blocked, Causes: []accuracy.Key{host}})
	var text strings.Builder
	if err := s.WriteText(&text); err != nil {
		fmt.Println(err)
	}
	for line := range strings.Lines(text.String()) {
		fmt.Println(strings.TrimSpace(line))
	}
	// Output:
	// cause  true  false  missed  unclear  precision  recall
	// clock.wrong     1      0       1        0     1.0000  0.5000
	// host.unreachable     2      0       0        0     1.0000  1.0000
	// all causes     3      0       1        0     1.0000  0.7500
	// checks and their cause     0      0       0        0     1.0000  1.0000
	//
	// true cause, and what was reported
	// clock.wrong       nothing 1, clock.wrong 1
	// host.unreachable  host.unreachable 2
	//
	// true verdict  reported ready  reported degraded  reported blocked  reported unproven
	// ready               0                  0                 0                  0
	// degraded               0                  0                 0                  0
	// blocked               0                  0                 2                  0
	// unproven               0                  0                 0                  0
	//
	// 2 networks: precision 1.0000, recall 0.7500, verdicts 1.0000 right, 0 reported better than they are, 0 worse, 0 with an unclear cause, 0 checks not as modeled
}
