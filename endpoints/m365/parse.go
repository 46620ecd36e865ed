package m365

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/netready/netready/endpoints"
)

// setRecord is an endpoint set in the service's format.
type setRecord struct {
	ID                     int      `json:"id"`
	ServiceArea            string   `json:"serviceArea"`
	ServiceAreaDisplayName string   `json:"serviceAreaDisplayName"`
	URLs                   []string `json:"urls"`
	IPs                    []string `json:"ips"`
	TCPPorts               string   `json:"tcpPorts"`
	UDPPorts               string   `json:"udpPorts"`
	ExpressRoute           bool     `json:"expressRoute"`
	Category               string   `json:"category"`
	Required               *bool    `json:"required"`
	Notes                  string   `json:"notes"`
}

// ParseSets reads a response of the endpoints method: a JSON array of endpoint
// sets. It returns readable sets in sets and the rest in problems. A set with a
// missing or duplicate ID is skipped. An error means that nothing could be
// read; it is an [*endpoints.Error].
func ParseSets(data []byte) (sets []Set, problems []*endpoints.Error, err error) {
	p := &reader{}
	seen := make(map[int]bool)
	err = records(data, &p.problems, func(raw json.RawMessage) {
		var r setRecord
		if !p.unmarshal(raw, &r) {
			return
		}
		if r.ID <= 0 || seen[r.ID] {
			p.add("id", "%d is missing or a duplicate: set skipped", r.ID)
			return
		}
		seen[r.ID] = true
		sets = append(sets, p.set(&r))
	})
	if err != nil {
		return nil, nil, err
	}
	return sets, p.list, nil
}

type reader struct{ problems }

func (p *reader) set(r *setRecord) Set {
	p.id = r.ID
	s := Set{
		ID:                     r.ID,
		ServiceArea:            clean(r.ServiceArea),
		ServiceAreaDisplayName: clean(r.ServiceAreaDisplayName),
		URLs:                   p.hosts("urls", r.URLs),
		IPs:                    p.prefixes("ips", r.IPs),
		Ports:                  append(p.ports("tcpPorts", "tcp", r.TCPPorts), p.ports("udpPorts", "udp", r.UDPPorts)...),
		ExpressRoute:           r.ExpressRoute,
		Category:               clean(r.Category),
		Required:               r.Required == nil || *r.Required,
		Notes:                  clean(r.Notes),
	}
	if r.Required == nil {
		p.add("required", "missing: assumed true")
	}
	return s
}

func (p *reader) hosts(field string, texts []string) []endpoints.Host {
	var out []endpoints.Host
	seen := make(map[endpoints.Host]bool, len(texts))
	for i, text := range texts {
		h, err := endpoints.ParseHost(strings.TrimSpace(text))
		switch {
		case err != nil, h.Kind() == endpoints.Placeholder, h.Kind() == endpoints.Tenant: // only our own notation has these
			p.add(at(field, i), "%q is not a host name", text)
		case !seen[h]:
			seen[h] = true
			out = append(out, h)
		}
	}
	return out
}

// prefixes reads address ranges. A single address is a range of one.
func (p *reader) prefixes(field string, texts []string) []netip.Prefix {
	var out []netip.Prefix
	seen := make(map[netip.Prefix]bool, len(texts))
	for i, text := range texts {
		text = strings.TrimSpace(text)
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, _ := netip.ParseAddr(text)
			prefix = netip.PrefixFrom(addr.WithZone(""), addr.BitLen())
			if !prefix.IsValid() || addr.Zone() != "" {
				p.add(at(field, i), "%q is not an address range", text)
				continue
			}
		}
		if prefix = prefix.Masked(); !seen[prefix] {
			seen[prefix] = true
			out = append(out, prefix)
		}
	}
	return out
}

// ports reads a list such as "80, 443,50000-50059", skipping empty items.
func (p *reader) ports(field, transport, text string) []endpoints.Port {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var out []endpoints.Port
	seen := make(map[endpoints.Port]bool)
	for item := range strings.SplitSeq(text, ",") {
		item = strings.TrimSpace(item)
		first, last, isRange := strings.Cut(item, "-")
		port := endpoints.Port{Transport: transport}
		var ok1, ok2 bool
		port.Number, ok1 = portNumber(first)
		port.Last, ok2 = portNumber(last)
		if !isRange || port.Last == port.Number {
			port.Last, ok2 = 0, ok1
		}
		if !ok1 || !ok2 || port.Last != 0 && port.Last < port.Number {
			p.add(field, "%q is not a port or a range of ports", item)
			continue
		}
		port.Protocol = protocol(transport, port.Number)
		if !seen[port] {
			seen[port] = true
			out = append(out, port)
		}
	}
	return out
}

func portNumber(s string) (n uint16, ok bool) {
	v, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	return uint16(v), err == nil && v > 0
}

func at(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

// ParseVersions reads a response of the version method: a JSON array of
// records, or a single one. It skips clouds that package endpoints does not
// have. An error is an [*endpoints.Error].
func ParseVersions(data []byte) (map[endpoints.Cloud]Version, error) {
	out := make(map[endpoints.Cloud]Version)
	var p problems
	err := records(data, &p, func(raw json.RawMessage) {
		var r struct {
			Instance string `json:"instance"`
			Latest   string `json:"latest"`
		}
		if !p.unmarshal(raw, &r) {
			return
		}
		v := Version(r.Latest)
		switch cloud := cloudOf(r.Instance); {
		case clean(r.Instance) == "":
			p.add("instance", "missing")
		case !v.Valid():
			p.add("latest", "%q is not a version of ten digits", r.Latest)
		case cloud != "":
			out[cloud] = v
		}
	})
	if err != nil {
		return nil, err
	}
	if len(p.list) > 0 {
		return nil, p.list[0]
	}
	if len(out) == 0 {
		return nil, &endpoints.Error{Code: endpoints.BadValue, Line: 1, Reason: fmt.Sprintf("no versions in %d bytes", len(data))}
	}
	return out, nil
}
