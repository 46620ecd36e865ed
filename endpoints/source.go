package endpoints

import (
	"iter"
	"slices"
)

// Day returns the date at which s is known to say what it says, as far as
// Date gives one: "2026-03-24", "2026-03" or "2026". Of a span it is the
// end. It is empty if the document is undated. Days compare as strings.
func (s Source) Day() string {
	const undated = "undated"
	if len(s.Date) >= len(undated) && s.Date[:len(undated)] == undated {
		return ""
	}
	day := ""
	for i := range len(s.Date) {
		if i == 0 || !isDigit(s.Date[i-1]) {
			day = max(day, leadingDate(s.Date[i:]))
		}
	}
	return day
}

// leadingDate returns the longest date that s begins with, or "".
func leadingDate(s string) string {
	for _, form := range []string{"dddd-dd-dd", "dddd-dd", "dddd"} {
		if len(s) < len(form) || len(s) > len(form) && isDigit(s[len(form)]) {
			continue
		}
		fits := true
		for i := range len(form) {
			fits = fits && (form[i] == 'd' && isDigit(s[i]) || form[i] == s[i])
		}
		if fits {
			return s[:len(form)]
		}
	}
	return ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Sources yields the documents that name e: first Source, then those in Also.
func (e Endpoint) Sources() iter.Seq[Source] {
	return func(yield func(Source) bool) {
		if !yield(e.Source) {
			return
		}
		for _, s := range e.Also {
			if !yield(s) {
				return
			}
		}
	}
}

// Newest returns the newest document that names e, by [Source.Day]. Of several
// from the same day, it returns the first in [Endpoint.Sources].
func (e Endpoint) Newest() Source {
	newest := e.Source
	for s := range e.Sources() {
		if s.Day() > newest.Day() {
			newest = s
		}
	}
	return newest
}

// citations returns all documents that e cites, including those that dropped
// it.
func (e *Endpoint) citations() []Source {
	out := slices.Collect(e.Sources())
	for _, scenario := range allScenarios() {
		if s, ok := e.DroppedBy[scenario]; ok {
			out = append(out, s)
		}
	}
	return out
}
