package allowlist

import (
	"strings"

	"github.com/netready/netready/endpoints"
)

// expression returns an extended regular expression for exactly the names that
// [endpoints.Host.Match] covers. It means the same in POSIX and JavaScript.
func expression(h endpoints.Host) string {
	name := h.String()
	var b strings.Builder
	b.WriteByte('^')
	if rest, ok := strings.CutPrefix(name, "*."); ok {
		b.WriteString(`([^.]+\.)+`)
		name = rest
	}
	for i, label := range strings.Split(name, ".") {
		if i > 0 {
			b.WriteString(`\.`)
		}
		if label == "*" {
			b.WriteString(`[^.]+`)
			continue
		}
		// Letters, digits, hyphens and underscores stand for themselves.
		b.WriteString(strings.ReplaceAll(label, "*", `[^.]*`))
	}
	b.WriteByte('$')
	return b.String()
}
