package readiness

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/netready/netready/probe"
)

// A keeper makes observations small, and keeps what several have in common once.
// The zero value is ready to use.
type keeper struct {
	mu          sync.Mutex
	queries     map[[2]keptQuery][]probe.DNSQuery
	tls         map[keptTLS]*probe.TLSFacts
	http        map[keptHTTP]*probe.HTTPFacts
	revocations map[string]*probe.RevocationFacts
}

type (
	keptQuery struct {
		resolver                            netip.AddrPort
		attempts                            int
		kind, transport, rcode              string
		authoritative, recursive, truncated bool
		code                                probe.Code
	}
	keptTLS struct {
		version, suite, by string
	}
	keptHTTP struct {
		status int
		proto  string
		date   time.Time
	}
)

// small is what is kept of an observation, in one piece.
type small struct {
	dns       probe.DNSFacts
	addresses [2]netip.Addr
	tcp       probe.TCPFacts
	dial      [1]probe.Dial
	steps     [2]probe.Step
}

// keep returns what judging may read of an observation of a built-in prober. A
// diagnosis explains a failure by what else was seen, so everything is kept of a
// check that failed, was repeated, or is of another protocol, and each part that
// shows anything out of the ordinary is kept whole.
func (k *keeper) keep(o probe.Observation) probe.Observation {
	switch o.Target.Protocol {
	case probe.HTTPS, probe.HTTP, probe.TCP:
	default:
		return o
	}
	if !o.OK() || o.Attempts != 1 {
		return o
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s := new(small)
	o.DNS = k.dns(o.DNS, s)
	o.TCP = s.ofTCP(o.TCP)
	o.Steps = s.ofSteps(o.Steps)
	o.TLS = k.handshake(o.TLS)
	if o.Target.Protocol == probe.HTTPS { // over plain HTTP, anyone may have answered
		o.HTTP = k.response(o.HTTP)
	}
	o.Revocation = k.revocation(o.Revocation)
	o.Forgotten = true
	return o
}

// dns keeps the addresses and aliases of a name, and how each question went.
func (k *keeper) dns(f *probe.DNSFacts, s *small) *probe.DNSFacts {
	if f == nil || f.IPv4Code != "" || f.IPv6Code != "" || len(f.HostsFile) > 0 || len(f.Queries) > len([2]keptQuery{}) {
		return f
	}
	var key [2]keptQuery
	for i, q := range f.Queries {
		if len(q.Extended) > 0 || q.Code != "" && (q.Code != probe.DNSNoData || q.Type != "AAAA") {
			return f
		}
		key[i] = keptQuery{q.Resolver, q.Attempts, q.Type, q.Transport, q.RCode, q.Authoritative, q.RecursionAvailable, q.Truncated, q.Code}
	}
	queries, ok := k.queries[key]
	if !ok {
		queries = make([]probe.DNSQuery, len(f.Queries))
		for i, q := range f.Queries {
			queries[i] = probe.DNSQuery{
				Resolver: q.Resolver, Type: q.Type, Transport: q.Transport, Attempts: q.Attempts, RCode: q.RCode, Code: q.Code,
				Authoritative: q.Authoritative, RecursionAvailable: q.RecursionAvailable, Truncated: q.Truncated,
			}
		}
		if k.queries == nil {
			k.queries = make(map[[2]keptQuery][]probe.DNSQuery)
		}
		k.queries[key] = queries
	}
	s.dns = probe.DNSFacts{Name: f.Name, Addresses: f.Addresses, CNAMEs: f.CNAMEs, Queries: slices.Clip(queries)}
	if n := copy(s.addresses[:], f.Addresses); n == len(f.Addresses) {
		s.dns.Addresses = s.addresses[:n:n]
	}
	return &s.dns
}

// ofTCP keeps the one connection that was made.
func (s *small) ofTCP(f *probe.TCPFacts) *probe.TCPFacts {
	if f == nil || len(f.Dials) != 1 || f.Dials[0].Code != "" || f.Dials[0].TLS != nil {
		return f
	}
	s.dial[0] = f.Dials[0]
	s.tcp = probe.TCPFacts{Remote: f.Remote, Dials: s.dial[:]}
	return &s.tcp
}

// ofSteps keeps those by whose times the network and the clock are judged.
func (s *small) ofSteps(steps []probe.Step) []probe.Step {
	n := 0
	for _, step := range steps {
		switch {
		case step.Error != nil:
			return steps
		case step.Op != probe.OpConnect && step.Op != probe.OpRequest:
			continue
		case n == len(s.steps):
			return steps
		}
		s.steps[n] = probe.Step{Op: step.Op, Start: step.Start, Duration: step.Duration}
		n++
	}
	return s.steps[:n:n]
}

// handshake keeps that a host proved who it is.
func (k *keeper) handshake(f *probe.TLSFacts) *probe.TLSFacts {
	if !genuine(f) || !f.NameMatches || len(f.Handshakes) > 0 || len(f.IssuerFailures) > 0 {
		return f
	}
	key := keptTLS{f.Version, f.CipherSuite, f.VerifiedBy}
	return kept(&k.tls, key, probe.TLSFacts{Version: f.Version, CipherSuite: f.CipherSuite, VerifiedBy: f.VerifiedBy, NameMatches: true})
}

// response keeps the status line and the time of an answer.
func (k *keeper) response(f *probe.HTTPFacts) *probe.HTTPFacts {
	if f == nil || f.Range != nil {
		return f
	}
	return kept(&k.http, keptHTTP{f.Status, f.Proto, f.Date}, probe.HTTPFacts{Status: f.Status, Proto: f.Proto, Date: f.Date})
}

// revocation keeps which sources had an answer, which counts for other
// certificates too.
func (k *keeper) revocation(f *probe.RevocationFacts) *probe.RevocationFacts {
	if f == nil || f.Code != "" {
		return f
	}
	sources := make([]probe.Document, len(f.Sources))
	key := ""
	for i, d := range f.Sources {
		if d.Code != "" && d.Code != probe.Skipped {
			return f
		}
		sources[i] = probe.Document{Kind: d.Kind, URL: d.URL, Status: d.Status, Code: d.Code}
		key += d.Kind + " " + d.Status + " " + string(d.Code) + " " + d.URL + "\n"
	}
	return kept(&k.revocations, key, probe.RevocationFacts{Sources: sources})
}

// kept returns the value of a key. The first one is kept.
func kept[K comparable, V any](in *map[K]*V, key K, v V) *V {
	if old := (*in)[key]; old != nil {
		return old
	}
	if *in == nil {
		*in = make(map[K]*V)
	}
	(*in)[key] = &v
	return &v
}

// forgottenNote says that a report lacks facts.
func forgottenNote(obs []probe.Observation) []string {
	n := 0
	for _, o := range obs {
		if o.Forgotten {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Of %s, the report keeps only what decides the result; the run dropped other facts, such as certificates and headers.",
		count(n, "successful check"))}
}
