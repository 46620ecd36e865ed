//go:build linux

package integration_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// TestReady runs whole plans over networks in which everything works.
func TestReady(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, s := range []endpoints.Scenario{
		endpoints.ScenarioAutopilot, endpoints.ScenarioDevicePreparation, endpoints.ScenarioAutopatch,
	} {
		t.Run(string(s), func(t *testing.T) {
			doc := r.check(t, "-scenario", string(s))
			doc.expect(t, outcome{Verdict: "ready"})
			doc.complete(t, s)
		})
	}

	tests := []struct {
		name   string
		change func(*testing.T)
		args   []string
		more   func(*testing.T, document)
		causes []string
	}{{
		name: "behind a forwarder",
		change: func(t *testing.T) {
			t.Helper()
			r.serveNames(t, names{dnsmasq: []string{}})
		},
	}, {
		name: "answers that do not fit into a datagram",
		change: func(t *testing.T) {
			t.Helper()
			r.serveNames(t, names{small: true})
		},
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, o := range doc.Observations {
				if o.Target.Host == manyAddresses && o.DNS.Queries[0].Transport != "tcp" {
					t.Errorf("%s: %+v", o.Target, o.DNS)
				}
			}
		},
	}, {
		name: "answers that do not fit into a datagram, and no TCP",
		change: func(t *testing.T) {
			t.Helper()
			r.serveNames(t, names{small: true})
			r.firewall(t, "tcp dport 53 reject with tcp reset")
		},
		more: func(t *testing.T, doc document) {
			t.Helper()
			for _, o := range doc.Observations {
				if o.Target.Host == manyAddresses && !o.DNS.Queries[0].Truncated {
					t.Errorf("%s: %+v", o.Target, o.DNS)
				}
			}
		},
	}, {
		name: "a resolver that serves no TCP",
		change: func(t *testing.T) {
			t.Helper()
			r.firewall(t, "tcp dport 53 drop")
		},
	}, {
		name: "the first of two resolvers stopped",
		args: []string{"-resolver", closedAddr + ":53," + resolverAddr + ":53"},
	}, {
		name: "the first of two resolvers silent",
		change: func(t *testing.T) {
			t.Helper()
			r.firewall(t, "ip daddr "+closedAddr+" drop")
		},
		args: []string{"-resolver", closedAddr + ":53," + resolverAddr + ":53"},
	}, {
		name: "IPv6 rejected at once",
		change: func(t *testing.T) {
			t.Helper()
			r.firewall(t, "meta nfproto ipv6 meta l4proto tcp reject with tcp reset", "meta nfproto ipv6 udp dport 0-65535 reject")
		},
		causes: []string{"ipv6.broken"}, // informational
	}, {
		name: "no IPv4 but for names",
		change: func(t *testing.T) {
			t.Helper()
			r.firewall(t, `iifname "lan" ip protocol tcp reject with tcp reset`, `iifname "lan" udp dport != 53 ip daddr 0.0.0.0/0 reject`)
		},
		causes: []string{"ipv4.missing"}, // informational
	}, {
		name: "a forwarder that withholds IPv6 addresses",
		change: func(t *testing.T) {
			t.Helper()
			r.serveNames(t, names{dnsmasq: []string{"--filter-AAAA"}})
		},
		causes: []string{"ipv6.filtered"}, // informational
	}, {
		name: "every address of every host",
		args: []string{"-all-addresses"},
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r.reset(t)
			if tt.change != nil {
				tt.change(t)
			}
			doc := r.check(t, tt.args...)
			doc.expect(t, outcome{Verdict: "ready", Causes: tt.causes})
			doc.complete(t, endpoints.ScenarioAutopilot)
			if tt.more != nil {
				tt.more(t, doc)
			}
		})
	}

	// The command finds the resolver itself, as on a real machine.
	t.Run("the resolver of resolv.conf", func(t *testing.T) {
		r.reset(t)
		resolvConf(t, r.client, "search example\nnameserver "+resolverAddr+"\noptions edns0\n")
		doc := r.checkIn(t, r.client, "-scenario", "autopilot",
			"-roots", r.pki.genuine.rootFile, "-public-roots", r.pki.genuine.rootFile)
		doc.expect(t, outcome{Verdict: "ready"})
		doc.complete(t, endpoints.ScenarioAutopilot)
	})
}

// complete checks that a report has a successful observation for every check of
// the plan.
func (d document) complete(t *testing.T, s endpoints.Scenario) {
	t.Helper()
	var want, got []string
	for _, c := range newPlan(t, s).Checks {
		want = append(want, c.ID())
	}
	for i, o := range d.Observations {
		if o.Target.Protocol != probe.WPAD { // it depends on the machine's search list
			got = append(got, o.Target.String())
		}
		// Each of several resolvers is asked for nonexistent names.
		if o.Attempts < 1 || o.Error != nil && o.Target.Protocol != probe.NXDomain {
			t.Errorf("observation %d, %s: %d attempts, error %+v", i, o.Target.Host, o.Attempts, o.Error)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks of the plan and observations (-want +got):\n%s", diff)
	}
	for _, svc := range d.Services {
		if !slices.Contains([]string{"ok", "unproven", "not_applicable"}, svc.Status) {
			t.Errorf("service %s: %s", svc.ID, svc.Status)
		}
	}
	if d.Schema != "netready/1" || d.StopsAt != "" {
		t.Errorf("schema %q, stops at %q", d.Schema, d.StopsAt)
	}
}
