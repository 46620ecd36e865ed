package readiness

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/netready/netready/probe"
)

// A portalAnswer is how a captive portal showed itself to the NCSI web probe.
// Its zero value is no portal.
type portalAnswer struct {
	check    int
	status   int
	location string
	host     string // of the location
	body     string
	alike    []string // the hosts in whose place it answered, if Windows' own probe did not meet it
}

// portalOf returns the portal that the NCSI web probe met, if any. An error of
// the network is no portal: someone has to have answered. Where that probe got
// no answer at all, other hosts may tell.
func portalOf(p *Plan, obs []probe.Observation) portalAnswer {
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.ProtocolNCSI || c.Target.Port == dnsPort || i >= len(obs) {
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

// portalElsewhere returns the portal that answers plain HTTP in the place of
// every host: with one redirect to a host that no document knows, or with one
// page, for unrelated owners.
func portalElsewhere(p *Plan, obs []probe.Observation) portalAnswer {
	var first portalAnswer
	zones := make(map[string]bool)
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.ProtocolHTTP || i >= len(obs) || obs[i].Proxy != nil || obs[i].HTTP == nil || obs[i].HTTP.Status == 0 {
			continue
		}
		o := obs[i]
		if o.Code() == probe.HTTPBlockPage {
			continue // a filter for that host
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
	if len(zones) < unrelated {
		return portalAnswer{}
	}
	return first
}

// knows reports whether a host is of an owner whose hosts the plan checks.
func (p *Plan) knows(host string) bool {
	return slices.ContainsFunc(p.Checks, func(c Check) bool { return zone(c.Target.Host) == zone(host) })
}

// answered reports whether the portal answered a plain HTTP request in the
// place of the host: with the same redirect, or the same page.
func (a portalAnswer) answered(o probe.Observation) bool {
	if a.status == 0 || o.Target.Protocol != probe.ProtocolHTTP || o.HTTP == nil {
		return false
	}
	if a.host != "" {
		return hostOf(o.HTTP.Location) == a.host
	}
	const telling = 16 // shorter bodies are alike by chance
	return len(a.body) >= telling && o.HTTP.Body == a.body && o.HTTP.Status == a.status
}

func hostOf(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// portal finds a captive portal. Behind one, ports on which nothing at all
// works are the portal's doing too.
func (d *diagnosis) portal() {
	a := portalOf(d.plan, d.obs)
	if a.status == 0 {
		return
	}
	checks := d.open(func(i int, r result) bool {
		switch {
		case r.code == probe.HTTPCaptivePortal:
			return true
		case d.obs[i].Proxy != nil:
			return false
		}
		return portals(r.code) && !d.works(d.target(i).Protocol)
	})
	evidence := fmt.Sprintf("%s answered with status %d", d.target(a.check).Addr(), a.status)
	switch {
	case a.location != "":
		evidence += " and redirected to " + a.location
	case a.body != "":
		evidence += fmt.Sprintf(" and another page than Microsoft's: %.120q", a.body)
	}
	if a.alike == nil {
		evidence += "; Windows expects status 200 and the text \"Microsoft Connect Test\"."
	} else {
		evidence += "; so did every host that answered plain HTTP, whoever owns it: " + list(a.alike) + "."
	}
	d.add(Cause{
		Code:     CauseCaptivePortal,
		Title:    "A captive portal answers instead of the internet",
		Evidence: []string{evidence},
		Remedy: "Put the devices on a network without a sign-in page, or exempt them from it (by MAC address or VLAN) " +
			"until they are set up: nobody can sign in to a portal on their behalf.",
	}, checks...)
}

// portals reports whether a failure is one that a captive portal makes of what
// it does not let through: silence, or its own server in the place of others.
func portals(c probe.Code) bool {
	switch c {
	case probe.NTPTimeout, probe.NTPUnreachable, probe.TLSUntrusted, probe.TLSNameMismatch, probe.TLSVersion,
		probe.HTTPStatus, probe.HTTPBodyMismatch, probe.HTTPTruncated, probe.HTTPRedirectLoop:
		return true
	}
	return mute(c)
}

// works reports whether any check of a protocol succeeded.
func (d *diagnosis) works(p probe.Protocol) bool {
	for i, r := range d.results {
		if r.status == OK && d.target(i).Protocol == p {
			return true
		}
	}
	return false
}
