package probe

import (
	"context"
	"errors"
	"net/url"
)

// measureHTTPS is the prober of [HTTPS]. A chain that is not genuine matters
// more than [TLSAlert], [TLSReset] and [TLSClosed]. It also hides a wrong name,
// as a wrong name hides a wrong date, because these then mean nothing.
func measureHTTPS(ctx context.Context, n Network, o *Observation) *Error {
	f := fetch{
		network:    n,
		protocol:   HTTPS,
		agent:      userAgent,
		ranged:     o.Target.Range,
		documents:  n.documents(),
		revocation: !o.Target.NoRevocation,
	}
	return f.families(ctx, o)
}

// secure makes a handshake on a connection, and a request over it.
func (f fetch) secure(ctx context.Context, r *route, t Target, u *url.URL, o *Observation) (*page, *Error) {
	more := f.network.more(ctx, t, o)
	var revocation *inquiry
	inquire := func(s session) {
		if f.revocation && revocation == nil {
			s.documents = f.documents
			revocation = f.network.inquire(ctx, s, o)
		}
	}
	defer func() { revocation.drop() }()
	s := f.network.handshake(ctx, r.conn, t, o, inquire)
	more.ended(s)
	defer more.finish(o)
	s.documents = f.documents
	// Before the request: a host that then stays silent leaves no time for it.
	canceled := f.network.complete(ctx, &s, t, o)
	if canceled == nil && (s.failed == nil || s.rejected(o.TLS)) {
		inquire(s)
	}
	var p *page
	var err *Error
	if s.failed == nil {
		switch {
		case canceled != nil:
		case ended(ctx):
			err = unasked(u, o)
		default:
			p, err = f.exchange(ctx, r, s.conn, u, o)
		}
		s.conn.Close() // the rest contacts other hosts, and may take time
	}
	if canceled != nil {
		return nil, canceled
	}
	// A host that requires a client certificate refuses this probe.
	switch {
	case s.failed != nil && s.rejected(o.TLS):
	case s.failed != nil:
		return nil, s.fault(o)
	case err != nil && err.Code == HTTPReset && o.TLS.ClientCertificateRequested:
		p, err = nil, nil
	}
	if err == nil || err.Op == OpBody && ctx.Err() == nil {
		if revoked := revocation.finish(ctx, t, o); revoked != nil {
			err = revoked
		}
	}
	if s.foreign != nil && (err == nil || err.Code != Canceled) {
		err = s.foreign
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// unasked returns the error of a request that was not sent because fetching
// issuers took all the time. It is not [HTTPTimeout]: the host did not stay
// silent.
func unasked(u *url.URL, o *Observation) *Error {
	e := &Error{Op: OpRequest, Addr: u.String(), Code: Timeout, Err: errors.New("not sent, no time was left")}
	o.step(OpRequest, u.String())(e)
	return e
}
