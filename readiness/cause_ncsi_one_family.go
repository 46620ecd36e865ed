package readiness

import (
	"fmt"
	"slices"
	"time"

	"github.com/netready/netready/probe"
)

// CauseNCSIOneFamily means that Windows' connectivity probe fails over one
// address family and succeeds over the other. One is enough for Windows, so it
// is informational.
const CauseNCSIOneFamily CauseCode = "ncsi.one_family"

func ncsiOneFamily(v *view) []found {
	for i, o := range v.obs {
		if o.NCSI == nil || !o.OK() || v.outcomes.each[i].status != OK || o.NCSI.IPv4 == nil || o.NCSI.IPv6 == nil {
			continue
		}
		bad, badFamily, works := o.NCSI.IPv4, "IPv4", v.outcomes.signs.ipv4[v.target(i).Port]
		good, goodFamily := o.NCSI.IPv6, "IPv6"
		if bad.Code == "" {
			bad, badFamily, good, goodFamily = good, goodFamily, bad, badFamily
			works = v.handshakeOverIPv6() // nothing else tries port 80 over IPv6 first
		}
		if good.Code != "" || bad.Code == "" || inconclusive(bad.Code) || !spoke(bad) && (!works || v.limited() || !silentLong(o, bad.Code)) {
			continue // the family works for no host, so this host is not at fault, or it had too little time
		}
		how := behaved(bad.Code)
		if spoke(bad) {
			how = fmt.Sprintf("status %d", bad.Status)
			if bad.Location != "" {
				how += fmt.Sprintf(" to %q", bad.Location)
			}
			if bad.Body != "" {
				how += fmt.Sprintf(" and %.64q", bad.Body)
			}
		}
		return []found{{Cause: Cause{
			Title: "Windows' connectivity probe fails over " + badFamily,
			Evidence: []string{
				fmt.Sprintf("%s at %v: %s (%s).", bad.Host, bad.Addresses, how, bad.Code),
				good.Host + " over " + goodFamily + " gives the expected answer, with which Windows is content.",
			},
			Remedy: "Find what answers or drops TCP port 80 to " + bad.Host + " over " + badFamily + ", such as a sign-in page for " + badFamily + " alone, and let it pass unchanged.",
			Names:  []string{bad.Host},
		}, affects: []int{i}, most: Informational}}
	}
	return nil
}

// silentLong reports whether a conversation did not begin, although there was
// time for it. The probe does not wait long for the slower family.
func silentLong(o probe.Observation, c probe.Code) bool {
	const enough = time.Second
	if c != probe.TCPTimeout && c != probe.HTTPTimeout {
		return mute(c)
	}
	return slices.ContainsFunc(o.Steps, func(s probe.Step) bool {
		ended := s.Error != nil && (s.Error.Code == c || s.Error.Code == probe.Canceled)
		return ended && (s.Op == probe.OpConnect || s.Op == probe.OpRequest) && s.Duration >= enough
	})
}

// handshakeOverIPv6 reports whether any handshake over IPv6 completed.
func (v *view) handshakeOverIPv6() bool {
	for i := range v.obs {
		o := &v.obs[i]
		main := o.Proxy == nil && o.TLS != nil && o.TLS.Version != "" && o.TCP != nil && o.TCP.Remote.Addr().Unmap().Is6()
		if d := alongside(*o); main || d != nil && d.TLS.Version != "" {
			return true
		}
	}
	return false
}
