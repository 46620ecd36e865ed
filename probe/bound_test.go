package probe_test

import (
	"context"

	"github.com/netready/netready/probe"
)

// A bound is the built-in prober of a protocol, bound to a network. It checks
// revocation only if told to, so that tests can count what is sent.
type bound struct {
	network    probe.Network
	protocol   probe.Protocol
	all        bool
	revocation bool
}

func (b bound) Probe(ctx context.Context, t probe.Target) probe.Observation {
	return b.network.Probe(ctx, b.target(t))
}

// target returns the prober's target for t.
func (b bound) target(t probe.Target) probe.Target {
	t.Protocol = b.protocol
	t.AllAddresses = t.AllAddresses || b.all
	t.NoRevocation = b.protocol == probe.HTTPS && !b.revocation
	return t
}

func builtin(ctx context.Context, n probe.Network, t probe.Target) probe.Observation {
	return n.Probe(ctx, t)
}
