package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseHTTPSBlocked means that TCP port 443 is blocked for every host.
const CauseHTTPSBlocked CauseCode = "egress.https_blocked"

func httpsBlocked(v *view) []found {
	if checks := v.blockedPort(probe.HTTPS, 443); len(checks) > 0 {
		return v.blocked(checks)
	}
	return v.blockedOverIPv4(probe.HTTPS, 443)
}

// blockedPort returns the failed checks of a TCP port if the hosts of several
// unrelated owners are silent on it, and no check of the protocol got any
// answer from its host. If the plan has the port only for fewer owners, as many
// hosts are enough.
func (v *view) blockedPort(proto probe.Protocol, port uint16) []int {
	var all, silent []int // includes checks made only for comparison
	same := v.onPort(proto, port)
	for i := range v.outcomes.each {
		if same(i) {
			all = append(all, i)
		}
		switch {
		case !same(i) || v.explained(i) == CauseDNSFiltered:
		case v.outcomes.each[i].answered(v.obs[i]) || v.overFamily(i, false) == answeredOver:
			return nil
		case mute(v.obs[i].Code()):
			silent = append(silent, i)
		}
	}
	few := v.owners(all) < unrelatedOwners && len(v.names(silent)) >= unrelatedOwners
	if v.owners(silent) < unrelatedOwners && !few {
		return nil
	}
	return v.open(func(i int, r outcome) bool { return same(i) && mute(r.code) })
}

// onPort reports whether a direct check is of a TCP port with a protocol.
func (v *view) onPort(proto probe.Protocol, port uint16) func(i int) bool {
	return func(i int) bool {
		t := v.target(i)
		return t.Port == port && (t.Protocol == proto || proto == probe.HTTP && t.Protocol == probe.NCSI) && v.obs[i].Proxy == nil
	}
}

// blocked returns the cause that a port is blocked for every host.
func (v *view) blocked(checks []int) []found {
	if len(checks) == 0 {
		return nil
	}
	first := v.target(checks[0])
	title := fmt.Sprintf("TCP port %d is blocked", first.Port)
	evidence := v.howBlocked(checks)
	unknown := 0
	for i, o := range v.obs {
		if t := v.target(i); t.Port == first.Port && t.Protocol == first.Protocol && inconclusive(o.Code()) {
			unknown++
		}
	}
	if unknown > 0 {
		title += " for every host tried"
		evidence = append(evidence, fmt.Sprintf("On this port, %s not completed.", checksWere(unknown)))
	}
	if owners := v.owners(checks); owners < unrelatedOwners {
		title = strings.TrimSuffix(title, " for every host tried") + " for every host tried"
		evidence = append(evidence, fmt.Sprintf("All these hosts are in %s, so their servers may be down instead.", count(owners, "domain")))
	}
	if first.Direct {
		title += " except through the proxy"
	}
	evidence = append(evidence, v.refusal(checks)...)
	allow, names := v.allow(checks)
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: evidence,
		Remedy:   "Allow outbound " + allow + ".",
		Names:    names,
	}, explains: unreached(checks...)}}
}

// refusal quotes a host that answers a ClientHello, if it is small and the
// answer is too: then a filter stops handshakes, or the path loses packets.
func (v *view) refusal(checks []int) []string {
	for _, i := range checks {
		if f := v.obs[i].TLS; f != nil && len(f.Handshakes) > 0 && f.Handshakes[0].Refusable && f.Handshakes[0].Code == probe.TLSAlert {
			return []string{fmt.Sprintf("%s refuses a TLS handshake with a prohibited cipher suite at once (%s). So either a filter stops the others, or the path loses large packets.", v.target(i).Addr(), probe.TLSAlert)}
		}
	}
	return nil
}

// howBlocked says how the checks of a port failed.
func (v *view) howBlocked(checks []int) []string {
	return append(v.kinds(checks), fmt.Sprintf("No host answered properly on TCP port %d, although the names resolved.", v.target(checks[0]).Port))
}

// kinds counts how checks failed, and names some hosts of each kind.
func (v *view) kinds(checks []int) []string {
	return v.kindsBy(checks, func(i int) probe.Code { return v.outcomes.each[i].code })
}

// kindsBy does so by what failure says of each check.
func (v *view) kindsBy(checks []int, failure func(check int) probe.Code) []string {
	kinds := groupBy(checks, failure)
	slices.SortFunc(kinds.keys, func(a, b probe.Code) int {
		return cmp.Or(cmp.Compare(len(kinds.values[b]), len(kinds.values[a])), cmp.Compare(a, b))
	})
	var out []string
	for c, of := range kinds.all() {
		out = append(out, fmt.Sprintf("%s: %s (%s) from %s", count(len(of), "check"), behaved(c), c, list(v.names(of))))
	}
	return out
}
