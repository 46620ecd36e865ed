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

// An ntpConn ignores packets that do not answer the request: they may be forged
// or late. RFC 5905 section 8 matches them by the origin timestamp. It keeps
// the response that matches.
type ntpConn struct {
	net.Conn
	cookie []byte // the transmit timestamp of the request
	answer []byte
	stray  bool // another packet arrived
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
			// The client of version 1.6.0 panics on a poll interval or
			// precision of 2^-128 seconds. Nothing here uses them.
			b[2], b[3] = 0, 0
			return n, nil
		}
		c.stray = true
	}
}

// readTime judges a response: raw is its header, response and err are the
// client's results. The header comes first, because the client returns no facts
// about responses that it rejects.
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
	switch mode, version := raw[0]&7, raw[0]>>3&7; {
	case version != 3 && version != 4:
		// Answers have the version of the request, 4. Windows' own servers say
		// 3, and the header of versions 0 to 2 and 7 is another one.
		err = fmt.Errorf("version %d is neither 3 nor 4", version)
	case mode != 4:
		err = fmt.Errorf("mode %d is not a server's", mode)
	case facts.Leap == 3 && slices.Contains([]string{"", "INIT", "STEP"}, facts.KissCode), facts.Stratum == 16:
		// Servers without a time yet answer with stratum 0 or 16. Some give the
		// reason in a kiss code that does not ask the client to stop.
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

// measure records the measurement, if the response is fit for one.
func (f *NTPFacts) measure(raw []byte, r *ntp.Response) error {
	exponent := int(int8(raw[3]))
	if exponent > maxPrecision {
		return fmt.Errorf("implausible precision of 2^%d seconds", exponent)
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
		return fmt.Errorf("the server held the request for %v of a round trip of %v", held, took)
	}
	f.Offset = r.ClockOffset
	f.Bound = r.RTT/2 + precision + clockPrecision()
	f.RTT = r.RTT
	f.RootDistance = r.RootDistance
	return nil
}

// maxPrecision is the exponent of 16 seconds, MAXDISP of RFC 5905. A clock that
// can be off by more is unusable.
const maxPrecision = 4

// clockPrecision is the precision of the local clock. Windows advances it with
// its timer, at least 64 times a second.
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
