package endpoints

import "slices"

// A support says whether Microsoft offers a scenario in a cloud.
type support struct {
	known   Known
	windows Windows
	source  Source
}

type supportKey struct {
	scenario Scenario
	cloud    Cloud
}

// Support returns whether a document says that Microsoft offers a scenario in a
// cloud, the only supported generation of Windows (empty if there is no such
// limit), and the document. An empty cloud means [CloudWorldwide].
func (c *Catalog) Support(s Scenario, cloud Cloud) (Known, Windows, Source) {
	if cloud == "" {
		cloud = CloudWorldwide
	}
	found := c.support[supportKey{s, cloud}]
	return found.known, found.windows, found.source
}

// supportWords are the words for Unknown, Confirmed and Contradicted.
func supportWords() []string { return []string{"not-documented", "yes", "no"} }

func readSupport(sources map[string]Source, v value) (map[supportKey]support, *fault) {
	out := make(map[supportKey]support)
	f := readObject(v, func(scenario string, v value) *fault {
		if f := checkWord(v, Scenario(scenario), allScenarios()); f != nil {
			return f
		}
		return readObject(v, func(cloud string, v value) *fault {
			if f := checkWord(v, Cloud(cloud), Clouds()); f != nil {
				return f
			}
			s, f := readSupportEntry(sources, v)
			out[supportKey{Scenario(scenario), Cloud(cloud)}] = s
			return f
		})
	})
	return out, f
}

func readSupportEntry(sources map[string]Source, v value) (s support, f *fault) {
	f = readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "status":
			s.known, f = readSupportStatus(v)
		case "source":
			s.source, f = readSourceKey(sources, v)
		case "windows":
			s.windows, f = readWord(Generations())(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	return s, f
}

func readSupportStatus(v value) (Known, *fault) {
	word, f := readWord(supportWords())(v)
	return Known(max(0, slices.Index(supportWords(), word))), f
}

func (c *Catalog) supportValue(keys map[Source]string) value {
	v := value{kind: objectValue}
	for _, scenario := range allScenarios() {
		clouds := value{kind: objectValue}
		for _, cloud := range Clouds() {
			s, ok := c.support[supportKey{scenario, cloud}]
			if !ok {
				continue
			}
			entry := value{kind: objectValue}
			entry.add("status", text(supportWords()[s.known]))
			entry.addFull("source", text(keys[s.source]))
			entry.addFull("windows", text(string(s.windows)))
			clouds.add(string(cloud), entry)
		}
		v.addFull(string(scenario), clouds)
	}
	return v
}
