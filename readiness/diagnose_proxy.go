package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/probe"
)

// proxy finds proxies that cannot be used, a cause for each way in which, and
// whether one that can be used is needed.
func (d *diagnosis) proxy() {
	if checks := d.coded(probe.ProxyUnreachable); len(checks) > 0 {
		d.add(Cause{
			Code:     CauseProxyUnreachable,
			Title:    "The proxy cannot be reached",
			Evidence: d.proxyEvidence(checks),
			Remedy:   "Start the proxy, or correct its address where devices learn it.",
		}, checks...)
	}
	if checks := d.muteProxy(); len(checks) > 0 {
		d.add(Cause{
			Code:     CauseProxyUnreachable,
			Title:    "The proxy accepts connections, and answers no request",
			Evidence: d.proxyEvidence(checks),
			Remedy:   "Repair or restart the proxy, or correct its address where devices learn it: no request at all was answered, for any host.",
		}, checks...)
	}
	if checks := d.coded(probe.ProxyAuthRequired); len(checks) > 0 {
		d.add(Cause{
			Code:     CauseProxyAuthRequired,
			Title:    "The proxy demands authentication",
			Evidence: d.proxyEvidence(checks),
			Remedy:   "Let these names through the proxy without authentication, for every device. " + d.allow(checks) + ".",
		}, checks...)
	}
	if checks := d.coded(probe.ProxyDenied); len(checks) > 0 {
		d.add(Cause{
			Code:     CauseProxyDenied,
			Title:    "The proxy denies " + count(len(d.names(checks)), "host"),
			Evidence: d.proxyEvidence(checks),
			Remedy:   "Allow these names on the proxy. " + d.allow(checks) + ".",
		}, checks...)
	}
	d.needed()
}

// muteProxy returns the checks through a proxy that was connected to and never
// gave an answer, its own or another's, to requests for unrelated owners.
func (d *diagnosis) muteProxy() []int {
	for i, o := range d.obs {
		if o.Proxy == nil || d.target(i).Direct {
			continue
		}
		if d.results[i].status == OK || o.Proxy.Status != 0 || o.Proxy.Reply != 0 || o.Proxy.Chosen != "" ||
			o.TLS != nil && o.TLS.Version != "" || o.HTTP != nil && o.HTTP.Status != 0 {
			return nil
		}
	}
	checks := d.open(func(i int, r result) bool {
		return d.obs[i].Proxy != nil && (mute(r.code) || r.code == probe.ProxyBadResponse || r.code == probe.Timeout)
	})
	if d.zones(checks) < unrelated {
		return nil
	}
	return checks
}

// needed finds that what works through the configured proxy fails without it.
func (d *diagnosis) needed() {
	through := make(map[string]bool) // hosts that answer through the proxy
	var direct, past []int
	for i, o := range d.obs {
		t := d.target(i)
		switch {
		case t.Direct && len(d.plan.Checks[i].Endpoints) > 0: // what never goes through a proxy
			if d.results[i].status == Failed && d.owner[i] < 0 && mute(o.Code()) {
				past = append(past, i)
			}
		case t.Direct && (o.Error == nil || d.answered(i) || !mute(o.Code()) && o.Error.Op != probe.OpResolve):
			return // somebody answers without the proxy, or nobody knows
		case t.Direct:
			direct = append(direct, i)
		case o.Proxy != nil && o.OK():
			through[t.Host] = true
		}
	}
	if len(through) == 0 || d.zones(direct) < unrelated {
		return
	}
	names := slices.DeleteFunc(d.names(direct), func(host string) bool { return !through[host] })
	evidence := []string{"Through the proxy these hosts answer; without it they do not: " + list(names) + "."}
	if len(names) == 0 {
		evidence[0] = "Without the proxy these hosts do not answer, and others answer through it: " + list(d.names(direct)) + "."
	}
	if len(past) > 0 {
		evidence = append(evidence, "What cannot go through a proxy does not get past it either: "+list(d.names(past))+".")
	}
	if by := d.announced(); by != "" {
		evidence = append(evidence, by)
	}
	c := requiredProxy(evidence, Informational)
	c.Checks = append(direct, past...)
	slices.Sort(c.Checks)
	for _, i := range past {
		d.owner[i] = len(d.causes)
	}
	d.causes = append(d.causes, c)
}

// announced says where Web Proxy Auto-Discovery over DNS found a file, or "".
func (d *diagnosis) announced() string {
	for _, o := range d.obs {
		if f := o.WPAD; f != nil && f.URL != "" && f.Script {
			s := f.URL + " announces a proxy"
			if len(f.Mentions) > 0 {
				s += "; it mentions " + strings.Join(f.Mentions, ", ")
			}
			return s + ". The file was read, not executed."
		}
	}
	return ""
}

func requiredProxy(evidence []string, impact Impact) Cause {
	return Cause{
		Code:     CauseProxyRequired,
		Title:    "The internet can only be reached through a proxy",
		Impact:   impact,
		Evidence: evidence,
		Remedy: "Have devices find the proxy by themselves, by DHCP option 252 or the name wpad in DNS, and let it serve them " +
			"without credentials; then check again through it (-proxy). " + pastProxies,
	}
}

func (d *diagnosis) proxyEvidence(checks []int) []string {
	i := checks[0]
	s := d.target(i).Addr()
	if f := d.obs[i].Proxy; f != nil {
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
	if f := d.obs[i].Proxy; f != nil {
		switch {
		case f.Op == probe.OpResolve:
			s += ": its name could not be resolved (" + string(f.Code) + ")"
		case f.Op != "":
			s += " at " + remote(d.obs[i]) + " " + behaved(f.Code) + " (" + string(f.Code) + ")"
		case f.Status == 0:
			s += " " + behaved(d.results[i].code)
		}
		if len(f.Offered) > 0 && d.results[i].code == probe.ProxyAuthRequired {
			s += fmt.Sprintf(", SOCKS authentication offered: %s, and chosen by the proxy: %s", strings.Join(f.Offered, ", "), cmp.Or(f.Chosen, "nothing"))
		}
	}
	out := []string{fmt.Sprintf("%s (%s).", s, d.results[i].code)}
	if names := without(d.names(checks), d.target(i).Host); len(names) > 0 {
		out = append(out, "The same for: "+list(names)+".")
	}
	return out
}

// pastProxies is what has to be let past any proxy.
const pastProxies = "NTP and Windows push notifications cannot go through a proxy: allow UDP port 123 to time.windows.com and TCP port 443 " +
	"to *.wns.windows.com directly."

// told quotes what a proxy says of itself and of why.
func told(header []probe.Field) string {
	var s strings.Builder
	for _, h := range header {
		if slices.Contains([]string{"X-Squid-Error", "Proxy-Status", "Via"}, h.Name) {
			fmt.Fprintf(&s, ", %s: %.120s", h.Name, h.Value)
		}
	}
	return s.String()
}
