package endpoints

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Facts that differ only in host and port are written as one group: "at" lists
// them as "host:port", or "host" for the name alone.

func (d *decoder) readFacts(v value) *fault {
	n := 0
	for _, group := range v.items {
		at, _ := group.get("at")
		n += len(at.items)
	}
	d.c.facts = make([]Fact, 0, min(n, maxEntries))
	return d.each(v, d.readFactGroup)
}

func (d *decoder) readFactGroup(v value) *fault {
	var group Fact
	f := readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "at":
		case "known":
			group.Known, f = readKnown(v)
		case "how":
			group.How, f = readString(v)
		case "statuses":
			group.Statuses, f = readList(v, readInt)
		case "names":
			group.Names, f = readStrings(v)
		case "basis":
			group.Basis, f = readWord(bases())(v)
		case "source":
			group.Source, f = readSourceKey(d.sources, v)
		case "date":
			group.Date, f = readString(v)
		case "confidence":
			group.Confidence, f = readString(v)
		case "notes":
			group.Notes, f = readNotes(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	if f != nil {
		return f
	}
	at, ok := v.get("at")
	if !ok {
		return missing(v, "at")
	}
	if e := group.checkSaid(); e != nil {
		return faultOf(e, v)
	}
	return d.each(at, func(v value) *fault { return d.readFactAt(group, v) }).under("at")
}

// readFactAt reads a group's hosts and ports. The group's facts share their
// slices, which are never modified.
func (d *decoder) readFactAt(f Fact, v value) *fault {
	text, bad := readString(v)
	if bad != nil {
		return bad
	}
	var reason string
	if f.Host, f.Port, reason = parseAt(text); reason != "" {
		return badValue(v, "%q is not a host, or a host and port: %s", text, reason)
	}
	if e := f.checkPlace(); e != nil {
		return faultOf(e, v)
	}
	if len(d.c.facts) >= maxEntries {
		return tooMany(v, "facts")
	}
	d.c.facts = append(d.c.facts, f)
	return nil
}

// faultOf returns an error of a value as a fault at its place in the data.
func faultOf(e *Error, v value) *fault {
	return &fault{code: e.Code, path: e.Field, offset: v.offset, value: e.Value, want: e.Want, reason: e.Reason}
}

// parseAt parses "host:port", "[address]:port" or a host.
func parseAt(s string) (h Host, port uint16, reason string) {
	if strings.HasPrefix(s, "[") {
		ap, err := netip.ParseAddrPort(s)
		if err != nil {
			return Host{}, 0, "malformed"
		}
		h, reason = parseHost(ap.Addr().String())
		return h, ap.Port(), reason
	}
	if name, number, ok := strings.Cut(s, ":"); ok && !strings.Contains(number, ":") {
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil || n == 0 || number[0] == '0' {
			return Host{}, 0, "the port is no number from 1 to 65535"
		}
		h, reason = parseHost(name)
		return h, uint16(n), reason
	}
	h, reason = parseHost(s)
	return h, 0, reason
}

// at returns the text that parseAt reads.
func (f *Fact) at() string {
	switch port := strconv.Itoa(int(f.Port)); {
	case f.Port == 0:
		return f.Host.text
	case strings.Contains(f.Host.text, ":"):
		return "[" + f.Host.text + "]:" + port
	default:
		return f.Host.text + ":" + port
	}
}

func readKnown(v value) (Known, *fault) {
	words := knownWords()
	word, f := readWord(words)(v)
	return Known(max(0, slices.Index(words, word))), f
}

func knownWords() []string {
	return []string{Unknown.String(), Confirmed.String(), Contradicted.String()}
}

func (d *decoder) readOperators(v value) *fault {
	return d.each(v, func(v value) *fault {
		var o Operator
		f := readObject(v, func(name string, v value) (f *fault) {
			switch name {
			case "zone":
				o.Zone, f = readString(v)
			case "mname":
				o.MName, f = readString(v)
			case "rname":
				o.RName, f = readString(v)
			case "source":
				o.Source, f = readSourceKey(d.sources, v)
			default:
				f = unknownField(v)
			}
			return f
		})
		if f != nil {
			return f
		}
		if e := o.check(); e != nil {
			return faultOf(e, v)
		}
		if len(d.c.operators) >= maxEntries {
			return tooMany(v, "operators")
		}
		d.c.operators = append(d.c.operators, o)
		return nil
	})
}

// factsValue writes the facts in groups, in the order of their sources.
func (c *Catalog) factsValue(keys map[Source]string) value {
	type group struct {
		header value
		key    string
		at     []string
	}
	index := make(map[string]int)
	var groups []group
	var b bytes.Buffer
	for i := range c.facts {
		f := &c.facts[i]
		header := f.header(keys)
		b.Reset()
		writeInline(&b, header)
		key := b.String()
		n, ok := index[key]
		if !ok {
			n = len(groups)
			index[key] = n
			groups = append(groups, group{header: header, key: key})
		}
		groups[n].at = append(groups[n].at, f.at())
	}
	slices.SortFunc(groups, func(a, b group) int { return cmp.Compare(a.key, b.key) })
	out := value{kind: arrayValue}
	for _, g := range groups {
		g.header.add("at", texts(g.at))
		out.items = append(out.items, g.header)
	}
	return out
}

// header writes a fact without its host and port.
func (f *Fact) header(keys map[Source]string) value {
	statuses := value{kind: arrayValue}
	for _, n := range f.Statuses {
		statuses.items = append(statuses.items, number(n))
	}
	v := value{kind: objectValue}
	v.add("source", text(keys[f.Source]))
	v.addFull("date", text(f.Date))
	v.add("known", text(f.Known.String()))
	v.add("how", text(f.How))
	v.addFull("statuses", statuses)
	v.addFull("names", texts(f.Names))
	v.add("basis", text(string(f.Basis)))
	v.addFull("confidence", text(f.Confidence))
	v.addFull("notes", text(f.Notes))
	return v
}

func (c *Catalog) operatorsValue(keys map[Source]string) value {
	out := value{kind: arrayValue}
	for _, o := range c.operators {
		v := value{kind: objectValue}
		v.add("zone", text(o.Zone))
		v.add("mname", text(o.MName))
		v.add("rname", text(o.RName))
		v.add("source", text(keys[o.Source]))
		out.items = append(out.items, v)
	}
	return out
}
