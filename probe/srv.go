package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// SRV finds the servers of a service by their SRV records, RFC 2782, and
// measures whether a connection to one of them can be opened. The target's host
// is the name of the records, such as "_ldap._tcp.dc._msdcs.contoso.com". The
// target's port is the port to connect to at each server, whatever its record
// says; zero means that of the record.
//
// One server that accepts is enough. Servers are tried by priority, those of one
// priority by weight, the higher first, 16 at once, until one of them accepts.
// The others are not, and have the code [Skipped]. If none accepts, the error is
// that of the first to which a connection was tried, or else of the first. No
// more than 64 servers are tried, and no more than there is time for; if none of
// them accepts and there are others, nothing is proved, and the code is
// [NotTestable].
//
// Nothing is sent on the connections. SRV never goes through a proxy. The
// resolvers are asked as [TCP] does. A server whose name is an address, or which
// has only addresses of this machine or link, is not contacted.
type SRV struct {
	Network Network

	// AllServers tries the others too once one has accepted.
	AllServers bool
}

// SRVFacts is what the records of a service said, and what came of its servers.
type SRVFacts struct {
	Name    string      `json:"name"`
	Servers []SRVServer `json:"servers,omitempty"` // in the order in which they are tried
	More    int         `json:"more,omitempty"`    // records that are not among them
}

// A SRVServer is one server of a service.
type SRVServer struct {
	Host     string `json:"host"`
	Port     uint16 `json:"port"` // of its record
	Priority uint16 `json:"priority"`
	Weight   uint16 `json:"weight"`

	// Addresses are those of the host, and empty if it was not tried.
	Addresses []netip.Addr `json:"addresses,omitempty"`

	// Code is how it failed, or "".
	Code Code `json:"code,omitempty"`
}

const (
	maxServers   = 64 // that are tried
	serversABeat = 16 // at once
)

// Probe measures t. Its codes are those of the resolve and connect steps.
func (p SRV) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		if err := checkName(t.Host); err != nil {
			return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
		}
		o.SRV = &SRVFacts{Name: t.Host}
		done := o.step(OpResolve, t.Host)
		servers, err := p.Network.servers(ctx, t.Host, o)
		done(err)
		if err != nil {
			return err
		}
		servers = inTurn(servers)
		o.SRV.More = max(0, len(servers)-maxServers)
		o.SRV.Servers = servers[:len(servers)-o.SRV.More]
		return p.try(ctx, t.Port, o)
	})
}

// inTurn orders servers, and takes those that are the same for one.
func inTurn(servers []SRVServer) []SRVServer {
	slices.SortFunc(servers, func(a, b SRVServer) int {
		return cmp.Or(
			cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Weight, a.Weight),
			cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port),
		)
	})
	return slices.CompactFunc(servers, func(a, b SRVServer) bool { return a.Host == b.Host && a.Port == b.Port })
}

// try connects to the servers in turn.
func (p SRV) try(ctx context.Context, port uint16, o *Observation) *Error {
	servers := o.SRV.Servers
	accepted := false
	var best *Error
	for first := 0; first < len(servers); first += serversABeat {
		batch := servers[first:min(first+serversABeat, len(servers))]
		if accepted && !p.AllServers || ctx.Err() != nil {
			for i := range batch {
				batch[i].Code = Skipped
			}
			continue
		}
		rounds := (len(servers) - first + serversABeat - 1) / serversABeat
		for _, err := range p.Network.tryAll(ctx, batch, port, rounds, o) {
			accepted = accepted || err == nil
			if err != nil && (best == nil || best.Op == OpResolve && err.Op == OpConnect) {
				best = err
			}
		}
	}
	untried := o.SRV.More
	for _, s := range servers {
		if s.Code == Skipped {
			untried++
		}
	}
	switch {
	case accepted:
		return nil
	case best == nil || errors.Is(ctx.Err(), context.Canceled):
		return newError(ctx, OpConnect, o.Target.Host, context.Cause(ctx))
	case untried > 0:
		err := fmt.Errorf("none of the servers that were tried accepts, and %d were not: %w", untried, best)
		return &Error{Op: OpConnect, Addr: o.Target.Host, Code: NotTestable, Err: err}
	}
	return best
}

// tryAll connects to servers at once. The time left is shared with the rounds
// that are to come.
func (n Network) tryAll(ctx context.Context, servers []SRVServer, port uint16, rounds int, o *Observation) []*Error {
	if deadline, ok := ctx.Deadline(); ok && rounds > 1 {
		bounded, cancel := context.WithTimeout(ctx, max(time.Until(deadline)/time.Duration(rounds), minDial))
		defer cancel()
		ctx = bounded
	}
	errs := make([]*Error, len(servers))
	steps := make([][]Step, len(servers))
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() { steps[i], errs[i] = n.tryServer(ctx, &servers[i], port) })
	}
	wg.Wait()
	all := slices.Concat(steps...)
	slices.SortStableFunc(all, func(a, b Step) int { return a.Start.Compare(b.Start) })
	o.Steps = append(o.Steps, all...)
	return errs
}

// tryServer connects to one server.
func (n Network) tryServer(ctx context.Context, s *SRVServer, port uint16) ([]Step, *Error) {
	var o Observation
	err := func() *Error {
		done := o.step(OpResolve, s.Host)
		if err := checkName(s.Host); err != nil {
			failed := &Error{Op: OpResolve, Addr: s.Host, Code: NotTestable, Err: err}
			done(failed)
			return failed
		}
		facts, err := n.lookup(ctx, s.Host)
		done(err)
		if err != nil {
			return err
		}
		s.Addresses = facts.Addresses
		addrs := make([]netip.AddrPort, 0, len(facts.Addresses))
		for _, a := range facts.Addresses[:min(len(facts.Addresses), maxAddresses)] {
			addrs = append(addrs, netip.AddrPortFrom(a, cmp.Or(port, s.Port)))
		}
		conn, err := n.dialAll(ctx, addrs, dialing{}, &o)
		if err == nil {
			conn.Close()
		}
		return err
	}()
	if err != nil {
		s.Code = err.Code
	}
	return o.Steps, err
}
