package readiness

import (
	"fmt"

	"github.com/netready/netready/probe"
)

// CausePathMTU means that the path loses large packets and nobody tells the
// sender, so that connections stall: an MTU black hole, RFC 2923 section 2.1.
const CausePathMTU CauseCode = "path.mtu"

// pathMTU needs hosts of several owners whose handshakes stall with packets of
// the usual size, and complete with smaller ones at the same time.
func pathMTU(v *view) []found {
	var proof []int
	for i := range v.obs {
		if _, ok := v.fitting(i); ok {
			proof = append(proof, i)
		}
	}
	if v.owners(proof) < severalOwners {
		return uploadMTU(v)
	}
	plain := v.answeredPlain()
	stalled := v.open(func(i int, r outcome) bool {
		switch o := v.obs[i]; {
		case o.Proxy != nil || o.TCP == nil || !o.TCP.Remote.IsValid():
			return false
		case r.code == probe.HTTPTimeout:
			return plain >= 0
		case r.code != probe.TLSTimeout:
			return false
		default:
			_, ok := v.fitting(i)
			return ok || o.TLS == nil || len(o.TLS.Handshakes) == 0
		}
	})
	if len(stalled) == 0 {
		return nil
	}
	fit := v.fit(proof)
	evidence := v.fitEvidence(proof)
	if plain >= 0 {
		evidence = append(evidence, fmt.Sprintf("Small responses arrive, as from %s.", v.target(plain).Addr()))
	}
	evidence = append(evidence, v.kinds(stalled)...)
	title := "Large packets are lost on the path"
	if fit.passes > 0 {
		title += fmt.Sprintf(" (%d bytes pass, %d do not)", fit.passes, fit.lost)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: evidence,
		Remedy:   mtuRemedy(fit.passes),
	}, explains: unreached(stalled...)}}
}

// answeredPlain returns a check whose host answered over plain HTTP, or -1.
func (v *view) answeredPlain() int {
	for i, r := range v.outcomes.each {
		if p := v.target(i).Protocol; (p == probe.HTTP || p == probe.NCSI) && r.answered(v.obs[i]) && v.obs[i].Proxy == nil {
			return i
		}
	}
	return -1
}

// A fitting is the size in bytes of the largest packets with which handshakes
// complete, and of the smallest that are lost.
type fitting struct{ passes, lost int }

// fitting returns what the stalled handshakes of a check show about the size of
// packets. ok is false unless they stall with packets of the usual size alone.
func (v *view) fitting(check int) (f fitting, ok bool) {
	if v.obs[check].TLS == nil || v.obs[check].Code() != probe.TLSTimeout {
		return fitting{}, false
	}
	for _, h := range v.obs[check].TLS.Handshakes {
		switch {
		case h.Packet == 0:
		case h.Code == "":
			f.passes = max(f.passes, h.Packet)
		case h.Code == probe.TLSTimeout && (f.lost == 0 || h.Packet < f.lost):
			f.lost = h.Packet
		}
	}
	return f, f.passes > 0 && f.lost > f.passes || v.refusesSmall(check)
}

// refusesSmall reports whether a host with which handshakes stall answers a
// small ClientHello with a small alert, and not a large one. If it answered
// both, a filter of certificates would look the same.
func (v *view) refusesSmall(check int) bool {
	var small, large bool
	for k, h := range v.obs[check].TLS.Handshakes {
		small = small || h.Refusable && k == 0 && h.Code == probe.TLSAlert
		large = large || h.Refusable && k > 0 && h.Code == probe.TLSTimeout
	}
	return small && large
}

// fit returns the sizes that are true for all checks. They are zero if not
// measured.
func (v *view) fit(checks []int) fitting {
	all, _ := v.fitting(checks[0])
	for _, i := range checks[1:] {
		f, _ := v.fitting(i)
		all.passes, all.lost = min(all.passes, f.passes), max(all.lost, f.lost)
	}
	return all
}

func (v *view) fitEvidence(checks []int) []string {
	var lines []string
	for _, i := range checks {
		f, _ := v.fitting(i)
		s := fmt.Sprintf("%s accepts connections. At the same time, TLS handshakes with packets of up to %d bytes complete, and those with packets of up to %d bytes stall (%s).",
			v.target(i).Addr(), f.passes, f.lost, probe.TLSTimeout)
		if all := v.obs[i].TLS.Handshakes; f.passes == 0 {
			s = fmt.Sprintf("%s accepts connections. It refuses a TLS ClientHello of %d bytes at once (%s). One of %d bytes stalls, and so do handshakes for which it sends its certificate (%s).",
				v.target(i).Addr(), all[0].Hello, all[0].Code, all[1].Hello, probe.TLSTimeout)
		}
		lines = append(lines, s)
	}
	return firstLines(lines, fewLines, "The same for %d more.")
}

// mtuRemedy says what to change so that packets of a size, or 0 if it was not
// measured, are the largest.
func mtuRemedy(passes int) string {
	const icmp = "Allow ICMP \"fragmentation needed\" (type 3, code 4) and ICMPv6 \"packet too big\" (type 2) on firewalls, tunnels and VPN gateways. Otherwise "
	if passes == 0 {
		return icmp + "clamp the TCP MSS at the gateway to the path MTU less 40 bytes for IPv4 and 60 for IPv6."
	}
	return icmp + fmt.Sprintf("limit packets to %d bytes at the gateway: clamp the TCP MSS to %d for IPv4 and %d for IPv6.", passes, passes-40, passes-60)
}

// uploadMTU needs hosts of several owners that do not get a large ClientHello,
// get it in smaller packets, and are otherwise reached.
func uploadMTU(v *view) []found {
	hit := v.helloFails(func(h helloResult) bool { return h.large == probe.TLSTimeout && h.inSmall })
	if len(hit) == 0 {
		return nil
	}
	first := v.obs[hit[0]].TLS.Handshakes
	packet := first[len(first)-1].Packet
	return []found{{Cause: Cause{
		Title: fmt.Sprintf("Large packets from this network are lost (%d bytes pass)", packet),
		Evidence: []string{
			fmt.Sprintf("%s: a TLS ClientHello of %d bytes gets no answer, twice (%s). In packets of up to %d bytes, it is answered.", v.target(hit[0]).Addr(), first[0].Hello, first[0].Code, packet),
			"The same for: " + list(without(v.names(hit), v.target(hit[0]).Host)) + ". Large packets to this network arrive.",
			"Devices upload more than fits into one packet, such as hardware hashes and TPM attestation data.",
		},
		Remedy: mtuRemedy(packet),
	}, affects: hit}}
}
