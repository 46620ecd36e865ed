package endpoints

import (
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/internal/plain"
)

// Validate returns an [*Error] that names the first invalid field, or nil. A
// fact needs a host that is a name, an address or a pattern, a How that fits
// Known and Port, a basis, and a source with a title.
func (f Fact) Validate() error {
	if bad := f.check(); bad != nil {
		return bad
	}
	return nil
}

func (f *Fact) check() *Error {
	e := f.checkPlace()
	if e == nil {
		e = f.checkSaid()
	}
	if e != nil {
		e.Host = f.Host.text
	}
	return e
}

// checkPlace checks the host and port, and whether they fit How.
func (f *Fact) checkPlace() *Error {
	switch f.Host.kind {
	case Exact, Suffix, Glob:
	case Tenant, Placeholder:
		return bad("host", "%q is no name that answers", f.Host.text)
	default:
		return absent("host")
	}
	if ofName := f.How == HowResolves || f.How == HowNoSuchName; ofName != (f.Port == 0) {
		return bad("how", "%q does not fit the port %d", f.How, f.Port)
	}
	return nil
}

// checkSaid checks the fields that checkPlace does not.
func (f *Fact) checkSaid() *Error {
	for _, step := range []func() *Error{f.checkHow, f.checkSeen, f.checkSource} {
		if bad := step(); bad != nil {
			return bad
		}
	}
	return nil
}

// howWords returns the words that fit what is known.
func howWords(k Known) []string {
	switch k {
	case Confirmed:
		return []string{HowAnswers, HowResolves, HowRedirects}
	case Contradicted:
		return []string{HowNoSuchName, HowSilent, HowRefused, HowForeignCertificate, HowNoHTTP, HowUntrusted}
	case Unknown:
		return []string{HowListed}
	default:
		return nil
	}
}

func (f *Fact) checkHow() *Error {
	if f.Known > Contradicted {
		return bad("known", "%d is no value of Known", f.Known)
	}
	if words := howWords(f.Known); !slices.Contains(words, f.How) {
		return unknown("how", f.How, words)
	}
	return nil
}

func (f *Fact) checkSeen() *Error {
	for i, n := range f.Statuses {
		if n < 100 || n > 599 {
			return bad(at("statuses", i), "%d is not an HTTP status", n)
		}
	}
	for i, name := range f.Names {
		h, reason := parseHost(name)
		if reason != "" {
			return bad(at("names", i), "%q is not a name: %s", name, reason)
		}
		if h.text != name || h.kind != Exact && h.kind != Suffix {
			return bad(at("names", i), "%q is not a name of a certificate in lower case", name)
		}
	}
	if !isPartialDate(f.Date) {
		return bad("date", "%q is not a date of the form 2006-01-02, 2006-01 or 2006", f.Date)
	}
	for _, bad := range []*Error{
		checkOne("basis", f.Basis, bases()),
		checkOne("confidence", f.Confidence, confidences()),
	} {
		if bad != nil {
			return bad
		}
	}
	return nil
}

func (f *Fact) checkSource() *Error {
	switch {
	case f.Basis == "":
		return absent("basis")
	case f.Source.Title == "":
		return absent("source")
	case !isNotes(f.Notes):
		return bad("notes", "%s", notText(f.Notes))
	}
	return checkSourceTexts(f.Source)
}

func checkSourceTexts(s Source) *Error {
	for _, t := range []string{s.Title, s.Ref, s.Date} {
		if !plain.IsText(t) {
			return bad("source", "%s", notText(t))
		}
	}
	return nil
}

// confidences returns the words of [Fact.Confidence], the surest first.
func confidences() []string {
	return []string{"documented", "thorough", "several", "once", "implied", "inferred"}
}

// isPartialDate reports whether s is a day, a month, a year or empty.
func isPartialDate(s string) bool {
	return s == "" || slices.ContainsFunc([]string{time.DateOnly, "2006-01", "2006"}, func(layout string) bool {
		_, err := time.Parse(layout, s)
		return err == nil
	})
}

// check returns what is wrong with an operator, or nil.
func (o *Operator) check() *Error {
	for _, n := range []struct{ field, name string }{
		{"zone", o.Zone},
		{"mname", strings.Replace(o.MName, "*", "1", 1)},
		{"rname", o.RName},
	} {
		h, reason := parseHost(n.name)
		if reason != "" {
			return bad(n.field, "%q is not a name: %s", n.name, reason)
		}
		if h.kind != Exact || h.text != n.name {
			return bad(n.field, "%q is not an exact name in lower case", n.name)
		}
	}
	if o.Source.Title == "" {
		return absent("source")
	}
	return checkSourceTexts(o.Source)
}
