package traffic

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A record returns the value of a field, or nil if it is unset.
type record func(field string) []byte

func jsonRecord(line []byte) (record, *endpoints.Error) {
	var doc map[string]json.RawMessage
	if line[0] != '{' || json.Unmarshal(line, &doc) != nil {
		return nil, badSyntax("", "want an object of JSON")
	}
	within := make(map[string]map[string]json.RawMessage) // the nested objects that were needed, by path
	return func(field string) []byte {
		inner, rest := doc, field
		for {
			if raw, ok := inner[rest]; ok {
				return present(jsonText(raw))
			}
			first, after, ok := strings.Cut(rest, ".")
			raw, isThere := inner[first]
			if !ok || !isThere {
				return nil
			}
			path := field[:len(field)-len(after)]
			next, known := within[path]
			if !known {
				_ = json.Unmarshal(raw, &next) // of what is no object, no field is there
				within[path] = next
			}
			inner, rest = next, after
		}
	}, nil
}

// keyValueRecord reads fields such as action="deny" or dstport=443, which are
// separated by blanks.
func keyValueRecord(line []byte) (record, *endpoints.Error) {
	values := make(map[string][]byte)
	for len(line) > 0 {
		key, rest, ok := bytes.Cut(line, []byte("="))
		if !ok {
			break
		}
		key = key[bytes.LastIndexAny(key, " \t")+1:]
		var value []byte
		if len(rest) > 0 && rest[0] == '"' {
			if value, rest, ok = quoted(rest[1:]); !ok {
				return nil, badSyntax("", "a value has no closing quote")
			}
		} else {
			i := blank(rest)
			value, rest = rest[:i], rest[i:]
		}
		if len(values) == maxFields {
			return nil, tooLarge("", "too many fields")
		}
		values[string(key)] = present(value)
		line = trimBlanks(rest)
	}
	if len(values) < 2 {
		return nil, badSyntax("", "want fields such as action=deny")
	}
	return func(field string) []byte { return values[field] }, nil
}

// csvRecord reads values separated by commas.
func (r *layoutReader) csvRecord(line []byte) (record, *endpoints.Error) {
	var ok bool
	if r.values, ok = cutCommas(r.values[:0], line); !ok {
		return nil, badSyntax("", "a value has no closing quote")
	}
	if r.columns == nil {
		names := r.layout.Columns
		header := len(names) == 0
		if header {
			for _, v := range r.values {
				names = append(names, string(v))
			}
		}
		columns := make(map[string]int)
		for i, name := range names {
			if _, again := columns[name]; !again {
				columns[name] = i
			}
		}
		if !hasAny(columns, r.layout.Host) {
			return nil, badSyntax("", "no column of the first line has a host")
		}
		r.columns = columns
		if header {
			return nil, nil //nolint:nilnil // this line has the names
		}
	}
	if last := len(r.layout.Host); len(r.values) <= r.columns[r.layout.Host[last-1]] && len(r.values) <= r.columns[r.layout.Host[0]] {
		return nil, badSyntax("", "fewer values than the layout has columns")
	}
	return func(field string) []byte {
		i, ok := r.columns[field]
		if !ok || i >= len(r.values) {
			return nil
		}
		return present(r.values[i])
	}, nil
}

func hasAny(columns map[string]int, fields []string) bool {
	for _, f := range fields {
		if _, ok := columns[f]; ok {
			return true
		}
	}
	return false
}

// cutCommas appends the values of a line of CSV. Doubled quotes in a quoted
// value stay doubled, because no value that is used has any.
func cutCommas(values [][]byte, line []byte) ([][]byte, bool) {
	for more := true; more && len(values) < maxFields; {
		line = bytes.TrimLeft(line, " ")
		var value []byte
		if len(line) > 0 && line[0] == '"' {
			var ok bool
			if value, line, ok = cutValue(line); !ok {
				return values, false
			}
			_, line, more = bytes.Cut(line, []byte(","))
		} else {
			value, line, more = bytes.Cut(line, []byte(","))
		}
		values = append(values, bytes.TrimSpace(value))
	}
	return values, true
}

// present returns nil for a value that stands for none.
func present(b []byte) []byte {
	if len(b) == 0 || string(b) == "-" {
		return nil
	}
	return b
}
