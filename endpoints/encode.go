package endpoints

import (
	"bytes"
	"io"
	"maps"
	"slices"
)

// Encode writes c as JSON that people can read and review: by service, in
// groups of endpoints whose loss has the same consequence. Fields that most
// endpoints of a service or group share are written once, there; an endpoint
// has only the fields that differ. Sources are written once, by key. Facts that
// differ only in host and port are written once; "at" lists the hosts and
// ports. The output is deterministic.
func (c *Catalog) Encode(w io.Writer) error {
	keys, table := c.sourceKeys()
	root := value{kind: objectValue}
	root.add("format", text(format))
	root.add("version", text(c.version))
	root.add("date", text(c.date))
	root.addFull("notes", texts(c.notes))
	root.addFull("sources", table)
	root.addFull("support", c.supportValue(keys))
	services := value{kind: arrayValue}
	enc := newEncoder(keys)
	for _, s := range c.services {
		services.items = append(services.items, enc.service(s, c.ofService(s.service)))
	}
	root.add("services", services)
	root.addFull("facts", c.factsValue(keys))
	root.addFull("operators", c.operatorsValue(keys))
	var b bytes.Buffer
	writeTree(&b, root, 0, 0)
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

func (c *Catalog) ofService(s Service) []Endpoint {
	i := slices.IndexFunc(c.endpoints, func(e Endpoint) bool { return e.Service == s })
	if i < 0 {
		return nil
	}
	n := slices.IndexFunc(c.endpoints[i:], func(e Endpoint) bool { return e.Service != s })
	if n < 0 {
		return c.endpoints[i:]
	}
	return c.endpoints[i : i+n]
}

// sourceKeys returns the keys of all sources, and the table of them.
func (c *Catalog) sourceKeys() (keys map[Source]string, table value) {
	keys = make(map[Source]string, len(c.sources))
	table = value{kind: objectValue}
	for _, s := range c.sources {
		keys[s.source] = s.key
		v := value{kind: objectValue}
		v.add("title", text(s.source.Title))
		v.addFull("ref", text(s.source.Ref))
		v.addFull("date", text(s.source.Date))
		table.add(s.key, v)
	}
	return keys, table
}

type encoder struct {
	keys   map[Source]string
	fields []field
	zero   []encoded // of the zero endpoint
}

// An encoded is a field's value and its text, used to compare values.
type encoded struct {
	value value
	text  string
}

// A row is an endpoint with its fields encoded.
type row struct {
	host   string
	fields []encoded
}

func newEncoder(keys map[Source]string) *encoder {
	enc := &encoder{keys: keys, fields: fields()}
	enc.zero = enc.row(&Endpoint{}).fields
	return enc
}

func (enc *encoder) row(e *Endpoint) row {
	r := row{host: e.Host.text, fields: make([]encoded, len(enc.fields))}
	var b bytes.Buffer
	for i, f := range enc.fields {
		v := f.write(enc.keys, e)
		b.Reset()
		writeInline(&b, v)
		r.fields[i] = encoded{v, b.String()}
	}
	return r
}

func (enc *encoder) service(s serviceTitle, endpoints []Endpoint) value {
	rows := make([]row, len(endpoints))
	groups := make(map[string][]row)
	for i := range endpoints {
		rows[i] = enc.row(&endpoints[i])
		groups[endpoints[i].Loss] = append(groups[endpoints[i].Loss], rows[i])
	}
	v := value{kind: objectValue}
	v.add("service", text(string(s.service)))
	v.addFull("title", text(s.title))
	common := enc.common(rows, enc.zero, func(f field) bool { return f.service })
	enc.differences(&v, common, enc.zero)
	out := value{kind: arrayValue}
	for _, loss := range slices.Sorted(maps.Keys(groups)) {
		out.items = append(out.items, enc.group(groups[loss], common))
	}
	v.add("groups", out)
	return v
}

func (enc *encoder) group(rows []row, inherited []encoded) value {
	v := value{kind: objectValue}
	common := enc.common(rows, inherited, func(f field) bool { return !f.own })
	enc.differences(&v, common, inherited)
	out := value{kind: arrayValue}
	for _, r := range rows {
		entry := value{kind: objectValue}
		entry.add("host", text(r.host))
		enc.differences(&entry, r.fields, common)
		out.items = append(out.items, entry)
	}
	v.add("endpoints", out)
	return v
}

// differences adds the fields that differ from what is inherited.
func (enc *encoder) differences(v *value, fields, inherited []encoded) {
	for i, f := range enc.fields {
		if fields[i].text != inherited[i].text {
			v.add(f.name, fields[i].value)
		}
	}
}

// common returns, for each field, the value that more than half of the rows
// have. If there is none, or the field is not to be shared, it returns the
// inherited one.
func (enc *encoder) common(rows []row, inherited []encoded, shared func(field) bool) []encoded {
	out := slices.Clone(inherited)
	for i := range enc.fields {
		if !shared(enc.fields[i]) {
			continue
		}
		counts := make(map[string]int)
		for _, r := range rows {
			f := r.fields[i]
			if counts[f.text]++; 2*counts[f.text] > len(rows) {
				out[i] = f
				break
			}
		}
	}
	return out
}
