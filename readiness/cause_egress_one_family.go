package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// A familyResult is what a check showed of one address family.
type familyResult uint8

const (
	unknownOver  familyResult = iota // it was not tried, or this machine could not
	silentOver                       // no conversation began
	answeredOver                     // something answered
)

// overFamily returns what a direct check showed of IPv4, or of IPv6.
func (v *view) overFamily(check int, v4 bool) familyResult {
	o, r := v.obs[check], unknownOver
	if n := o.NCSI; n != nil {
		a := n.IPv6
		if v4 {
			a = n.IPv4
		}
		switch {
		case a == nil || inconclusive(o.Code()):
			return unknownOver
		case spoke(a):
			return answeredOver
		case mute(a.Code):
			return silentOver
		}
		return unknownOver
	}
	if o.TCP == nil || inconclusive(o.Code()) {
		return unknownOver
	}
	for _, d := range o.TCP.Dials {
		code, known := d.Code, d.Code != "" && !d.NoRoute
		switch {
		case is4(d) != v4:
			continue
		case d.TLS != nil:
			code, known = d.TLSCode, true
		case d.Code == "" && d.Addr == o.TCP.Remote:
			code, known = o.Code(), true
			if v.outcomes.each[check].answered(o) {
				code = ""
			}
		}
		switch {
		case known && mute(code):
			r = max(r, silentOver)
		case known && (code == "" || d.Code == ""):
			r = answeredOver
		}
	}
	return r
}

// blockedOverIPv4 finds that a TCP port is blocked for every host over IPv4, and
// not over IPv6. The opposite is [CauseIPv6Broken].
func (v *view) blockedOverIPv4(proto probe.Protocol, port uint16) []found {
	if v.outcomes.signs.ipv4Lack != ipv4Works {
		return nil // that is no matter of a port
	}
	var silent, answered []int
	same := v.onPort(proto, port)
	for i := range v.outcomes.each {
		if !same(i) || v.explained(i) != "" {
			continue
		}
		switch v.overFamily(i, true) {
		case answeredOver:
			return nil
		case silentOver:
			silent = append(silent, i)
		case unknownOver:
		}
		if v.overFamily(i, false) == answeredOver {
			answered = append(answered, i)
		}
	}
	if v.owners(silent) < unrelatedOwners || v.owners(answered) < severalOwners {
		return nil
	}
	checks := v.open(func(i int, r outcome) bool { return same(i) && mute(r.code) && v.overFamily(i, true) == silentOver })
	f := found{explains: unreached(checks...)}
	if len(checks) == 0 { // every host was reached over IPv6, which devices may not have
		f.affects = silent
	}
	allow, names := v.allow(silent)
	f.Cause = Cause{
		Title:    fmt.Sprintf("TCP port %d is blocked over IPv4", port),
		Evidence: append(v.kindsBy(silent, v.failureOverIPv4), fmt.Sprintf("No host answered on TCP port %d over IPv4. Over IPv6, answers came from %s.", port, list(v.names(answered)))),
		Remedy:   "Allow outbound " + allow + " over IPv4.",
		Names:    names,
	}
	return []found{f}
}

// failureOverIPv4 returns how a check failed over IPv4.
func (v *view) failureOverIPv4(check int) probe.Code {
	o := v.obs[check]
	if o.NCSI != nil && o.NCSI.IPv4 != nil {
		return o.NCSI.IPv4.Code
	}
	for _, d := range o.TCP.Dials {
		if is4(d) && d.Code != "" {
			return d.Code
		}
	}
	return o.Code()
}
