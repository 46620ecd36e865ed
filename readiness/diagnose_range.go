package readiness

import (
	"fmt"
	"strings"

	"github.com/netready/netready/probe"
)

// ranges finds that byte ranges are taken out of requests on the way. One host
// that answers the whole proves nothing, and one that answers a part speaks
// against it.
func (d *diagnosis) ranges() {
	d.rangesOver(probe.ProtocolHTTP)
	d.rangesOver(probe.ProtocolHTTPS)
}

// rangesOver does so for one protocol: what rewrites plain HTTP need not get
// into TLS.
func (d *diagnosis) rangesOver(p probe.Protocol) {
	const several = 2
	var hit []int
	for i, o := range d.obs {
		if d.target(i).Protocol != p || d.results[i].status != OK || o.HTTP == nil || o.HTTP.Range == nil {
			continue
		}
		switch {
		case o.HTTP.Range.Supported:
			return
		case o.HTTP.Range.Code == probe.HTTPRangeUnsupported:
			hit = append(hit, i)
		}
	}
	if d.zones(hit) < several {
		return
	}
	first := hit[0]
	evidence := []string{fmt.Sprintf("%s was asked for its first byte, and answered the whole with status %d (http.range_unsupported).",
		d.obs[first].HTTP.URL, d.obs[first].HTTP.Status)}
	if others := without(d.names(hit), d.target(first).Host); len(others) > 0 {
		evidence = append(evidence, "So did: "+list(others)+". No host answered a part.")
	}
	d.touch(Cause{
		Code:     CauseRangeStripped,
		Title:    "Byte ranges do not get through over " + strings.ToUpper(string(p)),
		Evidence: evidence,
		Remedy: "Let the proxy or filter pass the header field Range and the answer 206 unchanged, without scanning whole files, for: " +
			d.exempt(hit) + ". Delivery Optimization, Windows Update and Intune load files in parts.",
	}, hit...)
}
