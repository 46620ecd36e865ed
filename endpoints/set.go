package endpoints

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/internal/plain"
)

// checkSet returns what is wrong with the line of an endpoint set of the
// Microsoft 365 web service, or "". See [Endpoint.Sets] for its form.
func checkSet(line string) (reason string) {
	const form = `want cloud, number, area and marks, as in "worldwide 163 MEM Allow/Required"`
	if !plain.IsText(line) {
		return notText(line)
	}
	line, _, _ = strings.Cut(line, ": ") // the note
	words := strings.Split(line, " ")
	if len(words) != 4 {
		return form
	}
	cloud, id, area := words[0], words[1], words[2]
	category, mark, ok := strings.Cut(words[3], "/")
	if !ok || mark != "Required" && mark != "Optional" {
		return form
	}
	if _, err := strconv.ParseUint(id, 10, 31); err != nil {
		return fmt.Sprintf("%q is not the number of a set", id)
	}
	switch {
	case !slices.Contains(Clouds(), Cloud(cloud)):
		return fmt.Sprintf("unknown cloud %q", cloud)
	case area == "" || strings.ContainsAny(area, ":/"):
		return fmt.Sprintf("%q is not an area", area)
	case category == "" || strings.ContainsAny(category, ":/"):
		return fmt.Sprintf("%q is not a category", category)
	}
	return ""
}
