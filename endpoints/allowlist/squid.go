package allowlist

import (
	"io"
	"strings"

	"github.com/netready/netready/endpoints"
)

// Squid writes access lists for squid.conf, to be included there:
//
//	include /etc/squid/netready.conf
//
// Two lists can then be used in rules: netready has every host, and
// netready_no_inspection those that break if TLS is inspected. For example
//
//	http_access allow netready        # before the rules that ask for credentials
//	ssl_bump splice netready_no_inspection
//
// "*.x" becomes ".x", which also lets x itself through. Squid refuses ".a.x"
// beside ".x", so what a wider entry covers is left out. Wildcards that a domain
// cannot have become regular expressions, and addresses a list of destinations.
// Squid neither resolves names nor addresses for these lists: a client that
// connects to an address without a name is not covered by one.
//
// Hosts without HTTP or HTTPS are gaps, as are the other ports of hosts that
// have them: see [NotWeb]. An error is that of w.
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
	p.header(l, "Access lists for Squid of the hosts that Windows provisioning needs. .x stands for x and every name below it.", gaps)
	p.comment("", "Every host; allow it before the rules that ask for credentials:", "  http_access allow netready")
	p.squidLists("netready", all)
	p.comment("", "The hosts that break if TLS is inspected; where it is:", "  ssl_bump splice netready_no_inspection")
	p.squidLists("netready_no_inspection", untouched)
	_, err := io.WriteString(w, p.String())
	return gaps, err
}

// squidLists writes a list of a name that holds one list for each kind of host.
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
		domains = []string{"nothing.invalid"} // a list has to have something in it; RFC 6761 section 6.4
	}
	list("domains", "dstdomain -n", domains)
	list("expressions", "dstdom_regex -n -i", expressions)
	list("addresses", "dst -n", addresses)
	p.line("acl %s any-of %s", name, strings.Join(kinds, " "))
}

// squidKinds returns hosts in the forms in which Squid has them.
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
