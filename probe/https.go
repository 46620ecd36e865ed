package probe

import (
	"context"
	"net/url"
)

// HTTPS measures whether a genuine web server answers over TLS 1.2.
//
// The handshake offers TLS 1.2 alone, so that success proves that the path lets
// it through. Reached is a host whose certificate chain is genuine, see
// [Network], and that then answers anything at all over HTTP/1.1. A genuine host
// that asks for a client certificate is reached too, even if it breaks off for
// want of one.
//
// A chain that is not genuine fails the probe. The request is made all the same,
// for its answer often says who it is that intercepts; nothing secret is in it.
// The outcome stays in the facts and steps.
//
// A chain that lacks intermediate certificates is completed as Windows does it:
// they are fetched from where the certificates say, if that is plain HTTP on
// port 80. In a run each is fetched once, see [Network.Shared]. A chain that stays
// incomplete is [TLSUntrusted], as Windows has it too; the facts hold which
// certificate is missing, and why it could not be fetched.
//
// The zero target port means 443. Through a proxy, a tunnel is opened by CONNECT.
// The fields mean what they mean for [HTTP].
type HTTPS struct {
	Network      Network
	AllAddresses bool
	Status       []int
	Body         string
	Redirects    int

	// Revocation asks whether the certificates of a genuine chain are revoked, of
	// all the CRLs and OCSP responders that they name, over plain HTTP on port
	// 80. So the probe contacts hosts that the target does not tell. What comes
	// of it is in the facts; only [TLSRevoked] fails the probe. How long it takes
	// is bounded by the context, [DocumentTimeout] and [RevocationTimeout]. Each
	// source is asked once in a run, see [Network.Shared].
	Revocation bool
}

// Probe measures t. Its codes are those of the resolve, connect, proxy,
// handshake, request and body steps, and [TLSRevoked]. If several codes of the handshake step
// apply to a chain, the first of [TLSInspected] or [TLSUntrusted],
// [TLSNameMismatch], and [TLSExpired] or [TLSNotYetValid] is reported: a stranger's
// chain says nothing by its name, and a wrong name nothing by its dates. The
// facts hold all three. Each of them comes before [TLSAlert], [TLSReset] and
// [TLSClosed] of who showed the chain.
func (p HTTPS) Probe(ctx context.Context, t Target) Observation {
	f := fetch{
		network:   p.Network,
		protocol:  ProtocolHTTPS,
		dialing:   dialing{all: p.AllAddresses},
		agent:     userAgent,
		status:    p.Status,
		body:      p.Body,
		redirects: p.Redirects,
		ranged:    t.Range,

		documents:  p.Network.documents(),
		revocation: p.Revocation,
	}
	return observe(ctx, t, f.families)
}

// secure makes a handshake on a connection, and a request over it.
func (f fetch) secure(ctx context.Context, r *route, t Target, u *url.URL, o *Observation) (*page, *Error) {
	s := f.network.handshake(ctx, r.conn, t, o)
	s.documents = f.documents
	var p *page
	var err *Error
	if s.failed == nil {
		p, err = f.exchange(ctx, r, s.conn, u, o)
		s.conn.Close() // what follows is about others, and may take its time
	}
	if canceled := f.network.complete(ctx, &s, t, o); canceled != nil {
		return nil, canceled
	}
	if o.HTTP != nil && o.TLS.genuine() {
		o.HTTP.Vendor = "" // the host answered, whatever it looks like
	}
	// A host that asks for a certificate can only be heard to refuse us.
	silence := f.status == nil && f.body == "" && !f.part
	switch {
	case s.failed != nil && silence && s.rejected(o.TLS):
	case s.failed != nil:
		return nil, s.fault(o)
	case err != nil && err.Code == HTTPReset && o.TLS.ClientCertificateRequested && silence:
		p, err = nil, nil
	}
	if f.revocation && err == nil {
		err = f.network.checkRevocation(ctx, s, t, o)
	}
	if s.foreign != nil && (err == nil || err.Code != Canceled) {
		err = s.foreign
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}
