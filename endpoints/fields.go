package endpoints

import "slices"

// A field is a field of an endpoint in a catalog file. One table drives both
// reading and writing, so neither can miss a field.
type field struct {
	name string

	// own fields belong to one endpoint and are never written for a group.
	// service fields may be written once for a whole service. Reading accepts
	// any field at any level.
	own, service bool

	read  func(sources map[string]Source, e *Endpoint, v value) *fault
	write func(keys map[Source]string, e *Endpoint) value // an empty value is the zero one
}

// fields returns all fields but the host, in the order in which they are written.
func fields() []field {
	return slices.Concat(scopeFields(), testFields(), factFields())
}

// scopeFields say what an endpoint is and who needs it.
func scopeFields() []field {
	return []field{
		textField("part", func(e *Endpoint) *string { return &e.Part }, readPart).ofGroup(),
		plainField("core", func(e *Endpoint) *bool { return &e.Decisive }, readBool, boolean).ofGroup(),
		plainField("scenarios", func(e *Endpoint) *[]Scenario { return &e.Scenarios },
			readWords(allScenarios()), texts),
		plainField("clouds", func(e *Endpoint) *[]Cloud { return &e.Clouds }, readWords(Clouds()), texts),
		plainField("ports", func(e *Endpoint) *[]Port { return &e.Ports }, readPorts, portTexts),
		plainField("ports_in", func(e *Endpoint) *map[Cloud][]Port { return &e.PortsIn },
			readByWord(Clouds(), readPorts), byWord(Clouds(), portTexts)).ofGroup(),
		plainField("ports_of", func(e *Endpoint) *map[Feature][]Port { return &e.PortsOf },
			readByWord(Features(), readPorts), byWord(Features(), portTexts)).ofGroup(),
		plainField("need", func(e *Endpoint) *Need { return &e.Need }, readNeed, needValue),
		plainField("need_in", func(e *Endpoint) *map[Scenario]Need { return &e.NeedIn }, readByWord(allScenarios(), readNeed), byWord(allScenarios(), needValue)).ofGroup(),
		droppedField().ofGroup(),
		textField("region", func(e *Endpoint) *Region { return &e.Region },
			readWordOrNone(Regions())).ofGroup(),
		textField("tpm", func(e *Endpoint) *TPM { return &e.TPM },
			readWordOrNone(TPMs())).ofGroup(),
		plainField("features", func(e *Endpoint) *[]Feature { return &e.Features },
			readWords(Features()), texts).ofGroup(),
		plainField("windows", func(e *Endpoint) *map[Cloud]Windows { return &e.Windows },
			readByWord(Clouds(), readWord(Generations())), byWord(Clouds(), word[Windows])).ofGroup(),
		textField("phase", func(e *Endpoint) *Phase { return &e.Phase }, readWordOrNone(Phases())),
		plainField("traits", func(e *Endpoint) *[]Trait { return &e.Traits }, readWords(traits()), texts).ofGroup(),
		textField("status", func(e *Endpoint) *Status { return &e.Status }, readWord(statuses())),
		plainField("replaced_by", func(e *Endpoint) *[]string { return &e.ReplacedBy }, readStrings, texts).ofGroup(),
	}
}

// testFields say how to test an endpoint.
func testFields() []field {
	return []field{
		plainField("members", func(e *Endpoint) *[]string { return &e.Members }, readStrings, texts).ofEndpoint(),
		plainField("cnames", func(e *Endpoint) *map[Cloud][]string { return &e.CNAMEs }, readByWord(Clouds(), readStrings), byWord(Clouds(), texts[string])).ofEndpoint(),
		textField("path", func(e *Endpoint) *string { return &e.Path }, readString).ofEndpoint(),
		textField("path_host", func(e *Endpoint) *string { return &e.PathHost }, readString).ofEndpoint(),
		plainField("answer", func(e *Endpoint) *Answer { return &e.Answer }, readAnswer, answerValue).ofEndpoint(),
	}
}

// factFields say what an endpoint means and who says so.
func factFields() []field {
	return []field{
		textField("consequence", func(e *Endpoint) *string { return &e.Loss }, readText).ofGroup(),
		textField("consequence_basis", func(e *Endpoint) *Basis { return &e.LossBasis },
			readWordOrNone(bases())),
		textField("confidence", func(e *Endpoint) *Basis { return &e.Basis }, readWord(bases())),
		sourceField(),
		alsoField().ofGroup(),
		textField("notes", func(e *Endpoint) *string { return &e.Notes }, readNotes).ofGroup(),
		textField("category", func(e *Endpoint) *string { return &e.Category }, readText).ofGroup(),
		plainField("sets", func(e *Endpoint) *[]string { return &e.Sets }, readSets, texts).ofGroup(),
	}
}

// ofGroup marks a field that is not written for a whole service.
func (f field) ofGroup() field {
	f.service = false
	return f
}

// ofEndpoint marks a field that is written for one endpoint alone.
func (f field) ofEndpoint() field {
	f.own = true
	return f.ofGroup()
}

func plainField[T any](name string, at func(*Endpoint) *T, read func(value) (T, *fault), write func(T) value) field {
	return field{
		name:    name,
		service: true,
		read: func(_ map[string]Source, e *Endpoint, v value) (f *fault) {
			*at(e), f = read(v)
			return f
		},
		write: func(_ map[Source]string, e *Endpoint) value { return write(*at(e)) },
	}
}

func textField[S ~string](name string, at func(*Endpoint) *S, read func(value) (S, *fault)) field {
	return plainField(name, at, read, word[S])
}

func sourceField() field {
	return field{
		name:    "source",
		service: true,
		read: func(sources map[string]Source, e *Endpoint, v value) (f *fault) {
			e.Source, f = readSourceKey(sources, v)
			return f
		},
		write: func(keys map[Source]string, e *Endpoint) value { return text(keys[e.Source]) },
	}
}

func alsoField() field {
	return field{
		name: "also",
		read: func(sources map[string]Source, e *Endpoint, v value) (f *fault) {
			e.Also, f = readList(v, func(v value) (Source, *fault) { return readSourceKey(sources, v) })
			return f
		},
		write: func(keys map[Source]string, e *Endpoint) value {
			out := value{kind: arrayValue}
			for _, s := range e.Also {
				out.items = append(out.items, text(keys[s]))
			}
			return out
		},
	}
}

func droppedField() field {
	return field{
		name: "dropped_by",
		read: func(sources map[string]Source, e *Endpoint, v value) (f *fault) {
			e.DroppedBy, f = readByWord(allScenarios(), func(v value) (Source, *fault) { return readSourceKey(sources, v) })(v)
			return f
		},
		write: func(keys map[Source]string, e *Endpoint) value {
			return byWord(allScenarios(), func(s Source) value { return text(keys[s]) })(e.DroppedBy)
		},
	}
}

func readSourceKey(sources map[string]Source, v value) (Source, *fault) {
	key, f := readString(v)
	if f != nil {
		return Source{}, f
	}
	s, ok := sources[key]
	if !ok {
		return Source{}, badValue(v, "unknown source %q", key)
	}
	return s, nil
}

func readPart(v value) (string, *fault) {
	s, f := readString(v)
	if f == nil && s != "" && !isIdentifier(s) {
		f = badValue(v, "%q is not a part name", s)
	}
	return s, f
}

func portTexts(ports []Port) value {
	v := value{kind: arrayValue}
	for _, p := range ports {
		v.items = append(v.items, text(p.String()))
	}
	return v
}

func word[S ~string](s S) value { return text(string(s)) }

func needValue(n Need) value { return text(n.String()) }

// byWord writes an object with a member for each of some words, in the order of
// the vocabulary.
func byWord[S ~string, T any](words []S, write func(T) value) func(map[S]T) value {
	return func(m map[S]T) value {
		v := value{kind: objectValue}
		for _, w := range words {
			if t, ok := m[w]; ok {
				v.add(string(w), write(t))
			}
		}
		return v
	}
}

func answerValue(a Answer) value {
	v := value{kind: objectValue}
	statuses, addresses := value{kind: arrayValue}, value{kind: arrayValue}
	for _, n := range a.Statuses {
		statuses.items = append(statuses.items, number(n))
	}
	for _, addr := range a.Addresses {
		addresses.items = append(addresses.items, text(addr.String()))
	}
	v.addFull("protocol", text(a.Protocol))
	v.addFull("statuses", statuses)
	v.addFull("body", text(a.Body))
	v.addFull("addresses", addresses)
	v.addFull("confidence", text(string(a.Basis)))
	return v
}

// addFull adds a member unless it is empty.
func (v *value) addFull(name string, val value) {
	if !val.empty() {
		v.add(name, val)
	}
}
