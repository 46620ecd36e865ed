package probe_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/miekg/dns"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

const srvName = "_ldap._tcp.dc._msdcs.contoso.com"

func srvTarget() probe.Target {
	return probe.Target{Protocol: probe.SRV, Host: srvName, Port: 88}
}

func srv(n probe.Network) bound { return bound{protocol: probe.SRV, network: n} }

func controllers(names ...string) map[string][]probetest.Server {
	var out []probetest.Server
	for _, name := range names {
		out = append(out, probetest.Server{Host: name + ".contoso.com", Port: 389, Weight: 100})
	}
	return map[string][]probetest.Server{srvName: out}
}

func TestSRV(t *testing.T) {
	at := func(host string, f probetest.Fault) probetest.Fault {
		return probetest.At{Host: host + ".contoso.com", Network: "tcp", Fault: f}
	}
	many := func(n int) (names []string) {
		for i := range n {
			names = append(names, fmt.Sprintf("dc%02d", i))
		}
		return names
	}
	tests := []struct {
		name     string
		services map[string][]probetest.Server
		faults   []probetest.Fault
		code     probe.Code
		op       string
		want     []string // the servers with their results
	}{
		{name: "one server", services: controllers("dc1"), want: []string{"dc1 ok"}},
		{
			name: "one of two refuses", services: controllers("dc1", "dc2"), faults: fault(at("dc1", probetest.Refuse)),
			want: []string{"dc1 tcp.refused", "dc2 ok"},
		},
		{
			name: "one of two is silent", services: controllers("dc1", "dc2"), faults: fault(at("dc1", probetest.Drop)),
			want: []string{"dc1 tcp.timeout", "dc2 ok"},
		},
		{
			name: "both refuse", services: controllers("dc1", "dc2"), faults: fault(probetest.At{Network: "tcp", Fault: probetest.Refuse}),
			code: probe.TCPRefused, op: probe.OpConnect, want: []string{"dc1 tcp.refused", "dc2 tcp.refused"},
		},
		{
			name: "a server without an address, and one that is silent", services: controllers("dc1", "dc2"),
			faults: fault(probetest.At{Host: "dc1.contoso.com", Port: 53, Fault: probetest.NXDomain}, at("dc2", probetest.Drop)),
			code:   probe.TCPTimeout, op: probe.OpConnect, want: []string{"dc1 dns.nxdomain", "dc2 tcp.timeout"},
		},
		{
			name: "no server has an address", services: controllers("dc1"),
			faults: fault(probetest.At{Host: "dc1.contoso.com", Fault: probetest.NXDomain}),
			code:   probe.DNSNXDomain, op: probe.OpResolve, want: []string{"dc1 dns.nxdomain"},
		},
		{
			name: "by priority, and then by weight", services: map[string][]probetest.Server{srvName: {
				{Host: "dc4.contoso.com", Priority: 2, Weight: 9},
				{Host: "dc3.contoso.com", Priority: 1},
				{Host: "dc2.contoso.com", Priority: 1, Weight: 5},
				{Host: "dc1.contoso.com", Weight: 1},
			}},
			want: []string{"dc1 ok", "dc2 ok", "dc3 ok", "dc4 ok"},
		},
		{
			name: "more servers than are tried at once", services: controllers(many(18)...),
			want: append(statuses(many(16), "ok"), statuses(many(18)[16:], "skipped")...),
		},
		{
			name: "the seventeenth accepts", services: controllers(many(17)...),
			faults: refuseAll(many(16)),
			want:   append(statuses(many(16), "tcp.refused"), "dc16 ok"),
		},
		{
			name: "more servers than are tried at all", services: controllers(many(70)...),
			faults: fault(probetest.At{Network: "tcp", Port: 88, Fault: probetest.Refuse}),
			code:   probe.NotTestable, op: probe.OpConnect, want: statuses(many(64), "tcp.refused"),
		},
		{name: "no such name", code: probe.DNSNXDomain, op: probe.OpResolve},
		{
			name: "the service is said not to be there", services: map[string][]probetest.Server{srvName: {{Host: "."}}},
			code: probe.DNSNoData, op: probe.OpResolve,
		},
		{
			name: "a name without records of this type", services: map[string][]probetest.Server{"x." + srvName: {{Host: "dc1.contoso.com"}}},
			code: probe.DNSNoData, op: probe.OpResolve,
		},
		{name: "a resolver that refuses", services: controllers("dc1"), faults: fault(probetest.Refused), code: probe.DNSRefused, op: probe.OpResolve},
		{name: "a resolver that fails", services: controllers("dc1"), faults: fault(probetest.ServFail), code: probe.DNSServFail, op: probe.OpResolve},
		{name: "a silent resolver", services: controllers("dc1"), faults: fault(probetest.Unanswered), code: probe.DNSTimeout, op: probe.OpResolve},
		{
			name: "a resolver that blocks the name", services: controllers("dc1"),
			faults: fault(probetest.DNSAnswer{Extended: 15}, probetest.NXDomain), code: probe.DNSBlocked, op: probe.OpResolve,
		},
		{name: "an answer that does not fit", services: controllers("dc1"), faults: fault(probetest.Truncate), want: []string{"dc1 ok"}},
		{name: "an answer that is none", services: controllers("dc1"), faults: fault(probetest.Malformed), code: probe.DNSMalformed, op: probe.OpResolve},
		{
			name: "servers on this machine or link", services: controllers("dc1", "dc2"),
			faults: fault(
				probetest.At{Host: "dc1.contoso.com", Fault: probetest.DNSAnswer{Addrs: addrs("127.0.0.1")}},
				probetest.At{Host: "dc2.contoso.com", Fault: probetest.DNSAnswer{Addrs: addrs("169.254.169.254")}},
			),
			code: probe.DNSSinkhole, op: probe.OpResolve, want: []string{"dc1 dns.sinkhole", "dc2 dns.sinkhole"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Services: tt.services, TCPPorts: []uint16{88}, Faults: tt.faults}
				o := srv(i.Network()).Probe(t.Context(), srvTarget())
				var op string
				if o.Error != nil {
					op = o.Error.Op
				}
				if o.Code() != tt.code || op != tt.op || o.OK() != (tt.code == "") {
					t.Errorf("error %v, want %q of %q", o.Error, tt.code, tt.op)
				}
				var got []string
				for _, s := range o.SRV.Servers {
					got = append(got, strings.TrimSuffix(s.Host, ".contoso.com")+" "+outcome(s))
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("servers (-want +got):\n%s", diff)
				}
				if o.DNS == nil || len(o.DNS.Queries) != 1 || o.DNS.Queries[0].Type != "SRV" || o.TCP != nil {
					t.Errorf("DNS %+v, TCP %+v", o.DNS, o.TCP)
				}
				if tt.code != probe.NotTestable {
					checkSteps(t, o)
				}
			})
		})
	}
}

func outcome(s probe.SRVServer) string {
	if s.Code == "" {
		return "ok"
	}
	return string(s.Code)
}

func statuses(names []string, status string) []string {
	var out []string
	for _, n := range names {
		out = append(out, n+" "+status)
	}
	return out
}

func refuseAll(names []string) []probetest.Fault {
	var out []probetest.Fault
	for _, n := range names {
		out = append(out, probetest.At{Host: n + ".contoso.com", Network: "tcp", Fault: probetest.Refuse})
	}
	return out
}

// Each server is looked up once, and connected to once on the target's port.
func TestSRVIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Services: controllers("dc1", "dc2"), TCPPorts: []uint16{88, 389}}
		for _, port := range []uint16{88, 0} {
			target := srvTarget()
			target.Port = port
			if o := srv(i.Network()).Probe(t.Context(), target); !o.OK() {
				t.Error(o.Error)
			}
		}
		count := make(map[string]int)
		for _, e := range i.Log() {
			count[fmt.Sprintf("%s %s %s %d", e.Kind, e.Host, e.Detail, e.Addr.Port())]++
		}
		want := map[string]int{
			"query " + srvName + " SRV 53": 2,
			"query dc1.contoso.com A 53":   2, "query dc1.contoso.com AAAA 53": 2, "query dc2.contoso.com A 53": 2, "query dc2.contoso.com AAAA 53": 2,
			"connect dc1.contoso.com  88": 1, "connect dc2.contoso.com  88": 1, "connect dc1.contoso.com  389": 1, "connect dc2.contoso.com  389": 1,
		}
		if diff := cmp.Diff(want, count); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	})
}

// The next resolver is asked if one fails, but not if it says no.
func TestSRVResolvers(t *testing.T) {
	first := netip.MustParsePrefix("192.0.2.1/32")
	for code, want := range map[probetest.Fault]int{probetest.ServFail: 2, probetest.NXDomain: 1, probetest.Unanswered: 2} {
		synctest.Test(t, func(t *testing.T) {
			i := &probetest.Internet{
				Services: controllers("dc1"), TCPPorts: []uint16{88}, Resolvers: resolvers("192.0.2.1:53", "192.0.2.2:53"),
				Faults: fault(probetest.At{Addrs: first, Fault: code}),
			}
			o := srv(i.Network()).Probe(t.Context(), srvTarget())
			if o.OK() != (want == 2) || len(o.DNS.Queries) != want {
				t.Errorf("%v: %v after %d questions, want %d", code, o.Error, len(o.DNS.Queries), want)
			}
		})
	}
}

// All servers are tried on request.
func TestSRVAllServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var names []string
		for i := range 18 {
			names = append(names, fmt.Sprintf("dc%02d", i))
		}
		i := &probetest.Internet{Services: controllers(names...), TCPPorts: []uint16{88}, Faults: refuseAll(names[17:])}
		o := bound{protocol: probe.SRV, network: i.Network(), all: true}.Probe(t.Context(), srvTarget())
		last := o.SRV.Servers[17]
		if !o.OK() || last.Code != probe.TCPRefused || len(last.Addresses) != 1 {
			t.Errorf("%v, the last is %+v", o.Error, last)
		}
	})
}

// A server without time left proves nothing.
func TestSRVWithoutTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var names []string
		for i := range 64 {
			names = append(names, fmt.Sprintf("dc%02d", i))
		}
		i := &probetest.Internet{
			Services: controllers(names...), TCPPorts: []uint16{88},
			Faults: fault(probetest.At{Port: 88, Fault: probetest.Drop}),
		}
		for limit, want := range map[time.Duration]probe.Code{5 * time.Second: probe.NotTestable, 10 * time.Second: probe.TCPTimeout} {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			o := srv(i.Network()).Probe(ctx, srvTarget())
			if o.Code() != want || o.Duration > limit {
				t.Errorf("within %v: %v after %v, want %s", limit, o.Error, o.Duration, want)
			}
		}
	})
}

func TestSRVOfWhatIsNoName(t *testing.T) {
	for _, name := range []string{"", "192.0.2.1", "a b", strings.Repeat("a", 64) + ".com"} {
		i := &probetest.Internet{}
		o := srv(i.Network()).Probe(t.Context(), probe.Target{Host: name, Port: 1})
		if o.Code() != probe.NotTestable || o.Attempts != 0 || len(i.Log()) > 0 {
			t.Errorf("%q: %v after %d attempts, sent %v", name, o.Error, o.Attempts, i.Log())
		}
	}
}

func TestSRVConforms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if err := probetest.TestProber(builtin, srvTarget(), nil); err != nil {
			t.Error(err)
		}
	})
}

// A response from the network is read as records, or rejected.
func FuzzReadServers(f *testing.F) {
	seed := func(rrs ...string) {
		m := new(dns.Msg)
		m.SetQuestion(srvName+".", dns.TypeSRV)
		m.Response = true
		for _, s := range rrs {
			rr, err := dns.NewRR(s)
			if err != nil {
				f.Fatal(err)
			}
			m.Answer = append(m.Answer, rr)
		}
		raw, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	seed(srvName + ". 60 IN SRV 0 100 389 dc1.contoso.com.")
	seed(srvName+". 60 IN CNAME x.contoso.com.", "x.contoso.com. 30 IN SRV 0 100 389 DC1.contoso.com.")
	seed(srvName + ". 60 IN SRV 0 0 0 .")
	seed("y.contoso.com. 60 IN SRV 0 100 389 127.0.0.1.")
	f.Add([]byte("\x00\x01\x81\x80"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		servers, q, err := probe.ReadServers(raw)
		if (err == nil) != (len(servers) > 0) || err != nil && q.Code == "" && q.RCode != "" {
			t.Errorf("servers %v, code %q, error %v", servers, q.Code, err)
		}
		for _, s := range servers {
			if s.Host == "" || s.Host != strings.ToLower(s.Host) {
				t.Errorf("server %q", s.Host)
			}
		}
	})
}

func TestReadServers(t *testing.T) {
	const name = srvName + "."
	tests := []struct {
		name    string
		records []string
		want    []probe.SRVServer
		ttl     uint32
		code    probe.Code
	}{
		{"one", []string{name + " 60 IN SRV 1 2 389 dc1.contoso.com."}, []probe.SRVServer{{Host: "dc1.contoso.com", Port: 389, Priority: 1, Weight: 2}}, 60, ""},
		{"an alias", []string{name + " 30 IN CNAME x.example.", "x.example. 60 IN SRV 0 0 88 DC2.example."}, []probe.SRVServer{{Host: "dc2.example", Port: 88}}, 30, ""},
		{"of another name", []string{"y.example. 60 IN SRV 0 0 88 dc2.example."}, nil, 0, probe.DNSMalformed},
		{"of another class", []string{name + " 60 CH SRV 0 0 88 dc2.example."}, nil, 0, probe.DNSNoData},
		{"no such service", []string{name + " 60 IN SRV 0 0 0 ."}, nil, 0, probe.DNSNoData},
		{"of other types", []string{name + " 60 IN A 192.0.2.7"}, nil, 0, probe.DNSNoData},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := new(dns.Msg)
			m.SetQuestion(name, dns.TypeSRV)
			m.Response = true
			for _, s := range tt.records {
				rr, err := dns.NewRR(s)
				if err != nil {
					t.Fatal(err)
				}
				m.Answer = append(m.Answer, rr)
			}
			raw, err := m.Pack()
			if err != nil {
				t.Fatal(err)
			}
			got, q, err := probe.ReadServers(raw)
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (err == nil) != (tt.want != nil) || err != nil && q.Code != tt.code || err == nil && q.TTL != tt.ttl {
				t.Errorf("error %v, code %q, TTL %d", err, q.Code, q.TTL)
			}
		})
	}
}
