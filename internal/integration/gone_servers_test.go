//go:build linux

package integration_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The servers of TestGone. Those behind the resolvers are real too: a registry
// has the root and com, and an operator the zones below.
const (
	registryAddr  = "10.99.0.1"
	operatorAddr  = "10.99.0.2"
	recursorAddr  = "10.99.0.53" // resolves for the filters that forward
	corporateAddr = "10.99.0.54" // a company's own server, behind another resolver
	filterAddr    = "10.99.0.55"
)

// A filter starts the resolver that the client asks, at filterAddr.
type filter func(*testing.T, *rig) *process

// newNames makes a network with only DNS servers.
func newNames(t *testing.T) *rig {
	t.Helper()
	r := &rig{dir: t.TempDir(), internet: fmt.Sprintf("%s%d-0-internet", namespacePrefix, os.Getpid())}
	makeNamespace(t, r.internet)
	for _, addr := range []string{registryAddr, operatorAddr, recursorAddr, corporateAddr, filterAddr} {
		run(t, "", "ip", "-n", r.internet, "addr", "add", addr+"/32", "dev", "lo")
	}
	return r
}

// config writes a configuration into a folder of its own, and returns both.
func (r *rig) config(t *testing.T, kind, addr, text string) (dir, path string) {
	t.Helper()
	dir = filepath.Join(r.dir, kind+"-"+addr)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "conf")
	writeFile(t, path, []byte(strings.ReplaceAll(text, "DIR", dir)))
	return dir, path
}

// nsd starts an authoritative server with zones, by their names.
func (r *rig) nsd(t *testing.T, addr string, zones map[string]string) *process {
	t.Helper()
	conf := `server:
  ip-address: ` + addr + `
  username: ""
  chroot: ""
  pidfile: ""
  database: ""
  zonesdir: "DIR"
  zonelistfile: "DIR/list"
  xfrdfile: "DIR/xfrd"
  xfrdir: "DIR"
  server-count: 1
remote-control:
  control-enable: no
`
	dir, _ := r.config(t, "nsd", addr, "")
	for name, records := range zones {
		file := filepath.Join(dir, "zone"+strings.ReplaceAll(name, ".", "-"))
		writeFile(t, file, []byte("$ORIGIN "+name+"\n$TTL 300\n"+records))
		conf += fmt.Sprintf("zone:\n  name: %q\n  zonefile: %q\n", name, file)
	}
	_, path := r.config(t, "nsd", addr, conf)
	return start(t, r.listening(t, addr+":53"), inside(r.internet, "nsd", "-d", "-c", path)...)
}

// recursor starts unbound, with lines of its server clause and further clauses.
// It asks the registry first unless a clause says otherwise.
func (r *rig) recursor(t *testing.T, addr, server, clauses string) *process {
	t.Helper()
	if clauses == "" || !strings.Contains(clauses, `name: "."`) {
		clauses += "\nstub-zone:\n  name: \".\"\n  stub-addr: " + registryAddr
	}
	_, path := r.config(t, "unbound", addr, `server:
  directory: "DIR"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  do-ip6: no
  module-config: "respip iterator"
  access-control: 0.0.0.0/0 allow
  ede: yes
  interface: `+addr+"\n"+server+"\n"+clauses+"\nremote-control:\n  control-enable: no\n")
	return start(t, r.listening(t, addr+":53"), inside(r.internet, "unbound", "-d", "-c", path)...)
}

// bind starts BIND, which forwards, with further options and clauses.
func (r *rig) bind(t *testing.T, addr, options, clauses string) *process {
	t.Helper()
	dir, path := r.config(t, "named", addr, `options {
  directory "DIR";
  pid-file none;
  session-keyfile none;
  listen-on { `+addr+`; };
  listen-on-v6 { none; };
  allow-query { any; };
  allow-recursion { any; };
  dnssec-validation no;
  empty-zones-enable no;
  forward only;
  forwarders { `+recursorAddr+`; };
  `+options+`
};
controls { };
`+clauses)
	serving := r.listening(t, addr+":53")
	if err := os.Remove(filepath.Join(dir, "log")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	policies := strings.Count(options, "response-policy")
	return start(t, func() bool {
		said, err := os.ReadFile(filepath.Join(dir, "log"))
		return err == nil && strings.Count(string(said), "reload done: success") >= policies && strings.Contains(string(said), " running") && serving()
	}, inside(r.internet, "named", "-f", "-n", "1", "-c", path, "-L", filepath.Join(dir, "log"))...)
}

// zoneFile writes a zone with a SOA record of these names, and returns its file.
func (r *rig) zoneFile(t *testing.T, file, soa string, records ...string) string {
	t.Helper()
	path := filepath.Join(r.dir, file)
	writeFile(t, path, []byte("$TTL 60\n@ SOA "+soa+" 1 3600 600 86400 60\n@ NS ns.corp.example.\n"+strings.Join(records, "\n")+"\n"))
	return path
}

// forwarding starts dnsmasq with further options.
func (r *rig) forwarding(t *testing.T, options ...string) *process {
	t.Helper()
	args := append([]string{
		"dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root",
		"--no-resolv", "--no-hosts", "--log-facility=-", "--bind-interfaces",
		"--listen-address=" + filterAddr, "--except-interface=lo",
	}, options...)
	return start(t, r.listening(t, filterAddr+":53"), inside(r.internet, args...)...)
}

// knot starts Knot Resolver, which forwards, with lines of its configuration.
func (r *rig) knot(t *testing.T, lines ...string) *process {
	t.Helper()
	dir, path := r.config(t, "kresd", filterAddr, `net.listen('`+filterAddr+`', 53, { kind = 'dns' })
net.ipv6 = false
trust_anchors.remove('.')
cache.size = 1 * MB
modules = { 'hints > iterate', 'policy' }
`+strings.Join(lines, "\n")+"\npolicy.add(policy.all(policy.FORWARD({'"+recursorAddr+"'})))\n")
	return start(t, r.listening(t, filterAddr+":53"), inside(r.internet, "kresd", "-n", "-q", "-c", path, dir)...)
}
