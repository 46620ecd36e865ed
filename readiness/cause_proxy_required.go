package readiness

import (
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// CauseProxyRequired means that the internet is reachable only through a proxy.
const CauseProxyRequired CauseCode = "proxy.required"

const proxyRequiredTitle = "The internet is reachable only through a proxy"

// pastProxies names what must bypass the proxy: time and push notifications.
const pastProxies = "allow UDP 123 to time.windows.com and TCP 443 to *.wns.windows.com without it"

func pastProxyNames() []string { return []string{"time.windows.com", "*.wns.windows.com"} }

// proxyRequired finds that nothing answers without the configured proxy. That is
// how networks with a proxy are built, so it is informational, whatever the proxy
// does, except for the checks that cannot use a proxy, which it explains.
func proxyRequired(v *view) []found {
	through := make(map[string]bool) // hosts that answer through the proxy
	var direct, past []int
	for i, o := range v.obs {
		t, r := v.target(i), v.outcomes.each[i]
		switch {
		case t.Direct && len(v.plan.Checks[i].Endpoints) > 0: // never goes through a proxy
			if r.status == Failed && v.explained(i) == "" && mute(o.Code()) {
				past = append(past, i)
			}
		case t.Direct && (o.Error == nil || inconclusive(o.Code()) || r.answered(o) || !mute(o.Code()) && o.Error.Op != probe.OpResolve):
			return nil // something answers without the proxy, or it is unclear
		case t.Direct:
			direct = append(direct, i)
		case o.Proxy != nil && o.OK():
			through[t.Host] = true
		}
	}
	if v.owners(direct) < unrelatedOwners || len(through) == 0 && len(past) == 0 {
		return nil
	}
	title := proxyRequiredTitle
	names := slices.DeleteFunc(v.names(direct), func(host string) bool { return !through[host] })
	evidence := []string{"These hosts answer only through the proxy: " + list(names) + "."}
	switch {
	case len(through) == 0:
		title = "Nothing answers without the proxy"
		evidence[0] = "These hosts do not answer without the proxy: " + list(v.names(direct)) + ". Nothing answered through it either."
	case len(names) == 0:
		evidence[0] = "These hosts do not answer without the proxy, while others answer through it: " + list(v.names(direct)) + "."
	}
	if len(past) > 0 {
		evidence = append(evidence, "These cannot use a proxy and do not answer without it: "+list(v.names(past))+".")
	}
	if by := v.announced(); by != "" {
		evidence = append(evidence, by)
	}
	return []found{{Cause: Cause{
		Title:    title,
		Evidence: evidence,
		Remedy: "Let devices discover the proxy (by DHCP option 252 or the DNS name wpad) and use it without credentials, and " +
			pastProxies + ".",
		Names: pastProxyNames(),
	}, explains: unreached(past...), affects: direct}}
}

// proxyAnnounced finds that TCP port 443 is blocked and that the network
// announces a proxy.
func proxyAnnounced(v *view) []found {
	by := v.announced()
	if by == "" {
		return nil
	}
	https := v.blockedPort(probe.HTTPS, 443)
	if len(https) == 0 {
		return nil
	}
	evidence := append([]string{by}, v.howBlocked(https)...)
	http := v.blockedPort(probe.HTTP, 80)
	if len(http) > 0 {
		evidence = append(evidence, v.howBlocked(http)...)
	}
	return []found{{Cause: Cause{
		Title:    proxyRequiredTitle,
		Evidence: evidence,
		Remedy:   "Check again through the announced proxy, make it serve devices without credentials, and " + pastProxies + ".",
		Names:    pastProxyNames(),
	}, explains: unreached(slices.Concat(https, http)...)}}
}

// announced says where Web Proxy Auto-Discovery over DNS found a file, or "".
func (v *view) announced() string {
	for _, o := range v.obs {
		if f := o.WPAD; f != nil && f.URL != "" && f.Script && !inconclusive(o.Code()) {
			s := f.URL + " announces a proxy"
			if len(f.Mentions) > 0 {
				s += "; it mentions " + strings.Join(f.Mentions, ", ")
			}
			return s + ". The file was read, not executed."
		}
	}
	return ""
}
