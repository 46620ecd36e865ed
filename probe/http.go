package probe

import "context"

// HTTP measures whether a web server answers over plain HTTP.
//
// Any answer counts as reached, whatever its status, unless it proves that
// someone else made it: 511 comes from a captive portal, 407 from a proxy, and
// some header fields from filters alone. Through a proxy, 502 and 504 are its
// own as well. Who answers cannot be known for certain without TLS, so the facts
// keep what identifies the answerer, and the beginning of the body.
//
// The zero target port means 80. One GET request is made, without cookies or
// other state. Of the answer's header at most 64 KiB are read, and of its body
// what is kept or compared, but of an HTML page up to 4 KiB, if they come. What is
// to be accepted is the answer to that request, also if it asks for a range.
type HTTP struct {
	Network Network

	// AllAddresses tries every address of the name, at most 32 of them, IPv4 and
	// IPv6 by turns, to find those that do not work. The probe goes on with the first that does.
	AllAddresses bool

	// Status are the statuses to accept. Nil means all. Others fail with
	// [HTTPStatus].
	Status []int

	// Body is the whole body to accept. A line break after it is ignored. Empty
	// means that every body is. Others fail with [HTTPBodyMismatch].
	Body string

	// Redirects is how many redirects to the same host and port are followed.
	// One more fails with [HTTPRedirectLoop]. Zero means that none is followed,
	// and a redirect is an answer like others. A redirect elsewhere is never
	// followed, but kept in the facts.
	Redirects int
}

// Probe measures t. Its codes are those of the resolve, connect, proxy, request
// and body steps.
func (p HTTP) Probe(ctx context.Context, t Target) Observation {
	f := fetch{
		network:   p.Network,
		protocol:  ProtocolHTTP,
		dialing:   dialing{all: p.AllAddresses},
		agent:     userAgent,
		status:    p.Status,
		body:      p.Body,
		redirects: p.Redirects,
		ranged:    t.Range,
	}
	return observe(ctx, t, f.families)
}
