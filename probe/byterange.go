package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// ByteRange measures whether a part of a file can be had: it asks for the first
// byte, and fails unless it is answered that byte. Delivery Optimization, Windows
// Update and Intune load large files in pieces. Without, they load more than they
// need, or nothing. Sources: Microsoft, "Windows Update issues troubleshooting",
// 2023-12-26, and "Network endpoints for Microsoft Intune", 2025-08-21.
//
// The target has to be a file that its server serves in ranges, which hardly any
// page at "/" is. Its protocol is [ProtocolHTTP] or [ProtocolHTTPS], and all
// else is as for [HTTP] and [HTTPS]. To learn of ranges by the way, without
// failing for want of them, set [Target].Range with these.
type ByteRange struct {
	Network Network
}

// Probe measures t. Its codes are those of the resolve, connect, proxy,
// handshake, request and body steps. It is [HTTPRangeUnsupported] for the whole,
// [HTTPMalformed] for a part that was not asked for, and [HTTPStatus] for
// answers that say nothing of ranges: there is no such file, most likely.
func (p ByteRange) Probe(ctx context.Context, t Target) Observation {
	return observe(ctx, t, func(ctx context.Context, o *Observation) *Error {
		if t.Protocol != ProtocolHTTP && t.Protocol != ProtocolHTTPS {
			err := fmt.Errorf("ranges of protocol %q cannot be asked for", t.Protocol)
			return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
		}
		f := fetch{
			network:   p.Network,
			protocol:  t.Protocol,
			agent:     userAgent,
			ranged:    true,
			part:      true,
			documents: p.Network.documents(),
		}
		return f.families(ctx, o)
	})
}

// judgePart says whether an answer is the part that was asked for.
func (p *page) judgePart(o *Observation) *Error {
	e := &Error{Op: OpRequest, Addr: p.url.String(), Code: o.HTTP.Range.Code, Err: errors.New(statusLine(p.resp))}
	switch {
	case o.HTTP.Range.Supported:
		return nil
	case e.Code == "":
		e.Code = HTTPStatus
	case p.resp.StatusCode == http.StatusPartialContent:
		e.Err = fmt.Errorf("%w, Content-Range %q", e.Err, o.HTTP.Range.ContentRange)
	}
	return o.fail(e)
}
