package endpoints

// Differences returns the names of the fields in which e and other differ, as
// [Catalog.Encode] writes them and in that order. It ignores service and host.
// Sources are compared by content, not by key.
func (e Endpoint) Differences(other Endpoint) []string {
	keys := make(map[Source]string)
	for _, o := range []*Endpoint{&e, &other} {
		for _, s := range o.citations() {
			keys[s] = s.Title + "\x00" + s.Ref + "\x00" + s.Date
		}
	}
	enc := newEncoder(keys)
	a, b := enc.row(&e), enc.row(&other)
	var out []string
	for i, f := range enc.fields {
		if a.fields[i].text != b.fields[i].text {
			out = append(out, f.name)
		}
	}
	return out
}
