package m365

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Change is what one version changed in one endpoint set.
type Change struct {
	ID          int
	SetID       int
	Disposition string  // "add", "change" or "remove"
	Version     Version // the version that made the change

	// Impact says in the service's words what the change means for firewalls
	// and proxies: "AddedIp", "AddedUrl", "AddedIpAndUrl", "RemovedIpOrUrl",
	// "MovedIpOrUrl", "ChangedIsExpressRoute", "RemovedDuplicateIpOrUrl",
	// "OtherNonPriorityChanges" and so on. It is empty for changes before
	// version 2018112800.
	Impact string

	// Fields are the service's names of the attributes that changed, as in
	// "category". Previous and Current hold only the old and new values of
	// these attributes.
	Fields            []string
	Previous, Current Set

	// Added and Removed hold only the names and ranges that were added and
	// removed.
	Added, Removed Set

	// EffectiveDate is the day on which additions come into use, as in
	// "2026-11-28". Firewalls must allow them by then. It may be empty.
	EffectiveDate string
}

// changeRecord is a change in the service's format.
type changeRecord struct {
	ID            int               `json:"id"`
	EndpointSetID int               `json:"endpointSetId"`
	Disposition   string            `json:"disposition"`
	Impact        string            `json:"impact"`
	Version       string            `json:"version"`
	Previous      *attributesRecord `json:"previous"`
	Current       *attributesRecord `json:"current"`
	Add           *itemsRecord      `json:"add"`
	Remove        *itemsRecord      `json:"remove"`
}

type attributesRecord struct {
	ServiceArea  string `json:"serviceArea"`
	Category     string `json:"category"`
	TCPPorts     string `json:"tcpPorts"`
	UDPPorts     string `json:"udpPorts"`
	Notes        string `json:"notes"`
	Required     *bool  `json:"required"`
	ExpressRoute *bool  `json:"expressRoute"` // "ExpressRoute" in the documentation
}

type itemsRecord struct {
	EffectiveDate string   `json:"effectiveDate"`
	URLs          []string `json:"urls"`
	IPs           []string `json:"ips"`
}

// ParseChanges reads a response of the changes method: a JSON array of changes.
// It returns readable changes in changes and the rest in problems. A change
// without a set's ID is skipped. An error means that nothing could be read; it
// is an [*endpoints.Error].
func ParseChanges(data []byte) (changes []Change, problems []*endpoints.Error, err error) {
	p := &reader{}
	err = records(data, &p.problems, func(raw json.RawMessage) {
		var r changeRecord
		if !p.unmarshal(raw, &r) {
			return
		}
		p.id = max(0, r.ID)
		if r.EndpointSetID <= 0 {
			p.add("endpointSetId", "%d is missing or not the ID of a set: change skipped", r.EndpointSetID)
			return
		}
		changes = append(changes, p.change(&r))
	})
	if err != nil {
		return nil, nil, err
	}
	return changes, p.list, nil
}

func (p *reader) change(r *changeRecord) Change {
	c := Change{
		ID:          r.ID,
		SetID:       r.EndpointSetID,
		Disposition: strings.ToLower(clean(r.Disposition)),
		Impact:      clean(r.Impact),
		Version:     Version(r.Version),
		Fields:      changedFields(r.Previous, r.Current),
		Previous:    p.attributes("previous", r.Previous),
		Current:     p.attributes("current", r.Current),
		Added:       p.items("add", r.Add),
		Removed:     p.items("remove", r.Remove),
	}
	if !c.Version.Valid() {
		p.add("version", "%q is not a version of ten digits", r.Version)
		c.Version = ""
	}
	if r.Add != nil && r.Add.EffectiveDate != "" {
		var ok bool
		if c.EffectiveDate, ok = readDate(r.Add.EffectiveDate); !ok {
			p.add("add.effectiveDate", "%q is not a date, as in 20261128", r.Add.EffectiveDate)
		}
	}
	return c
}

func (p *reader) items(field string, r *itemsRecord) Set {
	if r == nil {
		return Set{}
	}
	return Set{URLs: p.hosts(field+".urls", r.URLs), IPs: p.prefixes(field+".ips", r.IPs)}
}

func (p *reader) attributes(field string, r *attributesRecord) Set {
	if r == nil {
		return Set{}
	}
	return Set{
		ServiceArea:  clean(r.ServiceArea),
		Category:     clean(r.Category),
		Ports:        append(p.ports(field+".tcpPorts", "tcp", r.TCPPorts), p.ports(field+".udpPorts", "udp", r.UDPPorts)...),
		Notes:        clean(r.Notes),
		Required:     r.Required != nil && *r.Required,
		ExpressRoute: r.ExpressRoute != nil && *r.ExpressRoute,
	}
}

// changedFields returns the names of the attributes that one of the records has.
func changedFields(records ...*attributesRecord) []string {
	var out []string
	note := func(name string, there bool) {
		if there && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, r := range records {
		if r == nil {
			continue
		}
		note("serviceArea", r.ServiceArea != "")
		note("category", r.Category != "")
		note("tcpPorts", r.TCPPorts != "")
		note("udpPorts", r.UDPPorts != "")
		note("notes", r.Notes != "")
		note("required", r.Required != nil)
		note("expressRoute", r.ExpressRoute != nil)
	}
	return out
}
