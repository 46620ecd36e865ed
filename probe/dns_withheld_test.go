package probe_test

import (
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// A filter that withholds one family leaves the other open, as for Windows. If
// there is no other, the filter is the fault.
func TestOneFamilyWithheld(t *testing.T) {
	sunk := func(family string) probetest.Fault {
		return probetest.At{Host: host, Port: 53, Fault: probetest.DNSAnswer{Type: family, Sinkhole: true}}
	}
	six := func(f probetest.Fault) probetest.Fault {
		return probetest.At{Network: "tcp", Addrs: netip.MustParsePrefix("::/0"), Fault: f}
	}
	type outcome struct {
		Code               probe.Code
		Op                 string
		IPv4Code, IPv6Code probe.Code
		Over6              bool
	}
	tests := []struct {
		name   string
		faults []probetest.Fault
		want   outcome
	}{
		{"neither", nil, outcome{}},
		{"IPv4", fault(sunk("A")), outcome{IPv4Code: probe.DNSSinkhole, Over6: true}},
		{"IPv4, and the machine has no IPv6", fault(sunk("A"), six(probetest.Unreachable{})), outcome{Code: probe.DNSSinkhole, Op: probe.OpResolve, IPv4Code: probe.DNSSinkhole}},
		{"IPv4, and IPv6 is a black hole", fault(sunk("A"), six(probetest.Drop)), outcome{Code: probe.DNSSinkhole, Op: probe.OpResolve, IPv4Code: probe.DNSSinkhole}},
		{"IPv4, and IPv6 is cut off later", fault(sunk("A"), six(probetest.At{Stage: probetest.AfterHello, Fault: probetest.Close})), outcome{Code: probe.TLSClosed, Op: probe.OpHandshake, IPv4Code: probe.DNSSinkhole, Over6: true}},
		{"IPv4 without an answer, and the machine has no IPv6", fault(probetest.At{Host: host, Port: 53, Fault: probetest.DNSAnswer{Type: "A", Empty: true}}, six(probetest.Unreachable{})), outcome{Code: probe.TCPUnreachable, Op: probe.OpConnect}},
		{"IPv6", fault(sunk("AAAA")), outcome{IPv6Code: probe.DNSSinkhole}},
		{"IPv6, and IPv4 is refused", fault(sunk("AAAA"), over4(probetest.Refuse)), outcome{Code: probe.TCPRefused, Op: probe.OpConnect, IPv6Code: probe.DNSSinkhole}},
		{"both", fault(sunk("")), outcome{Code: probe.DNSSinkhole, Op: probe.OpResolve}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := situation{ipv6: true, faults: test.faults, prober: secure, target: httpsTarget}
				o := s.observe(t.Context(), s.internet())
				got := outcome{Code: o.Code(), IPv4Code: o.DNS.IPv4Code, IPv6Code: o.DNS.IPv6Code}
				if o.Error != nil {
					got.Op = o.Error.Op
				}
				if o.TCP != nil {
					got.Over6 = o.TCP.Remote.Addr().Is6()
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("outcome (-want +got):\n%s\nerror: %v", diff, o.Error)
				}
				checkSteps(t, o)
			})
		})
	}
}

// If only one family's answer has an alias, it is not lost.
func TestAliasOfOneFamily(t *testing.T) {
	for _, family := range []string{"A", "AAAA", "none"} {
		t.Run("without "+family, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const alias = "alias.example"
				s := situation{
					ipv6: true, prober: secure, target: httpsTarget,
					faults: fault(probetest.At{Host: host, Port: 53, Fault: probetest.DNSAnswer{Type: family, Sinkhole: true}}),
				}
				i := s.internet()
				i.Hosts, i.Aliases = append(i.Hosts, alias), map[string]string{host: alias}
				o := s.observe(t.Context(), i)
				if diff := cmp.Diff([]string{alias}, o.DNS.CNAMEs); diff != "" {
					t.Errorf("aliases (-want +got):\n%s\nerror: %v", diff, o.Error)
				}
			})
		})
	}
}

// A time server is also asked over the remaining family.
func TestOneFamilyOfTimeServerWithheld(t *testing.T) {
	sunk := probetest.At{Host: ntpHost, Port: 53, Fault: probetest.DNSAnswer{Type: "A", Sinkhole: true}}
	tests := []struct {
		name   string
		faults []probetest.Fault
		want   probe.Code
	}{
		{"IPv6 works", fault(sunk), ""},
		{"IPv6 is silent", fault(sunk, probetest.At{Port: 123, Fault: probetest.Drop}), probe.DNSSinkhole},
		{"IPv6 is not there", fault(sunk, probetest.At{Port: 123, Fault: probetest.Unreachable{}}), probe.DNSSinkhole},
		{"IPv6 has no time", fault(sunk, probetest.Unsynchronized), probe.NTPUnsynchronized},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Hosts: []string{ntpHost}, IPv6: true, Faults: test.faults}
				o := i.Network().Probe(t.Context(), ntpTarget)
				if o.Code() != test.want || o.DNS.IPv4Code != probe.DNSSinkhole {
					t.Errorf("error %v, IPv4 %q; want %q", o.Error, o.DNS.IPv4Code, test.want)
				}
				checkSteps(t, o)
			})
		})
	}
}
