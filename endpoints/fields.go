package endpoints

import "slices"

// A field is a field of an endpoint as it is written in a catalogue. The same
// table reads and writes, so that neither can forget one.
type field struct {
	name string

	// own fields belong to one endpoint; they are never written for a group.
	// Those that services share may be written once for all of a service.
	// Reading accepts any field anywhere.
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
		textField("part", func(e *Endpoint) *Part { return &e.Part }, readWord("part", func(p Part) bool {
			return p == "" || isIdentifier(string(p))
		})).ofGroup(),
		plainField("core", func(e *Endpoint) *bool { return &e.Core }, readBool, boolean).ofGroup(),
		plainField("scenarios", func(e *Endpoint) *[]Scenario { return &e.Scenarios },
			readWords("scenario", append(Scenarios(), ScenarioRemoteHelp)), texts),
		plainField("clouds", func(e *Endpoint) *[]Cloud { return &e.Clouds }, readWords("cloud", Clouds()), texts),
		plainField("ports", func(e *Endpoint) *[]Port { return &e.Ports }, readPorts, portTexts),
		plainField("need", func(e *Endpoint) *Need { return &e.Need }, readNeed, func(n Need) value { return text(n.String()) }),
		plainField("need_in", func(e *Endpoint) *map[Scenario]Need { return &e.NeedIn }, readNeedIn, needInValue).ofGroup(),
		textField("region", func(e *Endpoint) *Region { return &e.Region },
			readWord("region", oneOf(append(Regions(), "")))).ofGroup(),
		textField("tpm", func(e *Endpoint) *TPMVendor { return &e.TPM },
			readWord("TPM vendor", oneOf(append(TPMVendors(), "")))).ofGroup(),
		plainField("features", func(e *Endpoint) *[]Feature { return &e.Features },
			readWords("feature", Features()), texts).ofGroup(),
		plainField("windows", func(e *Endpoint) *map[Cloud]Windows { return &e.Windows },
			readByCloud(readWord("generation of Windows", oneOf(Generations()))), byCloud(word[Windows])).ofGroup(),
		textField("phase", func(e *Endpoint) *Phase { return &e.Phase }, readWord("phase", oneOf(append(Phases(), "")))),
		plainField("traits", func(e *Endpoint) *[]Trait { return &e.Traits }, readWords("trait", Traits()), texts).ofGroup(),
		textField("status", func(e *Endpoint) *Status { return &e.Status }, readWord("status", knownStatus)),
	}
}

// testFields say through what an endpoint is tested.
func testFields() []field {
	return []field{
		plainField("members", func(e *Endpoint) *[]string { return &e.Members }, readStrings, texts).ofEndpoint(),
		plainField("cnames", func(e *Endpoint) *map[Cloud][]string { return &e.CNAMEs }, readByCloud(readStrings), byCloud(texts[string])).ofEndpoint(),
		textField("path", func(e *Endpoint) *string { return &e.Path }, readString).ofEndpoint(),
		textField("path_host", func(e *Endpoint) *string { return &e.PathHost }, readString).ofEndpoint(),
		plainField("answer", func(e *Endpoint) *Answer { return &e.Answer }, readAnswer, answerValue).ofEndpoint(),
	}
}

// factFields say what an endpoint means and who says so.
func factFields() []field {
	return []field{
		textField("consequence", func(e *Endpoint) *string { return &e.Consequence }, readString).ofGroup(),
		textField("consequence_basis", func(e *Endpoint) *Confidence { return &e.ConsequenceBasis },
			readWord("confidence", func(c Confidence) bool { return c == "" || knownConfidence(c) })),
		textField("confidence", func(e *Endpoint) *Confidence { return &e.Confidence }, readWord("confidence", knownConfidence)),
		sourceField(),
		alsoField().ofGroup(),
		textField("notes", func(e *Endpoint) *string { return &e.Notes }, readString).ofGroup(),
		textField("category", func(e *Endpoint) *string { return &e.Category }, readString).ofGroup(),
		plainField("sets", func(e *Endpoint) *[]Set { return &e.Sets }, readSets, setTexts).ofGroup(),
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
	v := value{kind: arrayValue}
	for _, p := range ports {
		v.items = append(v.items, text(p.String()))
	}
	return v
}

func word[S ~string](s S) value { return text(string(s)) }

func byCloud[T any](write func(T) value) func(map[Cloud]T) value {
	return func(m map[Cloud]T) value {
		v := value{kind: objectValue}
		for _, c := range Clouds() {
			if t, ok := m[c]; ok {
				v.add(string(c), write(t))
			}
		}
		return v
	}
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
	v.addFull("confidence", text(string(a.Confidence)))
	return v
}

func setTexts(sets []Set) value {
	v := value{kind: arrayValue}
	for _, s := range sets {
		v.items = append(v.items, text(s.String()))
	}
	return v
}

// addFull adds a member unless it is empty.
func (v *value) addFull(name string, val value) {
	if !val.empty() {
		v.add(name, val)
	}
}
