package readiness

import (
	"net/url"
	"slices"

	"github.com/netready/netready/probe"
)

// A portalAnswer describes the captive portal that answered the NCSI web probe.
// The zero value means no portal.
type portalAnswer struct {
	check    int
	status   int
	location string
	host     string // from the Location header
	body     string
	alike    []string // the hosts in whose place it answered, if it did not answer Windows' own probe
}

// portalOf returns the captive portal that answered the NCSI web probe, if any.
// A network error is no portal: something must have answered. If nothing
// answered that probe, other hosts are considered.
func portalOf(p *Plan, obs []probe.Observation) portalAnswer {
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.NCSI || c.Target.Port == dnsPort {
			continue
		}
		o := obs[i]
		if o.NCSI == nil || o.Code() != probe.HTTPCaptivePortal {
			if o.OK() || o.NCSI != nil && (spoke(o.NCSI.IPv4) || spoke(o.NCSI.IPv6) || spoke(o.NCSI.Proxied)) {
				return portalAnswer{}
			}
			continue
		}
		for _, a := range []*probe.NCSIAnswer{o.NCSI.IPv4, o.NCSI.IPv6} {
			if a != nil && a.Code == probe.HTTPCaptivePortal {
				return portalAnswer{check: i, status: a.Status, location: a.Location, host: hostOf(a.Location), body: a.Body}
			}
		}
	}
	return portalElsewhere(p, obs)
}

// portalElsewhere returns the portal that answers plain HTTP in place of every
// host, with one redirect to a host of an unknown owner or with one page, for
// unrelated owners.
func portalElsewhere(p *Plan, obs []probe.Observation) portalAnswer {
	var first portalAnswer
	var unfinished []probe.Observation // never evidence for a portal, but may refute it
	zones := make(map[string]bool)
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.HTTP || obs[i].Proxy != nil || obs[i].HTTP == nil || obs[i].HTTP.Status == 0 {
			continue
		}
		o := obs[i]
		switch {
		case o.Code() == probe.HTTPBlockPage:
			continue // a filter for this host
		case inconclusive(o.Code()):
			unfinished = append(unfinished, o)
			continue
		}
		if first.status == 0 {
			first = portalAnswer{check: i, status: o.HTTP.Status, location: o.HTTP.Location, host: hostOf(o.HTTP.Location), body: o.HTTP.Body}
			if first.host != "" && p.knows(first.host) {
				return portalAnswer{}
			}
		}
		if o.Code() != probe.HTTPCaptivePortal && !first.answered(o) {
			return portalAnswer{}
		}
		zones[zone(c.Target.Host)] = true
		first.alike = append(first.alike, c.Target.Host)
	}
	if len(zones) < unrelatedOwners || slices.ContainsFunc(unfinished, func(o probe.Observation) bool { return !first.answered(o) }) {
		return portalAnswer{}
	}
	return first
}

// knows reports whether a host's owner has hosts in the plan.
func (p *Plan) knows(host string) bool {
	return slices.ContainsFunc(p.Checks, func(c Check) bool { return zone(c.Target.Host) == zone(host) })
}

// answered reports whether the portal answered a plain HTTP request in place of
// the host, with the same redirect or the same page.
func (a portalAnswer) answered(o probe.Observation) bool {
	if a.status == 0 || o.Target.Protocol != probe.HTTP || o.HTTP == nil {
		return false
	}
	if a.host != "" {
		return hostOf(o.HTTP.Location) == a.host
	}
	return len(a.body) >= tellingBody && o.HTTP.Body == a.body && o.HTTP.Status == a.status
}

func hostOf(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
