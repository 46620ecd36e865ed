package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness/device"
)

// maxFacts limits the size of the -device file, in bytes.
const maxFacts = 1 << 20

// facts returns what is known about the devices from the -device file. If that
// has no facts about Windows, it adds this machine's edition and build, with a
// note.
func (c command) facts(s endpoints.Scope) (facts device.Facts, note string, err error) {
	if c.device != "" {
		if facts, err = readFacts(c.device, s); err != nil {
			return device.Facts{}, "", fmt.Errorf("-device %s: %w", c.device, err)
		}
	}
	if c.machine == nil || len(c.simulate) > 0 || facts.Edition != "" || facts.Build != (device.Build{}) {
		return facts, "", nil
	}
	here, err := c.machine()
	if err != nil {
		c.log("the edition and build of Windows on this machine could not be read: " + err.Error())
	}
	facts.Edition, facts.Build = here.Edition, here.Build
	var known []string
	if facts.Edition != "" {
		known = append(known, "edition "+facts.Edition.Title())
	}
	if facts.Build != (device.Build{}) {
		known = append(known, "build "+facts.Build.String())
	}
	if known == nil {
		return facts, "", nil
	}
	return facts, "Windows facts are from this machine: " + strings.Join(known, ", ") + ".", nil
}

// readFacts reads facts that are valid for a scope.
func readFacts(name string, s endpoints.Scope) (device.Facts, error) {
	text, err := readFile(name, maxFacts)
	if err != nil {
		return device.Facts{}, err
	}
	facts, err := parseFacts(text)
	if err != nil {
		return device.Facts{}, err
	}
	_, err = facts.Check(s)
	return facts, err
}

// parseFacts parses a file with one JSON object, in UTF-8 with or without a
// byte order mark.
func parseFacts(text []byte) (device.Facts, error) {
	if !utf8.Valid(text) {
		return device.Facts{}, errors.New("want JSON in UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	decoder.DisallowUnknownFields()
	facts := new(device.Facts)
	if err := decoder.Decode(&facts); err != nil {
		return device.Facts{}, err
	}
	if facts == nil { // the file contains null
		return device.Facts{}, errors.New(`want a JSON object with any of "edition", "build", "service_plans" and "other_mdm"`)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return device.Facts{}, errors.New("text after the JSON object")
	}
	return *facts, nil
}
