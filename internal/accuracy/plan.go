package accuracy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// Plans are the plans for a scope's networks: those without a proxy, and those
// with one, where a few hosts are also tried directly.
type Plans struct{ Plain, Proxied *readiness.Plan }

// searchDomain is the network's domain, in which devices look for a proxy.
const searchDomain = "corp.contoso.com"

// Whole returns the plans of a scope.
func Whole(s endpoints.Scope) (Plans, error) { return plans(s, nil) }

func plans(s endpoints.Scope, c *endpoints.Catalog) (p Plans, err error) {
	r := readiness.Runner{Catalog: c, Network: probe.Network{SearchDomains: []string{searchDomain}}}
	if p.Plain, err = r.Plan(s); err != nil {
		return p, err
	}
	r.Network.Proxy = func(probe.Target) (*url.URL, error) { return nil, nil }
	p.Proxied, err = r.Plan(s)
	return p, err
}

// Sample returns plans of a scope with about a quarter of the checks, so that
// many networks can be measured. They contain every part of every service.
//
// A sample keeps the endpoints that decide alone, because verdicts depend on
// them. Of the others, it keeps the first of each service and part and, where
// some endpoints decide, the first of each need, because judgment distinguishes
// these. The same applies to untestable endpoints. Of a pattern's members, it
// keeps two, enough to tell a failed pattern from a partial one, or one if the
// pattern is not required.
//
// It omits hosts known to deviate from the lists; OddSample has them.
func Sample(s endpoints.Scope) (Plans, error) { return sample(s, false) }

// OddSample is Sample plus all hosts known to deviate from the lists.
func OddSample(s endpoints.Scope) (Plans, error) { return sample(s, true) }

func sample(s endpoints.Scope, odd bool) (Plans, error) {
	whole, err := readiness.Runner{Network: probe.Network{SearchDomains: []string{}}}.Plan(s)
	if err != nil {
		return Plans{}, err
	}
	decided := make(map[endpoints.Service]bool)
	for e := range whole.Endpoints() {
		decided[e.Service] = decided[e.Service] || e.Decisive
	}
	type class struct {
		service endpoints.Service
		part    string
		need    endpoints.Need
		tested  bool
	}
	asked := make(map[string]bool)
	for _, t := range whole.Targets() {
		asked[t.Host] = asked[t.Host] || t.Protocol != probe.SOA
	}
	seen := make(map[class]bool)
	var kept []endpoints.Endpoint
	for e, reason := range whole.Endpoints() {
		need := e.NeedFor(s.Scenario)
		c := class{service: e.Service, part: e.Part, tested: reason == ""}
		if decided[e.Service] {
			c.need = need
		}
		strange := slices.DeleteFunc(append([]string{e.Host.String()}, e.Members...), func(host string) bool {
			return !odd || !asked[host] || !contradicted(whole.Catalog, host)
		})
		usual := e.Decisive || !seen[c] && (e.Host.Kind() != endpoints.Exact || !contradicted(whole.Catalog, e.Host.String()))
		if !usual && len(strange) == 0 {
			continue
		}
		seen[c] = seen[c] || usual
		members := 1
		if need == endpoints.Required {
			members = 2
		}
		e.Members = slices.DeleteFunc(slices.Clone(e.Members), func(host string) bool {
			return !asked[host] || contradicted(whole.Catalog, host)
		})
		e.Members = e.Members[:min(len(e.Members), members)]
		if e.Host.Kind() != endpoints.Exact {
			e.Members = append(e.Members, strange...)
		}
		kept = append(kept, e)
	}
	catalog, err := reduced(kept)
	if err != nil {
		return Plans{}, err
	}
	return plans(s, catalog)
}

// reduced returns the built-in catalog with only the kept endpoints and
// members, and all facts.
func reduced(kept []endpoints.Endpoint) (*endpoints.Catalog, error) {
	members := make(map[rule][]string)
	for _, e := range kept {
		members[rule{e.Service, e.Host}] = e.Members
	}
	var b bytes.Buffer
	if err := endpoints.Embedded().Encode(&b); err != nil {
		return nil, err
	}
	var file map[string]any
	if err := json.Unmarshal(b.Bytes(), &file); err != nil {
		return nil, err
	}
	filter(file, "services", func(service map[string]any) bool {
		id := endpoints.Service(fmt.Sprint(service["service"]))
		return filter(service, "groups", func(group map[string]any) bool {
			return filter(group, "endpoints", func(e map[string]any) bool {
				host, err := endpoints.ParseHost(fmt.Sprint(e["host"]))
				names, ok := members[rule{id, host}]
				if len(names) > 0 {
					e["members"] = names
				} else {
					delete(e, "members")
				}
				return ok && err == nil
			})
		})
	})
	text, err := json.Marshal(file)
	if err != nil {
		return nil, err
	}
	return endpoints.Decode(bytes.NewReader(text))
}

// filter keeps the objects of a list for which keep is true, and reports whether
// there are any.
func filter(in map[string]any, list string, keep func(map[string]any) bool) bool {
	items, _ := in[list].([]any)
	items = slices.DeleteFunc(items, func(item any) bool {
		object, ok := item.(map[string]any)
		return !ok || !keep(object)
	})
	in[list] = items
	return len(items) > 0
}

// contradicted reports whether a host is known to deviate from the lists, by
// name or on a web port.
func contradicted(c *endpoints.Catalog, host string) bool {
	return slices.ContainsFunc([]uint16{0, 80, 443}, func(port uint16) bool { return c.Fact(host, port).Known == endpoints.Contradicted })
}
