package endpoints

// A field is a field of an endpoint as it is written in a catalogue. The same
// table reads and writes, so that neither can forget one.
type field struct {
	name  string
	read  func(sources map[string]Source, e *Endpoint, v value) *fault
	write func(keys map[Source]string, e *Endpoint) value // an empty value is the zero one
}

// fields returns all fields but the host, in the order in which they are written.
func fields() []field {
	return []field{
		textField("part", func(e *Endpoint) *Part { return &e.Part }, readWord("part", func(p Part) bool {
			return p == "" || isIdentifier(string(p))
		})),
		plainField("core", func(e *Endpoint) *bool { return &e.Core }, readBool, boolean),
		listField("scenarios", func(e *Endpoint) *[]Scenario { return &e.Scenarios },
			readWords("scenario", append(Scenarios(), ScenarioRemoteHelp)), texts),
		listField("clouds", func(e *Endpoint) *[]Cloud { return &e.Clouds }, readWords("cloud", Clouds()), texts),
		listField("ports", func(e *Endpoint) *[]Port { return &e.Ports }, func(v value) ([]Port, *fault) {
			return readList(v, readPort)
		}, portTexts),
		plainField("need", func(e *Endpoint) *Need { return &e.Need }, readNeed, func(n Need) value { return text(n.String()) }),
		plainField("need_in", func(e *Endpoint) *map[Scenario]Need { return &e.NeedIn }, readNeedIn, needInValue),
		textField("region", func(e *Endpoint) *Region { return &e.Region }, readWord("region", oneOf(append(Regions(), "")))),
		textField("tpm", func(e *Endpoint) *TPMVendor { return &e.TPM }, readWord("TPM vendor", oneOf(append(TPMVendors(), "")))),
		listField("features", func(e *Endpoint) *[]Feature { return &e.Features }, readWords("feature", Features()), texts),
		textField("phase", func(e *Endpoint) *Phase { return &e.Phase }, readWord("phase", oneOf(append(Phases(), "")))),
		listField("traits", func(e *Endpoint) *[]Trait { return &e.Traits }, readWords("trait", Traits()), texts),
		textField("status", func(e *Endpoint) *Status { return &e.Status }, readWord("status", knownStatus)),
		listField("members", func(e *Endpoint) *[]string { return &e.Members }, func(v value) ([]string, *fault) {
			return readList(v, readString)
		}, texts),
		textField("path", func(e *Endpoint) *string { return &e.Path }, readString),
		textField("path_host", func(e *Endpoint) *string { return &e.PathHost }, readString),
		plainField("answer", func(e *Endpoint) *Answer { return &e.Answer }, readAnswer, answerValue),
		textField("consequence", func(e *Endpoint) *string { return &e.Consequence }, readString),
		textField("consequence_basis", func(e *Endpoint) *Confidence { return &e.ConsequenceBasis },
			readWord("confidence", func(c Confidence) bool { return c == "" || knownConfidence(c) })),
		textField("confidence", func(e *Endpoint) *Confidence { return &e.Confidence }, readWord("confidence", knownConfidence)),
		sourceField(),
		alsoField(),
		textField("notes", func(e *Endpoint) *string { return &e.Notes }, readString),
		textField("category", func(e *Endpoint) *string { return &e.Category }, readString),
		listField("sets", func(e *Endpoint) *[]Set { return &e.Sets }, func(v value) ([]Set, *fault) {
			return readList(v, readSet)
		}, setValues),
	}
}

func plainField[T any](name string, at func(*Endpoint) *T, read func(value) (T, *fault), write func(T) value) field {
	return field{
		name: name,
		read: func(_ map[string]Source, e *Endpoint, v value) (f *fault) {
			*at(e), f = read(v)
			return f
		},
		write: func(_ map[Source]string, e *Endpoint) value { return write(*at(e)) },
	}
}

func textField[S ~string](name string, at func(*Endpoint) *S, read func(value) (S, *fault)) field {
	return plainField(name, at, read, func(s S) value { return text(string(s)) })
}

func listField[T any](name string, at func(*Endpoint) *[]T, read func(value) ([]T, *fault), write func([]T) value) field {
	return plainField(name, at, read, write)
}

func sourceField() field {
	return field{
		name: "source",
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
			out := list()
			for _, s := range e.Also {
				out.items = append(out.items, text(keys[s]))
			}
			return out
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

func portTexts(ports []Port) value {
	v := list()
	for _, p := range ports {
		v.items = append(v.items, text(p.String()))
	}
	return v
}

func needInValue(needs map[Scenario]Need) value {
	v := value{kind: objectValue}
	for _, s := range append(Scenarios(), ScenarioRemoteHelp) {
		if n, ok := needs[s]; ok {
			v.add(string(s), text(n.String()))
		}
	}
	return v
}

func answerValue(a Answer) value {
	v := value{kind: objectValue}
	statuses, addresses := list(), list()
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
	v.addFull("confidence", text(string(a.Confidence)))
	return v
}

func setValues(sets []Set) value {
	out := list()
	for _, s := range sets {
		v := value{kind: objectValue}
		v.add("cloud", text(string(s.Cloud)))
		v.add("id", number(s.ID))
		v.addFull("area", text(s.Area))
		v.addFull("category", text(s.Category))
		v.addFull("required", boolean(s.Required))
		v.addFull("note", text(s.Note))
		out.items = append(out.items, v)
	}
	return out
}

// addFull adds a member unless it is empty.
func (v *value) addFull(name string, val value) {
	if !val.empty() {
		v.add(name, val)
	}
}
