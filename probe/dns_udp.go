package probe

import (
	"context"
	"errors"
	"net"
	"time"
)

const (
	// datagramSize is the size accepted from servers that disregard the offer.
	datagramSize = 4096

	// datagrams is how often a question is sent over UDP, in case one is lost.
	datagrams = 2

	// together is how long, at least, a question waits on a shared socket after
	// another one was answered. Some hardware lets only one of two answers to the
	// same port through (single-request-reopen, resolv.conf(5)), so the question
	// is then put again over a socket of its own.
	together = 250 * time.Millisecond
)

// udp asks over UDP, on a socket of its own.
func (x *exchange) udp(ctx context.Context) {
	if err := overUDP(ctx, x); x.open() {
		x.end(nil, x.explain(err))
	}
}

// overUDP puts questions to one resolver over one socket. It returns an error for
// those that are then neither answered nor failed. Once one is answered, it waits
// for the others only for a moment.
func overUDP(ctx context.Context, asked ...*exchange) error {
	for _, x := range asked {
		if err := x.pack(); err != nil {
			return err
		}
		x.stray = nil
	}
	n := asked[0].network
	conn, err := n.dial(ctx, "udp", asked[0].resolver.String())
	if err != nil {
		return err
	}
	defer closeWithContext(ctx, conn).end()

	deadline, _ := ctx.Deadline()
	patience := time.Until(deadline) * 2 / 5
	buf := n.buffer()
	defer n.free(buf)
	for {
		last, sent := false, time.Now()
		for _, x := range asked {
			x.query.Attempts++
			x.sent++
			last = last || x.sent >= datagrams
			if _, err := conn.Write(x.raw); err != nil {
				return err
			}
		}
		until := deadline
		if !last {
			until = time.Now().Add(patience)
		}
		some, err := receive(conn, buf[:], sent, until, asked)
		if err == nil || some || last || ctx.Err() != nil || kindOf(err) != kindTimeout {
			return err
		}
	}
}

// receive reads until all questions that were sent are answered, and reports
// whether some are. After an answer that took long, it waits as long for the next.
func receive(conn net.Conn, buf []byte, sent, until time.Time, asked []*exchange) (some bool, err error) {
	if err := conn.SetReadDeadline(until); err != nil {
		return false, err
	}
	for open := len(asked); open > 0; {
		n, err := conn.Read(buf)
		if err != nil {
			return some, err
		}
		if !take(buf[:n], asked) {
			continue
		}
		some = true
		if open--; open == 0 {
			break
		}
		if soon := time.Now().Add(max(together, time.Since(sent))); soon.Before(until) {
			if err := conn.SetReadDeadline(soon); err != nil {
				return some, err
			}
		}
	}
	return some, nil
}

// take gives a datagram to the question that it answers, and reports whether there
// is one that was open. Others may be forged or late, RFC 5452 section 9.
func take(datagram []byte, asked []*exchange) bool {
	for _, x := range asked {
		m, err := parseAnswer(datagram, x.question)
		switch {
		case errors.Is(err, errOtherQuestion):
			continue
		case !x.open():
			return false // once more
		}
		x.end(m, err)
		return true
	}
	for _, x := range asked {
		x.stray = errOtherQuestion
	}
	return false
}

// explain returns a better error than silence, if there is one.
func (x *exchange) explain(err error) error {
	if x.stray != nil && (kindOf(err) == kindTimeout || kindOf(err) == kindClosed) {
		return x.stray
	}
	return err
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
