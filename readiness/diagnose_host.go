package readiness

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// partial finds hosts of which some addresses do not answer while others do, so
// that devices fail now and then, or those with one family of addresses alone.
// A family that works nowhere is not the host's fault.
func (d *diagnosis) partial() {
	var evidence []string
	var hit []int
	v4, v6 := d.familyWorks(true), d.familyWorks(false)
	for i, r := range d.results {
		f := d.obs[i].TCP
		if r.status == NotRun || f == nil || d.obs[i].Proxy != nil || d.closedToAll(i) {
			continue
		}
		if bad := deadAddresses(f, v4, v6); len(bad) > 0 {
			evidence = append(evidence, fmt.Sprintf("%s: %s", d.target(i).Addr(), strings.Join(bad, ", ")))
			hit = append(hit, i)
		}
	}
	if len(evidence) == 0 {
		return
	}
	d.touch(Cause{
		Code:     CauseAddressPartial,
		Title:    "Some addresses of " + count(len(d.names(hit)), "host") + " do not answer",
		Evidence: evidence,
		Remedy:   "Allow these names by name and not by address, whichever address they resolve to: " + strings.Join(d.names(hit), ", ") + ".",
	}, hit...)
}

// closedToAll reports whether a check failed by what keeps everyone's
// connections from leading anywhere, which may answer for some addresses only.
func (d *diagnosis) closedToAll(i int) bool {
	if d.owner[i] < 0 {
		return false
	}
	switch d.causes[d.owner[i]].Code {
	case CauseCaptivePortal, CauseHTTPBlocked, CauseHTTPSBlocked, CauseProxyRequired:
		return true
	}
	return false
}

// familyWorks reports whether a connection to any host over IPv4, or over IPv6,
// was made.
func (d *diagnosis) familyWorks(v4 bool) bool {
	return slices.ContainsFunc(d.obs, func(o probe.Observation) bool {
		return o.Proxy == nil && o.TCP != nil && slices.ContainsFunc(o.TCP.Dials, func(dial probe.Dial) bool { return dial.Code == "" && is4(dial) == v4 })
	})
}

func is4(d probe.Dial) bool { return d.Addr.Addr().Unmap().Is4() }

// deadAddresses returns the addresses that failed although another of their
// family worked, or one of the other family while theirs works for other hosts.
// An IPv6 address that says no at once costs nobody anything then.
func deadAddresses(f *probe.TCPFacts, v4, v6 bool) []string {
	worked := func(v4 bool) bool {
		return slices.ContainsFunc(f.Dials, func(d probe.Dial) bool { return d.Code == "" && is4(d) == v4 })
	}
	var out []string
	for _, dial := range f.Dials {
		if dial.Code == "" || dial.Code == probe.Canceled {
			continue
		}
		missed := is4(dial) && v4 && worked(false) || !is4(dial) && v6 && worked(true) && dial.Code == probe.TCPTimeout
		if worked(is4(dial)) || missed {
			out = append(out, fmt.Sprintf("%s %s (%s)", dial.Addr.Addr(), behaved(dial.Code), dial.Code))
		}
	}
	return out
}

// hosts reports what is left, a cause for each host and code.
func (d *diagnosis) hosts() {
	type key struct {
		host string
		code probe.Code
	}
	groups := make(map[key][]int)
	var order []key
	for _, i := range d.open(func(i int, r result) bool { return r.code != probe.TLSUntrusted || d.unfetched(i) == nil }) {
		k := key{d.target(i).Host, d.results[i].code}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], i)
	}
	for _, k := range order {
		checks := groups[k]
		d.add(Cause{
			Code:     CauseHostUnreachable,
			Title:    hostTitle(k.host, k.code),
			Evidence: d.hostEvidence(checks),
			Remedy:   hostRemedy(k.code, k.host, d.ports(checks)),
		}, checks...)
	}
}

func (d *diagnosis) hostEvidence(checks []int) []string {
	var out []string
	for _, i := range checks {
		o, r := d.obs[i], d.results[i]
		switch {
		case o.Error == nil:
			out = append(out, fmt.Sprintf("%s: %s", d.target(i), r.code))
		case o.Error.Op == probe.OpResolve:
			out = append(out, d.resolverEvidence([]int{i})...)
		default:
			out = append(out, d.stepEvidence(i))
		}
	}
	return out
}

// stepEvidence says at which step, and with which address, a check failed.
func (d *diagnosis) stepEvidence(i int) string {
	o, c := d.obs[i], d.results[i].code
	s := d.target(i).String()
	switch addr := remote(o); {
	case o.Proxy != nil:
		s += " through " + o.Proxy.URL
	case addr != "":
		s += " at " + addr
	}
	s += " " + behaved(c)
	switch {
	case o.Proxy != nil && o.Proxy.Status != 0:
		s += fmt.Sprintf(": status %d", o.Proxy.Status) + told(o.Proxy.Header)
	case o.HTTP != nil && o.HTTP.Title != "" && strings.HasPrefix(string(c), "http."):
		s += fmt.Sprintf(": status %d, a page titled %q", o.HTTP.Status, o.HTTP.Title)
	case o.HTTP != nil && o.HTTP.Status != 0 && strings.HasPrefix(string(c), "http."):
		s += fmt.Sprintf(": status %d, %.120q", o.HTTP.Status, o.HTTP.Body)
	case o.NCSI != nil && o.NCSI.IPv4 != nil && o.NCSI.IPv4.Status != 0:
		s += fmt.Sprintf(": status %d, %.120q", o.NCSI.IPv4.Status, o.NCSI.IPv4.Body)
	case o.TLS != nil && len(o.TLS.Chain) > 0:
		leaf := o.TLS.Chain[0]
		s += fmt.Sprintf(": the certificate is for %q, valid from %s to %s, issued by %q", certified(leaf),
			leaf.NotBefore.UTC().Format(time.DateOnly), leaf.NotAfter.UTC().Format(time.DateOnly), leaf.Issuer)
	case o.TLS != nil && o.TLS.Alert != "":
		s += fmt.Sprintf(": alert %q", o.TLS.Alert)
	}
	return s + revokedSince(o) + " (" + string(c) + ")"
}

// revokedSince says who says since when a certificate is revoked, if anyone does.
func revokedSince(o probe.Observation) string {
	if o.Revocation == nil {
		return ""
	}
	for _, r := range o.Revocation.Sources {
		if r.Status == probe.StatusRevoked {
			by := r.URL
			if by == "" {
				by = "the server itself (OCSP stapling)"
			}
			return fmt.Sprintf("; %s says that the certificate of number %s is revoked since %s", by, r.Serial, r.RevokedAt.UTC().Format(time.DateOnly))
		}
	}
	return ""
}

// certified returns what a certificate is for.
func certified(c probe.Certificate) string {
	if len(c.DNSNames) == 0 {
		return c.Subject
	}
	return list(c.DNSNames)
}

// remote returns the addresses that a check failed with.
func remote(o probe.Observation) string {
	if o.TCP == nil {
		return ""
	}
	if o.TCP.Remote.IsValid() {
		return o.TCP.Remote.Addr().String()
	}
	var out []string
	for _, dial := range o.TCP.Dials {
		out = append(out, dial.Addr.Addr().String())
	}
	return list(out)
}

// hostTitle says what is the matter with a single host.
func hostTitle(host string, c probe.Code) string {
	if c == probe.NCSIDNSMismatch {
		return fmt.Sprintf("%s has other addresses than Windows expects (%s)", host, c)
	}
	return fmt.Sprintf("%s cannot be reached (%s)", host, c)
}

// hostRemedy says what to change for a single host.
func hostRemedy(c probe.Code, host, ports string) string {
	switch c {
	case probe.NCSIDNSMismatch:
		return "Have the DNS servers answer for " + host + " as the internet's do."
	case probe.TLSNameMismatch, probe.TLSExpired, probe.TLSNotYetValid:
		return "Find what answers with this certificate in the place of " + host + ", and let devices reach the real " + ports + "."
	case probe.TLSRevoked:
		return "Find what answers with a revoked certificate in the place of " + host + ", and let devices reach the real " + ports + "."
	}
	switch step, _, _ := strings.Cut(string(c), "."); step {
	case "dns":
		if !gone(c) {
			return "Find out why the DNS servers give no answer for this name while they do for others, and have them resolve it: " + host + "."
		}
		return "Check by hand whether the name still exists; if it does, have the DNS servers resolve it: " + host + "."
	case "tls":
		return "Let TLS 1.2 pass unchanged between devices and " + ports + "."
	}
	return "Allow devices to reach " + ports + "."
}

// ports writes the host that checks share, and their ports, and the pattern by
// which documents know a host that they do not name.
func (d *diagnosis) ports(checks []int) string {
	var out []string
	for _, i := range checks {
		t := d.target(i)
		transport := "TCP"
		if t.Protocol == probe.ProtocolNTP {
			transport = "UDP"
		}
		out = append(out, fmt.Sprintf("%s port %d", transport, t.Port))
	}
	slices.Sort(out)
	host := d.target(checks[0]).Host
	s := host + " on " + strings.Join(slices.Compact(out), " and ")
	var hosts []endpoints.Host
	for _, i := range checks {
		hosts = append(hosts, d.documented(i)...)
	}
	exact := slices.ContainsFunc(hosts, func(h endpoints.Host) bool { return h.String() == host })
	if rules := cover(hosts); !exact && len(rules) > 0 {
		s += " (documented as " + strings.Join(rules, ", ") + ")"
	}
	return s
}

// isIP reports whether a host is an IP address.
func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
