package probetest

import "github.com/miekg/dns"

// A Server is a server that an SRV record lists (RFC 2782).
type Server struct {
	// Host is the server's name. "." means that the service does not exist.
	Host string

	Port, Priority, Weight uint16
}

func (i *Internet) appendServers(m *dns.Msg, owner string) {
	for name, servers := range i.Services {
		if canonical(name) != canonical(owner) {
			continue
		}
		for _, s := range servers {
			m.Answer = append(m.Answer, &dns.SRV{
				Hdr: header(owner, dns.TypeSRV), Priority: s.Priority, Weight: s.Weight, Port: s.Port, Target: dns.Fqdn(s.Host),
			})
		}
	}
}
