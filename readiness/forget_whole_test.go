package readiness_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Each part of an observation that shows anything out of the ordinary is kept whole.
func TestWhatForgettingKeepsWhole(t *testing.T) {
	parts := map[string]func(a, b *probe.Observation) bool{
		"DNS":        func(a, b *probe.Observation) bool { return a.DNS == b.DNS },
		"TCP":        func(a, b *probe.Observation) bool { return a.TCP == b.TCP },
		"steps":      func(a, b *probe.Observation) bool { return len(a.Steps) == len(b.Steps) },
		"TLS":        func(a, b *probe.Observation) bool { return a.TLS == b.TLS },
		"HTTP":       func(a, b *probe.Observation) bool { return a.HTTP == b.HTTP },
		"revocation": func(a, b *probe.Observation) bool { return a.Revocation == b.Revocation },
	}
	const everything = "everything"
	for _, tt := range []struct {
		name   string
		change func(o *probe.Observation)
		whole  string // a part, everything, or ""
	}{
		{"nothing out of the ordinary", func(*probe.Observation) {}, ""},
		{"an extended error", func(o *probe.Observation) { o.DNS.Queries[0].Extended = []probe.ExtendedError{{InfoCode: 3}} }, "DNS"},
		{"a failure for IPv6", func(o *probe.Observation) { o.DNS.Queries[1].Code = probe.DNSServFail }, "DNS"},
		{"no IPv4 address", func(o *probe.Observation) { o.DNS.Queries[0].Code = probe.DNSNoData }, "DNS"},
		{"an IPv6 address", func(o *probe.Observation) { o.DNS.Queries[1].Code = "" }, ""},
		{"a lookup that failed for IPv4", func(o *probe.Observation) { o.DNS.IPv4Code = probe.DNSTimeout }, "DNS"},
		{"a lookup that failed for IPv6", func(o *probe.Observation) { o.DNS.IPv6Code = probe.DNSTimeout }, "DNS"},
		{"a hosts file", func(o *probe.Observation) { o.DNS.HostsFile = []netip.Addr{address4(1)} }, "DNS"},
		{"a second resolver", func(o *probe.Observation) { o.DNS.Queries = append(o.DNS.Queries, o.DNS.Queries[0]) }, "DNS"},
		{"a second connection", func(o *probe.Observation) { o.TCP.Dials = append(o.TCP.Dials, o.TCP.Dials[0]) }, "TCP"},
		{"a connection that failed", func(o *probe.Observation) { o.TCP.Dials[0].Code = probe.TCPTimeout }, "TCP"},
		{"a handshake of its own", func(o *probe.Observation) { o.TCP.Dials[0].TLS = new(probe.TLSFacts) }, "TCP"},
		{"a step that failed", func(o *probe.Observation) { o.Steps[2].Error = new(probe.Error) }, "steps"},
		{"a third step that counts", func(o *probe.Observation) { o.Steps = append(o.Steps, o.Steps[0]) }, "steps"},
		{"another name", func(o *probe.Observation) { o.TLS.NameMatches = false }, "TLS"},
		{"a root of this machine", func(o *probe.Observation) { o.TLS.VerifiedBy = "local" }, "TLS"},
		{"other handshakes", func(o *probe.Observation) { o.TLS.Handshakes = make([]probe.Handshake, 1) }, "TLS"},
		{"an issuer that could not be fetched", func(o *probe.Observation) { o.TLS.IssuerFailures = make([]probe.Document, 1) }, "TLS"},
		{"a range", func(o *probe.Observation) { o.HTTP.Range = new(probe.RangeFacts) }, "HTTP"},
		{"plain HTTP", func(o *probe.Observation) { o.Target.Protocol = probe.HTTP }, "HTTP"},
		{"revocation that was not found out", func(o *probe.Observation) { o.Revocation.Code = probe.RevocationUnreachable }, "revocation"},
		{"a check that failed", func(o *probe.Observation) { o.Error = &probe.Error{Code: probe.HTTPStatus} }, everything},
		{"a check that was repeated", func(o *probe.Observation) { o.Attempts = 2 }, everything},
		{"another protocol", func(o *probe.Observation) { o.Target.Protocol = probe.NTP }, everything},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := probe.Observation{Target: probe.Target{Protocol: probe.HTTPS, Host: "a.example", Port: 443}, Attempts: 1}
			answer(&o, 0)
			o.Steps = append(o.Steps, probe.Step{Op: probe.OpHandshake})
			o.Revocation = &probe.RevocationFacts{Sources: make([]probe.Document, 1)}
			tt.change(&o)
			got := readiness.Forgotten([]probe.Observation{o})[0]
			if got.Forgotten == (tt.whole == everything) {
				t.Errorf("forgotten: %t", got.Forgotten)
			}
			for part, same := range parts {
				if want := tt.whole == everything || tt.whole == part; same(&o, &got) != want {
					t.Errorf("%s is whole: %t, want %t", part, !want, want)
				}
			}
		})
	}
}
