package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// ranges finds that byte ranges are taken out of requests on the way. One host
// that answers the whole proves nothing, and one that answers a part speaks
// against it. What rewrites plain HTTP need not get into TLS, so the two count
// apart.
func (d *diagnosis) ranges() {
	var hit []int
	var over, evidence []string
	for _, p := range []probe.Protocol{probe.ProtocolHTTP, probe.ProtocolHTTPS} {
		checks := d.stripped(p)
		if len(checks) == 0 {
			continue
		}
		hit = append(hit, checks...)
		over = append(over, strings.ToUpper(string(p)))
		first := checks[max(0, slices.IndexFunc(checks, d.delivers))]
		evidence = append(evidence, fmt.Sprintf("%s was asked for its first byte, and answered the whole with status %d (http.range_unsupported).",
			d.obs[first].HTTP.URL, d.obs[first].HTTP.Status))
		if others := without(d.names(checks), d.target(first).Host); len(others) > 0 {
			evidence = append(evidence, "So did: "+list(others)+". No host answered a part over "+strings.ToUpper(string(p))+".")
		}
	}
	if len(hit) == 0 {
		return
	}
	d.touch(Cause{
		Code:     CauseRangeStripped,
		Title:    "Byte ranges do not get through over " + strings.Join(over, " and "),
		Evidence: evidence,
		Remedy: "Let the proxy or filter pass the header field Range and the answer 206 unchanged, without scanning whole files, for: " +
			d.exempt(hit) + ". Delivery Optimization, Windows Update and Intune load files in parts: without, each device loads each file whole and alone, or not at all.",
	}, hit...)
}

// delivers reports whether a check is of a host that delivers content.
func (d *diagnosis) delivers(check int) bool {
	return slices.ContainsFunc(d.plan.Checks[check].Endpoints, func(i int) bool {
		return d.plan.Endpoints[i].Endpoint.Service == endpoints.ServiceDeliveryOptimization
	})
}

// stripped returns the checks of a protocol that were answered the whole, if
// several unrelated hosts did so and none answered a part.
func (d *diagnosis) stripped(p probe.Protocol) []int {
	const several = 2
	var hit []int
	for i, o := range d.obs {
		if d.target(i).Protocol != p || d.results[i].status != OK || o.HTTP == nil || o.HTTP.Range == nil {
			continue
		}
		switch {
		case o.HTTP.Range.Supported:
			return nil
		case o.HTTP.Range.Code == probe.HTTPRangeUnsupported:
			hit = append(hit, i)
		}
	}
	if d.zones(hit) < several {
		return nil
	}
	return hit
}
