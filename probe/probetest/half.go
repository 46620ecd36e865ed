package probetest

import (
	"net"
	"os"
	"sync"
	"time"
)

// window is how many bytes may be in transit in one direction before a writer
// must wait, like a kernel's buffers.
const window = 256 << 10

// A half is one direction of a stream. Bytes take delay to arrive. No goroutine
// moves them: the reader waits until they have arrived.
type half struct {
	delay time.Duration

	mu       sync.Mutex
	changed  chan struct{} // closed when anything below changes; nil without waiters
	segments []segment     // in transit or waiting to be read, in order
	size     int           // bytes in segments

	end   error     // what a reader gets after the last segment: io.EOF or a reset
	endAt time.Time // when end arrives

	writerClosed bool // the writer has closed its end
	readerClosed bool // the reader has closed its end
	answered     bool // the reader's kernel has told the writer so

	readDeadline  time.Time
	writeDeadline time.Time
}

type segment struct {
	data []byte
	at   time.Time
}

func (h *half) read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		now := time.Now()
		switch {
		case h.readerClosed:
			return 0, net.ErrClosed
		case passed(h.readDeadline, now):
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		}
		var next time.Time
		if len(h.segments) > 0 {
			if next = h.segments[0].at; !next.After(now) {
				return h.take(p), nil
			}
		} else if h.end != nil {
			if next = h.endAt; !next.After(now) {
				return 0, h.end
			}
		}
		h.wait(earlier(h.readDeadline, next))
	}
}

func (h *half) take(p []byte) int {
	s := &h.segments[0]
	n := copy(p, s.data)
	s.data = s.data[n:]
	if len(s.data) == 0 {
		h.segments[0] = segment{}
		h.segments = h.segments[1:]
	}
	h.size -= n
	h.wake()
	return n
}

// write puts p in transit. As with a kernel, the first write after the reader
// has gone succeeds, and only the reader's reply makes later ones fail.
func (h *half) write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	written := 0
	for {
		now := time.Now()
		switch {
		case h.writerClosed:
			return written, net.ErrClosed
		case passed(h.writeDeadline, now):
			return written, os.ErrDeadlineExceeded
		case h.readerClosed && h.answered:
			return written, os.NewSyscallError(callWrite, brokenPipe)
		case h.readerClosed:
			h.answered = true
			return len(p), nil
		}
		if n := min(len(p)-written, window-h.size); n > 0 {
			data := append([]byte(nil), p[written:written+n]...)
			h.segments = append(h.segments, segment{data, now.Add(h.delay)})
			h.size += n
			written += n
			h.wake()
		}
		if written == len(p) {
			return written, nil
		}
		h.wait(h.writeDeadline)
	}
}

// finish ends the stream; the reader gets end after the last byte.
func (h *half) finish(end error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writerClosed = true
	if h.end == nil {
		h.end, h.endAt = end, time.Now().Add(h.delay)
	}
	h.wake()
}

// hurry makes everything in transit arrive now.
func (h *half) hurry() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.segments {
		h.segments[i].at = time.Time{}
	}
	h.endAt = time.Time{}
	h.wake()
}

// abandon ends the stream from the reader's side.
func (h *half) abandon() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readerClosed = true
	h.segments, h.size = nil, 0
	h.wake()
}

func (h *half) setReadDeadline(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readDeadline = t
	h.wake()
}

func (h *half) setWriteDeadline(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writeDeadline = t
	h.wake()
}

// wait releases the lock until something changes, or until t if t is not zero.
func (h *half) wait(t time.Time) {
	if h.changed == nil {
		h.changed = make(chan struct{})
	}
	changed := h.changed
	h.mu.Unlock()
	defer h.mu.Lock()
	sleep(changed, t)
}

func (h *half) wake() {
	if h.changed != nil {
		close(h.changed)
		h.changed = nil
	}
}

// sleep returns when c is closed, or at t if t is not zero.
func sleep(c <-chan struct{}, t time.Time) {
	if t.IsZero() {
		<-c
		return
	}
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-c:
	case <-timer.C:
	}
}

func passed(deadline, now time.Time) bool {
	return !deadline.IsZero() && !now.Before(deadline)
}

// earlier returns the earlier of two times. A zero time means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
