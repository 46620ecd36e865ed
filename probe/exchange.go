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

// ednsSize is the size of UDP answers that we offer to take: what crosses
// every usual path unfragmented, as agreed on DNS flag day 2020.
const ednsSize = 1232

// datagrams is how often one question is sent over UDP, in case one is lost.
const datagrams = 2

// An exchange is one question to one resolver, over UDP and if need be TCP.
type exchange struct {
	network  Network
	resolver netip.AddrPort
	name     string // fully qualified
	qtype    uint16
	plain    bool // without EDNS
	query    DNSQuery
}

// A reply is one question, and how it failed, if it did.
type reply struct {
	query DNSQuery
	err   *Error
}

// ask puts one question to one resolver. It takes all the time that ctx has:
// a datagram that is not answered after two fifths of it is sent again.
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
	m, err := x.udp(ctx)
	if err == nil && dislikesEDNS(m) {
		x.plain = true
		m, err = x.udp(ctx)
	}
	if err == nil && m.Truncated {
		// What fitted into the datagram is not the answer. If the rest cannot
		// be had, neither can the answer, as for any stub resolver.
		x.query.Truncated = true
		x.query.RCode = rcodeName(m.Rcode)
		x.query.Transport = "tcp"
		m, err = x.tcp(ctx)
	}
	if err != nil {
		return x.failed(ctx, err)
	}
	allowLoopback := x.network.Resolvers != nil && x.resolver.Addr().Unmap().IsLoopback()
	if code, err := readAnswer(&x.query, m, allowLoopback); code != "" {
		return &Error{Op: OpResolve, Addr: x.resolver.String(), Code: code, Err: err}
	}
	return nil
}

// failed classifies an error. An answer that was no answer says more than the
// silence after it.
func (x *exchange) failed(ctx context.Context, err error) *Error {
	if m, ok := errors.AsType[*malformedError](err); ok && !errors.Is(ctx.Err(), context.Canceled) {
		return &Error{Op: OpResolve, Addr: x.resolver.String(), Code: DNSMalformed, Err: m}
	}
	e := newError(ctx, OpResolve, x.resolver.String(), err)
	switch e.Code {
	case DNSTimeout:
		e.Err = errors.New("no answer over " + x.query.Transport)
	case Canceled:
		e.Err = context.Cause(ctx)
	}
	return e
}

// A malformedError says what was wrong with an answer.
type malformedError struct {
	text string
	err  error
}

func (e *malformedError) Error() string {
	if e.err != nil {
		return e.text + ": " + e.err.Error()
	}
	return e.text
}

func (e *malformedError) Unwrap() error { return e.err }

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
	defer closeWithContext(ctx, conn)()

	var resend time.Duration
	deadline, bounded := ctx.Deadline()
	if bounded {
		resend = time.Until(deadline) * 2 / 5
	} else {
		resend = resolverTimeout * 2 / 5
	}
	var strange error // an answer that is not to this question
	for try := 1; ; try++ {
		last := try == datagrams
		if last {
			err = conn.SetReadDeadline(deadline)
		} else {
			err = conn.SetReadDeadline(time.Now().Add(resend))
		}
		if err != nil {
			return nil, err
		}
		x.query.Attempts++
		if _, err := conn.Write(raw); err != nil {
			return nil, err
		}
		m, err := readDatagrams(conn, question, &strange)
		switch {
		case err == nil:
			return m, nil
		case !last && ctx.Err() == nil && kindOf(err) == kindTimeout:
			continue
		case strange != nil && kindOf(err) != kindRefused:
			return nil, strange
		}
		return nil, err
	}
}

// readDatagrams reads until the answer comes. What answers another question
// may be forged or late, so it is passed over, RFC 5452 section 9, and left in
// strange.
func readDatagrams(conn net.Conn, question *dns.Msg, strange *error) (*dns.Msg, error) {
	buf := make([]byte, dns.MaxMsgSize)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return nil, err
		}
		m, err := parseAnswer(buf[:n], question)
		if errors.Is(err, errOtherQuestion) {
			*strange = err
			continue
		}
		return m, err
	}
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
	defer closeWithContext(ctx, conn)()
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(raw))), raw...)); err != nil {
		return nil, err
	}
	var length [2]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, err
	}
	buf := make([]byte, binary.BigEndian.Uint16(length[:]))
	if _, err := io.ReadFull(conn, buf); err != nil {
		return nil, err
	}
	return parseAnswer(buf, question)
}

// closeWithContext closes conn when ctx ends, which is what makes a blocked
// read return. The function it returns closes conn, and returns when nothing
// of this is running any more.
func closeWithContext(ctx context.Context, conn io.Closer) func() {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		conn.Close()
	})
	return func() {
		if !stop() {
			<-done
		}
		conn.Close()
	}
}
