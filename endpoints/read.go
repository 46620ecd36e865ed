package endpoints

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/internal/plain"
)

// A fault is an error in a value, with its path below the value being read.
type fault struct {
	code   string
	path   string
	offset int
	value  string   // see [Error]
	want   []string // see [Error]
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

// readText reads what is shown to people.
func readText(v value) (string, *fault) {
	s, f := readString(v)
	if f == nil && !plain.IsText(s) {
		f = badValue(v, "%s", notText(s))
	}
	return s, f
}

// readNotes reads what may have several lines.
func readNotes(v value) (string, *fault) {
	s, f := readString(v)
	if f == nil && !isNotes(s) {
		f = badValue(v, "%s", notText(s))
	}
	return s, f
}

// isNotes reports whether each line of s is visible text.
func isNotes(s string) bool { return plain.IsText(strings.ReplaceAll(s, "\n", " ")) }

// notText says what is wrong with a text that is not one visible line.
func notText(s string) string { return fmt.Sprintf("%q is not one line of visible text", s) }

func readBool(v value) (bool, *fault) { return v.text == "true", v.want(boolValue) }

func readInt(v value) (int, *fault) {
	if f := v.want(numberValue); f != nil {
		return 0, f
	}
	n, err := strconv.ParseInt(v.text, 10, 32)
	if err != nil || n < 0 {
		return 0, badValue(v, "%s is not an integer, or out of range", v.text)
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

func tooMany(v value, what string) *fault {
	return &fault{code: TooLarge, offset: v.offset, reason: fmt.Sprintf("more than %d %s", maxEntries, what)}
}

func unknownField(v value) *fault {
	return &fault{code: UnknownField, offset: v.offset, reason: "unknown field"}
}

// checkWord returns a fault unless word is known.
func checkWord[S ~string](v value, word S, known []S) *fault {
	if slices.Contains(known, word) {
		return nil
	}
	return &fault{code: BadValue, offset: v.offset, value: string(word), want: strs(known), reason: "unknown"}
}

// readWord reads one of the known words.
func readWord[S ~string](known []S) func(value) (S, *fault) {
	return func(v value) (S, *fault) {
		s, f := readString(v)
		if f == nil {
			f = checkWord(v, S(s), known)
		}
		return S(s), f
	}
}

// readWordOrNone reads one of the known words, or nothing.
func readWordOrNone[S ~string](known []S) func(value) (S, *fault) {
	read := readWord(known)
	return func(v value) (S, *fault) {
		if v.kind == stringValue && v.text == "" {
			return "", nil
		}
		return read(v)
	}
}

// readWords reads a list of words and brings it into the order of the
// vocabulary, each word once.
func readWords[S ~string](words []S) func(value) ([]S, *fault) {
	read := readWord(words)
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

func readSets(v value) ([]string, *fault) { return readList(v, readSet) }

func readNeed(v value) (Need, *fault) {
	s, f := readString(v)
	if f != nil {
		return 0, f
	}
	n, _ := parseNeed(s)
	return n, checkWord(v, s, needWords())
}

// readByWord reads an object with a member for each of some words.
func readByWord[S ~string, T any](words []S, read func(value) (T, *fault)) func(value) (map[S]T, *fault) {
	return func(v value) (map[S]T, *fault) {
		var out map[S]T
		f := readObject(v, func(name string, v value) *fault {
			t, f := read(v)
			if f == nil {
				f = checkWord(v, S(name), words)
			}
			if out == nil {
				out = make(map[S]T)
			}
			out[S(name)] = t
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
		return netip.Addr{}, badValue(v, "%q is not an IP address", s)
	}
	return addr, nil
}

func readAnswer(v value) (a Answer, f *fault) {
	f = readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "protocol":
			a.Protocol, f = readText(v)
		case "statuses":
			a.Statuses, f = readList(v, readInt)
		case "body":
			a.Body, f = readString(v)
		case "addresses":
			a.Addresses, f = readList(v, readAddr)
		case "confidence":
			a.Basis, f = readWord(bases())(v)
		default:
			f = unknownField(v)
		}
		return f
	})
	return a, f
}

func readSet(v value) (string, *fault) {
	line, f := readString(v)
	if f != nil {
		return "", f
	}
	if reason := checkSet(line); reason != "" {
		return "", badValue(v, "%s", reason)
	}
	return line, nil
}

func readSource(v value) (s Source, f *fault) {
	f = readObject(v, func(name string, v value) (f *fault) {
		switch name {
		case "title":
			s.Title, f = readText(v)
		case "ref":
			s.Ref, f = readText(v)
		case "date":
			s.Date, f = readText(v)
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
