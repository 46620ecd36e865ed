package m365

import (
	"encoding/json"
	"net/netip"
	"strings"

	"github.com/netready/netready/endpoints"
)

// A Disposition says what a change did to an endpoint set.
type Disposition string

// The dispositions.
const (
	SetAdded   Disposition = "add"
	SetChanged Disposition = "change"
	SetRemoved Disposition = "remove"
)

// An Impact says what a change means for firewalls and proxies.
type Impact string

// The impacts. The service gives none for changes before version 2018112800.
const (
	AddedIP            Impact = "AddedIp"
	AddedURL           Impact = "AddedUrl"
	AddedIPAndURL      Impact = "AddedIpAndUrl"
	RemovedIPOrURL     Impact = "RemovedIpOrUrl"
	ChangedExpress     Impact = "ChangedIsExpressRoute"
	MovedIPOrURL       Impact = "MovedIpOrUrl"
	RemovedDuplicate   Impact = "RemovedDuplicateIpOrUrl"
	OtherNonPriorities Impact = "OtherNonPriorityChanges"
)

// A Change is what a version changed in one endpoint set.
type Change struct {
	ID          int
	SetID       int
	Disposition Disposition
	Impact      Impact
	Version     Version // the version that made the change

	// Previous and Current are the attributes that changed, or nil.
	Previous, Current *Attributes

	// Added and Removed are the names and ranges that came and went, or nil.
	Added, Removed *Items
}

// Attributes are those of an endpoint set that a change may change, as the
// service writes them. What did not change is empty or nil.
type Attributes struct {
	ServiceArea  string
	Category     Category
	TCPPorts     string
	UDPPorts     string
	Notes        string
	Required     *bool
	ExpressRoute *bool
}

// Items are names and ranges that are added or removed.
type Items struct {
	// EffectiveDate is the day from which additions are used, as in "2026-11-28":
	// by then a firewall has to know them. It may be empty.
	EffectiveDate string

	URLs []endpoints.Host
	IPs  []netip.Prefix
}

// changeRecord is a change as the service writes it.
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

// ParseChanges reads an answer of the changes method: a JSON array of changes.
// What cannot be read in it is in problems, and the rest in changes; a change
// without the number of a set is left out as a whole. An error says that the
// answer cannot be read at all; it is a [*DecodeError].
func ParseChanges(data []byte) (changes []Change, problems []*DecodeError, err error) {
	p := &reader{}
	err = records(data, &p.problems, func(raw json.RawMessage) {
		var r changeRecord
		if !p.unmarshal(raw, &r) {
			return
		}
		p.id = max(0, r.ID)
		if r.EndpointSetID <= 0 {
			p.add("endpointSetId", "%d is missing, or no number of a set: the change is left out", r.EndpointSetID)
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
		Disposition: Disposition(strings.ToLower(clean(r.Disposition))),
		Impact:      Impact(clean(r.Impact)),
		Version:     Version(r.Version),
		Previous:    r.Previous.attributes(),
		Current:     r.Current.attributes(),
		Added:       p.items("add", r.Add),
		Removed:     p.items("remove", r.Remove),
	}
	if !c.Version.Valid() {
		p.add("version", "%q is no version of ten digits", r.Version)
		c.Version = ""
	}
	return c
}

func (p *reader) items(field string, r *itemsRecord) *Items {
	if r == nil {
		return nil
	}
	items := &Items{URLs: p.hosts(field+".urls", r.URLs), IPs: p.prefixes(field+".ips", r.IPs)}
	if r.EffectiveDate != "" {
		var ok bool
		if items.EffectiveDate, ok = readDate(r.EffectiveDate); !ok {
			p.add(field+".effectiveDate", "%q is no date, as in 20261128", r.EffectiveDate)
		}
	}
	return items
}

func (r *attributesRecord) attributes() *Attributes {
	if r == nil {
		return nil
	}
	return &Attributes{
		ServiceArea: clean(r.ServiceArea), Category: Category(clean(r.Category)),
		TCPPorts: clean(r.TCPPorts), UDPPorts: clean(r.UDPPorts), Notes: clean(r.Notes),
		Required: r.Required, ExpressRoute: r.ExpressRoute,
	}
}
