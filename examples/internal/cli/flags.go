package cli

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// Scope defines a flag for each of the given fields of a scope. A flag has the
// field's JSON name with hyphens instead of underscores. A list may be given in
// parts by repeating its flag.
func Scope(fs *flag.FlagSet, s *endpoints.Scope, fields ...string) {
	for _, field := range fields {
		var given []string
		fs.Func(strings.ReplaceAll(field, "_", "-"), "", func(value string) error {
			all := value
			if field == "tenant" || field == "features" {
				given = append(given, value)
				all = strings.Join(given, ",")
			}
			return hint(s.Set(field, all), value)
		})
	}
}

// hint returns the error for a flag's value. Package flag adds the value.
func hint(err error, given string) error {
	bad, ok := errors.AsType[*endpoints.Error](err)
	if !ok {
		return err
	}
	text := bad.Reason
	if bad.Want != nil {
		text = "want one of " + strings.Join(bad.Want, ", ")
	}
	if bad.Value != given && bad.Value != "" {
		text = fmt.Sprintf("%q: %s", bad.Value, text)
	}
	return errors.New(text)
}

// OneOf returns a function for [flag.FlagSet.Func] that accepts the given
// words.
func OneOf[T ~string](dst *T, all []T) func(string) error {
	return func(s string) error {
		if !slices.Contains(all, T(s)) {
			return WantOneOf(all)
		}
		*dst = T(s)
		return nil
	}
}

// WantOneOf returns the error for an unknown word.
func WantOneOf[T ~string](all []T) error {
	return errors.New("want one of " + Joined(all))
}

// Joined returns words separated by commas.
func Joined[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// File returns a function for [flag.FlagSet.Func] that accepts a file name.
func File(dst *string) func(string) error {
	return func(s string) error {
		if s == "" {
			return errors.New("want the name of a file")
		}
		*dst = s
		return nil
	}
}

// Words returns the parts of a list separated by commas. It keeps empty parts,
// which no flag accepts.
func Words(s string) []string {
	parts := strings.Split(s, ",")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}
