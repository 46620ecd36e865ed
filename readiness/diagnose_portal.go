package readiness

import (
	"fmt"
	"net/url"

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
}

// portalOf returns the portal that the NCSI web probe met, if any. An error of
// the network is no portal: someone has to have answered.
func portalOf(p *Plan, obs []probe.Observation) portalAnswer {
	for i, c := range p.Checks {
		if c.Target.Protocol != probe.ProtocolNCSI || c.Target.Port == dnsPort || i >= len(obs) {
			continue
		}
		o := obs[i]
		if o.Code() != probe.HTTPCaptivePortal || o.NCSI == nil {
			continue
		}
		for _, a := range []*probe.NCSIAnswer{o.NCSI.IPv4, o.NCSI.IPv6} {
			if a != nil && a.Code == probe.HTTPCaptivePortal {
				return portalAnswer{i, a.Status, a.Location, hostOf(a.Location), a.Body}
			}
		}
	}
	return portalAnswer{}
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
		case d.target(i).Protocol == probe.ProtocolDNS, d.obs[i].Error != nil && d.obs[i].Error.Op == probe.OpResolve:
			return false
		}
		return !d.works(d.target(i).Protocol)
	})
	evidence := fmt.Sprintf("%s answered with status %d", d.target(a.check).Addr(), a.status)
	switch {
	case a.location != "":
		evidence += " and redirected to " + a.location
	case a.body != "":
		evidence += fmt.Sprintf(" and another page than Microsoft's: %.120q", a.body)
	}
	d.add(Cause{
		Code:     CauseCaptivePortal,
		Title:    "A captive portal answers instead of the internet",
		Evidence: []string{evidence + "; Windows expects status 200 and the text \"Microsoft Connect Test\"."},
		Remedy: "Put the devices on a network without a sign-in page, or exempt them from it (by MAC address or VLAN) " +
			"until they are set up: nobody can sign in to a portal on their behalf.",
	}, checks...)
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
