package readiness

import (
	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// dnsPort is the port of the DNS probe of NCSI.
const dnsPort = 53

// Windows probes one name over IPv4 and the other over IPv6, and either answer
// is enough, so both names are one check.
const (
	ncsiHost     = "www.msftconnecttest.com"
	ncsiIPv6Host = "ipv6.msftconnecttest.com"
)

// target returns what to measure at one host and port of an endpoint; ok is
// false if nothing sent there would prove anything.
func target(e *endpoints.Endpoint, host string, p endpoints.Port) (t probe.Target, ok bool) {
	t = probe.Target{Host: host, Port: p.Number}
	switch {
	case p.Last != 0 || p.Transport == "icmp":
		return t, false
	case len(e.CNAMEs) > 0:
		// Who answers there has a certificate for its own name alone, so the record
		// is what can be checked.
		t.Protocol, t.Port = probe.ProtocolCNAME, dnsPort
		return t, true
	case isController(e):
		t.Protocol = probe.ProtocolSRV
		return t, p.Transport == "tcp"
	case e.Service == endpoints.ServiceDNS:
		t.Protocol = probe.ProtocolDNS
		return t, p.Transport == "udp"
	case e.Service == endpoints.ServiceProxy:
		t.Protocol = probe.ProtocolWPAD
		return t, true
	case e.Service == endpoints.ServiceNCSI:
		return ncsiTarget(t)
	case p.Transport == "udp":
		t.Protocol = probe.ProtocolNTP
		return t, p.Protocol == "ntp"
	case p.Protocol == "https":
		// These hosts answer in plain HTTP; port 443 is listed, and proves nothing.
		if e.Has(endpoints.TraitPlainHTTP) && hasPort(e, "http") {
			return t, false
		}
		t.Protocol = probe.ProtocolHTTPS
		t.Families = e.Core
	case p.Protocol == "http":
		t.Protocol = probe.ProtocolHTTP
	default:
		t.Protocol = probe.ProtocolTCP
	}
	t.Range = t.Protocol != probe.ProtocolTCP && e.Has(endpoints.TraitByteRange)
	if t.Protocol != probe.ProtocolTCP && (e.PathHost == "" || e.PathHost == host) {
		t.Path = e.Path
	}
	return t, true
}

func ncsiTarget(t probe.Target) (probe.Target, bool) {
	t.Protocol = probe.ProtocolNCSI
	switch t.Port {
	case 80:
		if t.Host == ncsiIPv6Host {
			t.Host = ncsiHost
		}
		return t, true
	case dnsPort:
		return t, true
	}
	return t, false
}

func hasPort(e *endpoints.Endpoint, protocol string) bool {
	for _, p := range e.Ports {
		if p.Protocol == protocol && p.Transport == "tcp" {
			return true
		}
	}
	return false
}
