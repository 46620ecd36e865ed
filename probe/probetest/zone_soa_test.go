package probetest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// authority returns the names of the only SOA record of an answer, and where it
// stands.
func authority(m *dns.Msg) string {
	for section, records := range map[string][]dns.RR{"answer": m.Answer, "authority": m.Ns} {
		for _, rr := range records {
			if soa, ok := rr.(*dns.SOA); ok {
				return section + " " + soa.Hdr.Name + " " + soa.Ns + " " + soa.Mbox
			}
		}
	}
	return ""
}

func TestZones(t *testing.T) {
	i := &probetest.Internet{
		Hosts:   []string{"login.live.com", "www.dl.microsoft.com", "*.shard.example"},
		Aliases: map[string]string{"moved.live.com": "gone.dl.microsoft.com"},
		Zones: []probe.SOARecord{
			{Owner: "Microsoft.com.", MName: "ns1-39.azure-dns.com", RName: "azuredns-hostmaster.microsoft.com"},
			{Owner: "dl.microsoft.com", MName: "ns1.dl.example", RName: "host.dl.example"},
		},
	}
	const azure = " microsoft.com. ns1-39.azure-dns.com. azuredns-hostmaster.microsoft.com."
	const dl = " dl.microsoft.com. ns1.dl.example. host.dl.example."
	for _, test := range []struct {
		name, host string
		qtype      uint16
		want       string
	}{
		{"a name that exists", "login.live.com", dns.TypeA, ""},
		{"a name without IPv6", "login.live.com", dns.TypeAAAA, "authority live.com. ns1.live.com. hostmaster.live.com."},
		{"a name that does not exist in a domain that does", "no.live.com", dns.TypeA, "authority live.com. ns1.live.com. hostmaster.live.com."},
		{"a domain that does not exist", "no.absent.com", dns.TypeA, "authority com. ns1.com. hostmaster.com."},
		{"a top-level domain that does not exist", "no.absent", dns.TypeA, "authority . a.root-servers.net. nstld.verisign-grs.com."},
		{"in a zone", "no.microsoft.com", dns.TypeA, "authority" + azure},
		{"the top of a zone", "microsoft.com", dns.TypeA, "authority" + azure},
		{"in a zone within a zone", "no.dl.microsoft.com", dns.TypeA, "authority" + dl},
		{"an alias into another zone", "moved.live.com", dns.TypeA, "authority" + dl},
		{"the record of a zone", "microsoft.com", dns.TypeSOA, "answer" + azure},
		{"the record of a zone within", "dl.microsoft.com", dns.TypeSOA, "answer" + dl},
		{"the record of a host", "www.dl.microsoft.com", dns.TypeSOA, "authority" + dl},
		{"the record of a domain", "live.com", dns.TypeSOA, "answer live.com. ns1.live.com. hostmaster.live.com."},
		{"the record of a domain of a pattern", "shard.example", dns.TypeSOA, "answer shard.example. ns1.shard.example. hostmaster.shard.example."},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := ask(t, i, "udp", test.host, test.qtype)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, authority(m)); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			if m.Authoritative || !m.RecursionAvailable {
				t.Errorf("AA %v, RA %v: a resolver that is an authority", m.Authoritative, m.RecursionAvailable)
			}
		})
	}
}

func TestInternalZone(t *testing.T) {
	zone := probetest.InternalZone{SOA: probe.SOARecord{Owner: "live.com", MName: "dc1.corp.example", RName: "host.corp.example"}}
	i := &probetest.Internet{
		Hosts:   []string{"login.live.com", "www.alive.com"},
		Aliases: map[string]string{"sso.example": "login.live.com"},
		Faults:  []probetest.Fault{zone},
	}
	const own = " live.com. dc1.corp.example. host.corp.example."
	for _, test := range []struct {
		name, host string
		qtype      uint16
		want       string
		authority  string
		aa         bool
	}{
		{"a name within", "login.live.com", dns.TypeA, "NXDOMAIN", "authority" + own, true},
		{"its top", "live.com", dns.TypeA, "NOERROR", "authority" + own, true},
		{"its record", "live.com", dns.TypeSOA, "NOERROR", "answer" + own, true},
		{"an alias that leads into it", "sso.example", dns.TypeA, "NXDOMAIN login.live.com.", "authority" + own, false},
		{"a name that ends alike", "www.alive.com", dns.TypeA, "NOERROR 198.18.62.160", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := ask(t, i, "udp", test.host, test.qtype)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want, test.authority}, []string{summary(m), authority(m)}); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
			if m.Authoritative != test.aa {
				t.Errorf("AA %v, want %v", m.Authoritative, test.aa)
			}
		})
	}
}
