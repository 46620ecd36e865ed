package endpoints

import "fmt"

// Support says whether Microsoft offers a scenario in a cloud. The zero
// Support is the fail-safe one: no document that was read says so.
type Support struct {
	Status SupportStatus
	Source Source // the document that says so; zero if none does

	// Windows is the only generation of Windows that the document offers the
	// scenario for, or empty if it names no single one.
	Windows Windows
}

// A SupportStatus is the answer of a document.
type SupportStatus uint8

// The answers.
const (
	NotDocumented SupportStatus = iota
	Supported
	Unsupported
)

// String returns "not-documented", "yes" or "no".
func (s SupportStatus) String() string {
	switch s {
	case NotDocumented:
		return "not-documented"
	case Supported:
		return "yes"
	case Unsupported:
		return "no"
	default:
		return fmt.Sprintf("SupportStatus(%d)", uint8(s))
	}
}

type supportKey struct {
	scenario Scenario
	cloud    Cloud
}

// Support returns whether Microsoft offers a scenario in a cloud. Cloud "" is
// [CloudWorldwide], as in a [Query].
func (c *Catalog) Support(s Scenario, cloud Cloud) Support {
	if cloud == "" {
		cloud = CloudWorldwide
	}
	return c.support[supportKey{s, cloud}]
}

func readSupport(sources map[string]Source, v value) (map[supportKey]Support, *fault) {
	out := make(map[supportKey]Support)
	f := readObject(v, func(scenario string, v value) *fault {
		if !knownScenario(Scenario(scenario)) {
			return badValue(v, "unknown scenario %q", scenario)
		}
		return readObject(v, func(cloud string, v value) *fault {
			if !oneOf(Clouds())(Cloud(cloud)) {
				return badValue(v, "unknown cloud %q", cloud)
			}
			s, f := readSupportEntry(sources, v)
			out[supportKey{Scenario(scenario), Cloud(cloud)}] = s
			return f
		})
	})
	return out, f
}

func readSupportEntry(sources map[string]Source, v value) (s Support, f *fault) {
	f = readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "status":
			s.Status, f = readSupportStatus(v)
		case "source":
			s.Source, f = readSourceKey(sources, v)
		case "windows":
			s.Windows, f = readWord("generation of Windows", oneOf(Generations()))(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	return s, f
}

func readSupportStatus(v value) (SupportStatus, *fault) {
	word, f := readString(v)
	if f != nil {
		return 0, f
	}
	for s := NotDocumented; s <= Unsupported; s++ {
		if s.String() == word {
			return s, nil
		}
	}
	return 0, badValue(v, "unknown answer %q", word)
}

func (c *Catalog) supportValue(keys map[Source]string) value {
	v := value{kind: objectValue}
	for _, scenario := range append(Scenarios(), ScenarioRemoteHelp) {
		clouds := value{kind: objectValue}
		for _, cloud := range Clouds() {
			s, ok := c.support[supportKey{scenario, cloud}]
			if !ok {
				continue
			}
			entry := value{kind: objectValue}
			entry.add("status", text(s.Status.String()))
			entry.addFull("source", text(keys[s.Source]))
			entry.addFull("windows", text(string(s.Windows)))
			clouds.add(string(cloud), entry)
		}
		v.addFull(string(scenario), clouds)
	}
	return v
}
