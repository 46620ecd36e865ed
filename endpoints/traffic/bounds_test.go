package traffic_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// TestManyHosts: hosts beyond the limit are counted, the rules that they show
// are not lost, and uncovered names do not displace covered ones.
func TestManyHosts(t *testing.T) {
	a, err := traffic.NewAnnotator(small(t), autopilot())
	if err != nil {
		t.Fatal(err)
	}
	const more = 10
	for i := range traffic.MaxHosts + more {
		a.Add(traffic.Entry{Host: fmt.Sprintf("h%d.example", i), Port: 443, Denied: i%2 == 0})
	}
	for i := range traffic.MaxHosts {
		a.Add(traffic.Entry{Host: fmt.Sprintf("h%d.manage.microsoft.com", i), Port: 443})
	}
	sum := a.Summary()
	if len(sum.Hosts) != 2*traffic.MaxHosts || len(sum.Uncovered) != traffic.MaxHosts {
		t.Errorf("%d hosts, %d uncovered", len(sum.Hosts), len(sum.Uncovered))
	}
	if diff := cmp.Diff([]int{more, more / 2, 0, more}, unlisted(sum)); diff != "" {
		t.Errorf("unlisted (-want +got):\n%s", diff)
	}

	at := time.Date(2019, 9, 14, 2, 0, 0, 0, time.UTC)
	a.Add(traffic.Entry{Host: "login.live.com", Port: 443, Time: at, Denied: true})
	a.Add(traffic.Entry{Host: "login.live.com", Port: 443, Time: at.Add(time.Second), Status: 200})
	a.Add(traffic.Entry{Host: "login.live.com", Port: 8443, Denied: true})
	a.Add(traffic.Entry{Host: "h0.manage.microsoft.com", Port: 443}) // this one is listed
	sum = a.Summary()
	want := []int{more + 3, more/2 + 2, 1, more}
	if diff := cmp.Diff(want, unlisted(sum)); diff != "" {
		t.Errorf("unlisted (-want +got):\n%s", diff)
	}
	if slices.ContainsFunc(sum.Missing, func(m traffic.Missing) bool { return m.Host == "login.live.com" }) {
		t.Error("login.live.com is missing, though it was asked for")
	}
	i := slices.IndexFunc(sum.Phases, func(p traffic.Phase) bool { return p.Phase == endpoints.PhaseDeviceIdentity })
	if i < 0 {
		t.Fatal("its phase is missing")
	}
	phase := traffic.Phase{Phase: endpoints.PhaseDeviceIdentity, First: at, Last: at.Add(time.Second)}
	if diff := cmp.Diff(phase, sum.Phases[i]); diff != "" {
		t.Errorf("its phase (-want +got):\n%s", diff)
	}
	if got := sum.Requests(); got != 2*traffic.MaxHosts+more+4 {
		t.Errorf("%d requests", got)
	}
}

// TestManyPorts: ports beyond the limit are still judged.
func TestManyPorts(t *testing.T) {
	a, err := traffic.NewAnnotator(small(t), autopilot())
	if err != nil {
		t.Fatal(err)
	}
	for port := uint16(1000); port < 3000; port++ {
		a.Add(traffic.Entry{Host: "login.live.com", Port: port})
	}
	for range 2 {
		a.Add(traffic.Entry{Host: "login.live.com", Port: 443, Denied: true})
		a.Add(traffic.Entry{Host: "login.live.com", Port: 2999, Denied: true})
	}
	sum := a.Summary()
	h := sum.Hosts[0]
	if len(h.Ports) != traffic.MaxPorts || h.Requests != 2004 || h.OffPort != 2002 || h.Denied != 4 || h.Need != endpoints.Required {
		t.Errorf("%+v", h)
	}
	if len(sum.Denied) != 1 || sum.Denied[0].Host != "login.live.com" || sum.Denied[0].DeniedRequired != 2 {
		t.Errorf("denied: %+v", sum.Denied)
	}
}

// unlisted returns the counts of unlisted hosts.
func unlisted(s *traffic.Summary) []int {
	return []int{s.UnlistedRequests, s.UnlistedDenied, s.UnlistedDeniedRequired, s.UnlistedUncovered}
}
