//go:build linux

package integration_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The proxy's ports, at the resolver's address.
const (
	proxyPort     = 3128
	interceptPort = 3129
)

// squidUser is the user as whom Debian's squid runs.
const squidUser = "proxy:proxy"

// squidCertificates is the helper that only a squid with TLS has.
const squidCertificates = "/usr/lib/squid/security_file_certgen"

// proxyURL is the proxy's URL.
const proxyURL = "http://" + resolverAddr + ":3128"

// A proxying describes the rig's proxy. The zero value is none.
type proxying struct {
	on       bool
	password string   // of the user "device"; others are refused
	deny     []string // domains, or all
	bump     bool     // inspect TLS, with the company's CA
	splice   []string // domains whose TLS it does not inspect
	whole    bool     // it requests whole files even if a range is enough
	log      bool     // all requests
}

// serveProxy proxies web traffic like this from now on.
func (r *rig) serveProxy(t *testing.T, p proxying) {
	t.Helper()
	if reflect.DeepEqual(p, r.proxying) {
		return
	}
	r.proxy.stop()
	r.proxying = p
	if !p.on {
		return
	}
	path := filepath.Join(r.dir, "squid.conf")
	writeFile(t, path, []byte(r.squidConf(t, p)))
	serving := r.listening(t, fmt.Sprintf("%s:%d", resolverAddr, proxyPort), fmt.Sprintf("*:%d", interceptPort))
	r.proxy = start(t, serving, inside(r.internet, alone("squid", "-N", "-d", "1", "-n", strings.ReplaceAll(r.internet, "-", "x"), "-f", path)...)...)
}

func (r *rig) squidConf(t *testing.T, p proxying) string {
	t.Helper()
	conf := []string{
		"visible_hostname proxy.example",
		"pid_filename none",
		"netdb_filename none",
		"cache_log /dev/stderr",
		"cache_store_log none",
		"coredump_dir none",
		"cache deny all",
		"cache_mem 0",
		"dns_nameservers " + resolverAddr,
		"dns_retransmit_interval 1 second", // its 5 seconds, twice, are all the time that a check has
		"shutdown_lifetime 0 seconds",
		"max_filedescriptors 4096",
		"pinger_enable off",
		fmt.Sprintf("http_port %d intercept", interceptPort),
	}
	if p.log {
		r.squidLog = filepath.Join(r.squidFolder(t), "access.log")
		run(t, "", "chown", squidUser, filepath.Dir(r.squidLog))
		conf = append(conf, "access_log stdio:"+r.squidLog+" squid")
	} else {
		conf = append(conf, "access_log none")
	}
	if p.whole {
		conf = append(conf, "request_header_access Range deny all")
	}
	port := fmt.Sprintf("http_port %s:%d", resolverAddr, proxyPort)
	if p.bump {
		port += " ssl-bump generate-host-certificates=on tls-cert=" + r.signer(t)
		conf = append(conf, r.bumping(t, p)...)
	}
	conf = append(conf, port)
	if p.password != "" {
		conf = append(conf,
			"auth_param basic program /usr/lib/squid/basic_ncsa_auth "+r.passwords(t, p),
			"auth_param basic realm Example Corp",
			"acl known proxy_auth REQUIRED",
			"http_access deny !known")
	}
	switch {
	case slices.Contains(p.deny, "all"):
		conf = append(conf, "http_access deny all")
	case p.deny != nil:
		conf = append(conf, "acl denied dstdomain "+strings.Join(p.deny, " "), "http_access deny denied")
	}
	return strings.Join(append(conf, "http_access allow all"), "\n") + "\n"
}

// squidFolder makes a folder for squid's helpers, which, unlike everything else
// here, never run as root.
func (r *rig) squidFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "netready-squid") //nolint:usetesting // other users cannot enter the parents of TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// accessLog stops the proxy and returns its log of requests.
func (r *rig) accessLog(t *testing.T) string {
	t.Helper()
	r.serveProxy(t, proxying{})
	data, err := os.ReadFile(r.squidLog)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(data)
}

// passwords returns the name of a password file.
func (r *rig) passwords(t *testing.T, p proxying) string {
	t.Helper()
	dir := r.squidFolder(t)
	path := filepath.Join(dir, "users")
	writeFile(t, path, []byte("device:"+run(t, "", "openssl", "passwd", "-apr1", p.password)))
	run(t, "", "chown", "-R", squidUser, dir)
	return path
}

// signer returns the name of a file with the company CA's certificate and key.
func (r *rig) signer(t *testing.T) string {
	t.Helper()
	key := filepath.Join(r.dir, "signer.key")
	writeKey(t, key, r.pki.corporate.issuerKey)
	path := filepath.Join(r.dir, "signer.pem")
	writeFile(t, path, slices.Concat(encode(r.pki.corporate.issuer), readFile(t, key)))
	return path
}

// bumping returns squid's configuration for inspecting TLS.
func (r *rig) bumping(t *testing.T, p proxying) []string {
	t.Helper()
	dir := r.squidFolder(t)
	store := filepath.Join(dir, "made")
	run(t, "", squidCertificates, "-c", "-s", store, "-M", "4MB")
	run(t, "", "chown", "-R", squidUser, dir)
	conf := []string{
		"sslcrtd_program " + squidCertificates + " -s " + store + " -M 4MB",
		"sslcrtd_children 4 startup=4",
		"tls_outgoing_options cafile=" + r.pki.genuine.rootFile,
		"acl hello at_step SslBump1",
		"ssl_bump peek hello",
	}
	if p.splice != nil {
		conf = append(conf, "acl left ssl::server_name "+strings.Join(p.splice, " "), "ssl_bump splice left")
	}
	return append(conf, "ssl_bump bump all")
}
