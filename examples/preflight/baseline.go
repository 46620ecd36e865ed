package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"unicode/utf8"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/readiness"
)

// maxReport limits the size of the -baseline file, in bytes.
const maxReport = 32 << 20

// against adds the report in the -baseline file to the policy.
func (c *command) against() error {
	if c.baseline == "" {
		return nil
	}
	text, err := readFile(c.baseline, maxReport)
	if err != nil {
		return c.unfit(err)
	}
	report, err := parseReport(text)
	if err != nil {
		return c.unfit(err)
	}
	c.policy = c.policy.Against(report)
	return nil
}

// unfit wraps an error to say that it concerns the -baseline file.
func (c *command) unfit(err error) error {
	if invalid, ok := errors.AsType[*endpoints.Error](err); ok {
		return fmt.Errorf("-baseline %s: %s", c.baseline, invalid.Reason)
	}
	return fmt.Errorf("-baseline %s: %w", c.baseline, err)
}

// parseReport parses a report in JSON, in UTF-8 with or without a byte order mark.
func parseReport(text []byte) (*readiness.Report, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("want JSON in UTF-8")
	}
	report := new(readiness.Report)
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), report); err != nil {
		return nil, fmt.Errorf("want a report, as -format json or -field writes it: %w", err)
	}
	return report, nil
}

// readFile reads a file of at most so many bytes. Its errors do not name it.
func readFile(name string, most int64) ([]byte, error) {
	text, err := cli.ReadFile(name, most)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return text, err
}
