package probetest

import (
	"crypto/tls"
	"io"
	"net/http"

	"github.com/miekg/dns"
)

// A Plain is a fault that needs only a name.
type Plain string

// Faults of packets.
const (
	// Drop drops packets: connections and datagrams are never answered.
	Drop Plain = "drop"

	// Accept accepts connections at once, in place of the host, as an agent on
	// the machine does. Whatever the host sends takes its time. If the host
	// cannot be reached, the connection is closed.
	Accept Plain = "accept"

	// Refuse rejects packets: a connection with a reset, a datagram with an
	// ICMP message.
	Refuse Plain = "refuse"
)

// Faults of connections, at the [Stage] of an enclosing [At], or else
// [AfterAccept].
const (
	// Silence sends nothing more, and keeps the connection open until the peer
	// closes it.
	Silence Plain = "silence"

	// Close closes the connection, without a TLS alert.
	Close Plain = "close"

	// Reset resets the connection.
	Reset Plain = "reset"
)

// Faults of DNS. See [DNSAnswer] for those with parameters.
const (
	ServFail Plain = "servfail" // RCODE 2, RFC 1035 section 4.1.1
	NXDomain Plain = "nxdomain" // RCODE 3
	Refused  Plain = "refused"  // RCODE 5

	// NoData answers that the name exists, but has no address of either family,
	// RFC 2308 section 2.2.
	NoData Plain = "nodata"

	// Sinkhole answers with 0.0.0.0 and ::, whatever the name.
	Sinkhole Plain = "sinkhole"

	// Truncate sends empty UDP answers with the TC bit set, so that clients
	// retry over TCP.
	Truncate Plain = "truncate"

	// Unanswered never answers. [Drop] loses the query itself.
	Unanswered Plain = "unanswered"

	// Malformed answers with a header that announces records, without the
	// records.
	Malformed Plain = "malformed"

	// OtherQuestion answers a question that was not asked.
	OtherQuestion Plain = "other question"
)

// Faults of certificates. See [Certificate] for those with parameters.
const (
	// Untrusted shows a certificate of an unknown CA.
	Untrusted Plain = "untrusted"

	// WrongName shows a certificate for other.example.
	WrongName Plain = "wrong name"

	// Expired shows a certificate that expired yesterday.
	Expired Plain = "expired"

	// LeafOnly shows the certificate without its intermediate. LeafOrphan also
	// omits the intermediate's URL from the certificate.
	LeafOnly   Plain = "leaf only"
	LeafOrphan Plain = "leaf orphan"

	// WindowsRoot shows a certificate of a CA whose root Windows ships and no
	// public bundle has, as Microsoft's update services do. It is genuine on
	// every machine, whether or not the machine trusts it.
	WindowsRoot Plain = "windows root"

	// CrossSigned shows a certificate of a CA whose new root only Windows
	// ships, with a certificate of that root which the public CA signed.
	// CrossSignMissing leaves the latter out; it can be fetched from the URL in
	// the intermediate.
	CrossSigned      Plain = "cross-signed"
	CrossSignMissing Plain = "cross-sign missing"

	// OtherIssuer shows a certificate of another public CA.
	OtherIssuer Plain = "other issuer"

	// OldIntermediate shows the certificate with an intermediate that expired
	// yesterday. The current one, with the same name and key, can be fetched
	// from the URL in the certificate.
	OldIntermediate Plain = "old intermediate"
)

// Faults of revocation. See [Revocation] for those with parameters.
const (
	// Revoke shows a certificate that the CA has revoked, in its CRL and its
	// OCSP responder.
	Revoke Plain = "revoke"

	// NoRevocation shows certificates without revocation URLs.
	NoRevocation Plain = "no revocation"

	// Staple shows an OCSP response with the certificate, RFC 6066 section 8,
	// if the client requests it. The server's revocation faults apply to this
	// response too.
	Staple Plain = "staple"

	// StaleRevocation answers with CRLs and OCSP responses of last week that
	// expired yesterday.
	StaleRevocation Plain = "stale revocation"

	// ForgedRevocation answers with CRLs and OCSP responses that another key signed.
	ForgedRevocation Plain = "forged revocation"

	// GarbledRevocation answers with a web page instead of a CRL or OCSP
	// response.
	GarbledRevocation Plain = "garbled revocation"

	// UnknownRevocation answers OCSP requests with the status "unknown",
	// signed. It does not affect CRLs.
	UnknownRevocation Plain = "unknown revocation"
)

// Faults of HTTP.
const (
	// RedirectLoop redirects each request to another path of the same host,
	// forever.
	RedirectLoop Plain = "redirect loop"

	// IgnoreRange answers range requests with the whole, as scanning filters
	// do.
	IgnoreRange Plain = "ignore range"

	// ResetRange resets connections on which a range is requested.
	ResetRange Plain = "reset range"

	// SilentRange leaves range requests unanswered.
	SilentRange Plain = "silent range"

	// BareRange answers range requests with 206 and one byte, and does not say
	// which byte it is.
	BareRange Plain = "bare range"
)

// Faults of NTP. See [NTPAnswer] for those with parameters.
const (
	// KissOfDeath tells the client to stop, RFC 5905 section 7.4, with the code
	// RATE.
	KissOfDeath Plain = "kiss of death"

	// Unsynchronized is a server without time: leap indicator 3, and stratum 0,
	// which stands for 16, RFC 5905 section 7.3.
	Unsynchronized Plain = "unsynchronized"
)

// in returns the effect of a plain fault. An unknown name has none.
func (p Plain) in(f flow) Fault {
	if fault := p.of(f); fault != nil {
		return fault.in(f)
	}
	return nil
}

func (p Plain) of(f flow) Fault {
	switch p {
	case Drop:
		return lost{routeBlackHole}
	case Refuse:
		return lost{routeRefused}
	case Accept:
		return accepting{}
	case Silence, Close, Reset:
		return ending{p, f.stage}
	case ServFail:
		return DNSAnswer{RCode: dns.RcodeServerFailure}
	case NXDomain:
		return DNSAnswer{RCode: dns.RcodeNameError}
	case Refused:
		return DNSAnswer{RCode: dns.RcodeRefused}
	case NoData:
		return DNSAnswer{Empty: true}
	case Sinkhole:
		return DNSAnswer{Sinkhole: true}
	case Truncate, Unanswered, Malformed, OtherQuestion:
		return plainDNS(p)
	case Untrusted, LeafOnly, LeafOrphan, OldIntermediate, Revoke, NoRevocation:
		return plainCertificate(p)
	case WindowsRoot, CrossSigned, CrossSignMissing, OtherIssuer:
		return genuineCertificate(p)
	case WrongName:
		return Certificate{Names: []string{"other.example"}}
	case Expired:
		return Certificate{From: -90 * day, Until: -day}
	case Staple:
		return staple{}
	case StaleRevocation:
		return Revocation{From: -8 * day, Until: -day}
	case ForgedRevocation, GarbledRevocation, UnknownRevocation:
		return plainRevocation(p)
	case RedirectLoop, IgnoreRange, ResetRange, SilentRange, BareRange:
		return plainHTTP(p)
	case KissOfDeath:
		return NTPAnswer{Kiss: "RATE"}
	case Unsynchronized:
		return unsynchronized{}
	}
	return nil
}

// A lost redirects a packet to another route.
type lost struct{ to route }

func (l lost) in(flow) Fault { return l }
func (l lost) route() route  { return l.to }

// An accepting is [Accept].
type accepting struct{}

func (a accepting) in(flow) Fault { return a }

// An ending ends a connection at a stage.
type ending struct {
	how Plain
	at  Stage
}

func (e ending) in(flow) Fault { return e }
func (e ending) stage() Stage  { return e.at }

func (e ending) strike(_ io.Writer, c *conn) {
	switch e.how {
	case Close:
		_ = c.Close()
	case Reset:
		c.reset()
	default:
		c.drain()
	}
}

type plainDNS Plain

func (p plainDNS) in(flow) Fault { return p }

func (p plainDNS) dns(r *dnsReply, f flow) {
	switch Plain(p) {
	case Truncate:
		if f.network == "udp" {
			r.msg.Answer, r.msg.Ns = nil, nil
			r.msg.Truncated = true
		}
	case Malformed:
		id := r.msg.Id
		r.raw = []byte{byte(id >> 8), byte(id), 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xc0}
	case OtherQuestion:
		r.msg.Question[0].Name = "other.example."
		for _, rr := range r.msg.Answer {
			rr.Header().Name = "other.example."
		}
	default:
		r.none = true
	}
}

type plainCertificate Plain

func (p plainCertificate) in(flow) Fault { return p }

func (p plainCertificate) certificate(s *leafSpec) {
	switch Plain(p) {
	case Untrusted:
		s.organization = unknownOrganization
	case LeafOnly, LeafOrphan:
		s.leafOnly, s.leaf.orphan = true, Plain(p) == LeafOrphan
	case OldIntermediate:
		s.issuing.expired = true
	case NoRevocation:
		s.leaf.unlisted, s.issuing.unlisted = true, true
	default:
		s.leaf.revoked = true
	}
}

type staple struct{}

func (s staple) in(flow) Fault { return s }

type plainRevocation Plain

func (p plainRevocation) in(flow) Fault { return p }

func (p plainRevocation) revocation(s *revocationSpec) {
	switch Plain(p) {
	case ForgedRevocation:
		s.forged = true
	case GarbledRevocation:
		s.garbled = true
	default:
		s.unknown = true
	}
}

type plainHTTP Plain

func (p plainHTTP) in(flow) Fault { return p }

func (p plainHTTP) answer(w http.ResponseWriter, r *http.Request) bool {
	ranged := r.Header.Get("Range") != ""
	switch {
	case Plain(p) == RedirectLoop:
	case !ranged:
		return false
	case Plain(p) == IgnoreRange:
		r.Header.Del("Range")
		return false
	case Plain(p) == ResetRange:
		return reset(w)
	case Plain(p) == SilentRange:
		<-r.Context().Done() // the client has gone
		return true
	default:
		w.WriteHeader(http.StatusPartialContent)
		_, _ = io.WriteString(w, "x")
		return true
	}
	next := "/a"
	if r.URL.Path == next {
		next = "/b"
	}
	http.Redirect(w, r, next, http.StatusFound)
	return true
}

// reset resets the connection of a request.
func reset(w http.ResponseWriter) bool {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return false
	}
	c, _, err := hijacker.Hijack()
	if err != nil {
		return false
	}
	if secure, ok := c.(*tls.Conn); ok {
		c = secure.NetConn()
	}
	if raw, ok := c.(*conn); ok {
		raw.reset()
	}
	return true
}

type unsynchronized struct{}

func (u unsynchronized) in(flow) Fault { return u }

func (unsynchronized) ntp(p *ntpPacket) {
	p.leap, p.stratum = 3, 0
	p.referenceID = [4]byte{}
	p.reference = 0
}
