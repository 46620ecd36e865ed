package readiness_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/sampletest"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// A situation is a network and what is to be told of it in every world.
type situation struct {
	name string
	net  *probetest.Internet
	want summary

	// says are parts of the texts of the first cause, or of the notes if there is
	// none, and silent are words that the report has nowhere among its causes.
	says, silent []string
}

// try runs situations in every world, and returns a report of each to more checks.
func try(t *testing.T, tests []situation) {
	t.Helper()
	for _, tt := range sampletest.Of(tests) {
		for name, w := range worlds() {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					r := assessIn(t, w, autopilot(), tt.net)
					if diff := cmp.Diff(tt.want, summarize(r).inAnyWorld()); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					tt.words(t, r)
					if t.Failed() {
						for _, c := range r.Causes {
							t.Log(c.Code, c.Impact, c.Title, c.Evidence, c.Remedy)
						}
						t.Log(r.Notes)
					}
				})
			})
		}
	}
}

// words compares the texts of a report with what a situation asks for.
func (s situation) words(t *testing.T, r *readiness.Report) {
	t.Helper()
	told := strings.Join(r.Notes, " ")
	if len(s.want.Causes) > 0 {
		k := slices.IndexFunc(r.Causes, func(c readiness.Cause) bool { return c.Code == s.want.Causes[0] })
		if k < 0 {
			return // reported already
		}
		c := r.Causes[k]
		told = c.Title + " " + strings.Join(c.Evidence, " ") + " " + c.Remedy
	}
	for _, words := range s.says {
		if !strings.Contains(told, words) {
			t.Errorf("%q does not say %q", told, words)
		}
	}
	for _, words := range s.silent {
		if strings.Contains(told, words) {
			t.Errorf("%q says %q", told, words)
		}
	}
}

// TestBodies: once a genuine host has answered, only what needs the body fails
// for want of it.
func TestBodies(t *testing.T) {
	interrupted := func(host string, port uint16, how probetest.Fault) probetest.Fault {
		return probetest.At{Host: host, Network: "tcp", Port: port, Stage: probetest.AfterHeader, Fault: how}
	}
	reached := summary{readiness.Ready, nil, ""}
	net := func(f ...probetest.Fault) *probetest.Internet { return &probetest.Internet{Faults: f} }
	try(t, []situation{
		{"a body that is cut short", net(interrupted("login.live.com", 443, probetest.Close)), reached, []string{"login.live.com:443 (http.truncated)", "reached"}, nil},
		{"a body that is reset", net(interrupted("login.live.com", 443, probetest.Reset)), reached, []string{"login.live.com:443 (http."}, nil},
		{"a body that never comes", net(interrupted("login.live.com", 443, probetest.Silence)), reached, []string{"login.live.com:443 (http.timeout)"}, nil},
		{
			"no status line", net(probetest.At{Host: "login.live.com", Port: 443, Stage: probetest.AfterRequest, Fault: probetest.Reset}),
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseHostUnreachable}, endpoints.PhaseDeviceIdentity},
			nil, nil,
		},
		{
			"the body that Windows compares is cut short", net(probetest.At{Host: "www.msftconnecttest.com", Port: 80, Stage: probetest.AfterRequest, Fault: probetest.Garbage{Data: "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nMicrosoft Conn"}}),
			summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseHostUnreachable}, endpoints.PhaseNetworkBringUp},
			[]string{"www.msftconnecttest.com", "no complete response"},
			[]string{"Allow devices to reach"},
		},
	})
}

// TestTimeRejected: a rejection of UDP 123 is the network's, and what the server
// itself says is the server's.
func TestTimeRejected(t *testing.T) {
	net := func(f probetest.Fault) *probetest.Internet { return &probetest.Internet{Faults: []probetest.Fault{f}} }
	blocked := func(c readiness.CauseCode) summary {
		return summary{readiness.Blocked, []readiness.CauseCode{c}, endpoints.PhaseNetworkBringUp}
	}
	try(t, []situation{
		{"UDP 123 is rejected", net(onPort("udp", 123, probetest.Refuse)), blocked(readiness.CauseNTPBlocked), []string{"rejected", "Allow outbound UDP 123"}, []string{"usable time"}},
		{"no route for UDP 123", net(onPort("udp", 123, probetest.Unreachable{ICMP: true})), blocked(readiness.CauseNTPBlocked), []string{"rejected"}, nil},
		{"the server serves nobody", net(probetest.KissOfDeath), blocked(readiness.CauseNTPUnusable), []string{"usable time"}, nil},
	})
}

// TestNCSIOverOneFamily: what answers Windows' probe over IPv4 is told although IPv6
// satisfies Windows.
func TestNCSIOverOneFamily(t *testing.T) {
	over4 := func(f probetest.Fault) *probetest.Internet {
		return &probetest.Internet{IPv6: true, Faults: []probetest.Fault{probetest.At{Host: "www.msftconnecttest.com", Network: "tcp", Port: 80, Fault: f}}}
	}
	told := summary{readiness.Ready, []readiness.CauseCode{readiness.CauseNCSIOneFamily}, ""}
	try(t, []situation{
		{"silence over IPv4", over4(probetest.Drop), told, []string{"www.msftconnecttest.com"}, nil},
		{"garbage over IPv4", over4(probetest.Garbage{}), told, []string{"http.malformed"}, nil},
		{"another page over IPv4", over4(probetest.Page{Body: "Welcome to the guest network."}), told, []string{"Welcome to the guest network", "status 200"}, nil},
		{"both families", &probetest.Internet{IPv6: true}, summary{readiness.Ready, nil, ""}, nil, nil},
	})
}

// TestTruncation: answers that need TCP and do not get through are told as that.
func TestTruncation(t *testing.T) {
	tcp53 := func(f probetest.Fault) probetest.Fault { return probetest.At{Network: "tcp", Port: 53, Fault: f} }
	net := func(f ...probetest.Fault) *probetest.Internet { return &probetest.Internet{Faults: f} }
	dead := summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseDNSUnreachable}, endpoints.PhaseNetworkBringUp}
	one := summary{readiness.Blocked, []readiness.CauseCode{readiness.CauseHostUnreachable}, endpoints.PhaseDeviceIdentity}
	large := probetest.At{Host: "login.live.com", Fault: probetest.Truncate}
	try(t, []situation{
		{"every answer is truncated and TCP 53 is dropped", net(probetest.Truncate, tcp53(probetest.Drop)), dead, []string{"truncated answer over UDP", "Allow TCP port 53"}, nil},
		{"every answer is truncated and TCP 53 is refused", net(probetest.Truncate, tcp53(probetest.Refuse)), dead, []string{"truncated answer over UDP", "Allow TCP port 53"}, nil},
		{"one answer is truncated and TCP 53 is dropped", net(large, tcp53(probetest.Drop)), one, []string{"truncated answer over UDP", "Allow TCP port 53"}, nil},
		{"every answer is truncated", net(probetest.Truncate), summary{readiness.Ready, nil, ""}, nil, nil},
		{"TCP 53 is dropped and nobody needs it", net(tcp53(probetest.Drop)), summary{readiness.Ready, nil, ""}, nil, nil},
		{"a resolver that never answers", net(probetest.At{Port: 53, Fault: probetest.Drop}), dead, []string{"did not answer"}, []string{"truncated", "TCP port 53 besides"}},
	})
}

// TestRevocationHosts: several hosts to which chains point are one cause, and one of
// them, or several to which nothing points, are hosts like any other.
func TestRevocationHosts(t *testing.T) {
	p := plan(t, autopilot())
	tests := []struct {
		name          string
		down, pointed []string
		want          map[readiness.CauseCode]int
	}{
		{
			"two that chains point to",
			[]string{"crl3.digicert.com", "ocsp.digicert.com"},
			[]string{"crl3.digicert.com", "ocsp.digicert.com"},
			map[readiness.CauseCode]int{readiness.CauseRevocation: 1},
		},
		{
			"two that chains point to, and one that only chains name",
			[]string{"crl3.digicert.com", "ocsp.digicert.com"},
			[]string{"crl3.digicert.com", "crl.example", "ocsp.digicert.com"},
			map[readiness.CauseCode]int{readiness.CauseRevocation: 1},
		},
		{
			"all of them, and one that only chains name",
			revocationOnly(p),
			[]string{"crl.example"},
			map[readiness.CauseCode]int{readiness.CauseRevocation: 1},
		},
		{"one that chains point to", []string{"crl3.digicert.com"}, []string{"crl3.digicert.com"}, map[readiness.CauseCode]int{readiness.CauseHostUnreachable: 1}},
		{"two of one owner that nothing points to", []string{"crl3.digicert.com", "ocsp.digicert.com"}, nil, map[readiness.CauseCode]int{readiness.CauseHostUnreachable: 1}},
		{"none", nil, nil, map[readiness.CauseCode]int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool { return t.Protocol == probe.HTTP && slices.Contains(tt.down, t.Host) })
			k := slices.IndexFunc(obs, func(o probe.Observation) bool {
				return o.Target.Host == "login.live.com" && o.Target.Protocol == probe.HTTPS
			})
			if tt.pointed != nil {
				obs[k].Revocation = &probe.RevocationFacts{Code: probe.RevocationUnreachable}
				for _, h := range tt.pointed {
					obs[k].Revocation.Sources = append(obs[k].Revocation.Sources, probe.Document{URL: "http://" + h + "/a.crl", Code: probe.TCPTimeout})
				}
			}
			got := make(map[readiness.CauseCode]int)
			for _, c := range judge(t, p, obs, readiness.Policy{}).Causes {
				got[c.Code]++
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// revocationOnly returns the hosts of a plan that only revocation needs.
func revocationOnly(p *readiness.Plan) []string {
	var out []string
	for _, c := range p.Checks {
		others := func(e endpoints.Endpoint) bool { return e.Service != endpoints.ServiceCRL }
		if c.Target.Protocol == probe.HTTP && !slices.ContainsFunc(c.Endpoints, others) {
			out = append(out, c.Target.Host)
		}
	}
	return out
}

// A list that is out of date was fetched, so hosts that are down are not why it does
// not help.
func TestListsThatAreOutOfDate(t *testing.T) {
	p := plan(t, autopilot())
	hosts := []string{"crl3.digicert.com", "ocsp.digicert.com"}
	for code, want := range map[probe.Code]readiness.CauseCode{probe.TCPTimeout: readiness.CauseRevocation, probe.RevocationStale: readiness.CauseHostUnreachable} {
		obs := fail(reached(p), probe.OpConnect, probe.TCPTimeout, func(t probe.Target) bool { return t.Protocol == probe.HTTP && slices.Contains(hosts, t.Host) })
		for i := range obs {
			if obs[i].Target.Host == "login.live.com" && obs[i].Target.Protocol == probe.HTTPS {
				obs[i].Revocation = &probe.RevocationFacts{Code: probe.RevocationUnreachable}
				for _, h := range hosts {
					obs[i].Revocation.Sources = append(obs[i].Revocation.Sources, probe.Document{URL: "http://" + h + "/a.crl", Code: code})
				}
			}
		}
		if diff := cmp.Diff([]readiness.CauseCode{want}, codes(judge(t, p, obs, readiness.Policy{}))); diff != "" {
			t.Errorf("%s: causes (-want +got):\n%s", code, diff)
		}
	}
}
