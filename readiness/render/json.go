package render

import (
	"encoding/json"
	"io"

	"github.com/netready/netready/readiness"
)

// JSON writes the report as the indented JSON document that [readiness.Schema]
// identifies, followed by a newline.
func JSON(w io.Writer, r *readiness.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
