package probe

import (
	"context"
	"io"
	"net/netip"

	"github.com/miekg/dns"
)

// Lookup is the probes' shared lookup, of which they show only a part.
func (n Network) Lookup(ctx context.Context, host string) (*DNSFacts, *Error) {
	return n.lookup(ctx, host)
}

// KeptNames returns how many lookups are remembered.
func (n Network) KeptNames() int { return len(n.shared.names) }

// WithSystemResolvers returns a shared copy of n for a system with these
// resolvers.
func (n Network) WithSystemResolvers(list []netip.AddrPort) Network {
	n = n.Shared()
	n.Resolvers = nil
	n.shared.resolversOnce.Do(func() { n.shared.resolvers = list })
	return n
}

func ParseResolvConf(r io.Reader) ([]netip.AddrPort, error) { return parseResolvConf(r) }

type Adapter struct {
	Up, Gateway bool
	Metric      uint32
	Servers     []netip.Addr
}

func ChooseResolvers(adapters []Adapter) []netip.AddrPort {
	var list []adapter
	for _, a := range adapters {
		list = append(list, adapter{up: a.Up, gateway: a.Gateway, metric: a.Metric, servers: a.Servers})
	}
	return chooseResolvers(list)
}

// JudgeAnswer judges the bytes of an answer to question.
func JudgeAnswer(raw []byte, question *dns.Msg) (q DNSQuery, err error) {
	m, err := parseAnswer(raw, question)
	if err != nil {
		return DNSQuery{Code: DNSMalformed}, err
	}
	q.Code, err = readAnswer(&q, m, false)
	return q, err
}

func ParseHostsFile(r io.Reader) (map[string][]netip.Addr, error) { return parseHostsFile(r) }

func HostsFilePath() (string, error) { return hostsFilePath() }
