package endpoints

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Set is an endpoint set of the Microsoft 365 endpoint web service.
type Set struct {
	Cloud    Cloud
	ID       int
	Area     string // as in "MEM"
	Category string // "Optimize", "Allow" or "Default"
	Required bool
	Note     string
}

// String returns the set in one line, as in "worldwide 163 MEM Allow/Required"
// or "worldwide 189 MEM Default/Optional: feature flighting".
func (s Set) String() string {
	mark := "Optional"
	if s.Required {
		mark = "Required"
	}
	line := fmt.Sprintf("%s %d %s %s/%s", s.Cloud, s.ID, s.Area, s.Category, mark)
	if s.Note != "" {
		line += ": " + s.Note
	}
	return line
}

// parseSet parses what String returns.
func parseSet(line string) (s Set, reason string) {
	const form = `want cloud, number, area and marks, as in "worldwide 163 MEM Allow/Required"`
	line, s.Note, _ = strings.Cut(line, ": ")
	words := strings.Split(line, " ")
	if len(words) != 4 {
		return Set{}, form
	}
	category, mark, ok := strings.Cut(words[3], "/")
	if !ok || mark != "Required" && mark != "Optional" {
		return Set{}, form
	}
	id, err := strconv.ParseUint(words[1], 10, 31)
	if err != nil {
		return Set{}, fmt.Sprintf("%q is no number of a set", words[1])
	}
	s.Cloud, s.ID, s.Area, s.Category, s.Required = Cloud(words[0]), int(id), words[2], category, mark == "Required"
	return s, s.check()
}

// check returns what is wrong with s, or "". A set without area or category,
// or with spaces in them, could not be read back.
func (s Set) check() (reason string) {
	switch {
	case !slices.Contains(Clouds(), s.Cloud):
		return fmt.Sprintf("unknown cloud %q", s.Cloud)
	case s.ID < 0:
		return fmt.Sprintf("%d is no number of a set", s.ID)
	case s.Area == "" || strings.ContainsAny(s.Area, " :/"):
		return fmt.Sprintf("%q is no area", s.Area)
	case s.Category == "" || strings.ContainsAny(s.Category, " :/"):
		return fmt.Sprintf("%q is no category", s.Category)
	}
	return ""
}
