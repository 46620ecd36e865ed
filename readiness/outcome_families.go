package readiness

import (
	"slices"

	"github.com/netready/netready/probe"
)

// alongside returns the connection over IPv6 on which a handshake was made
// besides the one over IPv4, or nil.
func alongside(o probe.Observation) *probe.Dial {
	if o.TCP == nil || o.Proxy != nil || inconclusive(o.Code()) {
		return nil
	}
	i := slices.IndexFunc(o.TCP.Dials, func(d probe.Dial) bool { return d.TLS != nil })
	if i < 0 {
		return nil
	}
	return &o.TCP.Dials[i]
}

// intercepted returns how a handshake alongside showed that someone else
// answers, or "". Devices use either family, and prefer IPv6.
func intercepted(o probe.Observation) probe.Code {
	if d := alongside(o); d != nil && (d.TLSCode == probe.TLSInspected || d.TLSCode == probe.TLSUntrusted) {
		return d.TLSCode
	}
	return ""
}

// presented returns the facts of the handshake that decided a check: that over
// IPv6 if only there someone else answered.
func (v *view) presented(check int) *probe.TLSFacts {
	o := v.obs[check]
	if o.OK() || begun(o) {
		if c := intercepted(o); c != "" && c == v.outcomes.each[check].code {
			return alongside(o).TLS
		}
	}
	return o.TLS
}

// oneFamily returns the family over which checks were intercepted, and what the
// other one showed, or "" if it cannot be told from the other.
func (v *view) oneFamily(checks []int) (family, evidence string) {
	var clean4, clean6 []int // hosts that are genuine over IPv4, and over IPv6
	for _, i := range checks {
		o := v.obs[i]
		d := alongside(o)
		switch {
		case v.presented(i) != o.TLS:
			clean4 = append(clean4, i)
		case d != nil && d.TLSCode == "" && genuine(d.TLS):
			clean6 = append(clean6, i)
		case d != nil && genuine(o.TLS) == genuine(d.TLS):
			return "", ""
		}
	}
	switch {
	case len(clean4) == len(checks):
		return "IPv6", "Over IPv4, genuine certificates come from " + list(v.names(clean4)) + ". Windows prefers IPv6 (RFC 6724)."
	case len(clean4) == 0 && len(clean6) > 0:
		return "IPv4", "Over IPv6, genuine certificates come from " + list(v.names(clean6)) + "."
	}
	return "", ""
}

// titleOver appends a family to the words of a title.
func titleOver(title, family string) string {
	if family == "" {
		return title
	}
	return title + " over " + family
}
