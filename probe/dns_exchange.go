package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// ednsSize is the size of UDP answers offered to servers: it fits into one packet
// on all usual paths, as agreed on for DNS flag day 2020.
const ednsSize = 1232

// A reply is one question and its answer, with an error if that has no usable
// address.
type reply struct {
	query DNSQuery
	err   *Error
}

// An exchange is one question in progress.
type exchange struct {
	network  Network
	resolver netip.AddrPort
	name     string // fully qualified
	qtype    uint16
	plain    bool // without EDNS
	start    time.Time
	query    DNSQuery

	question *dns.Msg
	raw      []byte // the question
	sent     int    // datagrams with it
	answer   *dns.Msg
	err      error // why there is none
	stray    error // set after a datagram that answers another question
}

func (n Network) exchange(resolver netip.AddrPort, name string, qtype uint16) *exchange {
	return &exchange{
		network:  n,
		resolver: resolver,
		name:     dns.Fqdn(name),
		qtype:    qtype,
		start:    time.Now(),
		query:    DNSQuery{Resolver: resolver, Type: dns.TypeToString[qtype], Transport: "udp"},
	}
}

// ask sends one question to one resolver. It takes all the time that ctx has,
// so ctx must have a deadline. A datagram unanswered after two fifths of the
// time is sent again.
func (n Network) ask(ctx context.Context, resolver netip.AddrPort, name string, qtype uint16) reply {
	var r reply
	n.inTurn(ctx, resolver, func() (refused bool) {
		r = r.orLater(n.exchange(resolver, name, qtype).finish(ctx))
		return r.refused()
	})
	return r
}

// finish asks what is still open.
func (x *exchange) finish(ctx context.Context) reply {
	err := x.run(ctx)
	if err != nil {
		x.query.Code = err.Code
	}
	return reply{x.query, err}
}

func (x *exchange) run(ctx context.Context) *Error {
	m, err := x.complete(ctx)
	if err != nil {
		return x.failed(ctx, err)
	}
	code, err := readAnswer(&x.query, m, x.network.allowsLoopback(x.resolver))
	if code == "" {
		return nil
	}
	return &Error{Op: OpResolve, Addr: x.resolver.String(), Code: code, Err: err}
}

// end records how the question was answered.
func (x *exchange) end(m *dns.Msg, err error) {
	x.answer, x.err = m, err
	x.query.Duration = time.Since(x.start)
}

// open reports whether there was neither an answer nor a failure.
func (x *exchange) open() bool { return x.answer == nil && x.err == nil }

// whole reports whether complete has nothing left to ask.
func (x *exchange) whole() bool {
	return x.err != nil || x.answer != nil && !knowsNoEDNS(x.answer) && !x.answer.Truncated
}

// complete returns the complete answer, over TCP if it is too large for UDP.
func (x *exchange) complete(ctx context.Context) (*dns.Msg, error) {
	if x.open() {
		x.udp(ctx)
	}
	if x.err == nil && knowsNoEDNS(x.answer) {
		x.plain, x.sent, x.answer = true, 0, nil
		x.udp(ctx)
	}
	if x.err == nil && x.answer.Truncated {
		// What fitted into the datagram is not the answer. If the whole cannot
		// be had, there is none, as for any stub resolver.
		x.query.Truncated = true
		x.query.RCode = rcodeName(x.answer.Rcode)
		x.query.Transport = "tcp"
		x.end(x.tcp(ctx))
	}
	return x.answer, x.err
}

// failed classifies an error of the exchange. An answer to another question
// says more than the silence after it.
func (x *exchange) failed(ctx context.Context, err error) *Error {
	addr := x.resolver.String()
	if m, ok := errors.AsType[*malformedError](err); ok && !errors.Is(ctx.Err(), context.Canceled) {
		return &Error{Op: OpResolve, Addr: addr, Code: DNSMalformed, Err: m}
	}
	e := newError(ctx, OpResolve, addr, err)
	if e.Code == DNSTimeout {
		e.Err = errors.New("no answer over " + x.query.Transport)
	}
	return e
}

// pack makes the question with a new random ID. [checkName] made sure that it
// can be packed.
func (x *exchange) pack() (err error) {
	x.question = new(dns.Msg).SetQuestion(x.name, x.qtype)
	if !x.plain {
		x.question.SetEdns0(ednsSize, false)
	}
	x.raw, err = x.question.Pack()
	return err
}

func (x *exchange) tcp(ctx context.Context) (*dns.Msg, error) {
	if err := x.pack(); err != nil {
		return nil, err
	}
	x.query.Attempts++
	conn, err := x.network.dial(ctx, "tcp", x.resolver.String())
	if err != nil {
		return nil, err
	}
	defer closeWithContext(ctx, conn).end()
	// In one write, RFC 7766 section 8.
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(x.raw))), x.raw...)); err != nil {
		return nil, err
	}
	answer, err := readFrame(conn)
	if err != nil {
		return nil, err
	}
	m, err := parseAnswer(answer, x.question)
	if err == nil && m.Truncated {
		return nil, &malformedError{text: "an answer cut short over TCP"}
	}
	return m, err
}

// readFrame reads a message preceded by its length, RFC 1035 section 4.2.2.
func readFrame(r io.Reader) ([]byte, error) {
	var length [2]byte
	_, err := io.ReadFull(r, length[:])
	frame := make([]byte, binary.BigEndian.Uint16(length[:]))
	if err == nil {
		_, err = io.ReadFull(r, frame)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, &malformedError{text: "closed before the end of the answer"}
	}
	return frame, err
}
