package probe

import "github.com/miekg/dns"

func ReadServers(raw []byte) ([]SRVServer, DNSQuery, error) {
	var q DNSQuery
	m := new(dns.Msg)
	if err := m.Unpack(raw); err != nil {
		return nil, q, err
	}
	if len(m.Question) != 1 {
		return nil, q, errOtherQuestion
	}
	found, err := readServers(&q, m)
	return found, q, err
}
