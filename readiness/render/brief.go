package render

import (
	"io"

	"github.com/netready/netready/readiness"
)

// Brief writes the document of [JSON] without its observations, which are most
// of it. It can be read back, rendered and compared, but not judged again.
func Brief(w io.Writer, r *readiness.Report) error {
	if r == nil {
		r = new(readiness.Report)
	}
	c := *r
	c.Observations = nil
	return JSON(w, &c)
}
