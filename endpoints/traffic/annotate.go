package traffic

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/netready/netready/endpoints"
)

// The bounds of a [Summary].
const (
	// MaxHosts limits how many covered hosts a summary lists, and separately
	// how many uncovered hosts. A full summary takes tens of megabytes.
	MaxHosts = 50_000

	// MaxPorts limits how many ports a summary lists for a host.
	MaxPorts = 64

	// MaxReasons limits how many reasons a summary lists for a host.
	MaxReasons = 4
)

// Annotate reads a log and matches it against the rules of a catalog; see
// [NewAnnotator]. With [Auto], the first lines determine the format.
//
// An unknown format, scope value or service is an [*endpoints.Error], and the
// summary is then nil, as it is if r fails during format detection. Any other
// error comes with the summary of everything read before it. It is an
// [*endpoints.Error] if the JSON of an HTTP archive is broken, and otherwise
// wraps the error of r.
func Annotate(
	r io.Reader, f Format, c *endpoints.Catalog, s endpoints.Scope, services ...endpoints.Service,
) (*Summary, error) {
	a, err := NewAnnotator(c, s, services...)
	if err != nil {
		return nil, err
	}
	scanner := NewScanner(r, f)
	if scanner.Format() == Auto || !f.known() {
		return nil, scanner.Err()
	}
	return a.Read(scanner)
}

// Read adds the remaining entries of a log and returns the summary of all
// entries added so far, with the format and the lines of this log. The error is
// that of [Scanner.Err].
func (a *Annotator) Read(s *Scanner) (*Summary, error) {
	for e := range s.Entries() {
		a.Add(e)
	}
	sum := a.Summary()
	sum.Format, sum.Lines = s.Format(), s.Lines()
	return sum, s.Err()
}

// An Annotator makes a [Summary] of entries. Use [NewAnnotator] to make one. It
// is not safe for concurrent use.
type Annotator struct {
	rules     *rules
	hosts     map[string]*tally
	answered  answered
	named     bool // a request had a name
	progress  progress
	covered   int // hosts that rules cover
	uncovered int
	told      int // requests
	required  int // requests

	unlisted Summary                   // its counts of what is not listed
	phases   map[endpoints.Phase]Phase // of hosts that are not listed
}

// NewAnnotator returns an Annotator with the rules of a catalog; nil means
// [endpoints.Embedded]. The network must allow what the scope needs, restricted
// to the given services, if any. The other rules only label hosts. If the scope
// has a tenant, the tenant's own hosts are distinguished from those of other
// tenants.
//
// The error is an [*endpoints.Error] that lists the known values, if the scope
// is invalid or the catalog lacks one of the services: a misspelled scope would
// otherwise require nothing and accept every log.
func NewAnnotator(c *endpoints.Catalog, s endpoints.Scope, services ...endpoints.Service) (*Annotator, error) {
	r, err := newRules(c, s, services)
	if err != nil {
		return nil, err
	}
	return &Annotator{rules: r, hosts: make(map[string]*tally), answered: make(answered), phases: make(map[endpoints.Phase]Phase)}, nil
}

// A tally is a host with its counts.
type tally struct {
	row   Host
	ports []portNeed
	on    bool // a port of a rule was requested

	required  int  // requests to required ports
	untold    int  // of these
	unmatched bool // a request that may have been required did not succeed
}

// A portNeed is a requested port and what the rules say about it. It is small,
// because there may be millions.
type portNeed struct {
	port     uint16
	required bool // by a rule with that port
	offPort  bool
	ending   *ending // of a required port
}

// An ending is how the requests to a required port ended.
type ending struct {
	failed   int       // since one that succeeded
	at, well time.Time // of the last one that failed, and of the last one that did not
}

// add adds a request. Its place is that of its time, if it has one: logs often
// have the end of requests in order, and not the beginning.
func (n *ending) add(at time.Time, failed bool) {
	switch {
	case !at.IsZero() && (failed && at.Before(n.well) || !failed && at.Before(n.at)):
		return
	case failed:
		n.failed++
		n.at = latest(n.at, at)
	default:
		n.failed = 0
		n.well = latest(n.well, at)
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Add counts an entry. Its Host must have the form of [endpoints.Host], as from
// a [Scanner]. An address counts as the name for which a lookup before it
// returned the address, if there is one such name.
func (a *Annotator) Add(e Entry) {
	if e.Told || e.Denied {
		a.told++
		e.Told = true
	}
	a.answered.add(e, a.rules)
	if len(a.answered) > 0 && isAddress(e.Host) {
		e.Host = cmp.Or(a.answered.name(e.Host), e.Host)
	}
	t := a.hosts[e.Host]
	if t == nil {
		a.named = a.named || !isAddress(e.Host)
		m := a.rules.match(e.Host, e.Port)
		room := &a.covered
		if m.rule == "" {
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
	p := t.at(e.Port, a.rules)
	t.add(e, p)
	if p.required {
		a.required++
	}
	if !p.offPort {
		a.progress.add(e, match{service: t.row.Service, phase: t.row.Phase}, p.required)
	}
	if t.row.Rule == "" && (e.Denied || e.Failed) && isAddress(e.Host) && a.rules.mayNeed(e) {
		t.unmatched = true
	}
}

func (a *Annotator) addUnlisted(e Entry, m match) {
	u := &a.unlisted
	u.UnlistedRequests++
	if m.rule == "" {
		u.UnlistedUncovered++
	}
	required := m.need == endpoints.Required && !m.offPort
	if required {
		a.required++
	}
	if !m.offPort {
		a.progress.add(e, m, required)
	}
	switch {
	case e.Denied:
		u.UnlistedDenied++
		if required {
			u.UnlistedDeniedRequired++
		}
	case e.Failed && required:
		u.UnlistedFailedRequired++
	}
	if m.phase != "" {
		p := a.phases[m.phase]
		p.Phase = m.phase
		p.First, p.Last = span(p.First, p.Last, e.Time, e.Time)
		a.phases[m.phase] = p
	}
}

// at returns what the rules say about a port of the host.
func (t *tally) at(port uint16, r *rules) *portNeed {
	for i := range t.ports {
		if t.ports[i].port == port {
			return &t.ports[i]
		}
	}
	return t.learn(port, r.match(t.row.Host, port))
}

// learn remembers what the rules say about a port, if there is room or it is
// required. The row shows the rule of the most needed port.
func (t *tally) learn(port uint16, m match) *portNeed {
	p := &portNeed{port: port, required: m.need == endpoints.Required && !m.offPort, offPort: m.offPort}
	if len(t.ports) <= MaxPorts || p.required {
		if p.required {
			p.ending = &ending{}
		}
		t.ports = append(t.ports, *p)
		p = &t.ports[len(t.ports)-1]
	}
	if len(t.ports) == 1 || !m.offPort && (!t.on || m.need < t.row.Need) {
		t.row.Service, t.row.Phase, t.row.Need, t.row.Rule, t.row.Status = m.service, m.phase, m.need, m.rule, m.status
		t.on = !m.offPort
	}
	return p
}

func (t *tally) add(e Entry, p *portNeed) {
	t.row.Requests++
	if p.offPort {
		t.row.OffPort++
	}
	if p.required {
		t.required++
	}
	if r := e.Reason; r != "" && len(t.row.Reasons) < MaxReasons && !slices.Contains(t.row.Reasons, r) {
		t.row.Reasons = append(t.row.Reasons, r)
	}
	switch {
	case e.Denied:
		t.row.Denied++
		if p.required {
			t.row.DeniedRequired++
			if e.Status == http.StatusProxyAuthRequired {
				t.row.Unauthenticated++
			}
		}
	case e.Failed:
		t.row.Failed++
		if p.required {
			p.ending.add(e.Time, true)
		}
	case e.Told && p.required:
		p.ending.add(e.Time, false) // a lookup, which has no port, says nothing about ports
	case !e.Told:
		t.row.Untold++
		if p.required {
			t.untold++
		}
	}
	t.row.First, t.row.Last = span(t.row.First, t.row.Last, e.Time, e.Time)
}

// host returns the row.
func (t *tally) host() Host {
	h := t.row
	h.Reasons = slices.Clone(h.Reasons)
	h.Ports = []uint16{}
	for _, p := range t.ports {
		if p.ending != nil {
			h.FailedRequired += p.ending.failed
		}
		if p.port != 0 && len(h.Ports) < MaxPorts {
			h.Ports = append(h.Ports, p.port)
		}
	}
	slices.Sort(h.Ports)
	return h
}

// span extends one time span by another. Zero times are unknown.
func span(first, last, from, to time.Time) (time.Time, time.Time) {
	if !from.IsZero() && (first.IsZero() || from.Before(first)) {
		first = from
	}
	if to.After(last) {
		last = to
	}
	return first, last
}
