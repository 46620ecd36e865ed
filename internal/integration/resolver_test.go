//go:build linux

package integration_test

import (
	"slices"
	"testing"

	"github.com/netready/netready/probe"
)

// TestResolver takes the resolver away. Nothing else can be learned then, and
// it takes one check's timeout to say so, whatever the number of hosts.
func TestResolver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	want := blocked("dns.unreachable")
	const shortest = "2s"
	r.faults(t, []fault{{
		name:  "stopped",
		apply: r.naming(names{off: true}),
		args:  []string{"-timeout", shortest},
		want:  want,
		more:  nothingElse(2000, probe.DNSNotListening),
	}, {
		name: "stopped, on a machine that says so now and then",
		apply: func(t *testing.T) {
			t.Helper()
			r.limitICMP(t, 1000) // as Linux does
			r.serveNames(t, names{off: true})
		},
		args: []string{"-timeout", shortest},
		want: want,
		more: nothingElse(2000, probe.DNSNotListening, probe.DNSTimeout),
	}, {
		name: "gone from the link",
		args: []string{"-timeout", "5s", "-resolver", goneAddr + ":53"},
		want: want,
		more: nothingElse(5000, probe.DNSUnreachable, probe.DNSTimeout),
	}, {
		name:  "silent",
		apply: r.firewalling("udp dport 53 drop", "tcp dport 53 drop"),
		args:  []string{"-timeout", shortest},
		want:  want,
		more:  nothingElse(2000, probe.DNSTimeout),
	}, {
		name:  "rejected with ICMP administratively prohibited",
		apply: r.firewalling("meta l4proto { tcp, udp } th dport 53 reject with icmpx admin-prohibited"),
		args:  []string{"-timeout", shortest},
		want:  want,
		more:  nothingElse(2000, probe.DNSUnreachable),
	}, {
		name:  "refusing",
		apply: r.naming(names{refuse: true}),
		want:  want,
		more:  nothingElse(10000, probe.DNSRefused),
	}, {
		name:  "failing",
		apply: r.naming(names{distrust: true}),
		want:  want,
		more:  nothingElse(10000, probe.DNSServFail),
	}, {
		name:  "without a way to the internet",
		apply: r.naming(names{orphaned: true}),
		want:  want,
		more:  nothingElse(10000, probe.DNSServFail, probe.DNSTimeout),
	}, {
		name:  "two of them silent",
		apply: r.firewalling("ip daddr { " + resolverAddr + ", " + closedAddr + " } meta l4proto { tcp, udp } th dport 53 drop"),
		args:  []string{"-timeout", shortest, "-resolver", closedAddr + ":53," + resolverAddr + ":53"},
		want:  want,
		more:  nothingElse(2000, probe.DNSTimeout),
	}})
}

// nothingElse checks that only names were looked up, that each lookup failed
// with one of the codes, and that it all took about one check's timeout.
func nothingElse(timeoutMS float64, codes ...probe.Code) func(*testing.T, document) {
	return func(t *testing.T, doc document) {
		t.Helper()
		if doc.DurationMS >= 2*timeoutMS {
			t.Errorf("took %.0f ms, with a timeout of %.0f ms for one check", doc.DurationMS, timeoutMS)
		}
		for _, o := range doc.Observations {
			isLookup := o.Target.Protocol == probe.DNS || o.Target.Protocol == probe.NXDomain
			switch {
			case o.Error == nil:
				t.Errorf("%s: no error", o.Target)
			case isLookup && !slices.Contains(codes, probe.Code(o.Error.Code)):
				t.Errorf("%s: %s, want one of %v", o.Target, o.Error.Code, codes)
			case !isLookup && (o.Attempts != 0 || o.Error.Code != string(probe.Skipped)):
				t.Errorf("%s: %d attempts, %s", o.Target, o.Attempts, o.Error.Code)
			}
		}
	}
}
