package endpoints

import (
	"iter"
	"slices"
)

// A Fact is one source's record of how a host behaves on healthy networks. A
// list says what may be needed; a fact says what answers. The zero Fact says
// nothing.
type Fact struct {
	// Host is a name, or a pattern if the source covers all names under it.
	Host Host

	// Port is a TCP port, or UDP 123. Port 0 means the name alone: whether it
	// resolves.
	Port uint16

	// Known is [Confirmed] if the host answers there, [Contradicted] if it does
	// not, and [Unknown] if the source lists the port but did not test it.
	Known Known

	// How says what was seen. It is one of the constants below.
	How string

	// Statuses are the HTTP statuses seen in answer to a GET of "/", unless
	// Notes give another request. If Notes say so, redirects were followed.
	Statuses []int

	// Names are the names in the host's certificate, if it belongs to someone
	// else, as in "fallback.tls.fastly.net".
	Names []string

	Basis  Basis
	Source Source

	// Date is when the fact was seen or written, in the form 2006-01-02,
	// 2006-01 or 2006. If Source.Date is a span, Date is its end. Empty means
	// unknown.
	Date string

	// Confidence is how sure the source is: "documented", "thorough",
	// "several", "once", "implied" or "inferred".
	Confidence string

	Notes string
}

// The values of [Fact.How]. New ones may be added.
const (
	HowAnswers            = "answers"             // it completes the handshake, or answers HTTP
	HowResolves           = "resolves"            // DNS has the name; only for port 0
	HowListed             = "listed"              // a source gives the port but not what answers there
	HowNoSuchName         = "no_such_name"        // DNS has no such name, so no port answers
	HowSilent             = "silent"              // it never answers on this port
	HowRefused            = "refused"             // it refuses connections on this port
	HowForeignCertificate = "foreign_certificate" // it presents someone else's genuine certificate, such as a CDN's
	HowRedirects          = "redirects"           // it answers with a redirect
	HowNoHTTP             = "no_http"             // it completes the handshake but does not answer HTTP
	HowUntrusted          = "untrusted"           // its chain ends in a root that devices do not trust
)

// Facts returns all facts, sorted by host and port, the newest of each first.
func (c *Catalog) Facts() iter.Seq[Fact] {
	return func(yield func(Fact) bool) {
		for i := range c.facts {
			if !yield(c.facts[i].clone()) {
				return
			}
		}
	}
}

// Fact returns what is known of a host and port. The host is a name, an
// address, or a pattern as [Host.String] writes it. Port 0 asks for the name
// alone. The zero Fact means that nothing is known.
//
// The host's own facts take precedence, whatever their dates. A name without
// any takes those of the most specific pattern that covers it. Among facts of
// one host, the newest wins; if dates are too vague to tell, a confirmation. A
// nonexistent name has no ports, and a port that answers proves that its name
// exists. A confirmation lapses if it is undated or more than two years older
// than [Catalog.Date]; the result is then unknown. A contradiction stands until
// a newer fact disagrees. Statuses and Names combine all of the host's facts
// that agree.
func (c *Catalog) Fact(host string, port uint16) Fact {
	return c.factOf(host, port)
}

// Given returns the source that lists a port for exactly this host: an endpoint
// or a fact. A pattern's port does not count for the names it covers. Given
// reports false if no source lists the port. See [Fact.Port].
func (c *Catalog) Given(host string, port uint16) (Source, Basis, bool) {
	return c.givenBy(host, port)
}

func (f Fact) clone() Fact {
	f.Statuses = slices.Clone(f.Statuses)
	f.Names = slices.Clone(f.Names)
	return f
}
