package probe

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// maxSources limits how many URLs of a kind are tried for one certificate.
	maxSources = 3

	maxCRL  = 16 << 20
	maxOCSP = 64 << 10

	base16 = 16
)

// A source is one place that knows about one certificate.
type source struct {
	cert, issuer *x509.Certificate
	kind, url    string
	needless     bool
}

// An inquiry asks whether the certificates of a verified path are revoked, while
// the probe goes on. A nil inquiry does nothing.
type inquiry struct {
	start  time.Time
	cancel context.CancelFunc
	done   chan struct{} // nil if there is nobody to ask

	// The fields below are written before done is closed.
	facts *RevocationFacts
	took  time.Duration
}

// inquire begins to ask all sources at once.
func (n Network) inquire(ctx context.Context, s session, o *Observation) *inquiry {
	if errors.Is(ctx.Err(), context.Canceled) || !s.verified.genuine() || !o.TLS.NameMatches {
		return nil
	}
	q := &inquiry{start: time.Now(), cancel: func() {}, facts: new(RevocationFacts)}
	path := s.verified.path
	stapled := len(s.staple) > 0 && len(path) > 1
	sources := sourcesOf(path, false)
	if !stapled && len(sources) == 0 {
		return q
	}
	local := isHere(o)
	ctx, q.cancel = context.WithCancel(ctx)
	q.done = make(chan struct{})
	go func() {
		defer close(q.done)
		if stapled {
			first := source{cert: path[0], issuer: path[1], kind: SourceStapled}.staple(s.staple)
			q.facts.Sources = append(q.facts.Sources, first)
			sources = sourcesOf(path, first.Code == "" && first.Status == StatusGood)
		}
		if len(sources) > 0 {
			q.facts.Sources = append(q.facts.Sources, n.askSources(ctx, sources, s.documents, local)...)
		}
		q.took = time.Since(q.start)
	}()
	return q
}

// finish waits for the answers and keeps them in o. It returns an error only if a
// certificate is revoked or the caller has canceled: other failures say nothing
// about the host.
func (q *inquiry) finish(ctx context.Context, t Target, o *Observation) *Error {
	if q == nil {
		return nil
	}
	if q.done != nil {
		<-q.done
	}
	o.Revocation = q.facts
	err := q.facts.judge(t)
	if errors.Is(ctx.Err(), context.Canceled) && (err == nil || err.Code != TLSRevoked) {
		err = newError(ctx, OpRevocation, t.Addr(), context.Cause(ctx))
		q.facts.Code = err.Code
	}
	o.Steps = append(o.Steps, Step{Op: OpRevocation, Addr: t.Addr(), Start: q.start, Duration: q.took, Error: err})
	slices.SortStableFunc(o.Steps, func(a, b Step) int { return a.Start.Compare(b.Start) })
	if err != nil && (err.Code == TLSRevoked || err.Code == Canceled) {
		return err
	}
	return nil
}

// drop ends an inquiry whose answers do not matter, if it has not finished.
func (q *inquiry) drop() {
	if q != nil && q.done != nil {
		q.cancel()
		<-q.done
	}
}

// askSources asks all sources at once.
func (n Network) askSources(ctx context.Context, sources []source, docs *documents, local bool) []Document {
	ctx, cancel := context.WithTimeout(ctx, RevocationTimeout)
	defer cancel()
	answers := make([]Document, len(sources))
	atOnce(len(sources), func(i int) { answers[i] = sources[i].ask(ctx, n, docs, local) })
	return answers
}

// isHere reports whether a target was reached on this machine or link.
func isHere(o *Observation) bool {
	return o.Proxy == nil && o.TCP != nil && (o.TCP.Remote.Addr().IsLoopback() || o.TCP.Remote.Addr().IsLinkLocalUnicast())
}

// sourcesOf returns the sources that the certificates of a path name. The root
// needs none.
func sourcesOf(path []*x509.Certificate, stapled bool) []source {
	var list []source
	for i, cert := range path[:len(path)-1] {
		add := func(kind string, urls []string) {
			for _, u := range urls[:min(len(urls), maxSources)] {
				list = append(list, source{cert: cert, issuer: path[i+1], kind: kind, url: u, needless: stapled && i == 0})
			}
		}
		add(SourceOCSP, cert.OCSPServer)
		add(SourceCRL, cert.CRLDistributionPoints)
	}
	return list
}

// staple reads a response from the handshake.
func (s source) staple(response []byte) Document {
	if len(response) > maxOCSP {
		return s.read(nil, malformed(nil, fmt.Errorf("%d bytes", len(response))), 0)
	}
	said, err := readOCSP(response, s.cert, s.issuer)
	return s.read(said, err, 0)
}

func (s source) ask(ctx context.Context, n Network, docs *documents, local bool) Document {
	if s.needless {
		return s.read(nil, &codedError{Skipped, errors.New("the stapled response is enough")}, 0)
	}
	if ended(ctx) {
		return s.read(nil, &codedError{Timeout, errors.New("not asked, no time was left")}, 0)
	}
	r := retrieval{url: s.url, limit: maxCRL, local: local}
	issuer := sha256.Sum256(slices.Concat(s.issuer.RawSubjectPublicKeyInfo, s.issuer.RawSubject))
	key := s.kind + " " + s.url + " " + string(issuer[:])
	parse := func(ctx context.Context, b []byte) (*statement, error) { return readCRL(ctx, b, s.issuer) }
	if s.kind == SourceOCSP {
		var err error
		if r.url, r.post, err = ocspRequest(s.url, s.cert, s.issuer); err != nil {
			return s.read(nil, &codedError{NotTestable, err}, 0)
		}
		r.limit, r.quick = maxOCSP, true
		key += s.cert.SerialNumber.Text(base16)
		parse = func(_ context.Context, b []byte) (*statement, error) { return readOCSP(b, s.cert, s.issuer) }
	}
	d := docs.get(ctx, n, key, r, func(ctx context.Context, b []byte) (document, error) {
		said, err := parse(ctx, b)
		return document{statement: said}, err
	})
	if d.err != nil {
		return s.read(nil, d.err, d.duration)
	}
	return s.read(d.statement, nil, d.duration)
}

// read returns the facts about a source: what it said, or why it said nothing.
func (s source) read(said *statement, err error, took time.Duration) Document {
	a := Document{
		Subject:  printable(s.cert.Subject.String(), maxText),
		Serial:   s.cert.SerialNumber.Text(base16),
		Kind:     s.kind,
		URL:      printable(s.url, maxText),
		Duration: took,
	}
	if err == nil {
		err = said.covers(s.cert)
	}
	if err == nil {
		a.ThisUpdate, a.NextUpdate = said.thisUpdate, said.nextUpdate
		a.Status, a.RevokedAt = said.status(s.cert.SerialNumber)
		err = said.current(time.Now())
	}
	if err == nil && a.Status == StatusUnknown {
		err = &codedError{RevocationUnknown, errors.New("the responder does not know this certificate")}
	}
	if err != nil {
		// The context may have ended since, which is not the cause.
		a.Code, a.Text = codeIn(err), printable(err.Error(), maxText)
	}
	return a
}

// codeIn returns the code in an error of this package.
func codeIn(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	if c, ok := errors.AsType[Code](err); ok {
		return c
	}
	return Unknown
}

// judge sets the code of f from its sources, and returns it as the error of the
// step.
func (f *RevocationFacts) judge(t Target) *Error {
	var worst *Document
	for rest := f.Sources; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Serial == rest[0].Serial && rest[n].Subject == rest[0].Subject {
			n++
		}
		if s := decisive(rest[:n]); s != nil && (worst == nil || s.severity() > worst.severity()) {
			worst = s
		}
		rest = rest[n:]
	}
	if worst == nil {
		return nil
	}
	if worst.Status == StatusRevoked {
		f.Code = TLSRevoked
		text := fmt.Errorf("%s, serial number %s, was revoked at %s", worst.Subject, worst.Serial, worst.RevokedAt.UTC().Format(time.RFC3339))
		return &Error{Op: OpRevocation, Addr: t.Addr(), Code: f.Code, Err: text}
	}
	f.Code = worst.outcome()
	return &Error{Op: OpRevocation, Addr: worst.URL, Code: f.Code, Err: errors.New(worst.Text)}
}

// decisive returns the source by which one certificate fails, or nil if a
// source says that it is good.
func decisive(sources []Document) *Document {
	good := slices.ContainsFunc(sources, func(s Document) bool { return s.Status == StatusGood && s.Code == "" })
	var first *Document
	for i := range sources {
		s := &sources[i]
		switch {
		case s.Status == StatusRevoked:
			return s
		case good:
		case first == nil || slices.Index(precedence(), s.outcome()) < slices.Index(precedence(), first.outcome()):
			first = s
		}
	}
	return first
}

// precedence orders the results for one certificate, the most important first.
func precedence() []Code {
	return []Code{
		Canceled, Panicked, Timeout, LocalResource, LocalDenied, LocalSocket, Unknown,
		RevocationStale, RevocationBadSignature, RevocationUnknown, RevocationMalformed, RevocationUnreachable,
		NotTestable,
	}
}

// outcome returns the code for a source's failure.
func (d *Document) outcome() Code {
	switch {
	case d.Code == Skipped: // the stapled response was not good after all
		return NotTestable
	case slices.Contains(precedence(), d.Code):
		return d.Code
	default:
		return RevocationUnreachable
	}
}

// severity ranks failures across certificates.
func (d *Document) severity() int {
	const nothing, unproven, failed, revoked = 0, 1, 2, 3
	if d.Status == StatusRevoked {
		return revoked
	}
	switch d.outcome() {
	case NotTestable:
		return nothing
	case Canceled, Panicked, Timeout, LocalResource, LocalDenied, LocalSocket, Unknown:
		return unproven
	default:
		return failed
	}
}
