package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

const (
	// ednsSize is the size of UDP answers offered to servers: it fits into one
	// packet on all usual paths, as agreed on for DNS flag day 2020.
	ednsSize = 1232

	// datagramSize is the size accepted from servers that disregard the offer.
	datagramSize = 4096

	// datagrams is how often a question is sent over UDP, in case one is lost.
	datagrams = 2
)

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
	query    DNSQuery
}

// ask sends one question to one resolver. It takes all the time that ctx has,
// so ctx must have a deadline. A datagram unanswered after two fifths of the
// time is sent again.
func (n Network) ask(ctx context.Context, resolver netip.AddrPort, name string, qtype uint16) reply {
	x := exchange{
		network:  n,
		resolver: resolver,
		name:     dns.Fqdn(name),
		qtype:    qtype,
		query:    DNSQuery{Resolver: resolver, Type: dns.TypeToString[qtype], Transport: "udp"},
	}
	start := time.Now()
	err := x.run(ctx)
	x.query.Duration = time.Since(start)
	if err != nil {
		x.query.Code = err.Code
	}
	return reply{x.query, err}
}

func (x *exchange) run(ctx context.Context) *Error {
	m, err := x.message(ctx)
	if err != nil {
		return x.failed(ctx, err)
	}
	code, err := readAnswer(&x.query, m, x.network.allowsLoopback(x.resolver))
	if code == "" {
		return nil
	}
	return &Error{Op: OpResolve, Addr: x.resolver.String(), Code: code, Err: err}
}

// message returns the complete answer, over TCP if it is too large for UDP.
func (x *exchange) message(ctx context.Context) (*dns.Msg, error) {
	m, err := x.udp(ctx)
	if err == nil && knowsNoEDNS(m) {
		x.plain = true
		m, err = x.udp(ctx)
	}
	if err == nil && m.Truncated {
		// What fitted into the datagram is not the answer. If the whole cannot
		// be had, there is none, as for any stub resolver.
		x.query.Truncated = true
		x.query.RCode = rcodeName(m.Rcode)
		x.query.Transport = "tcp"
		m, err = x.tcp(ctx)
	}
	return m, err
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

// question returns the question with a new random ID. [checkName] made sure
// that it can be packed.
func (x *exchange) question() (*dns.Msg, []byte, error) {
	m := new(dns.Msg)
	m.SetQuestion(x.name, x.qtype)
	if !x.plain {
		m.SetEdns0(ednsSize, false)
	}
	raw, err := m.Pack()
	return m, raw, err
}

func (x *exchange) udp(ctx context.Context) (*dns.Msg, error) {
	question, raw, err := x.question()
	if err != nil {
		return nil, err
	}
	conn, err := x.network.dial(ctx, "udp", x.resolver.String())
	if err != nil {
		return nil, err
	}
	defer closeWithContext(ctx, conn).end()

	deadline, _ := ctx.Deadline()
	patience := time.Until(deadline) * 2 / 5
	buf := x.network.buffer()
	defer x.network.free(buf)
	answers := datagramReader{conn: conn, question: question, buf: buf[:]}
	for sent := 1; ; sent++ {
		x.query.Attempts++
		if _, err := conn.Write(raw); err != nil {
			return nil, err
		}
		until := deadline
		if sent < datagrams {
			until = time.Now().Add(patience)
		}
		m, err := answers.next(until)
		if err == nil || sent == datagrams || ctx.Err() != nil || kindOf(err) != kindTimeout {
			return m, answers.explain(err)
		}
	}
}

// buffer returns room for a datagram, which a shared network uses again once it
// is freed.
func (n Network) buffer() *[datagramSize]byte {
	if n.shared != nil {
		if b, ok := n.shared.datagrams.Get().(*[datagramSize]byte); ok {
			return b
		}
	}
	return new([datagramSize]byte)
}

func (n Network) free(b *[datagramSize]byte) {
	if n.shared != nil {
		n.shared.datagrams.Put(b)
	}
}

// A datagramReader reads datagrams until the answer to a question arrives.
type datagramReader struct {
	conn     net.Conn
	question *dns.Msg
	buf      []byte // for one datagram, of which answers keep nothing
	stray    error  // set after another datagram arrived
}

// next skips answers to other questions, which may be forged or late, RFC 5452
// section 9.
func (r *datagramReader) next(deadline time.Time) (*dns.Msg, error) {
	if err := r.conn.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	for {
		n, err := r.conn.Read(r.buf)
		if err != nil {
			return nil, err
		}
		m, err := parseAnswer(r.buf[:n], r.question)
		if !errors.Is(err, errOtherQuestion) {
			return m, err
		}
		r.stray = err
	}
}

// explain returns a better error than the timeout, if there is one.
func (r *datagramReader) explain(err error) error {
	if r.stray != nil && err != nil && (kindOf(err) == kindTimeout || kindOf(err) == kindClosed) {
		return r.stray
	}
	return err
}

func (x *exchange) tcp(ctx context.Context) (*dns.Msg, error) {
	question, raw, err := x.question()
	if err != nil {
		return nil, err
	}
	x.query.Attempts++
	conn, err := x.network.dial(ctx, "tcp", x.resolver.String())
	if err != nil {
		return nil, err
	}
	defer closeWithContext(ctx, conn).end()
	// In one write, RFC 7766 section 8.
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(raw))), raw...)); err != nil {
		return nil, err
	}
	answer, err := readFrame(conn)
	if err != nil {
		return nil, err
	}
	m, err := parseAnswer(answer, question)
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

// closeWithContext closes c when ctx ends, so that a blocked read returns. The
// caller must end or release the result.
func closeWithContext(ctx context.Context, c io.Closer) closing {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		c.Close()
	})
	return closing{c, stop, done}
}

// A closing closes something when a context ends.
type closing struct {
	conn io.Closer
	stop func() bool
	done chan struct{}
}

// end closes it now, and leaves nothing running.
func (c closing) end() {
	c.release()
	c.conn.Close()
}

// release leaves nothing running, and reports whether it is still open.
func (c closing) release() bool {
	open := c.stop()
	if !open {
		<-c.done
	}
	return open
}
