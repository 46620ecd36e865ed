package probe_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const (
	goneName    = "gone.windowsupdate.com"
	updateZone  = "windowsupdate.com"
	companyMail = "hostmaster.corp.example"
)

// azureSOA is what Azure answers for a zone.
func azureSOA(owner string) probe.SOARecord {
	return probe.SOARecord{Owner: owner, MName: "ns1-39.azure-dns.com", RName: "azuredns-hostmaster.microsoft.com"}
}

func companySOA(owner string) probe.SOARecord {
	return probe.SOARecord{Owner: owner, MName: "dc1.corp.example", RName: companyMail}
}

// A denial is what is kept of an answer beside its code.
type denial struct {
	Code   probe.Code
	RCode  string
	AA, RA bool
	SOA    *probe.SOARecord
}

func denialOf(q probe.DNSQuery) denial {
	return denial{Code: q.Code, RCode: q.RCode, AA: q.Authoritative, RA: q.RecursionAvailable, SOA: q.SOA}
}

// Who says that a name is gone is in the answer: the operator, or a filter.
func TestDenials(t *testing.T) {
	operator, own := azureSOA(updateZone), companySOA(updateZone)
	policy := probe.SOARecord{Owner: "rpz.corp.example", MName: "ns.corp.example", RName: companyMail}
	edge := probe.SOARecord{Owner: "azureedge.net", MName: "ns1-06.azure-dns.com", RName: "msnhst.microsoft.com"}
	const nx, nodata = probe.DNSNXDomain, probe.DNSNoData
	tests := []struct {
		name    string
		hosts   []string
		aliases map[string]string
		fault   probetest.Fault
		want    denial
	}{
		{name: "gone", want: denial{nx, "NXDOMAIN", false, true, &operator}},
		{name: "without records", hosts: []string{"x." + goneName}, want: denial{nodata, "NOERROR", false, true, &operator}},
		{
			name: "an alias of what is gone at another operator", aliases: map[string]string{goneName: "gone.azureedge.net"},
			want: denial{nx, "NXDOMAIN", false, true, &edge},
		},
		{name: "there", hosts: []string{goneName}, want: denial{"", "NOERROR", false, true, nil}},
		{name: "denied by a filter", fault: probetest.NXDomain, want: denial{nx, "NXDOMAIN", false, true, nil}},
		{name: "emptied by a filter", hosts: []string{goneName}, fault: probetest.NoData, want: denial{nodata, "NOERROR", false, true, nil}},
		{name: "a sinkhole", fault: probetest.Sinkhole, want: denial{probe.DNSSinkhole, "NOERROR", false, true, nil}},
		{
			name: "denied with the filter's record", fault: probetest.DNSAnswer{RCode: dns.RcodeNameError, SOA: &policy, Authoritative: true},
			want: denial{nx, "NXDOMAIN", true, true, &policy},
		},
		{
			name: "denied with a copy of the operator's record", fault: probetest.DNSAnswer{RCode: dns.RcodeNameError, SOA: &operator},
			want: denial{nx, "NXDOMAIN", false, true, &operator},
		},
		{
			name: "denied by no resolver", fault: probetest.DNSAnswer{RCode: dns.RcodeNameError, SOA: &own, NoRecursion: true},
			want: denial{nx, "NXDOMAIN", false, false, &own},
		},
		{name: "an internal zone", fault: probetest.InternalZone{SOA: own}, want: denial{nx, "NXDOMAIN", true, true, &own}},
		{
			name: "an alias into an internal zone", aliases: map[string]string{goneName: "x.corp.example"},
			hosts: []string{"x.corp.example"}, fault: probetest.InternalZone{SOA: companySOA("corp.example")},
			want: denial{nx, "NXDOMAIN", false, true, new(companySOA("corp.example"))},
		},
		{name: "another internal zone", fault: probetest.InternalZone{SOA: companySOA("date.com")}, want: denial{nx, "NXDOMAIN", false, true, &operator}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Hosts: tt.hosts, Aliases: tt.aliases, Zones: []probe.SOARecord{operator, edge}, Faults: fault(tt.fault),
				}
				for _, n := range []probe.Network{i.Network(), i.Network().Shared()} {
					o := n.Probe(t.Context(), probe.Target{Protocol: probe.DNS, Host: goneName})
					if diff := cmp.Diff(tt.want, denialOf(o.DNS.Queries[0])); diff != "" {
						t.Errorf("answer for A (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
}

func TestSOA(t *testing.T) {
	firstResolver := netip.MustParsePrefix("192.0.2.1/32")
	operator, own := azureSOA(updateZone), companySOA(updateZone)
	tests := []struct {
		name    string
		host    string
		aliases map[string]string
		fault   probetest.Fault
		second  probetest.Fault // of both resolvers, after fault
		code    probe.Code
		want    []denial
	}{
		{name: "a zone", host: updateZone, want: []denial{{"", "NOERROR", false, true, &operator}, {"", "NOERROR", false, true, &operator}}},
		{name: "a name within a zone", host: "dl." + updateZone, want: []denial{{"", "NOERROR", false, true, &operator}, {"", "NOERROR", false, true, &operator}}},
		{
			name: "an alias of a name within a zone", host: "update.example", aliases: map[string]string{"update.example": "x.dl." + updateZone},
			want: []denial{{"", "NOERROR", false, true, &operator}, {"", "NOERROR", false, true, &operator}},
		},
		{
			name: "a name that is gone", host: goneName, code: probe.DNSNXDomain,
			want: []denial{{probe.DNSNXDomain, "NXDOMAIN", false, true, &operator}, {probe.DNSNXDomain, "NXDOMAIN", false, true, &operator}},
		},
		{
			name: "an internal zone at one resolver", host: updateZone, fault: probetest.At{Addrs: firstResolver, Fault: probetest.InternalZone{SOA: own}},
			want: []denial{{"", "NOERROR", true, true, &own}, {"", "NOERROR", false, true, &operator}},
		},
		{
			name: "below an internal zone", host: "dl." + updateZone, fault: probetest.InternalZone{SOA: own}, code: probe.DNSNXDomain,
			want: []denial{{probe.DNSNXDomain, "NXDOMAIN", true, true, &own}, {probe.DNSNXDomain, "NXDOMAIN", true, true, &own}},
		},
		{
			name: "denied by one filter", host: updateZone, fault: probetest.At{Addrs: firstResolver, Fault: probetest.NXDomain},
			want: []denial{{probe.DNSNXDomain, "NXDOMAIN", false, true, nil}, {"", "NOERROR", false, true, &operator}},
		},
		{
			name: "emptied by filters", host: updateZone, fault: probetest.NoData, code: probe.DNSNoData,
			want: []denial{{probe.DNSNoData, "NOERROR", false, true, nil}, {probe.DNSNoData, "NOERROR", false, true, nil}},
		},
		{
			name: "emptied with the record of a filter", host: updateZone, code: probe.DNSNoData,
			fault: probetest.DNSAnswer{Empty: true, SOA: new(companySOA("rpz.corp.example"))},
			want: []denial{
				{probe.DNSNoData, "NOERROR", false, true, new(companySOA("rpz.corp.example"))},
				{probe.DNSNoData, "NOERROR", false, true, new(companySOA("rpz.corp.example"))},
			},
		},
		{
			name: "a sinkhole, which has addresses only", host: updateZone, fault: probetest.Sinkhole, code: probe.DNSNoData,
			want: []denial{{probe.DNSNoData, "NOERROR", false, true, nil}, {probe.DNSNoData, "NOERROR", false, true, nil}},
		},
		{
			name: "refused", host: updateZone, code: probe.DNSRefused,
			fault: probetest.DNSAnswer{RCode: dns.RcodeRefused},
			want:  []denial{{probe.DNSRefused, "REFUSED", false, true, nil}, {probe.DNSRefused, "REFUSED", false, true, nil}},
		},
		{
			name: "refused by the second, silence of the first", host: updateZone, code: probe.DNSRefused,
			fault: probetest.At{Addrs: firstResolver, Fault: probetest.Unanswered}, second: probetest.Refused,
			want: []denial{{Code: probe.DNSTimeout}, {probe.DNSRefused, "REFUSED", false, true, nil}},
		},
		{
			name: "refused by the first, silence of the second", host: updateZone, code: probe.DNSRefused,
			fault: probetest.At{Addrs: firstResolver, Fault: probetest.Refused}, second: probetest.At{Addrs: netip.MustParsePrefix("192.0.2.2/32"), Fault: probetest.Unanswered},
			want: []denial{{probe.DNSRefused, "REFUSED", false, true, nil}, {Code: probe.DNSTimeout}},
		},
		{
			name: "silence", host: updateZone, fault: probetest.Unanswered, code: probe.DNSTimeout,
			want: []denial{{Code: probe.DNSTimeout}, {Code: probe.DNSTimeout}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{
					Hosts: []string{"x.dl." + updateZone}, Aliases: tt.aliases, Zones: []probe.SOARecord{operator},
					Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"), Faults: fault(tt.fault, tt.second),
				}
				o := i.Network().Probe(t.Context(), probe.Target{Protocol: probe.SOA, Host: tt.host})
				var got []denial
				for _, q := range o.DNS.Queries {
					if q.Type != "SOA" {
						t.Errorf("asked for %s", q.Type)
					}
					got = append(got, denialOf(q))
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("answers (-want +got):\n%s", diff)
				}
				if o.Code() != tt.code || o.OK() != (tt.code == "") || len(o.Steps) != 2 {
					t.Errorf("%v, %d steps; want code %q", o.Error, len(o.Steps), tt.code)
				}
			})
		})
	}
}

// The record is taken from where RFC 2308 has it, and only if it is one.
func TestSOARecords(t *testing.T) {
	const soa = "Live.COM. 60 IN SOA NS1.example. host.example. 1 2 3 4 5"
	record := &probe.SOARecord{Owner: "live.com", MName: "ns1.example", RName: "host.example"}
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	tests := []struct {
		name   string
		change func(m *dns.Msg, records func(...string) []dns.RR)
		want   *probe.SOARecord
	}{
		{"in the authority section", func(m *dns.Msg, r func(...string) []dns.RR) { m.Ns = r(soa) }, record},
		{"beside name servers and other types", func(m *dns.Msg, r func(...string) []dns.RR) {
			m.Ns = r("live.com. 60 IN NS ns1.example.", soa)
		}, record},
		{"of the root", func(m *dns.Msg, r func(...string) []dns.RR) {
			m.Ns = r(". 60 IN SOA a.root-servers.net. nstld.verisign-grs.com. 1 2 3 4 5")
		}, &probe.SOARecord{Owner: ".", MName: "a.root-servers.net", RName: "nstld.verisign-grs.com"}},
		{"with bytes that are no letters", func(m *dns.Msg, r func(...string) []dns.RR) {
			m.Ns = r(`live.com. 60 IN SOA ns1\027[31m.example. first\.last.example. 1 2 3 4 5`)
		}, &probe.SOARecord{Owner: "live.com", MName: `ns1\027[31m.example`, RName: `first\.last.example`}},
		{"longer than a name looks", func(m *dns.Msg, r func(...string) []dns.RR) {
			m.Ns = r(`live.com. 60 IN SOA ` + strings.Repeat(`\001`, 60) + "." + strings.Repeat(`\001`, 60) + ". host.example. 1 2 3 4 5")
		}, &probe.SOARecord{Owner: "live.com", MName: (strings.Repeat(`\001`, 60) + "." + strings.Repeat(`\001`, 60))[:255], RName: "host.example"}},
		{"two of them", func(m *dns.Msg, r func(...string) []dns.RR) {
			m.Ns = r(soa, "example. 60 IN SOA ns1.example. host.example. 1 2 3 4 5")
		}, nil},
		{"of another class", func(m *dns.Msg, r func(...string) []dns.RR) { m.Ns = r(strings.Replace(soa, "IN", "CH", 1)) }, nil},
		{"in the additional section, as policies have it", func(m *dns.Msg, r func(...string) []dns.RR) { m.Extra = r(soa) }, nil},
		{"in the answer section", func(m *dns.Msg, r func(...string) []dns.RR) { m.Answer = r(soa) }, nil},
		{"beside an address", func(m *dns.Msg, r func(...string) []dns.RR) {
			m.Rcode, m.Answer, m.Ns = dns.RcodeSuccess, r(dnsHost+". 60 IN A 203.0.113.7"), r(soa)
		}, nil},
		{"of a failure", func(m *dns.Msg, r func(...string) []dns.RR) { m.Rcode, m.Ns = dns.RcodeServerFailure, r(soa) }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := answerTo(question)
			m.Rcode = dns.RcodeNameError
			tt.change(m, func(records ...string) []dns.RR { return answerTo(question, records...).Answer })
			raw, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			q, err := probe.JudgeAnswer(raw, question)
			if diff := cmp.Diff(tt.want, q.SOA); diff != "" {
				t.Errorf("record, beside error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestFlags(t *testing.T) {
	question := new(dns.Msg).SetQuestion(dnsHost+".", dns.TypeA)
	for _, authoritative := range []bool{false, true} {
		for _, recursion := range []bool{false, true} {
			m := answerTo(question, dnsHost+". 60 IN A 203.0.113.7")
			m.Authoritative, m.RecursionAvailable = authoritative, recursion
			raw, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			q, err := probe.JudgeAnswer(raw, question)
			if err != nil || q.Authoritative != authoritative || q.RecursionAvailable != recursion {
				t.Errorf("AA %v, RA %v, %v; want %v and %v", q.Authoritative, q.RecursionAvailable, err, authoritative, recursion)
			}
		}
	}
}
