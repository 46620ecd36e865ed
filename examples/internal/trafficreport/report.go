package trafficreport

import (
	"encoding/json"
	"io"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
)

// The forms of a report.
const (
	Text = "text"
	JSON = "json"
	HTML = "html"
)

// Forms returns all forms.
func Forms() []string { return []string{Text, JSON, HTML} }

// A Report is a summary with what is needed to write it.
type Report struct {
	Summary  *traffic.Summary
	Catalog  *endpoints.Catalog
	Scope    endpoints.Scope
	Detected bool // the format was detected
	Packets  bool // lines are packets of a capture
}

// Write writes the report in a form.
func (r Report) Write(w io.Writer, form string) error {
	switch form {
	case JSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r.Summary)
	case HTML:
		return r.html(w)
	default:
		_, err := io.WriteString(w, r.text())
		return err
	}
}

// The exit statuses of the commands.
const (
	ExitClear   = 0
	ExitDenied  = 1 // required requests were denied or failed
	ExitUnknown = 2 // the log cannot tell, or was not read
)

// Status returns the exit status for a summary.
func Status(s *traffic.Summary) int {
	switch s.Verdict() {
	case traffic.VerdictClear:
		return ExitClear
	case traffic.VerdictDenied:
		return ExitDenied
	default:
		return ExitUnknown
	}
}
