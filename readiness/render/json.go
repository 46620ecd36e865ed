package render

import (
	"io"

	"github.com/netready/netready/internal/jsonwrite"
	"github.com/netready/netready/readiness"
)

// JSON writes the report as the indented JSON document that [readiness.Schema]
// identifies, followed by a newline.
func JSON(w io.Writer, r *readiness.Report) error {
	if r == nil {
		return jsonwrite.Indent(w, []byte("null"))
	}
	b, err := r.MarshalJSON()
	if err != nil {
		return err
	}
	return jsonwrite.Indent(w, b)
}
