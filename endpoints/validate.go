package endpoints

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Validate returns what is wrong with e as a [*DecodeError] that names the
// field, or nil. An endpoint needs a service, a host, ports, scenarios, clouds
// and a source with a title; all words have to be of this package's vocabulary
// but for service and part; members have to be exact names that the host covers.
func (e Endpoint) Validate() error {
	if bad := e.check(); bad != nil {
		return bad
	}
	return nil
}

// check is Validate with a result that can be told from nil.
func (e *Endpoint) check() *DecodeError {
	for _, step := range []func() (field string, code Code, reason string){
		e.checkIdentity, e.checkScope, e.checkWords, e.checkTests, e.checkSources,
	} {
		if field, code, reason := step(); code != "" {
			return &DecodeError{Code: code, Service: e.Service, Host: e.Host.text, Field: field, Reason: reason}
		}
	}
	return nil
}

const mustBeGiven = "must be given"

func (e *Endpoint) checkIdentity() (field string, code Code, reason string) {
	switch {
	case e.Service == "":
		return "service", MissingField, mustBeGiven
	case !isIdentifier(string(e.Service)):
		return "service", BadValue, fmt.Sprintf("%q is no service name", e.Service)
	case e.Host.IsZero():
		return "host", MissingField, mustBeGiven
	case e.Part != "" && !isIdentifier(string(e.Part)):
		return "part", BadValue, fmt.Sprintf("%q is no name of a part", e.Part)
	case len(e.Ports) == 0:
		return "ports", MissingField, mustBeGiven
	}
	for i, p := range e.Ports {
		if reason := p.check(); reason != "" {
			return at("ports", i), BadValue, reason
		}
		if slices.Contains(e.Ports[:i], p) {
			return at("ports", i), Duplicate, "the port " + p.String() + " twice"
		}
	}
	return "", "", ""
}

func (e *Endpoint) checkScope() (field string, code Code, reason string) {
	if len(e.Scenarios) == 0 {
		return "scenarios", MissingField, mustBeGiven
	}
	if len(e.Clouds) == 0 {
		return "clouds", MissingField, mustBeGiven
	}
	for i, s := range e.Scenarios {
		if !knownScenario(s) {
			return at("scenarios", i), BadValue, fmt.Sprintf("unknown scenario %q", s)
		}
	}
	for i, c := range e.Clouds {
		if !slices.Contains(Clouds(), c) {
			return at("clouds", i), BadValue, fmt.Sprintf("unknown cloud %q", c)
		}
	}
	if e.Need > Optional {
		return "need", BadValue, fmt.Sprintf("unknown need %d", e.Need)
	}
	for s, n := range e.NeedIn {
		if !knownScenario(s) || n > Optional {
			return "need_in." + string(s), BadValue, "unknown scenario or need"
		}
	}
	return "", "", ""
}

func (e *Endpoint) checkWords() (field string, code Code, reason string) {
	for i, f := range e.Features {
		if !slices.Contains(Features(), f) {
			return at("features", i), BadValue, fmt.Sprintf("unknown feature %q", f)
		}
	}
	for c, w := range e.Windows {
		if !slices.Contains(Clouds(), c) || !slices.Contains(Generations(), w) {
			return "windows." + string(c), BadValue, "unknown cloud or generation of Windows"
		}
	}
	for i, t := range e.Traits {
		if !slices.Contains(Traits(), t) {
			return at("traits", i), BadValue, fmt.Sprintf("unknown trait %q", t)
		}
	}
	switch {
	case e.Region != "" && !slices.Contains(Regions(), e.Region):
		return "region", BadValue, fmt.Sprintf("unknown region %q", e.Region)
	case e.TPM != "" && !slices.Contains(TPMVendors(), e.TPM):
		return "tpm", BadValue, fmt.Sprintf("unknown TPM vendor %q", e.TPM)
	case e.Phase != "" && !slices.Contains(Phases(), e.Phase):
		return "phase", BadValue, fmt.Sprintf("unknown phase %q", e.Phase)
	case e.Status != "" && !knownStatus(e.Status):
		return "status", BadValue, fmt.Sprintf("unknown status %q", e.Status)
	case e.Confidence != "" && !knownConfidence(e.Confidence):
		return "confidence", BadValue, fmt.Sprintf("unknown confidence %q", e.Confidence)
	case e.ConsequenceBasis != "" && !knownConfidence(e.ConsequenceBasis):
		return "consequence_basis", BadValue, fmt.Sprintf("unknown confidence %q", e.ConsequenceBasis)
	}
	return "", "", ""
}

// checkTests checks what a pattern is tested through.
func (e *Endpoint) checkTests() (field string, code Code, reason string) {
	for i, m := range e.Members {
		if reason := e.checkMember(m); reason != "" {
			return at("members", i), BadValue, reason
		}
		if slices.Contains(e.Members[:i], m) {
			return at("members", i), Duplicate, fmt.Sprintf("the member %q twice", m)
		}
	}
	for c, names := range e.CNAMEs {
		if field, code, reason := checkCNAMEs(c, names); code != "" {
			return field, code, reason
		}
	}
	if e.PathHost != "" {
		if reason := e.checkMember(e.PathHost); reason != "" {
			return "path_host", BadValue, reason
		}
	}
	if e.Path != "" && (e.Path[0] != '/' || strings.ContainsFunc(e.Path, func(r rune) bool { return r <= ' ' || r > '~' })) {
		return "path", BadValue, fmt.Sprintf("%q is no request path: want a slash and printable ASCII", e.Path)
	}
	for i, n := range e.Answer.Statuses {
		if n < 100 || n > 599 {
			return at("answer.statuses", i), BadValue, fmt.Sprintf("%d is no HTTP status", n)
		}
	}
	return "", "", ""
}

// checkCNAMEs checks the names of which a host is to be an alias in a cloud.
func checkCNAMEs(c Cloud, names []string) (field string, code Code, reason string) {
	field = "cnames." + string(c)
	if !slices.Contains(Clouds(), c) {
		return field, BadValue, fmt.Sprintf("unknown cloud %q", c)
	}
	if len(names) == 0 {
		return field, MissingField, "want one name or more"
	}
	for i, name := range names {
		if h, reason := parseHost(name); reason != "" || h.kind != Exact || h.text != name {
			return at(field, i), BadValue, fmt.Sprintf("%q is no exact name in lower case", name)
		}
	}
	return "", "", ""
}

func (e *Endpoint) checkMember(name string) (reason string) {
	h, reason := parseHost(name)
	switch {
	case reason != "":
		return fmt.Sprintf("%q is no host: %s", name, reason)
	case h.kind != Exact || h.text != name:
		return fmt.Sprintf("%q is no exact name in lower case", name)
	case !e.Host.match(name):
		return fmt.Sprintf("%q is not covered by %q", name, e.Host)
	}
	return ""
}

func (e *Endpoint) checkSources() (field string, code Code, reason string) {
	if e.Source.Title == "" {
		return "source", MissingField, mustBeGiven
	}
	for i, s := range e.Also {
		if s.Title == "" {
			return at("also", i), MissingField, "a source needs a title"
		}
	}
	for i, s := range e.Sets {
		if reason := s.check(); reason != "" {
			return at("sets", i), BadValue, reason
		}
	}
	return "", "", ""
}

func at(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }
