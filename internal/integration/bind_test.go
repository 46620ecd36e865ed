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

// policyZone is the zone from which resolvers of several vendors learn what to
// withhold.
const policyZone = "policy.example"

// policyFile writes a response policy zone.
func (r *rig) policyFile(t *testing.T, n names) string {
	t.Helper()
	path := filepath.Join(r.dir, "policy")
	head := "$TTL 60\n@ SOA ns.example. hostmaster.example. 1 3600 600 86400 60\n@ NS ns.example.\n"
	writeFile(t, path, []byte("$ORIGIN "+policyZone+".\n"+head+strings.Join(n.policy, "\n")+"\n"))
	return path
}

// named starts BIND as a resolver that forwards, and applies a policy.
func (r *rig) named(t *testing.T, n names) *process {
	t.Helper()
	log := filepath.Join(r.dir, "named.log")
	if err := os.Remove(log); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	conf := fmt.Sprintf(`options {
  directory %q;
  pid-file none;
  session-keyfile none;
  listen-on { %s; };
  listen-on-v6 { none; };
  allow-query { any; };
  allow-recursion { any; };
  dnssec-validation no;
  empty-zones-enable no;
  forward only;
  forwarders { %s; };
  response-policy { zone %q; };
};
controls { };
zone %[4]q { type primary; file %[5]q; };
`, r.dir, resolverAddr, upstreamAddr, policyZone, r.policyFile(t, n))
	if n.search {
		zone := filepath.Join(r.dir, "redirect")
		writeFile(t, zone, []byte("$TTL 60\n@ SOA ns.example. hostmaster.example. 1 3600 600 86400 60\n@ NS ns.example.\n*. A "+gardenAddr+"\n"))
		conf += fmt.Sprintf("zone \".\" { type redirect; file %q; };\n", zone)
	}
	path := filepath.Join(r.dir, "named.conf")
	writeFile(t, path, []byte(conf))
	serving := r.listening(t, resolverAddr+":53")
	return start(t, func() bool {
		said, err := os.ReadFile(log)
		return err == nil && strings.Contains(string(said), "reload done: success") && strings.Contains(string(said), " running") && serving()
	}, inside(r.internet, "named", "-f", "-n", "1", "-c", path, "-L", log)...)
}
