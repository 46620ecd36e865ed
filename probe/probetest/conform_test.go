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
	for _, test := range []struct {
		prober func(n probe.Network) probe.Prober
		target probe.Target
	}{
		{func(n probe.Network) probe.Prober { return probe.DNS{Network: n} }, probe.Target{Protocol: probe.ProtocolDNS, Host: "login.live.com"}},
		{func(n probe.Network) probe.Prober { return probe.NXDomain{Network: n} }, probe.Target{Protocol: probe.ProtocolNXDomain, Host: "com"}},
		{func(n probe.Network) probe.Prober { return probe.TCP{Network: n} }, probe.Target{Protocol: probe.ProtocolTCP, Host: "smtp.example", Port: 25}},
		{func(n probe.Network) probe.Prober { return probe.HTTP{Network: n} }, probe.Target{Protocol: probe.ProtocolHTTP, Host: "login.live.com", Port: 80}},
		{func(n probe.Network) probe.Prober { return probe.HTTPS{Network: n} }, probe.Target{Protocol: probe.ProtocolHTTPS, Host: "login.live.com", Port: 443}},
		{func(n probe.Network) probe.Prober { return probe.NTP{Network: n} }, probe.Target{Protocol: probe.ProtocolNTP, Host: "time.windows.com", Port: 123}},
		{func(n probe.Network) probe.Prober { return probe.NCSI{Network: n} }, probe.Target{Protocol: probe.ProtocolNCSI, Host: "www.msftconnecttest.com", Port: 80}},
	} {
		t.Run(string(test.target.Protocol), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := probetest.TestProber(test.prober, test.target); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// What is wrong with a prober is found.
func TestWrongProbers(t *testing.T) {
	target := probe.Target{Protocol: probe.ProtocolTCP, Host: "smtp.example", Port: 25}
	right := func(n probe.Network) probe.Prober { return probe.TCP{Network: n} }
	// changed returns a prober whose observations are changed.
	changed := func(change func(o *probe.Observation)) func(probe.Network) probe.Prober {
		return func(n probe.Network) probe.Prober {
			return probe.Func(func(ctx context.Context, t probe.Target) probe.Observation {
				o := right(n).Probe(ctx, t)
				change(&o)
				return o
			})
		}
	}
	for _, test := range []struct {
		name   string
		prober func(probe.Network) probe.Prober
		want   string
	}{
		{"does nothing", func(probe.Network) probe.Prober {
			return probe.Func(func(context.Context, probe.Target) probe.Observation { return probe.Observation{} })
		}, "healthy: not measured"},
		{"takes its time", func(n probe.Network) probe.Prober {
			return probe.Func(func(ctx context.Context, t probe.Target) probe.Observation {
				defer time.Sleep(time.Second)
				return right(n).Probe(ctx, t)
			})
		}, "after the deadline"},
		{"ignores its context", func(n probe.Network) probe.Prober {
			return probe.Func(func(ctx context.Context, t probe.Target) probe.Observation {
				return right(n).Probe(context.WithoutCancel(ctx), t)
			})
		}, "cancelled before it began"},
		{"leaves a connection open", func(n probe.Network) probe.Prober {
			return probe.Func(func(ctx context.Context, t probe.Target) probe.Observation {
				if c, err := n.DialContext(ctx, "tcp", "203.0.113.1:80"); err == nil {
					time.AfterFunc(time.Hour, func() { _ = c.Close() })
				}
				return right(n).Probe(ctx, t)
			})
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
				err := probetest.TestProber(test.prober, target)
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("found: %v, want %q", err, test.want)
				}
				time.Sleep(2 * time.Hour) // for what a wrong prober left behind
			})
		})
	}
}
