package main

import (
	"net/netip"
	"slices"
	"time"

	"github.com/gopacket/gopacket/layers"

	"github.com/netready/netready/endpoints/traffic"
)

// maxWaiting limits the questions that wait for their answer.
const maxWaiting = 10_000

// A question is a datagram that should be answered: a lookup, or a request for
// the time.
type question struct {
	client, server netip.AddrPort
	id             uint16
	name           string // of a lookup
	at             time.Time
	icmp           *unreachable
}

func (q question) same(o question) bool {
	return q.client.Addr() == o.client.Addr() && q.server == o.server && q.name == o.name && (q.name != "" || q.client == o.client)
}

// dns reads a message between a client and a resolver.
func (r *reader) dns(m *layers.DNS, client, server netip.AddrPort, at time.Time) {
	if len(m.Questions) != 1 || m.OpCode != layers.DNSOpCodeQuery {
		return
	}
	q := m.Questions[0]
	if q.Type != layers.DNSTypeA && q.Type != layers.DNSTypeAAAA || q.Class != layers.DNSClassIN {
		return
	}
	name := exact(string(q.Name))
	if name == "" {
		return
	}
	asked := question{client: client, server: server, id: m.ID, name: name, at: at}
	if !m.QR {
		r.ask(asked)
		return
	}
	if !r.answered(func(w question) bool { return w.id == m.ID && w.client == client && w.name == name }) {
		return // a repetition
	}
	e := traffic.Entry{Time: at.UTC(), Host: name, Told: true}
	for _, a := range m.Answers {
		if addr, ok := netip.AddrFromSlice(a.IP); ok && len(e.Answers) < 64 {
			e.Answers = append(e.Answers, addr.Unmap())
		}
	}
	switch {
	case m.ResponseCode == layers.DNSResponseCodeRefused:
		e.Denied, e.Reason = true, "the resolver refused the lookup"
	case m.ResponseCode != layers.DNSResponseCodeNoErr:
		e.Failed, e.Reason = true, "the lookup failed: "+m.ResponseCode.String()
	case len(e.Answers) == 0 && q.Type == layers.DNSTypeAAAA:
		return // most hosts have none
	case len(e.Answers) > 0 && (e.Answers[0].IsUnspecified() || e.Answers[0].IsLoopback()):
		e.Denied, e.Reason = true, "the resolver answered "+e.Answers[0].String()
	case !slices.ContainsFunc(e.Answers, public):
		e.Told = false
	}
	r.take(e)
}

// public reports whether an address is not one of an organization, behind which
// anyone may be.
func public(a netip.Addr) bool { return !a.IsPrivate() && !a.IsLinkLocalUnicast() }

// ntp reads a request for the time, or its answer.
func (r *reader) ntp(payload []byte, src, dst netip.AddrPort, at time.Time) {
	if len(payload) < 48 {
		return
	}
	const client, server = 3, 4 // RFC 5905 section 7.3; both may use port 123
	switch payload[0] & 7 {
	case client:
		r.ask(question{client: src, server: dst, at: at})
	case server:
		if r.answered(question{client: dst, server: src}.same) {
			r.take(traffic.Entry{Time: at.UTC(), Host: src.Addr().String(), Port: 123, Transport: "udp", Told: true})
		}
	}
}

// ask adds a question. A repetition of one that waits already is none of its
// own: Windows asks again, and asks other resolvers too.
func (r *reader) ask(q question) {
	for i := range r.waiting {
		if r.waiting[i].same(q) {
			r.waiting[i].id, r.waiting[i].client = q.id, q.client
			return
		}
	}
	r.waiting = append(r.waiting, q)
	if len(r.waiting) > maxWaiting {
		r.giveUp(r.waiting[0], q.at)
		r.waiting = r.waiting[1:]
	}
}

// answered removes the questions that f accepts, and reports whether there were
// any. An answer of one resolver is enough.
func (r *reader) answered(f func(question) bool) bool {
	var found question
	ok := false
	for _, w := range r.waiting {
		if f(w) {
			found, ok = w, true
			break
		}
	}
	if !ok {
		return false
	}
	kept := r.waiting[:0]
	for _, w := range r.waiting {
		if !f(w) && (found.name == "" || w.name != found.name || w.client.Addr() != found.client.Addr()) {
			kept = append(kept, w)
		}
	}
	r.waiting = kept
	return true
}

// giveUp tells what became of a question without an answer.
func (r *reader) giveUp(q question, now time.Time) {
	e := traffic.Entry{Time: q.at.UTC(), Host: q.name}
	if q.name == "" {
		e = traffic.Entry{Time: q.at.UTC(), Host: q.server.Addr().String(), Port: 123, Transport: "udp"}
	}
	switch {
	case q.icmp != nil:
		e.Denied, e.Failed, e.Told, e.Reason = q.icmp.prohibited, !q.icmp.prohibited, true, q.icmp.text
	case now.Sub(q.at) >= patience:
		e.Failed, e.Told, e.Reason = true, true, "no answer"
		if q.name != "" {
			e.Reason = "no answer to the lookup"
		}
	}
	r.take(e)
}

// expire gives up the questions that wait for too long.
func (r *reader) expire(now time.Time) {
	for len(r.waiting) > 0 && now.Sub(r.waiting[0].at) > 2*patience {
		r.giveUp(r.waiting[0], now)
		r.waiting = r.waiting[1:]
	}
}
