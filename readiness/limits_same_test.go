package readiness_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// One responder answers for hosts of three owners if their own answers are known to
// differ, and most of them from its own.
func TestLimitsOfOneResponder(t *testing.T) {
	const telling, short = "This is not here.", "Not here."
	for _, tt := range []struct {
		name     string
		page     string
		statuses [][]int // known of each host; the responder's is 200
		found    bool
	}{
		{"two others", telling, [][]int{{404}, {301}, nil}, true},
		{"two others, of two owners", telling, [][]int{{404}, {301}}, false},
		{"two others that are alike", telling, [][]int{{404}, {404}, nil}, false},
		{"two others that may be alike", telling, [][]int{{404, 301}, {301}, nil}, false},
		{"another, and one that is the same", telling, [][]int{{404}, {200}, nil}, true},
		{"another, and two that are the same", telling, [][]int{{404}, {200}, {200}}, false},
		{"two others, and two that are the same", telling, [][]int{{404}, {301}, {200}, {200}}, true},
		{"none that is another", telling, [][]int{{200}, {200, 301}, nil}, false},
		{"a short page in place of three others", short, [][]int{{404}, {301}, {403}}, true},
		{"a short page in place of two others", short, [][]int{{404}, {301}, nil}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list := ownHosts(t, len(tt.statuses), false, "tcp/80 http").Endpoints()
			var facts []endpoints.Fact
			for k, statuses := range tt.statuses {
				if statuses != nil {
					fact := known(list[k], 80, endpoints.Confirmed, endpoints.HowAnswers)
					fact.Statuses = statuses
					facts = append(facts, fact)
				}
			}
			c, err := own(t, list...).WithFacts(facts...)
			if err != nil {
				t.Fatal(err)
			}
			p := planOn(t, autopilot(), c, probe.Network{})
			obs := reached(p)
			for i := range obs {
				answer(&obs[i], i%200)
				if strings.HasSuffix(obs[i].Target.Host, ".example") { // others show that there is no portal
					obs[i].HTTP.Body = tt.page
				}
			}
			if got := codes(judge(t, p, obs, fatal())); slices.Contains(got, readiness.CauseOneResponder) != tt.found {
				t.Errorf("causes %v, want one responder: %t", got, tt.found)
			}
		})
	}
}
