package main

import "encoding/binary"

// serverName returns the server name in a ClientHello, RFC 8446 section 4.1.2
// and RFC 6066 section 3, which may be empty. done is false if more bytes of the
// handshake are needed.
func serverName(b []byte) (name string, done bool) {
	if len(b) < 4 {
		return "", false
	}
	size := int(b[1])<<16 | int(b[2])<<8 | int(b[3])
	if b[0] != 1 || size > maxHello {
		return "", true
	}
	if len(b) < 4+size {
		return "", false
	}
	c := cursor{b: b[4 : 4+size]}
	c.take(2 + 32)
	c.take(c.size(1))
	c.take(c.size(2))
	c.take(c.size(1))
	extensions := cursor{b: c.take(c.size(2))}
	for len(extensions.b) > 0 {
		kind := extensions.size(2)
		body := cursor{b: extensions.take(extensions.size(2))}
		if kind != 0 {
			continue
		}
		names := cursor{b: body.take(body.size(2))}
		for len(names.b) > 0 {
			isHost := names.size(1) == 0
			text := names.take(names.size(2))
			if isHost {
				return string(text), true
			}
		}
	}
	return "", true
}

// A cursor cuts fields off bytes. Fields beyond the end are empty.
type cursor struct{ b []byte }

func (c *cursor) take(n int) []byte {
	n = min(n, len(c.b))
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

// size returns a number of one or two bytes.
func (c *cursor) size(bytes int) int {
	b := c.take(bytes)
	switch {
	case len(b) < bytes:
		c.b = nil
		return 0
	case bytes == 1:
		return int(b[0])
	default:
		return int(binary.BigEndian.Uint16(b))
	}
}
