package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/readiness"
)

// writeField writes a working network's results, without private data, to the
// -field file. It shows the file first.
func (c command) writeField(file *cli.Output, report *readiness.Report) error {
	if !report.Verdict.Works() {
		c.log("-field: nothing was written, because the network is " + report.Verdict.String())
		return nil
	}
	text, err := fieldText(report)
	if err != nil {
		return err
	}
	c.log("-field writes this, and no more, to " + c.field + ":")
	if _, err := c.stderr.Write(text); err != nil {
		return fmt.Errorf("-field: nothing was written, because it could not be shown first: %w", err)
	}
	if _, err := file.Write(text); err != nil {
		return fmt.Errorf("-field: %w", err)
	}
	return file.Commit()
}

// fieldText returns a report as JSON without private data, one line per check.
func fieldText(report *readiness.Report) ([]byte, error) {
	text, err := json.Marshal(report.Redacted())
	if err != nil {
		return nil, err
	}
	const members, entries = 1, 2 // depths
	var out bytes.Buffer
	depth, quoted, escaped := 0, false, false
	for _, b := range text {
		out.WriteByte(b)
		switch {
		case escaped:
			escaped = false
			continue
		case quoted && b == '\\':
			escaped = true
			continue
		case b == '"':
			quoted = !quoted
		}
		switch {
		case quoted:
			continue
		case b == '{', b == '[':
			depth++
		case b == '}', b == ']':
			depth--
		}
		if (b == '{' || b == ',') && depth == members || (b == '[' || b == ',') && depth == entries {
			out.WriteString("\n")
		}
	}
	out.WriteString("\n")
	return out.Bytes(), nil
}
