package probetest

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// window is how many bytes, and packets how many segments, may be in transit in
// one direction before a writer must wait. A kernel's buffers count both.
const (
	window  = 256 << 10
	packets = 1024
)

// A half is one direction of a stream. Bytes take delay to arrive. No goroutine
// moves them: the reader waits until they have arrived.
type half struct {
	delay   time.Duration
	segment int // how many bytes one segment holds at most
	most    int // how many bytes a segment may hold to get through; 0 means any number

	mu       sync.Mutex
	changed  chan struct{} // closed when anything below changes; nil without waiters
	segments []segment     // in transit or waiting to be read, in order
	size     int           // bytes in segments
	written  int           // bytes that the writer has written
	stalled  bool          // a segment was lost, and with it everything after it

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
		if n := min(len(p)-written, window-h.size); n > 0 && len(h.segments) < packets {
			h.send(p[written:written+n], now.Add(h.delay))
			written += n
		}
		if written == len(p) {
			return written, nil
		}
		h.wait(h.writeDeadline)
	}
}

// send puts bytes in transit, in segments. The reader gets nothing after a
// segment that was too large for the path.
func (h *half) send(p []byte, at time.Time) {
	h.written += len(p)
	if h.stalled = h.stalled || h.most > 0 && min(len(p), h.segment) > h.most; h.stalled {
		return
	}
	h.segments = append(h.segments, segment{append([]byte(nil), p...), at})
	h.size += len(p)
	h.wake()
}

// sent returns how many bytes the writer has written.
func (h *half) sent() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.written
}

// finish ends the stream; the reader gets end after the last byte. A reset
// arrives even if bytes before it were lost.
func (h *half) finish(end error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writerClosed = true
	if h.end == nil && (!h.stalled || !errors.Is(end, io.EOF)) {
		h.end, h.endAt = end, time.Now().Add(h.delay)
	}
	h.wake()
}

// hurry makes everything in transit arrive now, and the end even if bytes before
// it were lost.
func (h *half) hurry() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.segments {
		h.segments[i].at = time.Time{}
	}
	if h.writerClosed && h.end == nil {
		h.end = io.EOF
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
