package probe

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"time"

	"github.com/beevik/ntp"
)

// ntpHeader is the length of the header of RFC 5905 section 7.3.
const ntpHeader = 48

// An ntpConn passes over packets that do not answer the request, which may be
// forged or late: section 8 tells them by the origin timestamp. It keeps the
// one that does.
type ntpConn struct {
	net.Conn
	cookie []byte // the transmit timestamp of the request
	answer []byte
	stray  bool // something else came
}

func (c *ntpConn) Write(b []byte) (int, error) {
	if len(b) >= ntpHeader {
		c.cookie = bytes.Clone(b[40:48])
	}
	return c.Conn.Write(b)
}

func (c *ntpConn) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if err != nil {
			return 0, err
		}
		if n >= ntpHeader && bytes.Equal(b[24:32], c.cookie) {
			c.answer = bytes.Clone(b[:ntpHeader])
			// The client of version 1.6.0 panics on a poll interval or precision
			// of 2^-128 seconds. Nothing that is used here depends on them.
			b[2], b[3] = 0, 0
			return n, nil
		}
		c.stray = true
	}
}

// readTime judges an answer: raw is its header, response and err are what the
// client made of it. What the answer says of itself comes first, because the
// client has no facts of answers that it rejects.
func readTime(addr netip.AddrPort, raw []byte, response *ntp.Response, err error) (*NTPFacts, *Error) {
	facts := &NTPFacts{
		Server:      addr,
		Stratum:     raw[1],
		Leap:        raw[0] >> 6,
		ReferenceID: hex.EncodeToString(raw[12:16]),
	}
	if facts.Stratum == 0 {
		facts.KissCode = kissCode(raw[12:16])
	}
	code := NTPInvalid
	switch mode := raw[0] & 7; {
	case mode != 4:
		err = fmt.Errorf("mode %d is not that of a server", mode)
	case facts.Leap == 3 && slices.Contains([]string{"", "INIT", "STEP"}, facts.KissCode), facts.Stratum == 16:
		// Servers that have no time yet answer with stratum 0 or 16, and some
		// give the reason in a kiss code that does not tell anyone to go away.
		code, err = NTPUnsynchronized, fmt.Errorf("leap indicator %d, stratum %d", facts.Leap, facts.Stratum)
	case facts.KissCode != "":
		code, err = NTPKissOfDeath, errors.New(facts.KissCode)
	case facts.Stratum == 0:
		err = errors.New("stratum 0 without a kiss code")
	case err == nil:
		err = facts.measure(raw, response)
	}
	if err != nil {
		return facts, &Error{Op: OpClock, Addr: addr.String(), Code: code, Err: err}
	}
	return facts, nil
}

// measure sets what was measured, unless the answer is not fit for it.
func (f *NTPFacts) measure(raw []byte, r *ntp.Response) error {
	exponent := int(int8(raw[3]))
	if exponent > maxPrecision {
		return fmt.Errorf("a precision of 2^%d seconds", exponent)
	}
	precision := time.Second << max(exponent, 0) >> -min(exponent, 0)
	if binary.BigEndian.Uint64(raw[16:24]) == 0 {
		// Small servers do not say when their clock was last set. The client
		// would take zero for a time in the future.
		r.ReferenceTime = r.Time
	}
	if err := r.Validate(); err != nil {
		return err
	}
	t := r.Timestamps
	slack := precision + clockPrecision() + time.Millisecond
	if held, took := t.ServerXmit.Sub(t.ServerRecv), t.ClientRecv.Sub(t.ClientXmit); held < 0 || held > took+slack {
		return fmt.Errorf("held for %v in an exchange of %v", held, took)
	}
	f.Offset = r.ClockOffset
	f.Bound = r.RTT/2 + precision + clockPrecision()
	f.RTT = r.RTT
	f.RootDistance = r.RootDistance
	return nil
}

// maxPrecision is the exponent of 16 seconds, MAXDISP of RFC 5905: what is off
// by more is no time.
const maxPrecision = 4

// clockPrecision is how exactly the local clock can be read. Windows advances
// it with its timer, at worst 64 times a second.
func clockPrecision() time.Duration {
	if runtime.GOOS == "windows" {
		return time.Second / 64
	}
	return time.Microsecond
}

// kissCode returns the code of a kiss-o'-death packet, RFC 5905 section 7.4, or
// "" if it is not one of printable ASCII characters.
func kissCode(id []byte) string {
	id = bytes.TrimRight(id, "\x00 ")
	if bytes.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return string(id)
}
