package m365

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// Endpoints returns what base should know and does not, for
// [endpoints.Catalog.With]: with nothing new, nothing. Nil stands for an empty
// catalogue.
//
// A name that base does not have in this cloud becomes an endpoint of the
// service of its area, with the answer as its source. It is conditional, or
// optional if the answer does not call any of its sets required: the service
// speaks for Microsoft 365 as a whole, of which provisioning needs little. For
// the same reason it has the scenarios whose documents ask for the lists of
// Microsoft 365: that of Autopatch in the worldwide cloud, and those of device
// preparation in the others. A name of [AreaMEM] has [endpoints.StatusUnknown]
// and is therefore never a reason to fail; see [Set.Caveat].
//
// A name that base has keeps everything that it has: need, ports, status,
// source. It gets the sets that list it with their marks of today, and further
// ports as a note, since documents that are closer to provisioning may know
// better. The answer is then among its further sources.
//
// Names that base has and the answer has not stay as they are.
func (a *Answer) Endpoints(base *endpoints.Catalog) []endpoints.Endpoint {
	if base == nil {
		base = &endpoints.Catalog{}
	}
	m := merger{answer: a, cloud: a.Instance.Cloud(), base: make(map[endpoints.Host][]endpoints.Endpoint)}
	if m.cloud == "" {
		return nil
	}
	for _, e := range base.Endpoints() {
		m.base[e.Host] = append(m.base[e.Host], e)
	}
	var out []endpoints.Endpoint
	for _, l := range a.listings() {
		out = append(out, m.merge(l)...)
	}
	return out
}

// A listing is a name with all sets that list it.
type listing struct {
	host endpoints.Host
	sets []*Set
}

// area returns the area that decides what becomes of the name: that of the first
// set, but Intune's only if there is no other.
func (l listing) area() string {
	for _, s := range l.sets {
		if s.ServiceArea != AreaMEM {
			return s.ServiceArea
		}
	}
	return AreaMEM
}

// listings returns the names of an answer in order.
func (a *Answer) listings() []listing {
	sets := make(map[endpoints.Host][]*Set)
	for i := range a.Sets {
		for _, h := range a.Sets[i].URLs {
			sets[h] = append(sets[h], &a.Sets[i])
		}
	}
	out := make([]listing, 0, len(sets))
	for h, s := range sets {
		out = append(out, listing{h, s})
	}
	slices.SortFunc(out, func(x, y listing) int { return strings.Compare(x.host.String(), y.host.String()) })
	return out
}

type merger struct {
	answer *Answer
	cloud  endpoints.Cloud
	base   map[endpoints.Host][]endpoints.Endpoint
}

// merge returns the endpoints that a listing adds or changes.
func (m *merger) merge(l listing) []endpoints.Endpoint {
	var here []endpoints.Endpoint
	for _, e := range m.base[l.host] {
		if slices.Contains(e.Clouds, m.cloud) {
			here = append(here, e)
		}
	}
	if len(here) > 0 {
		return m.confirm(here, l)
	}
	area := l.area()
	for _, e := range m.base[l.host] {
		if e.Service != serviceOf(area) {
			continue
		}
		// With replaces this endpoint, so it stays as it is for the other clouds.
		changed := m.updateSets(&e, l, nil)
		if area != AreaMEM {
			e.Clouds = append(e.Clouds, m.cloud)
			e.Notes = joinNotes(e.Notes, m.furtherPorts([]endpoints.Endpoint{e}, l))
			changed = true
		}
		if !changed {
			return nil
		}
		m.cite(&e, l)
		return []endpoints.Endpoint{e}
	}
	return []endpoints.Endpoint{m.introduce(l)}
}

// confirm returns those of the endpoints that base has for a name in the cloud
// that the answer changes. What is new goes to the one that the service lists.
func (m *merger) confirm(here []endpoints.Endpoint, l listing) []endpoints.Endpoint {
	listed := func(e endpoints.Endpoint) int {
		return len(slices.DeleteFunc(slices.Clone(e.Sets), func(s endpoints.Set) bool { return s.Cloud != m.cloud }))
	}
	slices.SortStableFunc(here, func(a, b endpoints.Endpoint) int { return cmp.Compare(listed(b), listed(a)) })
	note := m.furtherPorts(here, l)
	var out []endpoints.Endpoint
	for i := range here {
		e := &here[i]
		changed := m.updateSets(e, l, here)
		if i == 0 && !strings.Contains(e.Notes, note) {
			e.Notes = joinNotes(e.Notes, note)
			changed = true
		}
		if changed {
			m.cite(e, l)
			out = append(out, *e)
		}
	}
	return out
}

// introduce makes an endpoint of a name that base does not have.
func (m *merger) introduce(l listing) endpoints.Endpoint {
	e := endpoints.Endpoint{
		Service:          serviceOf(l.area()),
		Host:             l.host,
		Scenarios:        []endpoints.Scenario{endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation},
		Clouds:           []endpoints.Cloud{m.cloud},
		Need:             endpoints.Optional,
		Phase:            endpoints.PhasePostProvisioning,
		Status:           endpoints.StatusCurrent,
		Consequence:      "What Microsoft 365 uses the name for does not work.",
		ConsequenceBasis: endpoints.Inferred,
		Confidence:       endpoints.Documented,
		Source:           m.answer.Source(),
	}
	if m.cloud == endpoints.CloudWorldwide {
		e.Scenarios = []endpoints.Scenario{endpoints.ScenarioAutopatch}
	}
	if l.area() == AreaMEM {
		e.Status = endpoints.StatusUnknown
	}
	var marks []string
	for _, s := range l.sets {
		for _, p := range s.Ports {
			if !slices.Contains(e.Ports, p) {
				e.Ports = append(e.Ports, p)
			}
		}
		mark := "Optional"
		if s.Required {
			mark, e.Need = "Required", endpoints.Conditional
		}
		marks = append(marks, fmt.Sprintf("ID %d %s/%s", s.ID, s.Category, mark))
		if s.Notes != "" {
			e.Notes = joinNotes(e.Notes, "The service says: "+s.Notes)
		}
	}
	if len(e.Ports) == 0 { // the service always gives some
		e.Ports = []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}}
		e.Notes = joinNotes(e.Notes, "The service gives no ports; 443 is a guess.")
	}
	e.Category = "Microsoft 365 " + strings.Join(marks, "; ")
	m.updateSets(&e, l, nil)
	m.caveat(&e, l)
	return e
}

// updateSets brings the sets of e up to date, and reports whether it had to. A
// set that one of others has is not added.
func (m *merger) updateSets(e *endpoints.Endpoint, l listing, others []endpoints.Endpoint) bool {
	changed := false
	for _, s := range l.sets {
		is := endpoints.Set{
			Cloud: m.cloud, ID: s.ID, Area: s.ServiceArea, Category: string(s.Category), Required: s.Required, Note: s.Notes,
		}
		if !isWord(is.Area) || !isWord(is.Category) {
			continue // the catalogue cannot say it
		}
		same := func(was endpoints.Set) bool { return was.Cloud == is.Cloud && was.ID == is.ID }
		i := slices.IndexFunc(e.Sets, same)
		switch {
		case i >= 0 && (e.Sets[i].Area != is.Area || e.Sets[i].Category != is.Category || e.Sets[i].Required != is.Required):
			e.Sets[i] = is
			changed = true
		case i < 0 && !slices.ContainsFunc(others, func(o endpoints.Endpoint) bool { return slices.ContainsFunc(o.Sets, same) }):
			e.Sets = append(e.Sets, is)
			changed = true
		}
	}
	return changed
}

// isWord reports whether s can be part of the line that a set is written as.
func isWord(s string) bool { return s != "" && !strings.ContainsAny(s, " :/") }

// furtherPorts says which ports the answer has that base has not.
func (m *merger) furtherPorts(here []endpoints.Endpoint, l listing) string {
	var further []string
	for _, s := range l.sets {
		for _, p := range s.Ports {
			known := slices.ContainsFunc(here, func(e endpoints.Endpoint) bool {
				return slices.ContainsFunc(e.Ports, func(q endpoints.Port) bool {
					return q.Transport == p.Transport && q.Contains(p.Number) && (p.Last == 0 || q.Contains(p.Last))
				})
			})
			name, _, _ := strings.Cut(p.String(), " ")
			if !known && !slices.Contains(further, name) {
				further = append(further, name)
			}
		}
	}
	if len(further) == 0 {
		return ""
	}
	return "The Microsoft 365 endpoint service also lists " + strings.Join(further, " and ") + "."
}

// cite adds the answer to the further sources of e, in the place of an older one.
func (m *merger) cite(e *endpoints.Endpoint, l listing) {
	source := m.answer.Source()
	e.Also = slices.DeleteFunc(e.Also, func(s endpoints.Source) bool { return s.Ref == source.Ref })
	if e.Source.Ref == source.Ref {
		e.Source = source
	} else {
		e.Also = append(e.Also, source)
	}
	m.caveat(e, l)
}

// caveat adds what Microsoft says against the sets of a name.
func (m *merger) caveat(e *endpoints.Endpoint, l listing) {
	for _, s := range l.sets {
		note, source := s.Caveat()
		if note == "" {
			continue
		}
		if !strings.Contains(e.Notes, note) {
			e.Notes = joinNotes(e.Notes, note)
		}
		if e.Source != source && !slices.Contains(e.Also, source) {
			e.Also = append(e.Also, source)
		}
	}
}

func joinNotes(a, b string) string { return strings.TrimSpace(a + " " + b) }

// serviceOf returns the service of the catalogue that an area belongs to.
func serviceOf(area string) endpoints.Service {
	switch area {
	case AreaExchange:
		return endpoints.ServiceMicrosoft365Exchange
	case AreaSharePoint:
		return endpoints.ServiceMicrosoft365SharePoint
	case AreaSkype:
		return endpoints.ServiceTeams
	case AreaMEM:
		return endpoints.ServiceIntune
	default:
		return endpoints.ServiceMicrosoft365
	}
}
