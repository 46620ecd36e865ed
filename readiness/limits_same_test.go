package readiness_test

import (
	"cmp"
	"slices"
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
		port     string // or 80
		change   func(o *probe.Observation)
	}{
		{"two others", telling, [][]int{{404}, {301}, nil}, true, "", nil},
		{"two others, of two owners", telling, [][]int{{404}, {301}}, false, "", nil},
		{"two others that are alike", telling, [][]int{{404}, {404}, nil}, false, "", nil},
		{"two others that may be alike", telling, [][]int{{404, 301}, {301}, nil}, false, "", nil},
		{"another, and one that is the same", telling, [][]int{{404}, {200}, nil}, true, "", nil},
		{"another, and two that are the same", telling, [][]int{{404}, {200}, {200}}, false, "", nil},
		{"two others, and two that are the same", telling, [][]int{{404}, {301}, {200}, {200}}, true, "", nil},
		{"none that is another", telling, [][]int{{200}, {200, 301}, nil}, false, "", nil},
		{"a short page in place of three others", short, [][]int{{404}, {301}, {403}}, true, "", nil},
		{"a short page in place of two others", short, [][]int{{404}, {301}, nil}, false, "", nil},
		{"two others, on another port", telling, [][]int{{404}, {301}, nil}, false, "tcp/8080 http", nil},
		{"two others, through a proxy", telling, [][]int{{404}, {301}, nil}, false, "", func(o *probe.Observation) { o.Proxy = &probe.ProxyFacts{URL: "http://proxy.example:3128"} }},
		{"two others, and nothing came back", telling, [][]int{{404}, {301}, nil}, false, "", func(o *probe.Observation) { o.HTTP.Status = 0 }},
		{"two others, and none was reached", telling, [][]int{{404}, {301}, nil}, false, "", func(o *probe.Observation) { o.Error = &probe.Error{Op: probe.OpRequest, Code: probe.HTTPStatus} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// One more host shows that there is no portal.
			list := ownHosts(t, len(tt.statuses)+1, false, cmp.Or(tt.port, "tcp/80 http")).Endpoints()
			var facts []endpoints.Fact
			for k, statuses := range tt.statuses {
				if statuses != nil {
					fact := known(list[k], list[k].Ports[0].Number, endpoints.Confirmed, endpoints.HowAnswers)
					fact.Statuses = statuses
					facts = append(facts, fact)
				}
			}
			p := planOn(t, autopilot(), dated(t, list, facts...), probe.Network{})
			obs := reached(p)
			for i := range obs {
				answer(&obs[i], i%200)
				if obs[i].Target.Host != list[len(tt.statuses)].Host.String() {
					obs[i].HTTP.Body = tt.page
				}
				if tt.change != nil {
					tt.change(&obs[i])
				}
			}
			if got := codes(judge(t, p, obs, fatal())); slices.Contains(got, readiness.CauseOneResponder) != tt.found {
				t.Errorf("causes %v, want one responder: %t", got, tt.found)
			}
		})
	}
}
