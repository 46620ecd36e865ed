//go:build linux

package integration_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// The operators of zones: Azure, as it answers for microsoft.com, and a company.
const (
	azureDNS    = "ns1-39.azure-dns.com. azuredns-hostmaster.microsoft.com."
	corporate   = "dc1.corp.example. hostmaster.corp.example."
	delegations = `@ SOA a.root-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 86400
@ NS ns.registry.com.
ns.registry.com. A ` + registryAddr + "\n"
)

// serveOperators starts the servers behind every resolver of the test.
// Everything below windowsupdate.com exists; below microsoft.com some names are
// gone.
func (r *rig) serveOperators(t *testing.T) {
	t.Helper()
	com := "@ SOA a.gtld-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 900\n@ NS ns.registry.com.\nns.registry A " + registryAddr + "\n"
	apex := "@ NS ns1-39.azure-dns.com.\n@ A 10.99.1.1\n"
	zones := map[string]string{
		"microsoft.com.":     "@ SOA " + azureDNS + " 1 3600 300 2419200 300\n" + apex + "kept A 10.99.1.1\nempty TXT x\nmoved CNAME gone.azureedge.net.\ndeep.er A 10.99.1.1\nled CNAME x.windowsupdate.com.\n",
		"windowsupdate.com.": "@ SOA " + azureDNS + " 1 3600 300 2419200 300\n" + apex + "* A 10.99.1.1\n",
		"azureedge.net.":     "@ SOA ns1-06.azure-dns.com. msnhst.microsoft.com. 1 3600 300 2419200 300\n" + apex,
		"azure-dns.com.":     "@ SOA ns1-01.azure-dns.com. azuredns-hostmaster.microsoft.com. 1 3600 300 2419200 300\n@ NS ns1-39\nns1-39 A " + operatorAddr + "\n",
	}
	below := map[string]string{"com.": com, "net.": com}
	for name := range zones {
		parent := name[len(name)-4:]
		below[parent] += name + " NS ns1-39.azure-dns.com.\n"
	}
	below["com."] += "ns1-39.azure-dns.com. A " + operatorAddr + "\n"
	below["."] = delegations + "com. NS ns.registry.com.\nnet. NS ns.registry.com.\n"
	var all []*process
	all = append(all, r.nsd(t, registryAddr, below), r.nsd(t, operatorAddr, zones), r.recursor(t, recursorAddr, "", ""))
	t.Cleanup(func() {
		for _, p := range all {
			p.stop()
		}
	})
}

// A filtering is a resolver and its answers: for each target the first answer,
// and the cached one if it differs. All names exist below windowsupdate.com.
// Below microsoft.com only kept, led and er do.
type filtering struct {
	name   string
	filter filter
	want   map[string]string

	// gone are the targets that the rule takes for nonexistent. If a filter
	// made the answer, the rule is wrong; see the name.
	gone []string

	// either says that the first answer to either question denies the name for
	// both, so that which of the two comes from the cache is chance.
	either bool
}

// triggers are the policies of a response policy zone, each for one name.
var triggers = []string{
	"nx.windowsupdate.com CNAME .", "nodata.windowsupdate.com CNAME *.", "pass.windowsupdate.com CNAME rpz-passthru.",
	"drop.windowsupdate.com CNAME rpz-drop.", "tcp.windowsupdate.com CNAME rpz-tcp-only.", "null.windowsupdate.com A 0.0.0.0",
}

// leads are a policy zone's aliases: to a name that exists, to one of the
// company's, and to one that the operator denies.
var leads = []string{
	"garden.windowsupdate.com CNAME kept.microsoft.com.", "own.windowsupdate.com CNAME blocked.corp.example.", "gone.windowsupdate.com CNAME gone.microsoft.com.",
}

// forwards has unbound ask the resolver at an address.
func forwards(addr string) string { return "forward-zone:\n  name: \".\"\n  forward-addr: " + addr }

// primary has BIND hold a zone.
func primary(zone, file string) string {
	return fmt.Sprintf("zone %q { type primary; file %q; };\n", zone, file)
}

// hiding starts BIND with an internal zone.
func (r *rig) hiding(t *testing.T, addr, operator string) *process {
	t.Helper()
	return r.bind(t, addr, "", primary("windowsupdate.com", r.zoneFile(t, "internal", operator)))
}

// bindPolicy starts BIND with a response policy zone.
func (r *rig) bindPolicy(t *testing.T, soa string, records ...string) *process {
	t.Helper()
	return r.bind(t, filterAddr, `response-policy { zone "rpz.corp.example"; };`, primary("rpz.corp.example", r.zoneFile(t, "rpz", soa, records...)))
}

// unboundPolicy starts unbound with one.
func (r *rig) unboundPolicy(t *testing.T, soa, options string, records ...string) *process {
	t.Helper()
	return r.recursor(t, filterAddr, "", forwards(recursorAddr)+"\nrpz:\n  name: rpz.corp.example\n  zonefile: "+r.zoneFile(t, "rpz", soa, records...)+"\n"+options)
}

// harmless are resolvers that filter nothing. All give the same answers.
func harmless() []filtering {
	want := map[string]string{
		"dns gone.microsoft.com":  "dns.nxdomain NXDOMAIN RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
		"dns empty.microsoft.com": "dns.nodata NOERROR RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
		"dns moved.microsoft.com": "dns.nxdomain NXDOMAIN RA alias gone.azureedge.net SOA azureedge.net ns1-06.azure-dns.com msnhst.microsoft.com",
		"dns deep.microsoft.com":  "dns.nxdomain NXDOMAIN RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
		"dns kept.microsoft.com":  "NOERROR RA 10.99.1.1",
		"dns er.microsoft.com":    "dns.nodata NOERROR RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
		"dns x.windowsupdate.com": "NOERROR RA 10.99.1.1",
		"soa microsoft.com":       "NOERROR RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
		"soa er.microsoft.com":    "NOERROR RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
		"soa gone.microsoft.com":  "dns.nxdomain NXDOMAIN RA SOA microsoft.com ns1-39.azure-dns.com azuredns-hostmaster.microsoft.com",
	}
	gone := []string{"dns deep.microsoft.com", "dns empty.microsoft.com", "dns er.microsoft.com", "dns gone.microsoft.com", "dns moved.microsoft.com", "soa gone.microsoft.com"}
	// dnsmasq's answer for an alias with a missing target depends on which of
	// the two queries is answered first: the other may be NODATA, and have AA.
	const alias = "dns moved.microsoft.com"
	fewer := maps.Clone(want)
	delete(fewer, alias)
	without := slices.DeleteFunc(slices.Clone(gone), func(s string) bool { return s == alias })
	return []filtering{
		{name: "unbound resolves", filter: func(t *testing.T, r *rig) *process {
			t.Helper()
			return r.recursor(t, filterAddr, "", "")
		}, want: want, gone: gone},
		{name: "unbound forwards", filter: func(t *testing.T, r *rig) *process {
			t.Helper()
			return r.recursor(t, filterAddr, "", forwards(recursorAddr))
		}, want: want, gone: gone},
		{name: "BIND forwards", filter: func(t *testing.T, r *rig) *process {
			t.Helper()
			return r.bind(t, filterAddr, "", "")
		}, want: want, gone: gone},
		{name: "Knot Resolver forwards", filter: func(t *testing.T, r *rig) *process {
			t.Helper()
			return r.knot(t)
		}, want: want, gone: gone},
		{name: "dnsmasq forwards", filter: func(t *testing.T, r *rig) *process {
			t.Helper()
			return r.forwarding(t, "--server="+recursorAddr)
		}, want: fewer, gone: without},
	}
}
