package main

import (
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/probe/probetest"
	"github.com/netready/netready/readiness"
)

// simulatedLatency is how long a packet and its answer take in a simulation.
const simulatedLatency = 20 * time.Millisecond

// simulated returns a connection to an internet in which the hosts of a plan
// exist, and faults happen. Faults that have nothing to happen to are an error.
func simulated(plan *readiness.Plan, chosen []simulation) (connection, error) {
	records := recordsOf(plan)
	internet := &probetest.Internet{
		Hosts:     records.others(plan.Hosts()),
		Services:  records.services,
		Aliases:   records.aliases,
		Addresses: make(map[string][]netip.Addr),
		HostsFile: make(map[string][]netip.Addr),
		TCPPorts:  otherPorts(plan),
		Latency:   simulatedLatency,
	}
	var names []string
	proxied := false
	for _, s := range chosen {
		if missing := s.missing(internet.Hosts); missing != "" {
			return connection{}, fmt.Errorf("-simulate %s: the plan of this scenario and cloud has no host %s", s.name, missing)
		}
		if s.protocol != "" && !slices.ContainsFunc(plan.Targets(), func(t probe.Target) bool { return t.Protocol == s.protocol }) {
			return connection{}, fmt.Errorf("-simulate %s: the plan has nothing that it happens to: it takes %s", s.name, s.needs)
		}
		if s.change != nil {
			s.change(internet)
		}
		names = append(names, s.name)
		internet.Faults = append(internet.Faults, s.faults...)
		internet.Skew += s.skew
		internet.Latency += s.latency
		maps.Copy(internet.Addresses, s.addresses)
		maps.Copy(internet.HostsFile, s.hostsFile)
		internet.IPv6 = internet.IPv6 || s.ipv6
		proxied = proxied || s.proxied
	}
	n := connection{network: internet.Network()}
	n.note("Simulated (%s): this report is of an internet in memory and says nothing about any real network.", strings.Join(names, ", "))
	if proxied {
		n.setProxy(internet.ProxyURL())
	}
	return n, nil
}

// otherPorts returns the TCP ports of a plan on which no web server listens.
func otherPorts(plan *readiness.Plan) []uint16 {
	var ports []uint16
	for _, t := range plan.Targets() {
		if (t.Protocol == probe.ProtocolTCP || t.Protocol == probe.ProtocolSRV) && !slices.Contains(ports, t.Port) {
			ports = append(ports, t.Port)
		}
	}
	return ports
}

// missing returns the first host that a fault is about and that is not among
// hosts, or "".
func (s simulation) missing(hosts []string) string {
	for _, f := range s.faults {
		at, ok := f.(probetest.At)
		if !ok || at.Host == "" {
			continue
		}
		suffix, pattern := strings.CutPrefix(at.Host, "*")
		if strings.HasSuffix(at.Host, ".probetest.example") {
			continue // where the certificates of the simulation say to ask
		}
		if !slices.ContainsFunc(hosts, func(h string) bool { return h == at.Host || pattern && strings.HasSuffix(h, suffix) }) {
			return at.Host
		}
	}
	return ""
}

// writeFaults names the faults.
func writeFaults(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range simulations() {
		if _, err := fmt.Fprintf(t, "%s\t%s\n", s.name, s.what); err != nil {
			return err
		}
	}
	return t.Flush()
}
