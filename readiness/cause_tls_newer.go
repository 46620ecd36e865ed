package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CauseTLS13Blocked means that something on the path stops TLS 1.3, although
// TLS 1.2 passes.
const CauseTLS13Blocked CauseCode = "tls.version13_blocked"

// CauseLargeHelloBlocked means that something on the path stops ClientHellos
// that do not fit into one packet, as those with post-quantum key shares do
// not.
const CauseLargeHelloBlocked CauseCode = "tls.large_hello_blocked"

func tls13Blocked(v *view) []found {
	hit := v.helloFails(func(h helloResult) bool { return h.small != "" && !h.inSmall })
	if len(hit) == 0 {
		return nil
	}
	return []found{{Cause: Cause{
		Title:    "TLS 1.3 is blocked",
		Evidence: v.helloEvidence(hit, "a handshake that offers TLS 1.3", "Windows 11 offers TLS 1.3."),
		Remedy:   "Update the firewall or proxy to one that supports TLS 1.3, or exempt from its TLS inspection: " + some(v.exempt(hit), fewNames) + ".",
		Names:    v.exempt(hit),
	}, affects: hit, most: Informational}}
}

func largeHelloBlocked(v *view) []found {
	hit := v.helloFails(func(h helloResult) bool { return h.small == "" && !h.inSmall })
	if len(hit) == 0 {
		return nil
	}
	return []found{{Cause: Cause{
		Title: "Large TLS ClientHellos are blocked",
		Evidence: v.helloEvidence(hit, fmt.Sprintf("a ClientHello of %d bytes, which does not fit into one packet,", v.obs[hit[0]].TLS.Handshakes[0].Hello),
			"Smaller ones pass. Clients with post-quantum key exchange send large ones."),
		Remedy: "Update the firewall or proxy to one that reassembles ClientHellos, or exempt from its TLS inspection: " + some(v.exempt(hit), fewNames) + ".",
		Names:  v.exempt(hit),
	}, affects: hit, most: Informational}}
}

// A helloResult says what became of ClientHellos that a reached host got after
// a large one had failed.
type helloResult struct {
	large, small probe.Code // how the second large one failed, and a small one
	inSmall      bool       // a large one in small packets was answered
}

// helloFails returns the checks for which keep is true of what became of their
// ClientHellos. There are none unless hosts of several owners agree and no host
// accepts a large one.
func (v *view) helloFails(keep func(helloResult) bool) []int {
	var hit []int
	for i, o := range v.obs {
		if o.TLS == nil || v.outcomes.each[i].status != OK || len(o.TLS.Handshakes) == 0 {
			continue
		}
		if o.TLS.Handshakes[0].Code == "" {
			return nil
		}
		if r, ok := helloResultOf(o.TLS.Handshakes); ok && keep(r) {
			hit = append(hit, i)
		}
	}
	if v.owners(hit) < severalOwners {
		return nil
	}
	return hit
}

// helloResultOf reads the handshakes of a reached host. ok is false if they
// prove nothing: a second attempt succeeded, some were not made, or one ended with
// an alert, as at a content network that limits handshakes.
func helloResultOf(all []probe.Handshake) (r helloResult, ok bool) {
	const attempts = 3
	if len(all) < attempts {
		return r, false
	}
	r.large, r.small = all[1].Code, all[2].Code
	for _, h := range all {
		if inconclusive(h.Code) || h.Code == probe.TLSAlert || h.Code != "" && h.Hello == 0 {
			return r, false
		}
		r.inSmall = r.inSmall || h.Packet != 0 && h.Code == ""
	}
	return r, r.large != ""
}

func (v *view) helloEvidence(hit []int, what, why string) []string {
	first := v.obs[hit[0]].TLS.Handshakes[1]
	lines := []string{fmt.Sprintf("%s: %s fails, twice: %s (%s). TLS 1.2 works with the same address.", v.target(hit[0]).Addr(), what, behaved(first.Code), first.Code)}
	return append(lines, "The same for: "+list(without(v.exempt(hit), v.target(hit[0]).Host))+".", why)
}
