package endpoints

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
)

// A fault is what is wrong with a value, with the path below the value that
// was being read.
type fault struct {
	code   Code
	path   string
	offset int
	reason string
}

func badValue(v value, format string, args ...any) *fault {
	return &fault{code: BadValue, offset: v.offset, reason: fmt.Sprintf(format, args...)}
}

// under puts a fault below a field.
func (f *fault) under(name string) *fault {
	switch {
	case f == nil:
		return nil
	case f.path == "" || f.path[0] == '[':
		f.path = name + f.path
	default:
		f.path = name + "." + f.path
	}
	return f
}

func (v value) want(k valueKind) *fault {
	if v.kind != k {
		return &fault{code: WrongType, offset: v.offset, reason: fmt.Sprintf("want %v, got %v", k, v.kind)}
	}
	return nil
}

func readString(v value) (string, *fault) { return v.text, v.want(stringValue) }

func readBool(v value) (bool, *fault) { return v.text == "true", v.want(boolValue) }

func readInt(v value) (int, *fault) {
	if f := v.want(numberValue); f != nil {
		return 0, f
	}
	n, err := strconv.ParseInt(v.text, 10, 32)
	if err != nil || n < 0 {
		return 0, badValue(v, "%s is out of range, or no whole number", v.text)
	}
	return int(n), nil
}

func readList[T any](v value, read func(value) (T, *fault)) ([]T, *fault) {
	if f := v.want(arrayValue); f != nil {
		return nil, f
	}
	if len(v.items) == 0 {
		return nil, nil
	}
	out := make([]T, len(v.items))
	for i, item := range v.items {
		var f *fault
		if out[i], f = read(item); f != nil {
			return nil, f.under("[" + strconv.Itoa(i) + "]")
		}
	}
	return out, nil
}

// readObject calls read for every member in order.
func readObject(v value, read func(name string, v value) *fault) *fault {
	if f := v.want(objectValue); f != nil {
		return f
	}
	for _, m := range v.members {
		if f := read(m.name, m.value); f != nil {
			return f.under(m.name)
		}
	}
	return nil
}

func unknownField(v value) *fault {
	return &fault{code: UnknownField, offset: v.offset, reason: "there is no such field here"}
}

// readWord reads one of the words that are known.
func readWord[S ~string](what string, known func(S) bool) func(value) (S, *fault) {
	return func(v value) (S, *fault) {
		s, f := readString(v)
		if f == nil && !known(S(s)) {
			f = badValue(v, "unknown %s %q", what, s)
		}
		return S(s), f
	}
}

// oneOf returns a function that reports whether a word is in the list.
func oneOf[S comparable](words []S) func(S) bool {
	return func(s S) bool { return slices.Contains(words, s) }
}

// readWords reads a list of words and brings it into the order of the
// vocabulary, each word once.
func readWords[S ~string](what string, words []S) func(value) ([]S, *fault) {
	read := readWord(what, oneOf(words))
	return func(v value) ([]S, *fault) {
		out, f := readList(v, read)
		return inOrder(out, words), f
	}
}

// inOrder sorts words into the order of the vocabulary, in place, and drops repetitions.
func inOrder[S comparable](words, vocabulary []S) []S {
	rank := func(s S) int { return slices.Index(vocabulary, s) }
	slices.SortStableFunc(words, func(a, b S) int { return rank(a) - rank(b) })
	return slices.Compact(words)
}

func readPort(v value) (Port, *fault) {
	s, f := readString(v)
	if f != nil {
		return Port{}, f
	}
	p, reason := parsePort(s)
	if reason != "" {
		return Port{}, badValue(v, "%s", reason)
	}
	return p, nil
}

func readPorts(v value) ([]Port, *fault) { return readList(v, readPort) }

func readStrings(v value) ([]string, *fault) { return readList(v, readString) }

func readSets(v value) ([]Set, *fault) { return readList(v, readSet) }

func readNeed(v value) (Need, *fault) {
	s, f := readString(v)
	if f != nil {
		return 0, f
	}
	n, ok := parseNeed(s)
	if !ok {
		return 0, badValue(v, "unknown need %q", s)
	}
	return n, nil
}

func readNeedIn(v value) (map[Scenario]Need, *fault) {
	var out map[Scenario]Need
	f := readObject(v, func(name string, v value) *fault {
		n, f := readNeed(v)
		if f == nil && !knownScenario(Scenario(name)) {
			f = badValue(v, "unknown scenario %q", name)
		}
		if out == nil {
			out = make(map[Scenario]Need)
		}
		out[Scenario(name)] = n
		return f
	})
	return out, f
}

// readByCloud reads an object with a member for each of some clouds.
func readByCloud[T any](read func(value) (T, *fault)) func(value) (map[Cloud]T, *fault) {
	return func(v value) (map[Cloud]T, *fault) {
		var out map[Cloud]T
		f := readObject(v, func(name string, v value) *fault {
			t, f := read(v)
			if f == nil && !slices.Contains(Clouds(), Cloud(name)) {
				f = badValue(v, "unknown cloud %q", name)
			}
			if out == nil {
				out = make(map[Cloud]T)
			}
			out[Cloud(name)] = t
			return f
		})
		return out, f
	}
}

func readAddr(v value) (netip.Addr, *fault) {
	s, f := readString(v)
	if f != nil {
		return netip.Addr{}, f
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}, badValue(v, "%q is no IP address", s)
	}
	return addr, nil
}

func readAnswer(v value) (a Answer, f *fault) {
	f = readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "protocol":
			a.Protocol, f = readString(v)
		case "statuses":
			a.Statuses, f = readList(v, readInt)
		case "body":
			a.Body, f = readString(v)
		case "addresses":
			a.Addresses, f = readList(v, readAddr)
		case "confidence":
			a.Confidence, f = readWord("confidence", knownConfidence)(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	return a, f
}

func readSet(v value) (Set, *fault) {
	word, f := readString(v)
	if f != nil {
		return Set{}, f
	}
	s, reason := parseSet(word)
	if reason != "" {
		return Set{}, badValue(v, "%s", reason)
	}
	return s, nil
}

func readSource(v value) (s Source, f *fault) {
	f = readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "title":
			s.Title, f = readString(v)
		case "ref":
			s.Ref, f = readString(v)
		case "date":
			s.Date, f = readString(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	if f == nil && s.Title == "" {
		f = (&fault{code: MissingField, offset: v.offset, reason: "a source needs a title"}).under("title")
	}
	return s, f
}
