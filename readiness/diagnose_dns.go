package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// resolverCause tells from the look-ups that a run begins with whether any
// resolver works. It returns "" if one does, or if it cannot be told.
func resolverCause(p *Plan, obs []probe.Observation) CauseCode {
	routed, denied := false, false
	owners := make(map[string]bool)
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.ProtocolDNS {
			continue
		}
		o := obs[i]
		if o.OK() || o.Error == nil || inconclusive(o.Code()) || o.DNS == nil {
			return ""
		}
		owners[zone(c.Target.Host)] = true
		for _, q := range o.DNS.Queries {
			if !dead(q.Code) && !gone(q.Code) {
				return ""
			}
			routed = routed || q.Code != probe.DNSNoRoute
			denied = denied || gone(q.Code)
		}
		routed = routed || len(o.DNS.Queries) == 0
	}
	switch {
	case len(owners) == 0, denied && len(owners) < unrelated:
		return ""
	case !routed:
		return CauseNetworkDown
	}
	return CauseDNSUnreachable
}

// dead reports whether a query's code says that the resolver does not resolve.
// One that denies the names of several unrelated owners, as a resolver without a
// way out does, is as good as dead.
func dead(c probe.Code) bool {
	switch c {
	case probe.DNSTimeout, probe.DNSNoRoute, probe.DNSUnreachable, probe.DNSNotListening, probe.DNSRefused,
		probe.DNSServFail, probe.DNSMalformed, probe.Timeout:
		return true
	}
	return false
}

// resolvers finds a network without resolvers, and marks what was skipped for it.
func (d *diagnosis) resolvers() {
	code := resolverCause(d.plan, d.obs)
	if code == "" {
		return
	}
	checks := d.open(func(i int, _ result) bool { return stage(d.target(i)) == 0 })
	for i, r := range d.results {
		if r.status == NotRun && r.code == probe.Skipped {
			checks = append(checks, i)
		}
	}
	checks = append(checks, d.open(func(i int, r result) bool {
		if r.code != probe.ProxyUnreachable {
			return false
		}
		f := d.obs[i].Proxy
		return f != nil && (f.Op == probe.OpResolve || code == CauseNetworkDown && f.Op == probe.OpConnect && f.Code == probe.TCPUnreachable)
	})...)
	c := Cause{Code: code, Evidence: d.resolverEvidence(checks)}
	if c.Evidence == nil {
		c.Evidence = []string{"The machine has no DNS server configured."}
	}
	if code == CauseNetworkDown {
		c.Title = "The machine has no route to its DNS servers"
		c.Remedy = "Connect the machine to the network that devices are set up in, and check that it gets an address, a gateway and DNS servers by DHCP."
	} else {
		c.Title = "No DNS server resolves internet names"
		c.Remedy = "Give devices, by DHCP, a DNS server that they can reach on UDP and TCP port 53 and that resolves internet names. Nothing else can be measured until one answers."
	}
	d.add(c, checks...)
}

// resolverEvidence says what each resolver answered to the look-ups of checks.
func (d *diagnosis) resolverEvidence(checks []int) []string {
	type key struct {
		resolver string
		code     probe.Code
	}
	names := make(map[key][]string)
	telling := make(map[key]string) // addresses and extended errors of the first
	var order []key
	for _, i := range checks {
		if d.obs[i].DNS == nil {
			continue
		}
		for _, q := range d.obs[i].DNS.Queries {
			k := key{q.Resolver.String(), q.Code}
			if q.Code == "" {
				continue
			}
			if _, ok := names[k]; !ok {
				order = append(order, k)
				telling[k] = details(q)
			}
			name := d.target(i).Host
			if d.obs[i].Proxy != nil {
				name = d.obs[i].DNS.Name // the proxy's
			}
			if !slices.Contains(names[k], name) {
				names[k] = append(names[k], name)
			}
		}
	}
	var out []string
	for _, k := range order {
		out = append(out, fmt.Sprintf("%s %s (%s%s): %s", k.resolver, said(k.code), k.code, telling[k], list(names[k])))
	}
	return out
}

// details quotes what an answer holds beside its code.
func details(q probe.DNSQuery) string {
	var s strings.Builder
	if len(q.Addresses) > 0 {
		fmt.Fprintf(&s, ", %v", q.Addresses)
	}
	for _, x := range q.Extended {
		fmt.Fprintf(&s, ", extended error %d %q", x.InfoCode, x.Text)
	}
	return s.String()
}

// said puts a resolver's behaviour into words.
func said(c probe.Code) string {
	switch c {
	case probe.DNSTimeout, probe.Timeout:
		return "did not answer"
	case probe.DNSNoRoute:
		return "could not be asked: this machine has no route to it"
	case probe.DNSUnreachable:
		return "could not be reached: the network says so, or nobody on the link has its address"
	case probe.DNSNotListening:
		return "could not be reached: nothing listens on its port 53"
	case probe.DNSRefused:
		return "refused to answer"
	case probe.DNSServFail:
		return "answered that it failed"
	case probe.DNSNXDomain:
		return "answered that the name does not exist"
	case probe.DNSNoData:
		return "answered without an address"
	case probe.DNSSinkhole:
		return "answered with an address that leads nowhere"
	case probe.DNSBlocked:
		return "answered that the name is blocked"
	case probe.DNSMalformed:
		return "gave a malformed answer"
	}
	return "failed"
}

// filtered finds names that are kept from devices while others resolve. A name
// that is merely missing convicts nobody unless the documents require it, or
// another resolver knows it: Microsoft retires names.
func (d *diagnosis) filtered() {
	withheld := d.coded(probe.DNSNXDomain, probe.DNSNoData)
	missing := make(map[string]bool) // required names
	for _, i := range withheld {
		if d.required(i) {
			missing[d.target(i).Host] = true
		}
	}
	checks := d.coded(probe.DNSSinkhole, probe.DNSBlocked)
	for _, i := range withheld {
		if d.withheld(d.target(i).Host, missing) || contradicted(d.obs[i].DNS) {
			checks = append(checks, i)
		}
	}
	slices.Sort(checks)
	if len(checks) == 0 {
		return
	}
	names := d.names(checks)
	d.add(Cause{
		Code:     CauseDNSFiltered,
		Title:    "DNS withholds " + count(len(names), "name"),
		Evidence: d.resolverEvidence(checks),
		Remedy: "Exempt these names from DNS filtering, and forward them to a server that resolves internet names: " +
			d.exempt(checks) + ".",
	}, checks...)
}

// withheld reports whether a name that has no address is kept from devices: it
// is one of those that the documents require, or below one, or its domain is
// withheld as a whole: it has one of those in it, and none that has an address.
func (d *diagnosis) withheld(host string, missing map[string]bool) bool {
	for name := host; name != ""; _, name, _ = strings.Cut(name, ".") {
		if missing[name] {
			return true
		}
	}
	_, domain, _ := strings.Cut(host, ".")
	if !strings.Contains(domain, ".") {
		return false
	}
	required := false
	for i, r := range d.results {
		name := d.target(i).Host
		if !strings.HasSuffix(name, "."+domain) || d.obs[i].DNS == nil || d.obs[i].DNS.Name != name {
			continue
		}
		if !gone(r.code) {
			return false
		}
		required = required || missing[name]
	}
	return required
}

// required reports whether the documents require the exact name of a check.
func (d *diagnosis) required(check int) bool {
	return slices.ContainsFunc(d.plan.Checks[check].Endpoints, func(i int) bool {
		e := d.plan.Endpoints[i].Endpoint
		return e.Host.Kind() == endpoints.Exact &&
			(e.Core || e.NeedFor(d.plan.Scope.Scenario) == endpoints.Required || declared(d.plan.Scope, e)) ||
			e.Service == endpoints.ServiceDNS
	})
}
