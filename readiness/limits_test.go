package readiness_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// A seen is what was seen of hosts of an embedder's own. Each was reached over HTTPS
// and plain HTTP, unless change says otherwise.
type seen struct {
	name   string
	hosts  []int // of each owner
	change func(k int, o *probe.Observation)
	cause  readiness.CauseCode
	found  bool
}

// judgeSeen judges situations, of which some have just enough to show a cause, and no
// other, and the rest do not.
func judgeSeen(t *testing.T, tests []seen) {
	t.Helper()
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s: %t", tt.name, tt.found), func(t *testing.T) {
			if r := reportOf(t, tt.hosts, tt.change); slices.Contains(codes(r), tt.cause) != tt.found || tt.found && len(r.Causes) != 1 {
				t.Errorf("causes %v, and %s alone: want %t", codes(r), tt.cause, tt.found)
			}
		})
	}
}

// reportOf returns the report on what was seen of hosts.
func reportOf(t *testing.T, hosts []int, change func(k int, o *probe.Observation)) *readiness.Report {
	t.Helper()
	p, names := planOfHosts(t, hosts)
	obs := reached(p)
	for i := range obs {
		k := slices.Index(names, obs[i].Target.Host)
		answer(&obs[i], k)
		change(k, &obs[i])
	}
	return judge(t, p, obs, fatal())
}

// planOfHosts returns the plan of hosts of unrelated owners, of which each has so
// many, and their names.
func planOfHosts(t *testing.T, hosts []int) (p *readiness.Plan, names []string) {
	t.Helper()
	var list []endpoints.Endpoint
	for owner, n := range hosts {
		for host := range n {
			name := fmt.Sprintf("owner%d.example", owner)
			if host > 0 {
				name = fmt.Sprintf("host%d.%s", host, name)
			}
			e, err := endpoints.New("mail", name, "tcp/443 https", "tcp/80 http")
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, e)
			names = append(names, e.Host.String())
		}
	}
	c, err := new(endpoints.Catalog).With(list...)
	if err != nil {
		t.Fatal(err)
	}
	return planOn(t, autopilot(), c, probe.Network{}), names
}

// answer adds to an observation what it has of a healthy host, the kth of a plan.
func answer(o *probe.Observation, k int) {
	o.Start = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	ip, at := address4(k), netip.AddrPortFrom(address4(k), o.Target.Port)
	o.DNS = &probe.DNSFacts{Name: o.Target.Host, Addresses: []netip.Addr{ip}, Queries: []probe.DNSQuery{
		{Resolver: resolver, Type: "A", Addresses: []netip.Addr{ip}}, {Resolver: resolver, Type: "AAAA", Code: probe.DNSNoData},
	}}
	o.TCP = &probe.TCPFacts{Remote: at, Dials: []probe.Dial{{Addr: at}}}
	if o.Target.Protocol == probe.HTTPS {
		o.TLS = &probe.TLSFacts{ServerName: o.Target.Host, Version: "TLS 1.2", VerifiedBy: "public", NameMatches: true}
	}
	o.HTTP = &probe.HTTPFacts{Status: 200, Body: "This is " + o.Target.Host}
	o.Steps = []probe.Step{
		{Op: probe.OpConnect, Addr: at.String(), Start: o.Start, Duration: 20 * time.Millisecond},
		{Op: probe.OpRequest, Start: o.Start, Duration: 20 * time.Millisecond},
	}
}

var resolver = netip.MustParseAddrPort("192.0.2.53:53")

func address4(k int) netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, byte(k + 1)}) }

func address6(k int) netip.Addr {
	return netip.AddrFrom16([16]byte{0: 0x20, 1: 0x01, 2: 0x0d, 3: 0xb8, 15: byte(k + 1)})
}

// each returns n owners with one host each.
func each(n int) []int { return slices.Repeat([]int{1}, n) }

// over changes what was seen by one protocol of the first n hosts.
func over(p probe.Protocol, n int, change func(k int, o *probe.Observation)) func(k int, o *probe.Observation) {
	return func(k int, o *probe.Observation) {
		if o.Target.Protocol == p && k < n {
			change(k, o)
		}
	}
}

// all joins changes.
func all(changes ...func(k int, o *probe.Observation)) func(k int, o *probe.Observation) {
	return func(k int, o *probe.Observation) {
		for _, change := range changes {
			change(k, o)
		}
	}
}

// failed is a check that failed at a step.
func failed(op string, c probe.Code) func(k int, o *probe.Observation) {
	return func(_ int, o *probe.Observation) { o.Error = &probe.Error{Op: op, Code: c} }
}

// undone is a check that was not made.
func undone(_ int, o *probe.Observation) { *o = probe.Observation{Target: o.Target} }

const everyHost = 100

// Hosts that fail alike share a cause if they are all hosts of a service, from three,
// or belong to three owners.
func TestLimitsOfHostsThatFailAlike(t *testing.T) {
	for _, tt := range []struct {
		name   string
		hosts  []int
		failed int
		causes int
	}{
		{"all three hosts, of two owners", []int{2, 1}, 3, 1},
		{"both hosts", each(2), 2, 2},
		{"three hosts of two owners, while another works", []int{2, 1, 1}, 3, 2},
		{"three owners, while another works", each(4), 3, 1},
		{"two owners, while others work", each(4), 2, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := reportOf(t, tt.hosts, func(k int, o *probe.Observation) {
				if k < tt.failed {
					o.Error = &probe.Error{Op: probe.OpRequest, Code: probe.HTTPStatus}
				}
			})
			if len(r.Causes) != tt.causes {
				t.Errorf("causes %v, want %d", codes(r), tt.causes)
			}
		})
	}
}

// A remedy names eight hosts in all, and some of each list.
func TestLimitsOfNames(t *testing.T) {
	for _, tt := range []struct {
		name            string
		exempt, trusted int // hosts that documents exempt from inspection, and others
		want            []string
	}{
		{"eight", 0, 8, []string{"owner7.example."}},
		{"ten", 0, 10, []string{"because factory-fresh devices do not trust", "owner7.example, and 2 more (the report's JSON lists all 10)."}},
		{"ten of each", 10, 10, []string{"owner5.example, and 4 more", "owner11.example, and 8 more"}},
		{"three that no product may inspect", 3, 0, []string{"does not support there: owner0.example, owner1.example, owner2.example."}},
		{"one and ten", 1, 10, []string{"does not support there: owner0.example.", "owner6.example, and 3 more"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, names := planOfHosts(t, each(tt.exempt+tt.trusted))
			var list []endpoints.Endpoint
			for e := range p.Endpoints() {
				if slices.Index(names, e.Host.String()) < tt.exempt {
					e.Traits = []endpoints.Trait{endpoints.TraitNoInspection}
				}
				list = append(list, e)
			}
			c, err := new(endpoints.Catalog).With(list...)
			if err != nil {
				t.Fatal(err)
			}
			p = planOn(t, autopilot(), c, probe.Network{})
			r := judge(t, p, fail(reached(p), probe.OpHandshake, probe.TLSInspected, func(t probe.Target) bool { return t.Protocol == probe.HTTPS }), fatal())
			for _, want := range tt.want {
				if !strings.Contains(r.Causes[0].Remedy, want) {
					t.Errorf("remedy %q, want %q in it", r.Causes[0].Remedy, want)
				}
			}
		})
	}
}

// The only host of a plan may be the silent one.
func TestTheOnlyHostIsSilent(t *testing.T) {
	p := planOn(t, autopilot(), ownHosts(t, 1, false, "tcp/443 https"), probe.Network{})
	obs := reached(p)
	answer(&obs[0], 0)
	obs[0].HTTP, obs[0].Error = nil, &probe.Error{Op: probe.OpRequest, Code: probe.HTTPTimeout}
	if r := judge(t, p, obs, fatal()); r.Verdict != readiness.Ready {
		t.Errorf("%s, causes %v", r.Verdict, codes(r))
	}
}
