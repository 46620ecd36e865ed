package allowlist

import (
	"io"
	"strings"

	"github.com/netready/netready/endpoints"
)

// Squid writes access lists to include in squid.conf:
//
//	include /etc/squid/netready.conf
//
// The file defines two lists: netready has every host, and
// netready_no_inspection has the hosts that TLS inspection breaks. For example
//
//	http_access allow netready        # before the rules that ask for credentials
//	ssl_bump splice netready_no_inspection
//
// "*.x" becomes ".x", which also allows x itself. Squid rejects ".a.x" next to
// ".x", so narrower entries are left out. Other wildcards become regular
// expressions, and addresses become a list of destinations. Squid does not
// resolve names or addresses for these lists: they do not cover a client that
// connects to an address without a name.
//
// Hosts without HTTP or HTTPS are gaps, and so are all other ports of the
// remaining hosts; see [NotWeb]. Errors come from w.
func Squid(w io.Writer, l *List) ([]Gap, error) {
	var all, untouched []endpoints.Host
	var own []Gap
	for _, e := range l.Entries {
		other, web := e.otherPorts()
		if other != nil {
			own = append(own, Gap{Host: e.Host, Services: e.services(), Ports: other, Reason: NotWeb})
		}
		if !web {
			continue
		}
		all = append(all, e.Host)
		if e.exemption() == exemptionRequired {
			untouched = append(untouched, e.Host)
		}
	}
	gaps := l.gaps(own)
	p := page{mark: "#"}
	p.header(l, "Squid access lists of the hosts that Windows provisioning needs. .x covers x and every name below it.", gaps)
	p.comment("", "Every host; allow it before the rules that request credentials:", "  http_access allow netready")
	p.squidLists("netready", all)
	p.comment("", "The hosts that TLS inspection breaks; if you inspect TLS:", "  ssl_bump splice netready_no_inspection")
	p.squidLists("netready_no_inspection", untouched)
	_, err := io.WriteString(w, p.String())
	return gaps, err
}

// squidLists writes a list made of one list for each kind of host.
func (p *page) squidLists(name string, hosts []endpoints.Host) {
	var kinds []string
	list := func(kind, what string, values []string) {
		if len(values) == 0 {
			return
		}
		kinds = append(kinds, name+"_"+kind)
		for _, v := range values {
			p.line("acl %s_%s %s %s", name, kind, what, v)
		}
	}
	domains, expressions, addresses := squidKinds(hosts)
	if len(hosts) == 0 {
		domains = []string{"nothing.invalid"} // a list must not be empty, and RFC 6761 section 6.4 reserves this name
	}
	list("domains", "dstdomain -n", domains)
	list("expressions", "dstdom_regex -n -i", expressions)
	list("addresses", "dst -n", addresses)
	p.line("acl %s any-of %s", name, strings.Join(kinds, " "))
}

// squidKinds returns hosts in Squid's three notations.
func squidKinds(hosts []endpoints.Host) (domains, expressions, addresses []string) {
	wide := make(map[string]bool) // what ".x" stands for, by x
	for _, h := range hosts {
		if h.Kind() == endpoints.Suffix {
			wide[h.String()[2:]] = true
		}
	}
	covered := func(name string) bool {
		for more := true; more; _, name, more = strings.Cut(name, ".") {
			if wide[name] {
				return true
			}
		}
		return false
	}
	for _, h := range hosts {
		name := h.String()
		switch {
		case address(h).IsValid():
			addresses = append(addresses, name)
		case h.Kind() == endpoints.Glob:
			expressions = append(expressions, expression(h))
		case h.Kind() == endpoints.Suffix:
			if _, parent, ok := strings.Cut(name[2:], "."); !ok || !covered(parent) {
				domains = append(domains, name[1:])
			}
		case !covered(name):
			domains = append(domains, name)
		}
	}
	return domains, expressions, addresses
}
