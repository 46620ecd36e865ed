package endpoints

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/internal/plain"
)

// Validate returns an [*Error] that names the first invalid field, or nil. An
// endpoint needs a service, a host, ports, scenarios, clouds and a source with
// a title. Every word must be in this package's vocabulary, except service and
// part. Members must be exact names that the host covers. Text is one line
// without control or format characters; only Notes may have several lines.
func (e Endpoint) Validate() error {
	if bad := e.check(); bad != nil {
		return bad
	}
	return nil
}

// check is Validate with a concrete error type, so that nil stays nil.
func (e *Endpoint) check() *Error {
	for _, step := range []func() *Error{
		e.checkIdentity, e.checkScope, e.checkWords, e.checkTests, e.checkSources, e.checkTexts,
	} {
		if bad := step(); bad != nil {
			bad.Service, bad.Host = e.Service, e.Host.text
			return bad
		}
	}
	return nil
}

// absent returns the error for a missing field.
func absent(field string) *Error {
	return &Error{Code: MissingField, Field: field, Reason: "must be given"}
}

// bad returns the error for a field with an invalid value.
func bad(field, format string, args ...any) *Error {
	return &Error{Code: BadValue, Field: field, Reason: fmt.Sprintf(format, args...)}
}

// twice returns the error for a repetition.
func twice(field, what string) *Error {
	return &Error{Code: Duplicate, Field: field, Reason: what + " twice"}
}

func (e *Endpoint) checkIdentity() *Error {
	switch {
	case e.Service == "":
		return absent("service")
	case !isIdentifier(string(e.Service)):
		return bad("service", "%q is not a service name", e.Service)
	case e.Host.IsZero():
		return absent("host")
	case e.Part != "" && !isIdentifier(e.Part):
		return bad("part", "%q is not a part name", e.Part)
	case len(e.Ports) == 0:
		return absent("ports")
	}
	for i, p := range e.Ports {
		if reason := p.check(); reason != "" {
			return bad(at("ports", i), "%s", reason)
		}
		if slices.Contains(e.Ports[:i], p) {
			return twice(at("ports", i), "the port "+p.String())
		}
	}
	return nil
}

// checkOne returns an error unless word is empty or known.
func checkOne[S ~string](field string, word S, known []S) *Error {
	if word == "" || slices.Contains(known, word) {
		return nil
	}
	return unknown(field, word, known)
}

// checkList returns an error unless all words are known.
func checkList[S ~string](field string, words, known []S) *Error {
	for i, w := range words {
		if !slices.Contains(known, w) {
			return unknown(at(field, i), w, known)
		}
	}
	return nil
}

func (e *Endpoint) checkWords() *Error {
	for c, w := range e.Windows {
		field := "windows." + string(c)
		if !slices.Contains(Clouds(), c) {
			return unknown(field, c, Clouds())
		}
		if !slices.Contains(Generations(), w) {
			return unknown(field, w, Generations())
		}
	}
	for _, bad := range []*Error{
		checkList("features", e.Features, Features()),
		checkList("traits", e.Traits, traits()),
		checkOne("region", e.Region, Regions()),
		checkOne("tpm", e.TPM, TPMs()),
		checkOne("phase", e.Phase, Phases()),
		checkOne("status", e.Status, statuses()),
		checkOne("confidence", e.Basis, bases()),
		checkOne("consequence_basis", e.LossBasis, bases()),
	} {
		if bad != nil {
			return bad
		}
	}
	return nil
}

// checkTests checks how a pattern is tested.
func (e *Endpoint) checkTests() *Error {
	for i, m := range e.Members {
		if reason := e.checkMember(m); reason != "" {
			return bad(at("members", i), "%s", reason)
		}
		if slices.Contains(e.Members[:i], m) {
			return twice(at("members", i), fmt.Sprintf("the member %q", m))
		}
	}
	for c, names := range e.CNAMEs {
		if bad := checkCNAMEs(c, names); bad != nil {
			return bad
		}
	}
	for i, name := range e.ReplacedBy {
		if h, reason := parseHost(name); reason != "" || h.text != name {
			return bad(at("replaced_by", i), "%q is not a host in lower case", name)
		}
	}
	if e.PathHost != "" {
		if reason := e.checkMember(e.PathHost); reason != "" {
			return bad("path_host", "%s", reason)
		}
	}
	if e.Path != "" && (e.Path[0] != '/' || strings.ContainsFunc(e.Path, func(r rune) bool { return r <= ' ' || r > '~' })) {
		return bad("path", "%q is not a request path: want a slash and printable ASCII", e.Path)
	}
	for i, n := range e.Answer.Statuses {
		if n < 100 || n > 599 {
			return bad(at("answer.statuses", i), "%d is not an HTTP status", n)
		}
	}
	return nil
}

// checkCNAMEs checks the documented alias targets of a host in a cloud.
func checkCNAMEs(c Cloud, names []string) *Error {
	field := "cnames." + string(c)
	if !slices.Contains(Clouds(), c) {
		return unknown(field, c, Clouds())
	}
	if len(names) == 0 {
		return &Error{Code: MissingField, Field: field, Reason: "want at least one name"}
	}
	for i, name := range names {
		if h, reason := parseHost(name); reason != "" || h.kind != Exact || h.text != name {
			return bad(at(field, i), "%q is not an exact name in lower case", name)
		}
	}
	return nil
}

func (e *Endpoint) checkMember(name string) (reason string) {
	h, reason := parseHost(name)
	switch {
	case reason != "":
		return fmt.Sprintf("%q is not a host: %s", name, reason)
	case h.kind != Exact || h.text != name:
		return fmt.Sprintf("%q is not an exact name in lower case", name)
	case !e.Host.match(name):
		return fmt.Sprintf("%q is not covered by %q", name, e.Host)
	}
	return ""
}

func (e *Endpoint) checkSources() *Error {
	if e.Source.Title == "" {
		return absent("source")
	}
	for scenario, s := range e.DroppedBy {
		if s.Title == "" {
			return &Error{Code: MissingField, Field: "dropped_by." + string(scenario), Reason: "a source needs a title"}
		}
	}
	for i, s := range e.Also {
		if s.Title == "" {
			return &Error{Code: MissingField, Field: at("also", i), Reason: "a source needs a title"}
		}
	}
	for i, s := range e.Sets {
		if reason := checkSet(s); reason != "" {
			return bad(at("sets", i), "%s", reason)
		}
	}
	return nil
}

// checkTexts checks the texts that people read.
func (e *Endpoint) checkTexts() *Error {
	texts := []struct{ field, text string }{
		{"answer.protocol", e.Answer.Protocol},
		{"consequence", e.Loss},
		{"category", e.Category},
	}
	for i, s := range e.citations() {
		name := "source"
		switch {
		case i > len(e.Also):
			name = "dropped_by"
		case i > 0:
			name = at("also", i-1)
		}
		texts = append(texts, []struct{ field, text string }{{name, s.Title}, {name, s.Ref}, {name, s.Date}}...)
	}
	for _, t := range texts {
		if !plain.IsText(t.text) {
			return bad(t.field, "%s", notText(t.text))
		}
	}
	if !isNotes(e.Notes) {
		return bad("notes", "%s", notText(e.Notes))
	}
	return nil
}

func at(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }
