package readiness_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

const noGreeting probe.Code = "contoso.no_greeting"

// smtp is a prober of an embedder's own.
func smtp(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
	return n.Talk(ctx, "tcp", t, func(c net.Conn) error {
		line, err := bufio.NewReader(c).ReadString('\n')
		if err == nil && !strings.HasPrefix(line, "220 ") {
			err = fmt.Errorf("%w: %.80q", noGreeting, line)
		}
		return err
	})
}

func says(line string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, line+"\r\n") }
}

// mail returns a catalog of one endpoint of an embedder's own.
func mail(t *testing.T, ports ...string) *endpoints.Catalog {
	t.Helper()
	e, err := endpoints.New("mail", "mail.contoso.com", ports...)
	if err != nil {
		t.Fatal(err)
	}
	e.Decisive = true
	c, err := new(endpoints.Catalog).With(e)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fatal takes the service for fatal.
func fatal() readiness.Policy {
	return readiness.DocumentedPolicy().With(readiness.Fatal, "mail")
}

// The protocol of a port selects the prober, which is told of failures by its own
// codes: a port that accepts and says nothing of sense is not ready.
func TestOwnProber(t *testing.T) {
	tests := []struct {
		name    string
		serve   func(net.Conn)
		probers map[probe.Protocol]probe.Prober
		verdict readiness.Verdict
		target  string
		code    probe.Code
	}{
		{"greets", says("220 x"), map[probe.Protocol]probe.Prober{"smtp": smtp}, readiness.Ready, "smtp mail.contoso.com:25", ""},
		{"does not greet", says("554 no"), map[probe.Protocol]probe.Prober{"smtp": smtp}, readiness.Blocked, "smtp mail.contoso.com:25", noGreeting},
		{"does not greet, and nobody asks", says("554 no"), nil, readiness.Ready, "tcp mail.contoso.com:25", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &probetest.Internet{Serve: map[string]func(net.Conn){"mail.contoso.com:25": tt.serve}}
				runner := readiness.Runner{Network: i.Network(), Catalog: mail(t, "tcp/25 smtp"), Probers: tt.probers, Policy: fatal()}
				p, err := runner.Plan(autopilot())
				if err != nil {
					t.Fatal(err)
				}
				if len(p.Checks) != 1 || p.Checks[0].ID() != tt.target {
					t.Fatalf("checks %v, want %s", p.Checks, tt.target)
				}
				r, err := assessPlan(t.Context(), runner, p)
				if err != nil {
					t.Fatal(err)
				}
				if r.Verdict != tt.verdict || r.Findings[0].Code != tt.code {
					t.Errorf("%s, code %q; want %s, %q", r.Verdict, r.Findings[0].Code, tt.verdict, tt.code)
				}
				if tt.code == "" {
					return
				}
				c := r.Causes[0]
				want := readiness.Cause{
					Title:    "mail.contoso.com does not answer as expected (contoso.no_greeting)",
					Evidence: []string{`smtp mail.contoso.com:25: contoso.no_greeting: "554 no\r\n"`},
					Remedy:   "Find out why mail.contoso.com on TCP port 25 answers with contoso.no_greeting; the network lets connections through.",
				}
				got := readiness.Cause{Title: c.Title, Evidence: c.Evidence, Remedy: c.Remedy}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("cause (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A port that is closed has to be allowed, whoever asks.
func TestOwnProberOfAClosedPort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"mail.contoso.com"}}
		runner := readiness.Runner{Network: i.Network(), Catalog: mail(t, "tcp/25 smtp"), Probers: map[probe.Protocol]probe.Prober{"smtp": smtp}}
		p, err := runner.Plan(autopilot())
		if err != nil {
			t.Fatal(err)
		}
		r, err := assessPlan(t.Context(), runner, p)
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict != readiness.Blocked || !strings.HasPrefix(r.Causes[0].Remedy, "Allow ") {
			t.Errorf("%s, %+v", r.Verdict, r.Causes)
		}
	})
}

// A port that does not answer has to be allowed over the transport that it has.
func TestOwnProberOverUDP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"mail.contoso.com"}, Faults: []probetest.Fault{
			probetest.At{Network: "udp", Port: 514, Fault: probetest.Drop}, probetest.At{Network: "tcp", Port: 25, Fault: probetest.Drop},
		}}
		own := func(network string) probe.Prober {
			return func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
				return n.Talk(ctx, network, t, func(c net.Conn) error {
					if _, err := c.Write([]byte("x")); err != nil {
						return err
					}
					_, err := c.Read(make([]byte, 1))
					return err
				})
			}
		}
		runner := readiness.Runner{
			Network: i.Network(), Catalog: mail(t, "udp/514 syslog", "tcp/25 smtp"), Policy: fatal(),
			Probers: map[probe.Protocol]probe.Prober{"syslog": own("udp"), "smtp": own("tcp")},
		}
		r, err := runner.Assess(t.Context(), autopilot())
		if err != nil {
			t.Fatal(err)
		}
		var remedies []string
		for _, c := range r.Causes {
			remedies = append(remedies, c.Remedy)
		}
		want := []string{"Allow devices to reach mail.contoso.com on TCP port 25.", "Allow devices to reach mail.contoso.com on UDP port 514."}
		if diff := cmp.Diff(want, remedies); diff != "" {
			t.Errorf("remedies (-want +got):\n%s", diff)
		}
	})
}

// A prober measures the network of the run, and a wrapper loses nothing of what the
// built-in one does: a revoked certificate is found.
func TestOwnProberWrapsABuiltInOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &probetest.Internet{Hosts: []string{"mail.contoso.com"}, Faults: []probetest.Fault{probetest.At{Host: "mail.contoso.com", Fault: probetest.Revoke}}}
		called := false
		wrapper := func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
			called = true
			return n.Probe(ctx, t)
		}
		runner := readiness.Runner{Network: i.Network(), Catalog: mail(t, "tcp/443 https"), Probers: map[probe.Protocol]probe.Prober{probe.HTTPS: wrapper}}
		p, err := runner.Plan(autopilot())
		if err != nil {
			t.Fatal(err)
		}
		obs, err := runner.Run(t.Context(), p)
		if err != nil || !called {
			t.Fatalf("error %v, called: %t", err, called)
		}
		if !errors.Is(obs[0].Error, probe.TLSRevoked) {
			t.Errorf("%v, want %s", obs[0].Error, probe.TLSRevoked)
		}
	})
}

// What nobody would call, and what nothing could measure, is an error before
// anything is contacted.
func TestProbersThatDoNotFit(t *testing.T) {
	own := map[probe.Protocol]probe.Prober{"smtp": smtp}
	tests := []struct {
		name    string
		ports   []string
		probers map[probe.Protocol]probe.Prober
		want    string
	}{
		{"a prober and its port", []string{"tcp/25 smtp"}, own, ""},
		{"a port that is only connected to", []string{"tcp/25 smtp"}, nil, ""},
		{"a port that is not measured", []string{"udp/443 quic"}, nil, ""},
		{"a prober that no port selects", []string{"tcp/587 submission"}, own, `the prober for "smtp"`},
		{"a port without a prober", []string{"tcp/25 smpt"}, own, `"tcp/25 smpt"`},
		{"a port over UDP without a prober", []string{"udp/514 syslog"}, nil, `"udp/514 syslog"`},
		{"a prober over UDP", []string{"udp/514 syslog"}, map[probe.Protocol]probe.Prober{"syslog": smtp}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readiness.Runner{Catalog: mail(t, tt.ports...), Probers: tt.probers, Policy: fatal()}.Plan(autopilot())
			switch {
			case (err != nil) != (tt.want != ""):
				t.Errorf("error %v", err)
			case err != nil && !strings.Contains(err.Error(), tt.want):
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
	// A plan that was made without the prober would never call it.
	p, err := readiness.Runner{Catalog: mail(t, "tcp/25 smtp"), Network: probe.Network{SearchDomains: []string{}}}.Plan(autopilot())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (readiness.Runner{Probers: own}).Run(t.Context(), p); err == nil {
		t.Error("a prober that no check uses was passed over in silence")
	}
}
