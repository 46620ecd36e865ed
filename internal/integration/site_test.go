//go:build linux

package integration_test

import (
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
)

// A site says how the rig's web servers differ from good ones, which answer for
// every name, with a genuine certificate over TLS.
type site struct {
	off       bool
	portal    string        // the nginx statement that answers on port 80
	protocols string        // instead of TLS 1.2 and 1.3
	corporate bool          // certificates of the company's CA
	odd       bool          // the statuses that the catalog knows, on port 80
	ahead     time.Duration // how far their clocks are ahead
	garden    bool          // an additional server with a block page
	files     string        // statements of a server with a file for every name and path
	script    string        // announces the proxies, see [wpadHost]
	lists     lists         // what the CA publishes
}

// serveSite serves the web like this from now on.
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

// nginxConf returns the configuration of a server for every host. It answers
// most requests with 404, as real hosts do, and redirects plain HTTP where they
// do. Hosts that recognize devices by certificate request one.
func (r *rig) nginxConf(t *testing.T, s site) string {
	t.Helper()
	secure := `location / { default_type text/plain; return 404 "There is nothing at the root of $host."; }`
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
	if s.odd {
		redirecting += r.answering(plain)
	}
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
  server_names_hash_bucket_size 128;
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

// answering returns servers for the hosts whose status on port 80 is known. Each
// of them answers with it at its root, and otherwise as plain says.
func (r *rig) answering(plain string) string {
	hosts := make(map[int][]string) // by status
	for _, host := range r.hosts {
		if f := endpoints.Embedded().Fact(host, 80); f.Known == endpoints.Confirmed && len(f.Statuses) > 0 {
			hosts[f.Statuses[0]] = append(hosts[f.Statuses[0]], host)
		}
	}
	var out strings.Builder
	for _, status := range slices.Sorted(maps.Keys(hosts)) {
		answer := fmt.Sprintf("\"$host says %d.\"", status)
		if status == http.StatusMovedPermanently || status == http.StatusFound {
			answer = "https://$host/"
		}
		header := ""
		if status == http.StatusPartialContent {
			answer, header = `"r"`, `add_header Content-Range "bytes 0-0/9" always;`
		}
		fmt.Fprintf(&out, `server {
    listen 80; listen [::]:80;
    server_name %s;
    location = / { default_type text/plain; %s return %d %s; }
    %s
  }
  `, strings.Join(hosts[status], " "), header, status, answer, plain)
	}
	return out.String()
}
