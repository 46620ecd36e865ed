package probetest_test

import (
	"net"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe/probetest"
)

// A service's servers exist, and its own name has no address.
func TestServices(t *testing.T) {
	const name = "_ldap._tcp.contoso.com"
	i := &probetest.Internet{
		Services: map[string][]probetest.Server{
			name:               {{Host: "dc1.contoso.com", Port: 389, Priority: 1, Weight: 2}, {Host: "dc2.contoso.com", Port: 636}},
			"_sip.tcp.example": {{Host: "."}},
		},
		Aliases: map[string]string{"alias.example": name},
	}
	ask := func(name string, qtype uint16) *dns.Msg {
		var answer *dns.Msg
		synctest.Test(t, func(t *testing.T) {
			q := new(dns.Msg)
			q.SetQuestion(dns.Fqdn(name), qtype)
			c, err := i.DialContext(t.Context(), "udp", "192.0.2.53:53")
			if err != nil {
				t.Fatal(err)
			}
			defer func(c net.Conn) { _ = c.Close() }(c)
			stream := &dns.Conn{Conn: c}
			if err := stream.WriteMsg(q); err != nil {
				t.Fatal(err)
			}
			if answer, err = stream.ReadMsg(); err != nil {
				t.Fatal(err)
			}
		})
		return answer
	}
	records := func(m *dns.Msg) (out []string) {
		for _, rr := range m.Answer {
			out = append(out, rr.String())
		}
		slices.Sort(out)
		return out
	}
	want := []string{
		name + ".\t300\tIN\tSRV\t0 0 636 dc2.contoso.com.",
		name + ".\t300\tIN\tSRV\t1 2 389 dc1.contoso.com.",
	}
	if diff := cmp.Diff(want, records(ask(name, dns.TypeSRV))); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	want = append([]string{"alias.example.\t300\tIN\tCNAME\t" + name + "."}, want...)
	slices.Sort(want)
	if diff := cmp.Diff(want, records(ask("alias.example", dns.TypeSRV))); diff != "" {
		t.Errorf("records of an alias (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"_sip.tcp.example.\t300\tIN\tSRV\t0 0 0 ."}, records(ask("_sip.tcp.example", dns.TypeSRV))); diff != "" {
		t.Errorf("records of no service (-want +got):\n%s", diff)
	}
	for name, want := range map[string]int{"dc1.contoso.com": dns.RcodeSuccess, name: dns.RcodeSuccess, "dc3.contoso.com": dns.RcodeNameError} {
		m := ask(name, dns.TypeA)
		if m.Rcode != want || (len(m.Answer) == 1) != (name == "dc1.contoso.com") {
			t.Errorf("%s: %s with %d addresses", name, dns.RcodeToString[m.Rcode], len(m.Answer))
		}
	}
}
