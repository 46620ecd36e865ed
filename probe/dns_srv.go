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

// SRVFacts is the SRV records of a service and the results for its servers.
type SRVFacts struct {
	Name    string      `json:"name"`
	Servers []SRVServer `json:"servers,omitempty"` // in the order in which they are tried
	More    int         `json:"more,omitempty"`    // the number of further records
}

// A SRVServer is one server of a service.
type SRVServer struct {
	Host     string `json:"host"`
	Port     uint16 `json:"port"` // of its record
	Priority uint16 `json:"priority"`
	Weight   uint16 `json:"weight"`

	// Addresses are those of the host, or empty if the server was not tried.
	Addresses []netip.Addr `json:"addresses,omitempty"`

	// Code is how it failed, or "".
	Code Code `json:"code,omitempty"`
}

const (
	maxServers   = 64 // to be tried
	serversABeat = 16 // at once
)

func measureSRV(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	if err := checkName(t.Host); err != nil {
		return &Error{Op: OpResolve, Addr: t.Host, Code: NotTestable, Err: err}
	}
	o.SRV = &SRVFacts{Name: t.Host}
	done := o.step(OpResolve, t.Host)
	servers, err := n.servers(ctx, t.Host, o)
	done(err)
	if err != nil {
		return err
	}
	servers = inTurn(servers)
	o.SRV.More = max(0, len(servers)-maxServers)
	o.SRV.Servers = servers[:len(servers)-o.SRV.More]
	return n.tryServers(ctx, o)
}

// inTurn orders servers and drops duplicates.
func inTurn(servers []SRVServer) []SRVServer {
	slices.SortFunc(servers, func(a, b SRVServer) int {
		return cmp.Or(
			cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Weight, a.Weight),
			cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port),
		)
	})
	return slices.CompactFunc(servers, func(a, b SRVServer) bool { return a.Host == b.Host && a.Port == b.Port })
}

// tryServers connects to the servers in order.
func (n Network) tryServers(ctx context.Context, o *Observation) *Error {
	servers := o.SRV.Servers
	accepted := false
	var best *Error
	for first := 0; first < len(servers); first += serversABeat {
		batch := servers[first:min(first+serversABeat, len(servers))]
		if accepted && !o.Target.AllAddresses || ctx.Err() != nil {
			for i := range batch {
				batch[i].Code = Skipped
			}
			continue
		}
		rounds := (len(servers) - first + serversABeat - 1) / serversABeat
		for _, err := range n.tryAll(ctx, batch, o.Target.Port, rounds, o) {
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

// tryAll connects to servers at once. The remaining rounds share the time left.
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
