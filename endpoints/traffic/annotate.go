package traffic

import (
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/netready/netready/endpoints"
)

// The bounds of a [Summary].
const (
	// MaxHosts is how many hosts are listed that rules cover, and how many
	// that no rule covers. One kind does not take the room of the other. All of
	// them take some tens of megabytes.
	MaxHosts = 50_000

	// MaxPorts is how many ports are listed of a host.
	MaxPorts = 64
)

// Annotate reads a log of a format, or of that which its first lines have, and
// tells what was seen by the rules of a scope.
//
// There is no summary if the format or a field of the scope is unknown, which is
// an [*Error], or if r fails while the format is looked for. Any other error
// comes with the summary of what was read until then: an [*Error] for an
// archive whose JSON is broken, and otherwise one that wraps that of r.
func Annotate(r io.Reader, f Format, s Scope) (*Summary, error) {
	a, err := NewAnnotator(s)
	if err != nil {
		return nil, err
	}
	scanner := NewScanner(r, f)
	if scanner.Format() == Auto || !f.known() {
		return nil, scanner.Err()
	}
	for e := range scanner.Entries() {
		a.Add(e)
	}
	sum := a.Summary()
	sum.Format, sum.Lines = scanner.Format(), scanner.Lines()
	return sum, scanner.Err()
}

// An Annotator makes a [Summary] of entries. It is made by [NewAnnotator], and
// not safe for concurrent use.
type Annotator struct {
	rules     *rules
	hosts     map[string]*tally
	covered   int // hosts that rules cover
	uncovered int
	told      int // requests

	unlisted Unlisted
	phases   map[endpoints.Phase]Phase // of hosts that are not listed
}

// NewAnnotator returns an Annotator for a scope. An [*Error] names the field of
// the scope that is not known.
func NewAnnotator(s Scope) (*Annotator, error) {
	r, err := newRules(s)
	if err != nil {
		return nil, err
	}
	return &Annotator{rules: r, hosts: make(map[string]*tally), phases: make(map[endpoints.Phase]Phase)}, nil
}

// A tally is a host as it is counted.
type tally struct {
	row   Host
	ports []portNeed
	on    bool // a port of a rule was asked for

	// Denied requests for what the scope requires, and those among them that
	// were asked for credentials.
	denied, unauthenticated int
}

// A portNeed is a port that was asked for, and what the rules say about it. It
// is small, because there may be millions.
type portNeed struct {
	port     uint16
	required bool // by a rule with that port
	offPort  bool
}

// Add counts an entry. Its Host has to be in the form of [endpoints.Host], as a
// [Scanner] gives it.
func (a *Annotator) Add(e Entry) {
	if e.Told || e.Denied {
		a.told++
	}
	t := a.hosts[e.Host]
	if t == nil {
		m := a.rules.match(e.Host, e.Port)
		room := &a.covered
		if m.need == Unknown {
			room = &a.uncovered
		}
		if *room >= MaxHosts {
			a.addUnlisted(e, m)
			return
		}
		*room++
		t = &tally{row: Host{Host: e.Host}}
		a.hosts[e.Host] = t
		t.learn(e.Port, m)
	}
	t.add(e, t.at(e.Port, a.rules))
}

// addUnlisted counts an entry whose host is not listed.
func (a *Annotator) addUnlisted(e Entry, m match) {
	u := &a.unlisted
	u.Requests++
	if m.need == Unknown {
		u.Uncovered++
	}
	if e.Denied {
		u.Denied++
		if m.need == Required && !m.offPort {
			u.DeniedRequired++
		}
	}
	if m.phase != "" {
		p := a.phases[m.phase]
		p.Phase = m.phase
		p.First, p.Last = span(p.First, p.Last, e.Time, e.Time)
		a.phases[m.phase] = p
	}
}

// at returns what the rules say about a port of the host.
func (t *tally) at(port uint16, r *rules) portNeed {
	for _, p := range t.ports {
		if p.port == port {
			return p
		}
	}
	return t.learn(port, r.match(t.row.Host, port))
}

// learn remembers what the rules say about a port, as long as there is room.
// The row shows the rule of the port that is needed most.
func (t *tally) learn(port uint16, m match) portNeed {
	p := portNeed{port, m.need == Required && !m.offPort, m.offPort}
	if len(t.ports) <= MaxPorts {
		t.ports = append(t.ports, p)
	}
	if len(t.ports) == 1 || !m.offPort && (!t.on || m.need.order() < t.row.Need.order()) {
		t.row.Service, t.row.Phase, t.row.Need, t.row.Rule, t.row.Status = m.service, m.phase, m.need, m.rule, m.status
		t.on = !m.offPort
	}
	return p
}

func (t *tally) add(e Entry, p portNeed) {
	t.row.Requests++
	if p.offPort {
		t.row.OffPort++
	}
	if e.Denied {
		t.row.Denied++
		if p.required {
			t.denied++
			if e.Status == http.StatusProxyAuthRequired {
				t.unauthenticated++
			}
		}
	}
	t.row.First, t.row.Last = span(t.row.First, t.row.Last, e.Time, e.Time)
}

// host returns the row.
func (t *tally) host() Host {
	h := t.row
	h.Ports = []uint16{}
	for _, p := range t.ports {
		if p.port != 0 && len(h.Ports) < MaxPorts {
			h.Ports = append(h.Ports, p.port)
		}
	}
	slices.Sort(h.Ports)
	return h
}

// span widens a stretch of time by another one. Zero times are unknown.
func span(first, last, from, to time.Time) (time.Time, time.Time) {
	if !from.IsZero() && (first.IsZero() || from.Before(first)) {
		first = from
	}
	if to.After(last) {
		last = to
	}
	return first, last
}
