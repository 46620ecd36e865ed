package probe_test

import (
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	aliasName   = "enterpriseenrollment.contoso.com"
	aliasTarget = "enterpriseenrollment-s.manage.microsoft.com"
)

func alias(n probe.Network) bound { return bound{protocol: probe.CNAME, network: n} }

func cnameTarget() probe.Target {
	return probe.Target{Protocol: probe.CNAME, Host: aliasName}
}

func TestCNAME(t *testing.T) {
	first := netip.MustParsePrefix("192.0.2.1/32")
	pointed := map[string]string{aliasName: aliasTarget}
	tests := []struct {
		name    string
		aliases map[string]string
		hosts   []string
		faults  []probetest.Fault
		code    probe.Code
		want    []string
	}{
		{name: "an alias of a name with an address", aliases: pointed, hosts: []string{aliasTarget}, want: []string{aliasTarget}},
		{name: "an alias of a name that does not exist", aliases: pointed, want: []string{aliasTarget}},
		{
			name: "an alias of an alias", aliases: map[string]string{aliasName: "mdm.contoso.com", "mdm.contoso.com": aliasTarget},
			hosts: []string{aliasTarget}, want: []string{"mdm.contoso.com", aliasTarget},
		},
		{name: "a host of its own", hosts: []string{aliasName}, code: probe.DNSNoData},
		{name: "no such name", code: probe.DNSNXDomain},
		{name: "a name without records", hosts: []string{"x." + aliasName}, code: probe.DNSNoData},
		{
			name: "the first of two resolvers does not know it", aliases: pointed, hosts: []string{aliasTarget},
			faults: fault(probetest.At{Addrs: first, Fault: probetest.NXDomain}), want: []string{aliasTarget},
		},
		{
			name: "the first of two resolvers is silent", aliases: pointed, hosts: []string{aliasTarget},
			faults: fault(probetest.At{Addrs: first, Fault: probetest.Unanswered}), want: []string{aliasTarget},
		},
		{name: "silent resolvers", aliases: pointed, faults: fault(probetest.Unanswered), code: probe.DNSTimeout},
		{name: "resolvers that refuse", aliases: pointed, faults: fault(probetest.Refused), code: probe.DNSRefused},
		{name: "resolvers that lie", aliases: pointed, faults: fault(probetest.Sinkhole), code: probe.DNSSinkhole},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: tt.hosts, Aliases: tt.aliases, Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"), Faults: tt.faults}
				o := alias(i.Network()).Probe(t.Context(), cnameTarget())
				if o.Code() != tt.code || o.OK() != (tt.code == "") {
					t.Errorf("error %v, want %q", o.Error, tt.code)
				}
				if diff := cmp.Diff(tt.want, o.DNS.CNAMEs); diff != "" {
					t.Errorf("chain (-want +got):\n%s", diff)
				}
				if len(o.DNS.Queries) != 4 || len(o.Steps) != 2 {
					t.Errorf("%d questions in %d steps, want 4 in 2", len(o.DNS.Queries), len(o.Steps))
				}
				if tt.code != probe.DNSNoData {
					checkSteps(t, o)
				}
			})
		})
	}
}

func TestCNAMEOfWhatIsNoName(t *testing.T) {
	for _, name := range []string{"", "192.0.2.1", "a b"} {
		i := &probetest.Internet{}
		o := alias(i.Network()).Probe(t.Context(), probe.Target{Host: name})
		if o.Code() != probe.NotTestable || o.Attempts != 0 || len(i.Log()) > 0 {
			t.Errorf("%q: %v after %d attempts, sent %v", name, o.Error, o.Attempts, i.Log())
		}
	}
}

func TestCNAMEConforms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := probetest.TestProber(builtin, cnameTarget(), nil); err != nil {
			t.Error(err)
		}
	})
}
