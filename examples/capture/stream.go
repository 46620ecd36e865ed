package main

// The bounds of a stream's memory.
const (
	maxHeld  = 64       // segments that arrived too early
	maxHello = 64 << 10 // bytes of a ClientHello or of the head of a request
)

// A stream puts the segments of one direction of a connection in order. It is
// lost after a segment that is missing in the capture.
type stream struct {
	next  uint32 // the next sequence number
	known bool
	lost  bool
	held  map[uint32][]byte
}

// start sets the first sequence number.
func (s *stream) start(seq uint32) { s.next, s.known = seq, true }

// add adds a segment and calls f with the bytes that are in order now.
func (s *stream) add(seq uint32, b []byte, f func([]byte)) {
	if len(b) == 0 || s.lost {
		return
	}
	if !s.known {
		s.start(seq)
	}
	ahead := int32(seq - s.next)
	switch {
	case ahead > 0:
		if s.held == nil {
			s.held = make(map[uint32][]byte)
		}
		if len(s.held) >= maxHeld {
			s.lost, s.held = true, nil
			return
		}
		s.held[seq] = append([]byte(nil), b...)
		return
	case int(-ahead) >= len(b):
		return // all of it was seen before
	}
	b = b[-ahead:]
	s.next += uint32(len(b))
	f(b)
	for seq, early := range s.held {
		if int32(seq-s.next) <= 0 {
			delete(s.held, seq)
			s.add(seq, early, f)
			break // add goes on with the others
		}
	}
}

// records walks over the records of TLS in a stream.
type records struct {
	head []byte // of a record that is not complete
	kind byte
	left int // bytes of the current record
	bad  bool
}

// The kinds of records.
const (
	recordAlert     = 21
	recordHandshake = 22
	recordData      = 23
)

// feed calls f for each part of a record, with the length of the record if the
// part is its first, and 0 otherwise.
func (r *records) feed(b []byte, f func(kind byte, length int, part []byte)) {
	for len(b) > 0 && !r.bad {
		length := 0
		if r.left == 0 {
			n := min(5-len(r.head), len(b))
			r.head, b = append(r.head, b[:n]...), b[n:]
			if len(r.head) < 5 {
				return
			}
			r.kind = r.head[0]
			r.left = int(r.head[3])<<8 | int(r.head[4])
			length = r.left
			r.bad = r.kind < 20 || r.kind > 24 || r.head[1] != 3
			r.head = r.head[:0]
			if r.left == 0 || r.bad {
				continue
			}
		}
		n := min(r.left, len(b))
		f(r.kind, length, b[:n])
		r.left -= n
		b = b[n:]
	}
}
