package probetest

import (
	"fmt"
	"net/http"
	"slices"
)

// WPAD announces a proxy to the machines of a domain by Web Proxy
// Auto-Discovery: the name "wpad" exists in the domain, and its web server has
// the file /wpad.dat.
type WPAD struct {
	// Domain is the domain. Empty means "contoso.com".
	Domain string

	// Script is the file. Empty means a script that selects the internet's
	// proxy for everything, see [Internet.ProxyURL].
	Script string
}

func (p WPAD) in(f flow) Fault {
	if !slices.ContainsFunc(f.hosts, At{Host: p.host()}.covers) {
		return nil
	}
	return p
}

func (p WPAD) answer(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != "/wpad.dat" {
		return false
	}
	if p.Script == "" {
		p.Script = fmt.Sprintf("function FindProxyForURL(url, host) { return \"PROXY %s\"; }\n", proxyURL("http", proxyAddr()).Host)
	}
	w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
	_, _ = fmt.Fprint(w, p.Script)
	return true
}

// host returns the name of the web server, which exists.
func (p WPAD) host() string {
	if p.Domain == "" {
		p.Domain = "contoso.com"
	}
	return "wpad." + p.Domain
}
