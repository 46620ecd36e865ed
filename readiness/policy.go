package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A Policy answers two questions: what losing a service means, and what the
// failure of one check means. The zero Policy is [DocumentedPolicy]. A Policy
// is immutable: its methods return a changed copy. Functions given to it must
// be pure. It is then safe for concurrent use.
type Policy struct {
	practice  bool // whether FieldPolicy is the base
	name      string
	onService []serviceRule
	onFailure []failureRule
	services  []endpoints.Service // given to With
	words     []explanation
	baseline  *baseline // given to Against
}

type (
	serviceRule func(s endpoints.Scope, e endpoints.Endpoint, soFar Ruling) Ruling
	failureRule func(s endpoints.Scope, e endpoints.Endpoint, f Finding, soFar Ruling) Ruling
)

// A Ruling is a [Policy]'s answer. The zero Ruling is Unjudged and blocks.
type Ruling struct {
	Impact Impact
	Basis  endpoints.Basis

	// Loss says in plain words what is lost.
	Loss string

	// Sources are the documents that the ruling rests on.
	Sources []endpoints.Source
}

// DocumentedPolicy reads the documents strictly. Losing a service is degrading
// if a document says that provisioning continues without it. If a document
// requires the service and does not say so, losing it is fatal, with an
// inferred basis.
func DocumentedPolicy() Policy { return Policy{} }

// FieldPolicy is DocumentedPolicy adjusted by experience. Devices finish setup
// without network time, activation or revocation lists, so losing these is
// degrading. A clock error that Windows does not correct stays fatal.
func FieldPolicy() Policy { return Policy{practice: true} }

// With returns a copy of p with impact i for losing the given services. If i is
// [Fatal], the report is blocked when one of them is blocked; the package
// documentation says when that is.
//
// A clock error that Windows does not correct stays fatal, whatever losing the
// time service means. If the catalog does not have a service, [Runner.Run] and
// [Runner.Judge] return an error that lists those that it has.
func (p Policy) With(i Impact, services ...endpoints.Service) Policy {
	services = slices.Clone(services)
	p.services = slices.Concat(p.services, services)
	return p.OnService(func(_ endpoints.Scope, e endpoints.Endpoint, r Ruling) Ruling {
		if slices.Contains(services, e.Service) {
			r.Impact, r.Basis = i, endpoints.BasisInferred
		}
		return r
	})
}

// OnService returns a copy of p with a rule that has the last word on what
// losing the service of e means, whatever was seen. soFar is p's answer.
func (p Policy) OnService(rule func(s endpoints.Scope, e endpoints.Endpoint, soFar Ruling) Ruling) Policy {
	p.onService = slices.Concat(p.onService, []serviceRule{rule})
	return p
}

// OnFailure returns a copy of p with a rule that has the last word on what a
// failure of f's check means for e. f.Ruling is what losing the service means.
// f.Outcome may be OK or NotRun; the answer then says what a failure would
// mean.
//
// The rule is called for two cases. In one, such failures lose the service. In
// the other, they do not, and soFar is Degrading at most. So if a rule always
// returns Fatal, the failure alone blocks the report. If it returns soFar, the
// failure blocks only if it loses the service. If it returns Informational, the
// failure is excused. The rule is not called if a pattern's documented member
// no longer exists, because that is not a failure.
func (p Policy) OnFailure(rule func(s endpoints.Scope, e endpoints.Endpoint, f Finding, soFar Ruling) Ruling) Policy {
	p.onFailure = slices.Concat(p.onFailure, []failureRule{rule})
	return p
}

// Explain returns a copy of p that explains a failure code of your own. All
// failures with that code and without another cause then share one cause, with
// the same code and this title and remedy. If a code is explained twice, the
// last call counts.
func (p Policy) Explain(code probe.Code, title, remedy string) Policy {
	others := slices.DeleteFunc(slices.Clone(p.words), func(w explanation) bool { return w.code == code })
	p.words = append(others, explanation{code, title, remedy})
	return p
}

// Named returns a copy of p with this name, which reports show.
func (p Policy) Named(name string) Policy {
	p.name = name
	return p
}

// Name returns the name given to [Policy.Named], or else "documented" or
// "field", with a "+" if p was changed.
func (p Policy) Name() string {
	name := "documented"
	switch {
	case p.name != "":
		return p.name
	case p.practice:
		name = "field"
	}
	if len(p.onService)+len(p.onFailure)+len(p.words) > 0 || p.baseline != nil {
		name += "+"
	}
	return name
}

// Service returns what losing the service of e means in scope s.
func (p Policy) Service(s endpoints.Scope, e endpoints.Endpoint) Ruling {
	r := documented(s, e, p.practice)
	for _, rule := range p.onService {
		r = rule(s, e, r)
	}
	return r
}

// Failure returns what a failure of f's check means for e in scope s, assuming
// that it loses the service of e. It reads f's Outcome, Code and Observation,
// which may be nil. Rules given to [Policy.OnFailure] may read more.
func (p Policy) Failure(s endpoints.Scope, e endpoints.Endpoint, f Finding) Ruling {
	return p.failure(s, e, f, true)
}

// failure judges a failed check. If the service is not lost, the failure is
// Degrading at most, unless a rule makes it worse.
func (p Policy) failure(s endpoints.Scope, e endpoints.Endpoint, f Finding, lost bool) Ruling {
	f.Ruling = p.Service(s, e)
	r := onFailure(s, e, f)
	if !lost && r.Impact.Blocks() {
		r.Impact = Degrading
	}
	for _, rule := range p.onFailure {
		r = rule(s, e, f, r)
	}
	return r
}

// known returns an [*endpoints.Error] for the first service given to With that
// the catalog does not have.
func (p Policy) known(c *endpoints.Catalog) error {
	if c == nil {
		c = new(endpoints.Catalog)
	}
	for _, s := range p.services {
		if !slices.Contains(c.Services(), s) {
			return &endpoints.Error{Code: endpoints.BadValue, Field: "service", Value: string(s), Want: texts(c.Services()), Reason: "the policy names it, and the catalog does not have it"}
		}
	}
	return nil
}

// documented returns the policy table's ruling on losing a service.
func documented(s endpoints.Scope, e endpoints.Endpoint, practice bool) Ruling {
	row, cell := policyTable().find(e, s.Scenario)
	r := Ruling{Impact: cell.documented, Basis: row.basis, Loss: e.Loss}
	if practice {
		r.Impact = cell.field
	}
	if cell.inferred {
		r.Basis = endpoints.BasisInferred
	}
	switch {
	case r.Impact == Conditional && declared(s, e):
		r.Impact, r.Basis = cell.declared, endpoints.BasisInferred
	case e.Service == endpoints.ServiceHybridDomainController && slices.Contains(s.Features, endpoints.FeatureSkipDomainCheck):
		r.Impact = Informational
	}
	if r.Impact == Fatal && optional(s, e) {
		r.Impact, r.Basis = Degrading, endpoints.BasisInferred
	}
	if r.Loss == "" {
		r.Loss = row.loss
	}
	r.Sources = make([]endpoints.Source, 0, len(row.sources)+1)
	r.Sources = append(r.Sources, row.sources...)
	wording := newestWording(e)
	cited := slices.ContainsFunc(row.sources, func(s endpoints.Source) bool {
		return document(s) == document(wording) && s.Day() >= wording.Day()
	})
	if wording != (endpoints.Source{}) && !cited {
		r.Sources = append(r.Sources, wording)
	}
	return r
}

// newestWording returns the source of e, or the newest wording of the same
// document that names e.
func newestWording(e endpoints.Endpoint) endpoints.Source {
	newest := e.Source
	for s := range e.Sources() {
		if document(s) == document(e.Source) && s.Day() > newest.Day() {
			newest = s
		}
	}
	return newest
}

// document returns the title of a document, the same for each of its wordings.
func document(s endpoints.Source) string {
	title, _, _ := strings.Cut(s.Title, " (")
	return title
}

// optional reports whether the Microsoft 365 endpoint service marks every set
// that lists e in the cloud of s as optional. It is false for endpoints that
// are decisive or required by other documents, which the service does not know.
func optional(s endpoints.Scope, e endpoints.Endpoint) bool {
	if e.Decisive || e.NeedFor(s.Scenario) == endpoints.Required {
		return false
	}
	found := false
	for _, set := range e.Sets {
		mark, _, _ := strings.Cut(set, ": ")
		if !strings.HasPrefix(mark, string(cloudOf(s))+" ") {
			continue
		}
		if !strings.HasSuffix(mark, "/Optional") {
			return false
		}
		found = true
	}
	return found
}

// declared reports whether the scope names what a conditional endpoint depends
// on.
func declared(s endpoints.Scope, e endpoints.Endpoint) bool {
	if e.TPM != "" {
		return s.TPM == e.TPM
	}
	return slices.ContainsFunc(e.Features, func(f endpoints.Feature) bool {
		return slices.Contains(s.Features, f)
	})
}
