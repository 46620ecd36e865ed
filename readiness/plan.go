package readiness

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A Plan is what a run will do: every check, and what cannot be checked. Only
// [Runner.Plan] makes plans that can be judged. A Plan contacts nothing and
// must not be changed while it is in use.
type Plan struct {
	Scope   endpoints.Scope
	Catalog *endpoints.Catalog

	// Proxied says that the network has a proxy: [Runner.Network] has a Proxy.
	// A few hosts are then also tried without it, to tell whether devices need
	// it.
	Proxied bool

	// SearchDomains are the network's DNS search domains, in which devices look
	// for a proxy; see [probe.WPAD].
	SearchDomains []string

	// Checks are what to measure, one check for each host, port and protocol.
	// The lookups that tell whether the resolvers work come first, then the
	// other checks in the order in which provisioning needs them.
	Checks []Check

	// Notes are what a reader must know about the scope as a whole, such as
	// what was not given.
	Notes []string

	layout   []planEndpoint    // all endpoints of the scope, in catalog order
	settings map[string]string // of the machine; see [probe.Network]
}

// Endpoints yields the documented endpoints of the scope in catalog order, each
// with the reason why it cannot be tested. The reason is empty if and only if
// the plan tests one of the endpoint's ports or its DNS record. An endpoint
// that is not tested may still have a check of its zone; see [probe.SOA].
func (p *Plan) Endpoints() iter.Seq2[endpoints.Endpoint, string] {
	return func(yield func(endpoints.Endpoint, string) bool) {
		for _, e := range p.layout {
			if !yield(*e.endpoint, e.untested) {
				return
			}
		}
	}
}

// A Check is one concrete thing to measure, with the endpoints that it stands
// for.
type Check struct {
	Target probe.Target

	// Endpoints are the endpoints that the check stands for, in catalog order.
	// It is empty for checks that are made only for comparison. Checks share
	// them with the plan and must not change them.
	Endpoints []endpoints.Endpoint

	// Source is the document (or the capture, if Basis says so) that gives the
	// port for this very host. It is zero for names that come from the network
	// or the scope.
	Source endpoints.Source
	Basis  endpoints.Basis
}

// ID names the check within its plan, as in "https login.live.com:443". It is
// empty for the zero Check.
func (c Check) ID() string {
	if c.Target == (probe.Target{}) {
		return ""
	}
	return c.Target.String()
}

// checks returns the checks that have indices.
func (p *Plan) checks(indices []int) []Check {
	if len(indices) == 0 {
		return nil
	}
	out := make([]Check, len(indices))
	for k, i := range indices {
		out[k] = p.Checks[i]
	}
	return out
}

// A planEndpoint is an endpoint of the scope and how it is tested.
type planEndpoint struct {
	endpoint *endpoints.Endpoint
	checks   []int  // indices into Plan.Checks, ascending
	untested string // why its ports cannot be tested; if set, checks has only the check of its zone
}

// Plan chooses the checks for a scope from r.Catalog. It contacts nothing. The
// scope must name a scenario. If the scope is invalid, the error is an
// [*endpoints.Error]. It is also an error if a port's protocol has no prober,
// or if no port uses an entry of r.Probers. If Microsoft does not offer the
// scenario in the cloud, the [*endpoints.Error] lists the clouds in which it
// does.
//
// The scope determines what is tested. Names that contain the tenant's name or
// one of its domains are tested if the scope gives it. Without a region, Plan
// tests one sample of each kind of name in each region, and a note of the plan
// says so. Without a TPM vendor or a Windows generation, it tests what any of
// them needs. For [endpoints.ScenarioHybridJoin] with an Active Directory
// domain, the run looks up the domain controllers in DNS and connects to them.
// An endpoint that only a feature needs counts as needed if the scope names the
// feature, and as conditional if not.
//
// r.Network says whether the network has a proxy and which search domains and
// settings the machine has. Nil ones are read from this machine (see
// [probe.Network.Load]); if the search domains cannot be read, a note of the
// plan says so. For a plan that is the same on every machine, use empty ones.
//
// A pattern is tested through its documented members, never through an invented
// name. A port is tested only on members for which a source gives that port,
// because a pattern's ports are not necessarily those of its members. Endpoints
// that cannot be tested stay in the plan, with the reason.
func (r Runner) Plan(s endpoints.Scope) (*Plan, error) {
	if err := checkScope(s); err != nil {
		return nil, err
	}
	domains, unread, err := searchDomains(r.Network)
	if err != nil {
		return nil, err
	}
	c := r.Catalog
	if c == nil {
		c = endpoints.Embedded()
	}
	if err := supported(s, c); err != nil {
		return nil, err
	}
	p := planner{plan: &Plan{Scope: s, Catalog: c, Proxied: r.Network.Proxy != nil, SearchDomains: domains, settings: machineSettings(r.Network)}, probers: r.Probers}
	needed, err := c.Select(planned(s, c))
	if err != nil {
		return nil, err
	}
	p.selected, p.index, p.checks = needed, make(map[probe.Target]int, len(needed)), make([]planCheck, 0, len(needed))
	p.plan.layout = make([]planEndpoint, len(needed))
	for i := range needed {
		p.plan.layout[i].endpoint = &needed[i]
	}
	if err := p.checkPorts(); err != nil {
		return nil, err
	}
	if p.foreign, err = p.others(); err != nil {
		return nil, err
	}
	p.sample()
	for i := range p.plan.layout {
		if p.plan.layout[i].untested == "" {
			p.add(i)
		}
	}
	p.plan.Notes = append(p.notes(), unread...)
	if p.plan.Proxied {
		secure := func(e endpoints.Endpoint) bool {
			return hasPort(&e, "https") && !e.Has(endpoints.TraitPlainHTTP)
		}
		for _, name := range p.controlNames(secure) {
			t := probe.Target{Protocol: probe.HTTPS, Host: name, Port: 443, Direct: true}
			if _, ok := p.index[t]; !ok {
				p.checks = append(p.checks, planCheck{target: t})
			}
		}
	}
	p.moreHandshakes()
	p.finish()
	p.cite()
	if err := r.check(p.plan); err != nil {
		return nil, err
	}
	if err := r.measures(p.plan); err != nil {
		return nil, err
	}
	return p.plan, nil
}

// searchDomains returns a network's valid search domains, and notes about the
// ones that are left out.
func searchDomains(n probe.Network) (domains, notes []string, err error) {
	if n.SearchDomains != nil {
		return n.SearchDomains, nil, checkDomains(n.SearchDomains)
	}
	read, err := probe.Network{Resolvers: []netip.AddrPort{}, HostsFile: map[string][]netip.Addr{}, Settings: map[string]string{}}.Load()
	if err != nil {
		notes = []string{"The DNS domains of this machine could not be read, so no proxy is looked for in them: " + err.Error() + "."}
	}
	for _, d := range read.SearchDomains {
		if err := checkDomains([]string{d}); err != nil {
			notes = append(notes, "No proxy is looked for in a DNS domain of this machine: "+err.Error()+".")
			continue
		}
		domains = append(domains, d)
	}
	return domains, notes, nil
}

// Targets returns the targets of all checks in order.
func (p *Plan) Targets() []probe.Target {
	out := make([]probe.Target, len(p.Checks))
	for i, c := range p.Checks {
		out[i] = c.Target
	}
	return out
}

// Hosts returns every name that a run of the plan looks up or contacts, sorted,
// with those that this machine's settings name (see [probe.Network]). A run also
// contacts the network's own resolvers and proxy, the servers that SRV records list (see [probe.SRV]; a note of the plan says so), and the
// revocation and issuer URLs in the certificates that it is shown. It also
// looks up random names that should not exist (see [probe.NXDomain]).
func (p *Plan) Hosts() []string {
	var out []string
	for _, c := range p.Checks {
		if c.Target.Protocol == probe.NXDomain {
			continue
		}
		out = append(out, c.Target.Host)
		if c.Target.Protocol == probe.NCSI && c.Target.Port == 80 {
			out = append(out, ncsiIPv6Host)
		}
		out = append(out, ownServers(p.settings, c.Target)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

type planner struct {
	plan     *Plan
	selected []endpoints.Endpoint // those of Plan.layout
	probers  map[probe.Protocol]probe.Prober
	checks   []planCheck
	index    map[probe.Target]int // into checks, by target without its path

	foreign map[string]bool // names that only other regions, TPM vendors or Windows generations need
}

type planCheck struct {
	target    probe.Target
	endpoints []int // indices into Plan.layout, ascending
}

func (p *planner) add(i int) {
	e := p.plan.layout[i].endpoint
	hosts, why := p.hosts(e)
	made := false
	for _, h := range hosts {
		for _, port := range e.Ports {
			if !p.given(e, h, port) {
				why = noGivenPort
				continue
			}
			if t, ok := p.target(e, h, port); ok {
				// Push notifications do not go through a proxy, and neither
				// does NTP.
				t.Direct = p.plan.Proxied && e.Has(endpoints.TraitNoProxy) && t.Protocol == probe.HTTPS
				p.check(t, i)
				made = true
			}
		}
	}
	if made && e.Service == endpoints.ServiceDNS {
		for _, suffix := range controlSuffixes() {
			p.check(probe.Target{Protocol: probe.NXDomain, Host: suffix, Port: dnsPort}, i)
		}
	}
	if made {
		return
	}
	p.plan.layout[i].untested = cmp.Or(why, "no request on its ports would prove anything")
	if zone := zoneOf(e.Host); zone != "" && !p.plan.Proxied { // a proxy looks up names itself
		p.check(probe.Target{Protocol: probe.SOA, Host: zone}, i)
		p.plan.layout[i].untested += "; only its zone is looked up, which says nothing about ports"
	}
}

// zoneOf returns the domain that contains all names that a pattern covers, or
// "".
func zoneOf(h endpoints.Host) string {
	if h.Kind() != endpoints.Suffix && h.Kind() != endpoints.Glob {
		return ""
	}
	name := h.String()
	_, zone, _ := strings.Cut(name[strings.LastIndexByte(name, '*'):], ".")
	if !strings.Contains(zone, ".") {
		return "" // a top-level domain belongs to many owners
	}
	return zone
}

// controlNames returns a few core names of unrelated owners, so that no single
// zone decides how a resolver or firewall is judged.
func (p *planner) controlNames(keep func(endpoints.Endpoint) bool) []string {
	const enough = 4
	var core []endpoints.Endpoint
	for _, pl := range p.plan.layout {
		if e := *pl.endpoint; e.Decisive && e.Host.Kind() == endpoints.Exact && keep(e) {
			core = append(core, e)
		}
	}
	slices.SortStableFunc(core, func(a, b endpoints.Endpoint) int {
		return cmp.Compare(a.Phase.Order(), b.Phase.Order())
	})
	var names []string
	seen := make(map[string]bool)
	for _, e := range core {
		zone := zone(e.Host.String())
		if !seen[zone] && len(names) < enough {
			seen[zone] = true
			names = append(names, e.Host.String())
		}
	}
	return names
}

// controlSuffixes returns suffixes of different owners below which the run
// looks up nonexistent names.
func controlSuffixes() []string { return []string{"com", "net", "org"} }

// zone returns the last two labels of a name.
func zone(name string) string {
	last := strings.LastIndexByte(name, '.')
	if last < 0 {
		return name
	}
	return name[strings.LastIndexByte(name[:last], '.')+1:]
}
