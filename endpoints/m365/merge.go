package m365

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// Endpoints returns the endpoints that base lacks or should update, for
// [endpoints.Catalog.With]. It returns none if there is nothing new or the
// cloud is unknown. A nil base is an empty catalog.
//
// A name that base lacks in this cloud becomes an endpoint of its area's
// service, with the answer as its source. It is conditional, or optional if
// none of its sets is required, because the service covers all of Microsoft 365
// and provisioning needs little of it. For the same reason it gets only the
// scenarios whose documents require the Microsoft 365 lists: Autopatch in the
// worldwide cloud, and device preparation in the others. A name of [AreaMEM]
// gets [endpoints.StatusUnknown], so it never fails a check; see [Set.Caveat].
//
// A name that base has keeps its need, ports, status and source, because other
// documents are closer to provisioning. It gets the current sets that list it,
// with their labels; further ports become a note, and the answer becomes a
// further source.
//
// Names of base that the answer lacks stay unchanged.
func (a *Answer) Endpoints(base *endpoints.Catalog) []endpoints.Endpoint {
	if base == nil {
		base = &endpoints.Catalog{}
	}
	m := merger{answer: a, cloud: a.cloud(), base: make(map[endpoints.Host][]endpoints.Endpoint)}
	if instanceOf(m.cloud) == "" {
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

// area returns the area that decides how the name is merged: that of the first
// set, preferring any other area to Intune's.
func (l listing) area() string {
	for _, s := range l.sets {
		if s.ServiceArea != AreaMEM {
			return s.ServiceArea
		}
	}
	return AreaMEM
}

// listings returns an answer's names in order.
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
		// With replaces this endpoint, so it must stay unchanged for other clouds.
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

// confirm returns the base's endpoints for a name in this cloud that the answer
// changes. New sets go to the endpoint that the service lists.
func (m *merger) confirm(here []endpoints.Endpoint, l listing) []endpoints.Endpoint {
	listed := func(e endpoints.Endpoint) int {
		return len(slices.DeleteFunc(slices.Clone(e.Sets), func(s string) bool { return !strings.HasPrefix(s, string(m.cloud)+" ") }))
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

// introduce makes an endpoint for a name that base lacks.
func (m *merger) introduce(l listing) endpoints.Endpoint {
	e := endpoints.Endpoint{
		Service:   serviceOf(l.area()),
		Host:      l.host,
		Scenarios: []endpoints.Scenario{endpoints.ScenarioDevicePreparation, endpoints.ScenarioDeviceAssociation},
		Clouds:    []endpoints.Cloud{m.cloud},
		Need:      endpoints.Optional,
		Phase:     endpoints.PhasePostProvisioning,
		Status:    endpoints.StatusCurrent,
		Loss:      "The Microsoft 365 functions that use this name do not work.",
		LossBasis: endpoints.BasisInferred,
		Basis:     endpoints.BasisDocumented,
		Source:    m.answer.Source(),
	}
	if m.cloud == endpoints.CloudWorldwide {
		e.Scenarios = []endpoints.Scenario{endpoints.ScenarioAutopatch}
	}
	if l.area() == AreaMEM {
		e.Status = endpoints.StatusUnknown
	}
	var marks []string
	var mail []endpoints.Port
	for _, s := range l.sets {
		for _, p := range s.Ports {
			if !slices.Contains(e.Ports, p) {
				e.Ports = append(e.Ports, p)
				if p.Transport == "tcp" && slices.Contains([]uint16{25, 143, 587, 993, 995}, p.Number) {
					mail = append(mail, p)
				}
			}
		}
		if s.Required {
			e.Need = endpoints.Conditional
		}
		marks = append(marks, fmt.Sprintf("ID %d %s/%s", s.ID, s.Category, s.need()))
		if s.Notes != "" {
			e.Notes = joinNotes(e.Notes, "The service says: "+s.Notes)
		}
	}
	if len(mail) > 0 {
		e.PortsOf = map[endpoints.Feature][]endpoints.Port{endpoints.FeatureMail: mail}
	}
	if len(e.Ports) == 0 { // the service always gives some
		e.Ports = []endpoints.Port{{Transport: "tcp", Number: 443, Protocol: "https"}}
		e.Notes = joinNotes(e.Notes, "The service lists no ports; 443 is assumed.")
	}
	e.Category = "Microsoft 365 " + strings.Join(marks, "; ")
	m.updateSets(&e, l, nil)
	m.caveat(&e, l)
	return e
}

// updateSets updates the sets of e and reports whether they changed. It does
// not add a set that one of others has.
func (m *merger) updateSets(e *endpoints.Endpoint, l listing, others []endpoints.Endpoint) bool {
	changed := false
	for _, s := range l.sets {
		if !isWord(s.ServiceArea) || !isWord(s.Category) {
			continue // the catalog's notation cannot express it
		}
		mark := fmt.Sprintf("%s/%s", s.Category, s.need())
		set := fmt.Sprintf("%s %d ", m.cloud, s.ID)
		is := set + s.ServiceArea + " " + mark
		if s.Notes != "" {
			is += ": " + s.Notes
		}
		same := func(was string) bool { return strings.HasPrefix(was, set) }
		i := slices.IndexFunc(e.Sets, same)
		switch {
		case i >= 0 && !sameMarks(e.Sets[i], is):
			e.Sets[i] = is
			changed = true
		case i < 0 && !slices.ContainsFunc(others, func(o endpoints.Endpoint) bool { return slices.ContainsFunc(o.Sets, same) }):
			e.Sets = append(e.Sets, is)
			changed = true
		}
	}
	return changed
}

// sameMarks reports whether two lines for a set are equal, except for the note.
func sameMarks(a, b string) bool {
	a, _, _ = strings.Cut(a, ": ")
	b, _, _ = strings.Cut(b, ": ")
	return a == b
}

// isWord reports whether s can be a word in a set's line.
func isWord(s string) bool { return s != "" && !strings.ContainsAny(s, " :/") }

// furtherPorts lists the ports that the answer has and base lacks.
func (m *merger) furtherPorts(here []endpoints.Endpoint, l listing) string {
	var further []string
	for _, s := range l.sets {
		for _, p := range s.Ports {
			known := slices.ContainsFunc(here, func(e endpoints.Endpoint) bool {
				ports := e.Ports
				if some, ok := e.PortsIn[m.cloud]; ok {
					ports = some
				}
				return slices.ContainsFunc(ports, func(q endpoints.Port) bool {
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

// cite adds the answer to the endpoint's further sources, replacing an older
// one.
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

// caveat adds Microsoft's caveat about the sets of a name.
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

// serviceOf returns the catalog's service for an area.
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
