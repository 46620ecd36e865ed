package probetest

import "github.com/miekg/dns"

// A Server is a server of a service, as an SRV record lists it, RFC 2782.
type Server struct {
	// Host is the name of the server. "." says that there is no such service.
	Host string

	Port, Priority, Weight uint16
}

// appendServers adds the servers of a service to m, if it asks for them and
// there are some. It reports whether it did.
func (i *Internet) appendServers(m *dns.Msg, owner string) bool {
	if m.Question[0].Qtype != dns.TypeSRV {
		return false
	}
	found := false
	for name, servers := range i.Services {
		if canonical(name) != canonical(owner) {
			continue
		}
		for _, s := range servers {
			m.Answer = append(m.Answer, &dns.SRV{
				Hdr: header(owner, dns.TypeSRV), Priority: s.Priority, Weight: s.Weight, Port: s.Port, Target: dns.Fqdn(s.Host),
			})
			found = true
		}
	}
	return found
}
