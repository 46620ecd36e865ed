package readiness

import (
	"slices"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// dnsPort is the port of the NCSI DNS probe.
const dnsPort = 53

// Windows probes one name over IPv4 and the other over IPv6. Either answer is
// enough, so both names are one check.
const (
	ncsiHost     = "www.msftconnecttest.com"
	ncsiIPv6Host = "ipv6.msftconnecttest.com"
)

// A method says which ports are tested with a protocol, and how.
type method struct {
	protocol probe.Protocol

	// fits reports whether the method tests a port. Nil means that it tests
	// something else, or, for TCP, what no other fits.
	fits func(*endpoints.Endpoint, endpoints.Port) bool

	// proves reports whether a request to a port that fits would prove
	// anything. Nil means yes.
	proves func(*endpoints.Endpoint, endpoints.Port) bool

	// aim completes a target that has a host, port and protocol. Nil means that
	// nothing is missing.
	aim func(*endpoints.Endpoint, probe.Target) probe.Target

	first bool // tells whether other checks make sense
	udp   bool // firewalls must allow UDP for it
}

// methods returns all methods. The first that fits a port is used, and else TCP.
func methods() [11]method {
	return [...]method{
		// The server at the end of an alias has a certificate for its own name
		// only, so only the record can be tested.
		{protocol: probe.CNAME, fits: isAlias, aim: aimAtRecord},
		{protocol: probe.SRV, fits: isControllerPort, proves: overTCP},
		{protocol: probe.DNS, fits: isResolver, proves: overUDP, first: true, udp: true},
		{protocol: probe.NXDomain, first: true},
		{protocol: probe.SOA},
		{protocol: probe.WPAD, fits: isProxy},
		{protocol: probe.NCSI, fits: isNCSI, proves: probedByNCSI, aim: aimAtNCSI},
		{protocol: probe.NTP, fits: overUDP, proves: saysNTP, udp: true},
		{protocol: probe.HTTPS, fits: saysHTTPS, proves: answersHTTPS, aim: aimAtHTTPS},
		{protocol: probe.HTTP, fits: saysHTTP, aim: aimAtPath},
		{protocol: probe.TCP},
	}
}

// methodOf returns the method of a protocol, or the zero method for a custom
// protocol.
func methodOf(p probe.Protocol) method {
	for _, m := range methods() {
		if m.protocol == p {
			return m
		}
	}
	return method{}
}

// stage returns 0 for checks that tell whether others make sense, and else 1.
func stage(t probe.Target) int {
	if methodOf(t.Protocol).first {
		return 0
	}
	return 1
}

// transport names what firewalls have to allow for a check: "TCP" or "UDP". The
// protocol decides, and for one of the embedder's own the port of its endpoints.
func (v *view) transport(check int) string {
	t := v.target(check)
	udp := methodOf(t.Protocol).udp
	for e := range v.endpoints(check) {
		udp = udp || !t.Protocol.BuiltIn() && slices.ContainsFunc(e.Ports, func(p endpoints.Port) bool {
			return p.Number == t.Port && p.Protocol == string(t.Protocol) && p.Transport == "udp"
		})
	}
	if udp {
		return "UDP"
	}
	return "TCP"
}

// target returns what to measure at a host and port of an endpoint. ok is false
// if no request would prove anything.
func (p *planner) target(e *endpoints.Endpoint, host string, port endpoints.Port) (t probe.Target, ok bool) {
	t = probe.Target{Host: host, Port: port.Number}
	switch {
	case port.Last != 0:
		return t, false
	case p.own(port) && !isController(e) && len(e.CNAMEs) == 0:
		t.Protocol = probe.Protocol(port.Protocol)
		return t, true
	case port.Transport == "icmp":
		return t, false
	}
	for _, m := range methods() {
		if m.fits == nil || !m.fits(e, port) {
			continue
		}
		if m.proves != nil && !m.proves(e, port) {
			return t, false
		}
		t.Protocol = m.protocol
		if m.aim != nil {
			t = m.aim(e, t)
		}
		return t, true
	}
	t.Protocol = probe.TCP
	return t, true
}

func isAlias(e *endpoints.Endpoint, _ endpoints.Port) bool { return len(e.CNAMEs) > 0 }

func aimAtRecord(_ *endpoints.Endpoint, t probe.Target) probe.Target {
	t.Port = dnsPort
	return t
}

func isControllerPort(e *endpoints.Endpoint, _ endpoints.Port) bool { return isController(e) }

func isResolver(e *endpoints.Endpoint, _ endpoints.Port) bool {
	return e.Service == endpoints.ServiceDNS
}

func isProxy(e *endpoints.Endpoint, _ endpoints.Port) bool {
	return e.Service == endpoints.ServiceProxy
}

func isNCSI(e *endpoints.Endpoint, _ endpoints.Port) bool {
	return e.Service == endpoints.ServiceNCSI
}

func probedByNCSI(_ *endpoints.Endpoint, p endpoints.Port) bool {
	return p.Number == 80 || p.Number == dnsPort
}

func aimAtNCSI(_ *endpoints.Endpoint, t probe.Target) probe.Target {
	if t.Port == 80 && t.Host == ncsiIPv6Host {
		t.Host = ncsiHost
	}
	return t
}

func saysNTP(_ *endpoints.Endpoint, p endpoints.Port) bool { return p.Protocol == "ntp" }

func saysHTTPS(_ *endpoints.Endpoint, p endpoints.Port) bool { return p.Protocol == "https" }

// answersHTTPS reports whether a host answers HTTPS. Hosts that answer plain
// HTTP may list port 443 too, but a test of it would prove nothing.
func answersHTTPS(e *endpoints.Endpoint, _ endpoints.Port) bool {
	return !e.Has(endpoints.TraitPlainHTTP) || !hasPort(e, "http")
}

func aimAtHTTPS(e *endpoints.Endpoint, t probe.Target) probe.Target {
	t = aimAtPath(e, t)
	t.Families = e.Decisive
	return t
}

func saysHTTP(_ *endpoints.Endpoint, p endpoints.Port) bool { return p.Protocol == "http" }

func aimAtPath(e *endpoints.Endpoint, t probe.Target) probe.Target {
	t.Range = e.Has(endpoints.TraitByteRange)
	if e.PathHost == "" || e.PathHost == t.Host {
		t.Path = e.Path
	}
	return t
}

func overTCP(_ *endpoints.Endpoint, p endpoints.Port) bool { return p.Transport == "tcp" }

func overUDP(_ *endpoints.Endpoint, p endpoints.Port) bool { return p.Transport == "udp" }

func hasPort(e *endpoints.Endpoint, protocol string) bool {
	for _, p := range e.Ports {
		if p.Protocol == protocol && p.Transport == "tcp" {
			return true
		}
	}
	return false
}
