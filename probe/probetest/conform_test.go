package probetest_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

func TestBuiltInProbers(t *testing.T) {
	builtin := func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation { return n.Probe(ctx, t) }
	for _, target := range []probe.Target{
		{Protocol: probe.DNS, Host: "login.live.com"},
		{Protocol: probe.NXDomain, Host: "com"},
		{Protocol: probe.SOA, Host: "login.live.com"},
		{Protocol: probe.TCP, Host: "smtp.example", Port: 25},
		{Protocol: probe.HTTP, Host: "login.live.com", Port: 80},
		{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443},
		{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443, NoRevocation: true},
		{Protocol: probe.HTTPS, Host: "login.live.com", Port: 443, Handshakes: true},
		{Protocol: probe.NTP, Host: "time.windows.com", Port: 123},
		{Protocol: probe.NCSI, Host: "www.msftconnecttest.com", Port: 80},
	} {
		t.Run(string(target.Protocol), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := probetest.TestProber(builtin, target, nil); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestProber finds what is wrong with a prober.
func TestWrongProbers(t *testing.T) {
	target := probe.Target{Protocol: probe.TCP, Host: "smtp.example", Port: 25}
	right := func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation { return n.Probe(ctx, t) }
	// changed returns a prober that changes its observations.
	changed := func(change func(o *probe.Observation)) probe.Prober {
		return func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
			o := right(ctx, n, t)
			change(&o)
			return o
		}
	}
	for _, test := range []struct {
		name   string
		prober probe.Prober
		want   string
	}{
		{"does nothing", func(context.Context, probe.Network, probe.Target) probe.Observation {
			return probe.Observation{}
		}, "healthy: not measured"},
		{"takes its time", func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
			defer time.Sleep(time.Second)
			return right(ctx, n, t)
		}, "after the deadline"},
		{"ignores its context", func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
			return right(context.WithoutCancel(ctx), n, t)
		}, "canceled before it began"},
		{"leaves a connection open", func(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
			if c, err := n.DialContext(ctx, "tcp", "203.0.113.1:80"); err == nil {
				time.AfterFunc(time.Hour, func() { _ = c.Close() })
			}
			return right(ctx, n, t)
		}, "connections were left open"},
		{"forgets the target", changed(func(o *probe.Observation) { o.Target.Port++ }), "the observation is of"},
		{"forgets when", changed(func(o *probe.Observation) { o.Start = time.Time{} }), "started at"},
		{"forgets the error", changed(func(o *probe.Observation) { o.Error, o.Attempts = nil, 0 }), "no error says why"},
		{"forgets the code", changed(func(o *probe.Observation) {
			if o.Error != nil {
				o.Error.Code = ""
			}
		}), "has no code"},
		{"forgets facts", changed(func(o *probe.Observation) {
			if o.Error != nil {
				o.DNS = nil
			}
		}), "was forgotten"},
		{"forgets the name of a step", changed(func(o *probe.Observation) {
			for n := range o.Steps {
				o.Steps[n].Op = ""
			}
		}), "a step lacks its name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				err := probetest.TestProber(test.prober, target, nil)
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("found: %v, want %q", err, test.want)
				}
				time.Sleep(2 * time.Hour) // for what a wrong prober left running
			})
		})
	}
}
