package readiness

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseProxyUnreachable means that no check can use the proxy.
const CauseProxyUnreachable CauseCode = "proxy.unreachable"

func proxyUnreachable(v *view) []found {
	checks := v.coded(probe.ProxyUnreachable)
	if len(checks) == 0 {
		return nil
	}
	return []found{{Cause: Cause{
		Title:    "The proxy cannot be reached",
		Evidence: v.proxyEvidence(checks),
		Remedy:   "Start the proxy, or correct the proxy address that devices are given.",
	}, explains: unreached(checks...)}}
}

// proxyMute finds a proxy that accepts connections but answers no request for
// hosts of unrelated owners, neither itself nor with a host's response.
func proxyMute(v *view) []found {
	for i, o := range v.obs {
		if o.Proxy == nil || v.target(i).Direct {
			continue
		}
		if v.outcomes.each[i].status == OK || o.Proxy.Status != 0 || o.Proxy.Reply != 0 || o.Proxy.Chosen != "" ||
			o.TLS != nil && o.TLS.Version != "" || o.HTTP != nil && o.HTTP.Status != 0 {
			return nil
		}
	}
	checks := v.open(func(i int, r outcome) bool {
		return v.obs[i].Proxy != nil && (mute(r.code) || r.code == probe.ProxyBadResponse || r.code == probe.Timeout)
	})
	if v.owners(checks) < unrelatedOwners {
		return nil
	}
	return []found{{Cause: Cause{
		Title:    "The proxy accepts connections but answers no requests",
		Evidence: v.proxyEvidence(checks),
		Remedy:   "Repair or restart the proxy, or correct the proxy address that devices are given.",
	}, explains: unreached(checks...)}}
}

func (v *view) proxyEvidence(checks []int) []string {
	i := checks[0]
	s := v.target(i).Addr()
	if f := v.obs[i].Proxy; f != nil {
		s += " through " + f.URL
		if f.Vendor != "" {
			s += " (" + f.Vendor + ")"
		}
		if f.Status != 0 {
			s += fmt.Sprintf(": status %d", f.Status)
		}
		if len(f.Schemes) > 0 {
			s += ", asking for " + strings.Join(f.Schemes, " or ")
		}
		s += told(f.Header)
	}
	if f := v.obs[i].Proxy; f != nil {
		switch {
		case f.Op == probe.OpResolve:
			s += ": its name does not resolve (" + string(f.Code) + ")"
		case f.Op != "":
			if at := remote(v.obs[i]); at != "" {
				s += " at " + at
			}
			s += ": " + behaved(f.Code) + " (" + string(f.Code) + ")"
		case f.Status == 0:
			s += ": " + behaved(v.outcomes.each[i].code)
		}
		if len(f.Offered) > 0 && v.outcomes.each[i].code == probe.ProxyAuthRequired {
			s += fmt.Sprintf(", SOCKS authentication offered: %s; chosen by the proxy: %s", strings.Join(f.Offered, ", "), cmp.Or(f.Chosen, "nothing"))
		}
	}
	out := []string{fmt.Sprintf("%s (%s).", s, v.outcomes.each[i].code)}
	if names := without(v.names(checks), v.target(i).Host); len(names) > 0 {
		out = append(out, "The same for: "+list(names)+".")
	}
	return out
}
