package render

import (
	"io"

	"github.com/netready/netready/readiness"
)

// JSON writes the report as the indented JSON document that [readiness.Schema]
// identifies, followed by a newline. The document is written as it is made.
func JSON(w io.Writer, r *readiness.Report) error {
	if r == nil {
		_, err := io.WriteString(w, "null\n")
		return err
	}
	return r.WriteJSON(w)
}
