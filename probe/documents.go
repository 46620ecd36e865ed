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

// A document is what was fetched from a URL in a certificate.
type document struct {
	issuers   []*x509.Certificate // of an issuer's URL
	statement *statement          // of a CRL or an OCSP response
	duration  time.Duration
	err       *Error // if there is nothing else
}

// documents is what the probes of one run have fetched. Each document is fetched
// once. Its zero value is ready, and it is safe for concurrent use.
type documents struct {
	mu      sync.Mutex
	flights map[string]*download
	silent  map[string]silence
	turn    chan struct{} // holds a value while a large document is in memory
}

// documents returns what n shares, or a place for what one probe fetches.
func (n Network) documents() *documents {
	if n.shared != nil {
		return &n.shared.documents
	}
	return new(documents)
}

// A download is one document, under way or done, for all who want it.
type download struct {
	start   time.Time
	spent   time.Duration // before the start, see silence
	waiting int           // guarded by documents.mu
	cancel  context.CancelFunc
	done    chan struct{}
	result  document // written before done is closed, and not after
}

// A silence is how long a host or URL has been waited for in vain, in this run,
// and how the last wait ended. Callers have deadlines of their own, often shorter
// than [DocumentTimeout]: what they waited counts as long as it was not short.
// Without that, every check would wait anew for what does not answer.
type silence struct {
	spent time.Duration
	err   *Error
}

// patience is the least wait that says something of who does not answer.
const patience = 5 * time.Second

// afterword is how long a caller that leaves waits for others to leave too.
const afterword = 20 * time.Millisecond

// get returns the document that r fetches and parse reads. Only the end of the
// caller's own context ends the wait; a download that nobody waits for any more
// is ended. The key is whatever the outcome depends on, and begins with r.url.
func (d *documents) get(ctx context.Context, n Network, key string, r retrieval, parse func([]byte) (document, error)) document {
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

// unfinished is what a caller that has to go knows of a download.
func (f *download) unfinished(ctx context.Context, addr string) document {
	waited := time.Since(f.start)
	err := newError(ctx, OpRevocation, addr, context.Cause(ctx))
	if err.Code == Timeout && waited >= patience {
		err.Code = RevocationUnreachable
	}
	return document{duration: waited, err: err}
}

// join returns the download of a key, which it begins if there is none, or how
// waiting for it has ended often enough.
func (d *documents) join(ctx context.Context, n Network, key string, r retrieval, parse func([]byte) (document, error)) (*download, *Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.flights[key]
	if f == nil {
		s := longest(d.silent[key], d.silent[hostOf(r.url)])
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

// fly fetches a document.
func (d *documents) fly(ctx context.Context, n Network, f *download, key string, r retrieval, parse func([]byte) (document, error)) {
	defer close(f.done)
	defer f.cancel()
	large := false
	r.wait = func(ctx context.Context) error {
		select {
		case d.turn <- struct{}{}:
			large = true
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() {
		if large {
			<-d.turn
		}
	}()
	body, at, err := r.run(ctx, n)
	if err == nil {
		var e error
		if f.result, e = parse(body); e != nil {
			if text := at.String(); text != r.url {
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

// silence notes that a document was waited for in vain.
func (d *documents) silence(ctx context.Context, f *download, key string, r retrieval) {
	err := *f.result.err
	ran := f.result.duration
	if errors.Is(ctx.Err(), context.Canceled) {
		// Nobody waited any longer, which is told as the end of the time.
		err.Code = Timeout
		if ran >= patience {
			err.Code = codeOf(err.Op, kindTimeout)
		}
	}
	err.Err = fmt.Errorf("no answer in %v", ran.Round(time.Second/10))
	f.result.err = &err
	if ran < patience {
		return
	}
	if err.Op == OpResolve || err.Op == OpConnect || err.Op == OpProxy {
		key = hostOf(r.url) // nothing there would answer
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.silent[key] = longest(d.silent[key], silence{spent: f.spent + ran, err: &err})
}

// leave ends a caller's wait, and reports whether the download is done. The
// last caller to leave ends it. Callers often leave all at once: each waits for
// a moment whether the last one does, to learn how far the download came.
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

// hostOf returns the host of a URL.
func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}
