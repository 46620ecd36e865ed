package readiness

import (
	"fmt"
	"slices"
	"strings"
)

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

// list joins names for display and cuts long lists short.
func list(names []string) string {
	if len(names) <= fewNames {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:fewNames], ", "), len(names)-fewNames)
}

// some joins the first n names of a remedy and says how many more there are.
func some(names []string, n int) string {
	return strings.Join(names[:min(len(names), n)], ", ") + rest(len(names), n)
}

func rest(all, shown int) string {
	if all <= shown {
		return ""
	}
	return fmt.Sprintf(", and %d more (the report's JSON lists all %d)", all-shown, all)
}

// checksWere writes a number of checks and the verb, as in "1 check was".
func checksWere(n int) string {
	if n == 1 {
		return "1 check was"
	}
	return count(n, "check") + " were"
}

// count writes a number and its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// countOrName returns the one name, or a number and its noun.
func countOrName(names []string, noun string) string {
	if len(names) == 1 {
		return names[0]
	}
	return count(len(names), noun)
}

// these writes "this name" for one name and "these names" for more.
func these(names []string) string {
	if len(names) == 1 {
		return "this name"
	}
	return "these names"
}

// appendNonempty appends a line unless it is empty.
func appendNonempty(lines []string, line string) []string {
	if line == "" {
		return lines
	}
	return append(lines, line)
}

// unique returns names in their order, each once.
func unique(names []string) []string {
	seen := make(map[string]bool)
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		was := seen[n]
		seen[n] = true
		return was
	})
}

// firstLines returns the first n lines, and a last one in which rest says how
// many more there are, if there is more than one.
func firstLines(lines []string, n int, rest string) []string {
	if more := len(lines) - n; more > 1 {
		return append(lines[:n:n], fmt.Sprintf(rest, more))
	}
	return lines
}

// fewEnough shortens evidence that has more than mostLines lines. It keeps the
// last one, which often says what the others show.
func fewEnough(lines []string) []string {
	more := len(lines) - mostLines
	if more <= 0 {
		return lines
	}
	last := lines[len(lines)-1]
	return append(lines[:mostLines-2:mostLines-2], fmt.Sprintf("And %d more lines.", more+1), last)
}
