package readiness

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/netready/netready/probe"
)

// unrelated is how many owners of names it takes to say that a port is blocked
// for everyone, and not a host.
const unrelated = 3

// egress finds ports that are blocked for every host, and whether a proxy is
// announced to go through instead.
func (d *diagnosis) egress() {
	https := d.blockedPort(probe.ProtocolHTTPS, 443)
	http := d.blockedPort(probe.ProtocolHTTP, 80)
	if by := d.announced(); by != "" && len(https) > 0 {
		evidence := append([]string{by}, d.howBlocked(https)...)
		if len(http) > 0 {
			evidence = append(evidence, d.howBlocked(http)...)
		}
		c := requiredProxy(evidence, Unjudged)
		c.Remedy = "Check again through the proxy that is announced (-proxy): it has to serve devices without credentials. " + pastProxies
		d.add(c, append(https, http...)...)
		https, http = nil, nil
	}
	d.blocked(CauseHTTPSBlocked, 443, https)
	d.blocked(CauseHTTPBlocked, 80, http)
	d.blockedNTP()
}

// blockedPort returns the checks of a TCP port on which no host of several
// unrelated owners lets a conversation begin. It takes that no check of the
// protocol got an answer of any kind from its host.
func (d *diagnosis) blockedPort(proto probe.Protocol, port uint16) []int {
	var silent []int // those that are only made to compare included
	same := func(i int) bool {
		t := d.target(i)
		return t.Port == port && (t.Protocol == proto || proto == probe.ProtocolHTTP && t.Protocol == probe.ProtocolNCSI) && d.obs[i].Proxy == nil
	}
	for i := range d.results {
		switch {
		case !same(i) || d.misled(i):
		case d.answered(i):
			return nil
		case mute(d.obs[i].Code()):
			silent = append(silent, i)
		}
	}
	if d.zones(silent) < unrelated {
		return nil
	}
	return d.open(func(i int, r result) bool { return same(i) && mute(r.code) })
}

// blocked reports a port that is blocked for every host.
func (d *diagnosis) blocked(code CauseCode, port uint16, checks []int) {
	if len(checks) == 0 {
		return
	}
	title := fmt.Sprintf("TCP port %d is blocked for every host", port)
	if d.target(checks[0]).Direct {
		title += ", but for the proxy"
	}
	d.add(Cause{
		Code:     code,
		Title:    title,
		Evidence: d.howBlocked(checks),
		Remedy:   "Allow these names and ports outbound. " + d.allow(checks) + ".",
	}, checks...)
}

// mute reports whether a code says that a TCP port let no conversation begin:
// nobody spoke, or nobody who knows the protocol.
func mute(c probe.Code) bool {
	switch c {
	case probe.TCPTimeout, probe.TCPRefused, probe.TCPReset, probe.TCPUnreachable,
		probe.TLSTimeout, probe.TLSReset, probe.TLSClosed, probe.TLSNotTLS, probe.TLSAlert,
		probe.HTTPTimeout, probe.HTTPReset, probe.HTTPMalformed:
		return true
	}
	return false
}

// answered reports whether a host, or whoever stood in for it, said anything
// at all in a TCP check.
func (d *diagnosis) answered(i int) bool {
	o, r := d.obs[i], d.results[i]
	switch {
	case r.status == OK,
		o.TLS != nil && o.TLS.Version != "",
		o.HTTP != nil && o.HTTP.Status != 0,
		o.NCSI != nil && (spoke(o.NCSI.IPv4) || spoke(o.NCSI.IPv6)):
		return true
	}
	return r.status == Failed && !mute(r.code) && o.TCP != nil && o.TCP.Remote.IsValid()
}

func spoke(a *probe.NCSIAnswer) bool { return a != nil && a.Status != 0 }

// howBlocked counts how the checks failed, and quotes one of each kind.
func (d *diagnosis) howBlocked(checks []int) []string {
	byCode := make(map[probe.Code][]int)
	for _, i := range checks {
		byCode[d.results[i].code] = append(byCode[d.results[i].code], i)
	}
	codes := make([]probe.Code, 0, len(byCode))
	for c := range byCode {
		codes = append(codes, c)
	}
	slices.SortFunc(codes, func(a, b probe.Code) int {
		return cmp.Or(cmp.Compare(len(byCode[b]), len(byCode[a])), cmp.Compare(a, b))
	})
	var out []string
	for _, c := range codes {
		out = append(out, fmt.Sprintf("%s %s (%s): %s", count(len(byCode[c]), "check"), behaved(c), c, list(d.names(byCode[c]))))
	}
	return append(out, fmt.Sprintf("No host of any owner answered on TCP port %d as it should, though their names were resolved.", d.target(checks[0]).Port))
}

// behaved puts a failure of a connection into words.
func behaved(c probe.Code) string {
	switch c {
	case probe.TCPTimeout:
		return "got no answer to the connection request"
	case probe.TCPRefused:
		return "had the connection refused"
	case probe.TCPReset, probe.TLSReset, probe.HTTPReset:
		return "had the connection reset"
	case probe.TCPUnreachable:
		return "found no route to the address"
	case probe.TLSTimeout, probe.HTTPTimeout:
		return "connected, then got no answer"
	case probe.TLSClosed:
		return "had the connection closed"
	case probe.TLSAlert:
		return "had the TLS handshake ended with an alert"
	case probe.TLSNotTLS:
		return "was answered something that is not TLS"
	case probe.TLSNameMismatch:
		return "was shown a certificate for another name"
	case probe.TLSRevoked:
		return "was shown a certificate that is revoked"
	case probe.TLSExpired:
		return "was shown a certificate that has expired"
	case probe.TLSNotYetValid:
		return "was shown a certificate that is not valid yet"
	case probe.HTTPStatus:
		return "was answered another status than the documented one"
	case probe.HTTPBlockPage:
		return "was answered the page of a filter"
	case probe.HTTPTruncated:
		return "was answered in part only"
	case probe.HTTPMalformed:
		return "was answered something that is not HTTP"
	case probe.ProxyBadResponse:
		return "was answered nothing, or something that is no answer to the request"
	case probe.ProxyAuthRequired:
		return "was turned away for want of credentials"
	case probe.ProxyDenied:
		return "was refused by the proxy's own decision"
	case probe.ProxyTargetUnreachable:
		return "was answered by the proxy that it did not get through"
	case probe.Timeout:
		return "got no answer in time"
	case probe.NCSIDNSMismatch:
		return "was answered with other addresses than Windows expects"
	}
	return "failed"
}

// blockedNTP finds UDP port 123 without any answer.
func (d *diagnosis) blockedNTP() {
	if d.works(probe.ProtocolNTP) {
		return
	}
	checks := d.coded(probe.NTPTimeout)
	if len(checks) == 0 {
		return
	}
	var evidence []string
	for _, i := range checks {
		s := d.target(i).Addr() + " did not answer"
		if o := d.obs[i]; o.DNS != nil && len(o.DNS.Addresses) > 0 {
			s += fmt.Sprintf(" at %v", o.DNS.Addresses)
		}
		evidence = append(evidence, s+" (ntp.timeout). An NTP server answers every request, so silence means that a packet was dropped on the way, or that the server is down.")
	}
	d.add(Cause{
		Code:     CauseNTPBlocked,
		Title:    "No answer on UDP port 123 (NTP)",
		Evidence: evidence,
		Remedy: "Allow UDP port 123 outbound to " + list(d.names(checks)) +
			", from any source port. NTP cannot go through a proxy.",
	}, checks...)
}
