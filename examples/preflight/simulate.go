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
	"github.com/netready/netready/readiness/readinesstest"
)

// simulatedLatency is the round-trip time in a simulation.
const simulatedLatency = 20 * time.Millisecond

// simulated returns a connection to a simulated internet with the plan's hosts
// and the chosen faults. A fault that affects no check is an error.
func simulated(plan *readiness.Plan, chosen []simulation) (connection, error) {
	internet := readinesstest.World(plan)
	internet.HostsFile = make(map[string][]netip.Addr)
	internet.Latency = simulatedLatency
	var names []string
	proxied := false
	for _, s := range chosen {
		if missing := s.missing(plan.Hosts()); missing != "" {
			return connection{}, fmt.Errorf("-simulate %s: the plan of this scenario and cloud has no host %s", s.name, missing)
		}
		if s.protocol != "" && !slices.ContainsFunc(plan.Targets(), func(t probe.Target) bool { return t.Protocol == s.protocol }) {
			return connection{}, fmt.Errorf("-simulate %s: the plan has no check that it affects: it needs %s", s.name, s.needs)
		}
		if s.change != nil {
			s.change(internet, plan)
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
	n.note("Simulated (%s): this report is about an internet in memory, not a real network.", strings.Join(names, ", "))
	if proxied {
		n.setProxy(internet.ProxyURL())
	}
	return n, nil
}

// missing returns the fault's first host that is not in hosts, or "".
func (s simulation) missing(hosts []string) string {
	for _, f := range s.faults {
		at, ok := f.(probetest.At)
		if !ok || at.Host == "" {
			continue
		}
		suffix, pattern := strings.CutPrefix(at.Host, "*")
		if strings.HasSuffix(at.Host, ".probetest.example") {
			continue // the servers for the simulated certificates' revocation and issuers
		}
		if !slices.ContainsFunc(hosts, func(h string) bool { return h == at.Host || pattern && strings.HasSuffix(h, suffix) }) {
			return at.Host
		}
	}
	return ""
}

// writeFaults lists the faults.
func writeFaults(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range simulations() {
		if _, err := fmt.Fprintf(t, "%s\t%s\n", s.name, s.what); err != nil {
			return err
		}
	}
	return t.Flush()
}
