package traffic

import (
	"encoding/base64"
	"encoding/binary"
	"net/netip"
)

// maxMessage limits how much of a DNS message is read, in Base64. Answers come
// before what fills large ones.
const maxMessage = 8 << 10

// message returns the addresses in a DNS response in Base64, and what its code
// says: nothing certain if the response is missing or cut off.
func message(text []byte) ([]netip.Addr, verdict) {
	text = text[:min(len(text), maxMessage)]
	m := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, _ := base64.StdEncoding.Decode(m, text[:len(text)/4*4])
	if m = m[:n]; len(m) < 12 {
		return nil, unclear
	}
	switch m[3] & 0x0f {
	case 0:
	case 5:
		return nil, refused
	default:
		return nil, failed
	}
	questions, answers := binary.BigEndian.Uint16(m[4:]), binary.BigEndian.Uint16(m[6:])
	rest := m[12:]
	for range questions {
		if rest = skipName(rest); len(rest) < 4 {
			return nil, unclear
		}
		rest = rest[4:]
	}
	var addrs []netip.Addr
	for range answers {
		if rest = skipName(rest); len(rest) < 10 {
			return addrs, unclear
		}
		kind, size := binary.BigEndian.Uint16(rest), int(binary.BigEndian.Uint16(rest[8:]))
		if rest = rest[10:]; len(rest) < size {
			return addrs, unclear
		}
		data := rest[:size]
		rest = rest[size:]
		if addr, ok := netip.AddrFromSlice(data); ok && (kind == 1 || kind == 28) && len(addrs) < maxAnswers {
			addrs = append(addrs, addr.Unmap())
		}
	}
	return addrs, passed
}

// skipName returns what follows a name, or nil.
func skipName(b []byte) []byte {
	for len(b) > 0 {
		switch n := int(b[0]); {
		case n == 0:
			return b[1:]
		case n >= 0xc0 && len(b) >= 2: // a pointer
			return b[2:]
		case n < 64 && len(b) > n:
			b = b[1+n:]
		default:
			return nil
		}
	}
	return nil
}
