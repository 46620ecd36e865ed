package endpoints

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

const format = "netready-endpoints/1"

// Decode reads and validates a catalog in the format that [Catalog.Encode]
// writes. A fault in the data is an [*Error] that names the entry and the
// field. An error of r is wrapped.
//
// Decode rejects anything unknown: fields, scenarios, clouds, phases, traits
// and the other words of this package's vocabulary. Only services and parts may
// be new. It also rejects a second endpoint with the same service and host, and
// input of more than 16 MiB, 50,000 endpoints or 50,000 facts.
func Decode(r io.Reader) (*Catalog, error) {
	root, data, err := readTree(r)
	if err != nil {
		return nil, err
	}
	d := newDecoder()
	d.c.endpoints = make([]Endpoint, 0, min(bytes.Count(data, []byte(`"host"`)), maxEntries))
	if f := d.root(root); f != nil {
		return nil, d.error(data, f)
	}
	d.c.finish()
	d.c.finishFacts()
	return d.c, nil
}

func newDecoder() *decoder {
	d := &decoder{c: &Catalog{}, fields: make(map[string]field)}
	for _, f := range fields() {
		d.fields[f.name] = f
	}
	return d
}

type decoder struct {
	c       *Catalog
	fields  map[string]field
	sources map[string]Source
	seen    map[serviceHost]bool

	// The endpoint being read, for errors; entry counts all of them.
	entry   int
	inEntry bool
	service Service
	host    string
}

type serviceHost struct {
	service Service
	host    Host
}

func (d *decoder) error(data []byte, f *fault) *Error {
	e := &Error{Code: f.code, Field: f.path, Value: f.value, Want: f.want, Line: lineAt(data, f.offset), Reason: f.reason}
	if d.inEntry {
		e.Entry, e.Service, e.Host = d.entry, d.service, d.host
	}
	return e
}

func (d *decoder) root(v value) *fault {
	if f := d.readHead(v); f != nil {
		return f
	}
	d.seen = make(map[serviceHost]bool)
	if f := d.readMembers(v, d.readMember); f != nil {
		return f
	}
	for _, name := range []string{"version", "date", "services"} {
		if member, _ := v.get(name); member.empty() {
			return missing(v, name)
		}
	}
	return nil
}

func (d *decoder) readMember(name string, v value) (f *fault) {
	switch name {
	case "format", "sources": // readHead has read them
	case "version":
		d.c.version, f = readText(v)
	case "date":
		d.c.date, f = readDate(v)
	case "notes":
		d.c.notes, f = readList(v, readNotes)
	case "support":
		d.c.support, f = readSupport(d.sources, v)
	case "services":
		f = d.each(v, d.readService)
	case "facts":
		f = d.readFacts(v)
	case "operators":
		f = d.readOperators(v)
	default:
		f = unknownField(v)
	}
	return f
}

// readHead reads the format, and the sources that other members cite.
func (d *decoder) readHead(v value) *fault {
	if f := v.want(objectValue); f != nil {
		return f
	}
	if f := checkFormat(v); f != nil {
		return f
	}
	if sources, ok := v.get("sources"); ok {
		return d.readSources(sources).under("sources")
	}
	return nil
}

func missing(v value, name string) *fault {
	return (&fault{code: MissingField, offset: v.offset, reason: "must be given"}).under(name)
}

func checkFormat(root value) *fault {
	v, ok := root.get("format")
	if !ok {
		return missing(root, "format")
	}
	s, f := readString(v)
	if f == nil && s != format {
		f = badValue(v, "unknown format %q: want %q", s, format)
	}
	return f.under("format")
}

func readDate(v value) (string, *fault) {
	s, f := readString(v)
	if f == nil && !isDate(s) {
		f = badValue(v, "%q is not a date of the form 2006-01-02", s)
	}
	return s, f
}

// isDate reports whether s has the form of a date.
func isDate(s string) bool {
	const form = "0000-00-00"
	zeros := func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '0'
		}
		return r
	}
	return strings.Map(zeros, s) == form
}

func (d *decoder) readSources(v value) *fault {
	d.sources = make(map[string]Source, len(v.members))
	titles := make(map[Source]string)
	f := readObject(v, func(key string, v value) *fault {
		s, f := readSource(v)
		if f == nil && key == "" {
			f = badValue(v, "an empty key")
		}
		if other, ok := titles[s]; f == nil && ok {
			f = &fault{code: Duplicate, offset: v.offset, reason: fmt.Sprintf("the same source as %q", other)}
		}
		titles[s] = key
		d.sources[key] = s
		d.c.sources = append(d.c.sources, keyedSource{key, s})
		return f
	})
	slices.SortFunc(d.c.sources, func(a, b keyedSource) int { return strings.Compare(a.key, b.key) })
	return f
}

// readService reads a service: its id and title, its groups, and fields that
// all of its endpoints inherit.
func (d *decoder) readService(v value) *fault {
	if f := v.want(objectValue); f != nil {
		return f
	}
	id, ok := v.get("service")
	if !ok {
		return missing(v, "service")
	}
	s := serviceTitle{service: Service(id.text)}
	if f := d.checkService(id, s.service); f != nil {
		return f.under("service")
	}
	base := Endpoint{Service: s.service}
	d.service = s.service
	f := d.readFields(&base, v, func(name string, v value) (f *fault) {
		switch name {
		case "service", "groups":
		case "title":
			s.title, f = readText(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	if f != nil {
		return f
	}
	d.c.services = append(d.c.services, s)
	groups, ok := v.get("groups")
	if !ok {
		return missing(v, "groups")
	}
	return d.under("groups", d.each(groups, func(v value) *fault { return d.readGroup(base, v) }))
}

func (d *decoder) checkService(v value, s Service) *fault {
	if f := v.want(stringValue); f != nil {
		return f
	}
	if !isIdentifier(string(s)) {
		return badValue(v, "%q is not a service name: want lower-case letters, digits and hyphens", s)
	}
	if slices.ContainsFunc(d.c.services, func(t serviceTitle) bool { return t.service == s }) {
		return &fault{code: Duplicate, offset: v.offset, reason: "duplicate service"}
	}
	return nil
}

// readGroup reads a group: endpoints, and fields that they inherit.
func (d *decoder) readGroup(base Endpoint, v value) *fault {
	f := d.readFields(&base, v, func(name string, v value) *fault {
		if name == "endpoints" {
			return nil
		}
		return unknownField(v)
	})
	if f != nil {
		return f
	}
	entries, ok := v.get("endpoints")
	if !ok {
		return missing(v, "endpoints")
	}
	return d.under("endpoints", d.each(entries, func(v value) *fault { return d.readEndpoint(&base, v) }))
}

// readMembers is readObject, but a fault in an endpoint keeps its path there.
func (d *decoder) readMembers(v value, read func(name string, v value) *fault) *fault {
	if f := v.want(objectValue); f != nil {
		return f
	}
	for _, m := range v.members {
		if f := read(m.name, m.value); f != nil {
			return d.under(m.name, f)
		}
	}
	return nil
}

// each calls read for every item of a list.
func (d *decoder) each(v value, read func(value) *fault) *fault {
	if f := v.want(arrayValue); f != nil {
		return f
	}
	for i, item := range v.items {
		if f := read(item); f != nil {
			return d.under("["+strconv.Itoa(i)+"]", f)
		}
	}
	return nil
}

// under is fault.under, but a fault in an endpoint keeps its path there: the
// number of the entry says where the endpoint is.
func (d *decoder) under(name string, f *fault) *fault {
	if d.inEntry {
		return f
	}
	return f.under(name)
}

// readFields reads the given fields of an endpoint and keeps the others as
// inherited.
func (d *decoder) readFields(e *Endpoint, v value, other func(string, value) *fault) *fault {
	return readObject(v, func(name string, v value) *fault {
		if f, ok := d.fields[name]; ok {
			return f.read(d.sources, e, v)
		}
		return other(name, v)
	})
}

func (d *decoder) readEndpoint(base *Endpoint, v value) *fault {
	d.entry++
	d.inEntry, d.host = true, ""
	if d.entry > maxEntries {
		return tooMany(v, "endpoints")
	}
	if f := v.want(objectValue); f != nil {
		return f
	}
	host, ok := v.get("host")
	if !ok {
		return missing(v, "host")
	}
	if f := host.want(stringValue); f != nil {
		return f.under("host")
	}
	d.host = host.text
	d.c.endpoints = append(d.c.endpoints, *base)
	e := &d.c.endpoints[len(d.c.endpoints)-1]
	f := d.readFields(e, v, func(name string, v value) *fault {
		if name != "host" {
			return unknownField(v)
		}
		var reason string
		if e.Host, reason = parseHost(v.text); reason != "" {
			return badValue(v, "%q is not a host: %s", v.text, reason)
		}
		return nil
	})
	if f != nil {
		return f
	}
	e.fillDefaults()
	if bad := e.check(); bad != nil {
		return faultOf(bad, v)
	}
	key := serviceHost{e.Service, e.Host}
	if d.seen[key] {
		return (&fault{code: Duplicate, offset: host.offset, reason: "the service already has this host"}).under("host")
	}
	d.seen[key] = true
	d.inEntry = false
	return nil
}
