package readinesstest

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
)

// behave makes a target's host behave as the catalog's facts say.
func behave(i *probetest.Internet, c *endpoints.Catalog, t probe.Target) {
	switch t.Protocol {
	case probe.HTTP, probe.HTTPS, probe.TCP:
	default:
		return
	}
	at := func(f probetest.Fault) {
		if f != nil {
			i.Quirks = append(i.Quirks, probetest.At{Host: t.Host, Network: "tcp", Port: t.Port, Fault: f})
		}
	}
	fact := c.Fact(t.Host, t.Port)
	at(manner(fact, t))
	if t.Protocol != probe.HTTPS || fact.How == endpoints.HowForeignCertificate {
		return
	}
	if n := slices.IndexFunc(issuers(), func(s issuer) bool { return covers(s.host, t.Host) }); n >= 0 {
		at(issuers()[n].quirk)
	}
}

// manner returns a host's unusual behavior on a port, or nil.
func manner(fact endpoints.Fact, t probe.Target) probetest.Fault {
	switch fact.How {
	case endpoints.HowSilent:
		return probetest.Drop
	case endpoints.HowRefused:
		return probetest.Refuse
	case endpoints.HowForeignCertificate:
		return probetest.Certificate{Names: namesOf(fact)}
	case endpoints.HowUntrusted:
		return probetest.Untrusted
	case endpoints.HowNoHTTP:
		return probetest.At{Stage: probetest.AfterHandshake, Fault: probetest.Silence}
	case endpoints.HowRedirects:
		return redirect(t)
	}
	if len(fact.Statuses) == 0 || t.Protocol == probe.TCP || t.Path != "" && t.Path != "/" {
		return nil
	}
	status := fact.Statuses[0]
	if status >= 300 && status < 400 {
		return redirect(t)
	}
	return probetest.Page{
		Status: status, Header: http.Header{"Server": {"probetest"}, "Content-Type": {"text/plain"}},
		Body: t.Host + " says " + strconv.Itoa(status) + ".\n",
	}
}

// redirect sends a client to the secure port, and there to a page.
func redirect(t probe.Target) probetest.Fault {
	location := "https://" + t.Host + "/"
	if t.Protocol == probe.HTTPS {
		location += "start"
	}
	return probetest.Page{Status: http.StatusFound, Header: http.Header{"Location": {location}}}
}

// namesOf returns the names in a CDN's certificate for a customer's host.
func namesOf(fact endpoints.Fact) []string {
	if len(fact.Names) > 0 {
		return fact.Names
	}
	return []string{"a248.e.akamai.net"}
}
