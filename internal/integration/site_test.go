//go:build linux

package integration_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A site says how the web servers of the rig differ from good ones, which
// answer for every name, with a genuine certificate where there is TLS.
type site struct {
	off       bool
	portal    string        // the statement that answers all of port 80
	protocols string        // instead of TLS 1.2 and 1.3
	corporate bool          // certificates of the corporate authority
	ahead     time.Duration // how far their clocks are
	garden    bool          // a server beside them that tells users off
	files     string        // statements for a server that has a file for every name and path
	script    string        // what says which proxies there are, see [wpadHost]
	lists     lists         // what the authority publishes
}

// serveSite has the web served in this way from now on.
func (r *rig) serveSite(t *testing.T, s site) {
	t.Helper()
	if r.web != nil && reflect.DeepEqual(s, r.site) {
		return
	}
	r.web.stop()
	r.site = s
	if s.off {
		return
	}
	path := filepath.Join(r.dir, "nginx.conf")
	writeFile(t, path, []byte(r.nginxConf(t, s)))
	r.web = start(t, r.listening(t, "0.0.0.0:80", "0.0.0.0:443", "[::]:80", "[::]:443"),
		inside(r.internet, elsewhen(s.ahead, "nginx", "-e", "stderr", "-c", path)...)...)
}

// nginxConf is of a server that stands in for every host: a 404 to most
// requests, as the real ones, and redirects from plain HTTP where they have
// one. Hosts that know devices by their certificate ask for one.
func (r *rig) nginxConf(t *testing.T, s site) string {
	t.Helper()
	secure := "location / { return 404; }"
	if s.files != "" {
		secure = r.filing(t, s.files)
	}
	plain := `location = /connecttest.txt { default_type text/plain; return 200 "Microsoft Connect Test"; }
    location = /fwlink/ { return 302 https://www.microsoft.com/; }
    ` + secure
	redirecting := `server {
    listen 80; listen [::]:80;
    server_name www.office.com portal.manage.microsoft.com;
    return 301 https://$host/;
  }
  ` + r.publishing(t, s.lists)
	if s.portal != "" {
		plain, redirecting = s.portal, ""
	}
	if s.garden {
		redirecting += r.gardening()
	}
	if s.script != "" {
		redirecting += announcing(s.script)
	}
	protocols := "ssl_protocols TLSv1.2 TLSv1.3;"
	if s.protocols != "" {
		protocols = "ssl_protocols " + s.protocols + "; ssl_ciphers ALL:@SECLEVEL=0;"
	}
	chains := filepath.Join(r.dir, "chains")
	if s.corporate {
		chains = r.pki.corporateDir
	}
	var temp strings.Builder
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		fmt.Fprintf(&temp, "  %s_temp_path %s;\n", kind, filepath.Join(r.dir, kind))
	}
	return fmt.Sprintf(`daemon off;
pid %[1]s/nginx.pid;
user root;
worker_processes 2;
events { worker_connections 2048; }
http {
%[2]s  access_log off;
  %[3]s
  ssl_certificate %[4]s/$ssl_server_name.pem;
  ssl_certificate_key %[5]s;
  server {
    listen 80 default_server; listen [::]:80 default_server;
    %[6]s
  }
  %[8]s
  server {
    listen 443 ssl default_server; listen [::]:443 ssl default_server;
    %[7]s
  }
  server {
    listen 443 ssl; listen [::]:443 ssl;
    server_name device.login.microsoftonline.com *.manage.microsoft.com;
    ssl_verify_client optional_no_ca;
    %[7]s
  }
  %[9]s
  server {
    listen 143; listen 587; listen 993; listen 995;
    listen [::]:143; listen [::]:587; listen [::]:993; listen [::]:995;
    return 404;
  }
}
`, r.dir, temp.String(), protocols, chains, r.pki.keyFile, plain, secure, redirecting, controlling())
}
