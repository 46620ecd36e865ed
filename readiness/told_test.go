package readiness_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A told is a situation of which a golden file has the causes in full. Windows' own
// hosts come before the others, and so have negative numbers.
type told struct {
	name   string
	hosts  []int // of each owner
	change func(k int, o *probe.Observation)
}

// A toldOf is one of a plan. Its hosts are numbered by name.
type toldOf struct {
	name   string
	plan   *readiness.Plan
	change func(k int, o *probe.Observation)
}

// tell compares the causes of situations with a golden file, word by word.
func tell(t *testing.T, file string, tests []told) {
	t.Helper()
	var s strings.Builder
	for _, tt := range tests {
		p, names := planOfMore(t, tt.hosts)
		fmt.Fprintf(&s, "# %s\n%s", tt.name, inFull(t, p, names, func(k int, o *probe.Observation) { tt.change(k-windowsOwn, o) }))
	}
	golden(t, file, s.String())
}

// tellOf does so for those of plans.
func tellOf(t *testing.T, file string, tests []toldOf) {
	t.Helper()
	var s strings.Builder
	for _, tt := range tests {
		fmt.Fprintf(&s, "# %s\n%s", tt.name, inFull(t, tt.plan, tt.plan.Hosts(), tt.change))
	}
	golden(t, file, s.String())
}

const windowsOwn = 2

// planOfMore is planOfHosts with Windows' connectivity probe and its time server.
func planOfMore(t *testing.T, hosts []int) (p *readiness.Plan, names []string) {
	t.Helper()
	p, own := planOfHosts(t, hosts)
	names = append([]string{"www.msftconnecttest.com", "time.windows.com"}, own...)
	list := []endpoints.Endpoint{
		endpoint(t, endpoints.ServiceNCSI, names[0], nil, "tcp/80 http"),
		endpoint(t, endpoints.ServiceNTP, names[1], nil, "udp/123 ntp"),
	}
	for e := range p.Endpoints() {
		list = append(list, e)
	}
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	return planOn(t, autopilot(), c, probe.Network{}), names
}

// inFull is all that a report says of the causes of what was seen of hosts.
func inFull(t *testing.T, p *readiness.Plan, names []string, change func(k int, o *probe.Observation)) string {
	t.Helper()
	obs := reached(p)
	for i := range obs {
		k := slices.Index(names, obs[i].Target.Host)
		if answer(&obs[i], k); obs[i].Target.Protocol != probe.HTTPS && obs[i].Target.Protocol != probe.HTTP {
			obs[i].TCP, obs[i].HTTP, obs[i].Steps = nil, nil, nil
		}
		change(k, &obs[i])
	}
	policy := readiness.DocumentedPolicy()
	if slices.ContainsFunc(p.Checks, func(c readiness.Check) bool { return slices.ContainsFunc(c.Endpoints, ofService("mail")) }) {
		policy = fatal()
	}
	r := judge(t, p, obs, policy)
	var s strings.Builder
	fmt.Fprintf(&s, "%s, %d failures\n", r.Verdict, len(slices.Collect(r.Failures())))
	for _, c := range r.Causes {
		fmt.Fprintf(&s, "%s, %s: %s\n", c.Code, c.Impact, c.Title)
		for _, line := range c.Evidence {
			fmt.Fprintf(&s, "- %s\n", line)
		}
		var checks []string
		for _, check := range c.Checks {
			checks = append(checks, check.ID())
		}
		fmt.Fprintf(&s, "> %s\n  names: %s\n  checks: %s\n  services: %v, sources: %d\n", c.Remedy, strings.Join(c.Names, ", "), strings.Join(checks, ", "), c.Services, len(c.Sources))
	}
	return s.String() + "\n"
}
