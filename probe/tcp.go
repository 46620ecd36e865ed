package probe

import (
	"context"
	"errors"
)

// TCP measures whether a connection can be opened. It sends nothing on it, so
// success only proves that somebody accepted: transparent proxies and captive
// portals accept for everyone.
//
// The target's port must not be zero. TCP never goes through a proxy.
type TCP struct {
	Network Network

	// AllAddresses tries every address of the name, at most 32 of them, IPv4 and
	// IPv6 by turns, to find those that do not work. The probe fails only if all do.
	AllAddresses bool
}

// Probe measures t. Its codes are those of the resolve and connect steps.
func (p TCP) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		if err := checkHost(t.Host); err != nil {
			return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
		}
		if t.Port == 0 {
			return &Error{Addr: t.Addr(), Code: NotTestable, Err: errors.New("no port")}
		}
		how := dialing{all: p.AllAddresses, side: besides(t, p.AllAddresses)}
		conn, err := p.Network.connect(ctx, t, how, o)
		if err == nil {
			conn.Close()
		}
		how.side.finish(o, err)
		return err
	})
}
