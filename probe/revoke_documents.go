package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A document is the content fetched from a URL in a certificate.
type document struct {
	issuers   []*x509.Certificate // for an issuer's URL
	statement *statement          // for a CRL or an OCSP response
	duration  time.Duration
	err       *Error // if nothing was fetched
}

// documents holds what the probes of one run have fetched. Each document is
// fetched once. The zero value is ready to use and safe for concurrent use.
type documents struct {
	mu      sync.Mutex
	flights map[string]*download
	silent  map[string]silence
	turn    chan struct{} // holds a value while a large document is in memory
	memory  memory        // for the small ones
}

// documents returns those that n shares, or new ones for a single probe.
func (n Network) documents() *documents {
	if n.shared != nil {
		return &n.shared.documents
	}
	return new(documents)
}

// A download is one document, in progress or done, for all its callers.
type download struct {
	start   time.Time
	spent   time.Duration // the time waited before this download, see silence
	waiting int           // guarded by documents.mu
	cancel  context.CancelFunc
	done    chan struct{}
	result  document // written before done is closed, and never after
}

// A silence is how long the run has waited for a host or URL without a
// response, and how the last wait ended. Callers often have deadlines shorter
// than [DocumentTimeout], so their waits add up. Otherwise every check would
// wait anew for a server that does not respond.
type silence struct {
	spent time.Duration
	err   *Error
}

// patience is the shortest wait after which a server counts as silent.
const patience = 5 * time.Second

// afterword is how long a leaving caller waits for others to leave too.
const afterword = 20 * time.Millisecond

// get returns the document that r fetches and parse reads. Only the end of the
// caller's own context ends the wait; a download without callers is ended. The
// key holds everything that the result depends on.
func (d *documents) get(ctx context.Context, n Network, key string, r retrieval, parse func(context.Context, []byte) (document, error)) document {
	if _, err := r.parse(r.url); err != nil {
		return document{err: &Error{Op: OpRequest, Addr: printable(r.url, maxText), Code: NotTestable, Err: err}}
	}
	if r.local {
		key += " local"
	}
	f, known := d.join(ctx, n, key, r, parse)
	if f == nil {
		return document{err: known}
	}
	select {
	case <-f.done:
	case <-ctx.Done():
	}
	done := d.leave(ctx, key, f)
	if !done || errors.Is(ctx.Err(), context.Canceled) {
		return f.unfinished(ctx, r.url)
	}
	return f.result
}

// unfinished returns the result of a download for a caller that must leave.
func (f *download) unfinished(ctx context.Context, addr string) document {
	waited := time.Since(f.start)
	err := newError(ctx, OpRevocation, addr, context.Cause(ctx))
	if err.Code == Timeout && waited >= patience {
		err.Code = RevocationUnreachable
	}
	return document{duration: waited, err: err}
}

// join returns the download of a key, and starts it if there is none. If enough
// time was wasted on the key, it returns how the last wait ended.
func (d *documents) join(ctx context.Context, n Network, key string, r retrieval, parse func(context.Context, []byte) (document, error)) (*download, *Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.flights[key]
	if f == nil {
		s := d.silent[key]
		if len(d.silent) > 0 {
			s = longest(s, d.silent[hostOf(r.url)])
		}
		if s.spent >= DocumentTimeout {
			return nil, s.err
		}
		f = &download{start: time.Now(), spent: s.spent, done: make(chan struct{})}
		own := context.WithoutCancel(ctx)
		own, f.cancel = context.WithTimeout(own, max(DocumentTimeout-s.spent, patience))
		if d.flights == nil {
			d.flights, d.silent = map[string]*download{}, map[string]silence{}
			d.turn = make(chan struct{}, 1)
		}
		d.flights[key] = f
		go d.fly(own, n, f, key, r, parse)
	}
	f.waiting++
	return f, nil
}

func longest(a, b silence) silence {
	if a.spent >= b.spent {
		return a
	}
	return b
}

func (d *documents) fly(ctx context.Context, n Network, f *download, key string, r retrieval, parse func(context.Context, []byte) (document, error)) {
	defer close(f.done)
	defer f.cancel()
	hold := &holding{documents: d}
	defer hold.release()
	r.hold = hold
	p, err := r.run(ctx, n)
	if err == nil {
		var e error
		if f.result, e = parse(ctx, p.body); p.reused && errors.Is(e, errOtherCertificate) {
			r.quick = false // it may be the previous response, once more
			if p, err = r.run(ctx, n); err == nil {
				f.result, e = parse(ctx, p.body)
			}
		}
		if err == nil && e != nil {
			if start := string(p.body[:min(len(p.body), maxPage)]); n.secrets.hide(start) != start {
				e = &codedError{codeIn(e), errors.New("the answer repeats a proxy's credentials")}
			}
			if text := p.url.String(); text != r.url {
				e = fmt.Errorf("at %s: %w", printable(text, maxText), e)
			}
			err = newError(ctx, OpRevocation, r.url, e)
		}
	}
	f.result.err, f.result.duration = err, time.Since(f.start)
	if err != nil && ctx.Err() != nil {
		d.silence(ctx, f, key, r)
	}
}

// A holding is the room that one document takes, until it has been parsed. Of a
// CRL whose signature was verified, the entries stay.
type holding struct {
	documents *documents
	size      int // of what was taken from memory
	large     bool
}

// take waits for room for a document of so many bytes.
func (h *holding) take(ctx context.Context, size int) error {
	if size <= small {
		if err := h.documents.memory.take(ctx, size); err != nil {
			return err
		}
		h.size += size
		return nil
	}
	select {
	case h.documents.turn <- struct{}{}:
		h.large = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *holding) release() {
	h.documents.memory.give(h.size)
	h.size = 0
	if h.large {
		<-h.documents.turn
		h.large = false
	}
}

// silence records a wait without a response.
func (d *documents) silence(ctx context.Context, f *download, key string, r retrieval) {
	err := *f.result.err
	ran := f.result.duration
	if errors.Is(ctx.Err(), context.Canceled) {
		// All callers left, which counts as a timeout.
		err.Code = Timeout
		if ran >= patience {
			err.Code = codeOf(err.Op, kindTimeout)
		}
	}
	err.Err = fmt.Errorf("no response in %v", ran.Round(time.Second/10))
	f.result.err = &err
	if ran < patience {
		return
	}
	if err.Op == OpResolve || err.Op == OpConnect || err.Op == OpProxy {
		key = hostOf(r.url) // no other URL of the host would respond either
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.silent[key] = longest(d.silent[key], silence{spent: f.spent + ran, err: &err})
}

// leave ends a caller's wait, and reports whether the download is done. The
// last caller to leave ends it. Callers often leave all at once, so each waits
// a moment for the last one, to learn how far the download came.
func (d *documents) leave(ctx context.Context, key string, f *download) bool {
	d.mu.Lock()
	f.waiting--
	last := f.waiting == 0
	if last && !f.isDone() {
		delete(d.flights, key)
		f.cancel()
	}
	d.mu.Unlock()
	if last || f.isDone() {
		<-f.done
		return true
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return false
	}
	timer := time.NewTimer(afterword)
	defer timer.Stop()
	select {
	case <-f.done:
		return true
	case <-timer.C:
		return false
	}
}

func (f *download) isDone() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}
