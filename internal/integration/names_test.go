//go:build linux

package integration_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// A names says how the rig's resolver differs from a good one, which resolves
// every name of the plans and denies all others.
type names struct {
	off      bool
	refuse   bool     // refuse all queries
	orphaned bool     // have no route to the internet's name servers
	distrust bool     // require signatures that no name has
	zones    []string // lines of unbound's server clause
	dnsmasq  []string // forward through dnsmasq with these options
	queries  string   // the file in which dnsmasq logs queries
	policy   []string // records of a response policy zone, which the resolver applies
	bind     bool     // forward through BIND, which then applies the policy
	search   bool     // have BIND give what does not exist the address of the garden
	small    bool     // require TCP for answers longer than 512 bytes
}

// serveNames resolves names like this from now on.
func (r *rig) serveNames(t *testing.T, n names) {
	t.Helper()
	if r.resolver != nil && reflect.DeepEqual(n, r.names) {
		return
	}
	r.resolver.stop()
	r.upstream.stop()
	r.names = n
	switch {
	case n.off:
	case n.bind:
		r.upstream = r.unbound(t, upstreamAddr, names{})
		r.resolver = r.named(t, n)
	case n.dnsmasq != nil:
		r.upstream = r.unbound(t, upstreamAddr, n)
		r.resolver = r.forwarder(t, n)
	default:
		r.resolver = r.unbound(t, resolverAddr, n)
	}
}

func (r *rig) forwarder(t *testing.T, n names) *process {
	t.Helper()
	log := []string{"--log-facility=-"}
	if n.queries != "" {
		log = []string{"--log-facility=" + n.queries, "--log-queries"}
	}
	args := slices.Concat([]string{
		"dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root",
		"--no-resolv", "--no-hosts", "--bind-interfaces",
		"--listen-address=" + resolverAddr, "--except-interface=lo", "--server=" + upstreamAddr,
	}, log, n.dnsmasq)
	return start(t, r.listening(t, resolverAddr+":53"), inside(r.internet, args...)...)
}

func (r *rig) unbound(t *testing.T, addr string, n names) *process {
	t.Helper()
	access, size := "allow", 1232
	if n.refuse {
		access = "refuse"
	}
	if n.small {
		size = 512
	}
	conf := fmt.Sprintf(`server:
  directory: %q
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  module-config: "respip validator iterator"
  interface: %s
  access-control: 0.0.0.0/0 %s
  max-udp-size: %d
  do-not-query-localhost: no
  ede: yes
`, r.dir, addr, access, size)
	if n.distrust {
		n.zones = append(n.zones, `trust-anchor: ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"`)
	}
	for _, line := range n.zones {
		conf += "  " + line + "\n"
	}
	if n.orphaned {
		conf += "forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@9\n"
	} else {
		conf += fmt.Sprintf("auth-zone:\n  name: \".\"\n  zonefile: %q\n  for-downstream: no\n  for-upstream: yes\n  fallback-enabled: no\n",
			filepath.Join(r.dir, "zone"))
	}
	if n.policy != nil {
		conf += fmt.Sprintf("rpz:\n  name: %s\n  zonefile: %q\n", policyZone, r.policyFile(t, n))
	}
	conf += "remote-control:\n  control-enable: no\n"
	path := filepath.Join(r.dir, "unbound.conf")
	writeFile(t, path, []byte(conf))
	return start(t, r.listening(t, addr+":53"), inside(r.internet, "unbound", "-d", "-c", path)...)
}
