package allowlist

import (
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/netready/netready/endpoints"
)

// PAC writes a proxy auto-configuration file. Hosts of the list go direct,
// bypassing the proxy's authentication and inspection. Everything else goes to
// the proxies, in order.
//
// A proxy is "proxy.contoso.com:3128" or a URL with the scheme http, https,
// socks4 or socks5. Without proxies, FindProxyForURL returns null for
// everything else; use the function netreadyDirect(host) in an existing file.
//
// As in the documents, "*.x" does not cover x. Hosts without HTTP or HTTPS are
// gaps, and so are all other ports of the remaining hosts; see [NotWeb]. The
// file uses only JavaScript of 1999 and shExpMatch, because WinHTTP and others
// have old engines.
//
// An [*endpoints.Error] says that a proxy is invalid, without quoting it; then
// nothing is written. Other errors come from w.
func PAC(w io.Writer, l *List, proxies ...string) ([]Gap, error) {
	elsewhere, err := pacProxies(proxies)
	if err != nil {
		return nil, err
	}
	var names, patterns, expressions []string
	var own []Gap
	for _, e := range l.Entries {
		other, web := e.otherPorts()
		if other != nil {
			own = append(own, Gap{Host: e.Host, Services: e.services(), Ports: other, Reason: NotWeb})
		}
		switch name := e.Host.String(); {
		case !web:
		case e.Host.Kind() == endpoints.Suffix:
			patterns = append(patterns, strconv.Quote(name))
		case e.Host.Kind() == endpoints.Glob, strings.HasPrefix(name, "_"): // in JavaScript, "__proto__" is not an ordinary name
			expressions = append(expressions, "/"+expression(e.Host)+"/")
		default:
			names = append(names, strconv.Quote(name)+": true")
		}
	}
	gaps := l.gaps(own)
	p := page{mark: "//"}
	p.header(l, "Sends the hosts that Windows provisioning needs direct, bypassing the proxy.", gaps)
	for _, note := range l.pacNotes() {
		p.comment("", note)
	}
	p.line("")
	p.block("var netreadyNames = {", names, "};")
	p.block("var netreadyPatterns = [", patterns, "];")
	p.block("var netreadyExpressions = [", expressions, "];")
	p.WriteString(pacDirect)
	p.line("function FindProxyForURL(url, host) {\n\treturn netreadyDirect(host) ? \"DIRECT\" : %s;\n}", elsewhere)
	_, err = io.WriteString(w, p.String())
	return gaps, err
}

// pacDirect is the function in every file.
const pacDirect = `
// netreadyDirect tells whether a host is one of these.
function netreadyDirect(host) {
	var i;
	host = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
	if (Object.prototype.hasOwnProperty.call(netreadyNames, host)) {
		return true;
	}
	for (i = 0; i < netreadyPatterns.length; i++) {
		if (shExpMatch(host, netreadyPatterns[i])) {
			return true;
		}
	}
	for (i = 0; i < netreadyExpressions.length; i++) {
		if (netreadyExpressions[i].test(host)) {
			return true;
		}
	}
	return false;
}

`

// block writes values between two lines, without a trailing comma, which old
// engines count as another value.
func (p *page) block(first string, values []string, last string) {
	p.line("%s", first)
	for i, v := range values {
		comma := ","
		if i == len(values)-1 {
			comma = ""
		}
		p.line("\t%s%s", v, comma)
	}
	p.line("%s", last)
}

// pacNotes returns notes on what bypassing the proxy costs.
func (l *List) pacNotes() []string {
	var notes []string
	for _, e := range l.Entries {
		for _, f := range e.Endpoints {
			if f.Has(endpoints.TraitTenantRestrictions) {
				notes = append(notes, e.Host.String()+": a proxy that adds tenant restriction headers no longer sees it.")
				break
			}
		}
	}
	return notes
}

// pacProxies returns the proxies as a JavaScript expression.
func pacProxies(proxies []string) (string, error) {
	if len(proxies) == 0 {
		return "null", nil
	}
	var words []string
	for i, p := range proxies {
		word, ok := pacProxy(p)
		if !ok {
			// The text may contain a password.
			return "", &endpoints.Error{
				Code: endpoints.BadValue, Field: fmt.Sprintf("proxy %d", i+1), Reason: "want a host and a port, as in proxy.contoso.com:3128, " +
					"or a URL with the scheme http, https, socks4 or socks5, without credentials",
			}
		}
		words = append(words, word)
	}
	return strconv.Quote(strings.Join(words, "; ")), nil
}

// pacProxy returns a proxy as in "PROXY proxy.contoso.com:3128".
func pacProxy(text string) (string, bool) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	h, hostErr := endpoints.ParseHost(u.Hostname())
	if err != nil || port == 0 || hostErr != nil || h.Kind() != endpoints.Exact {
		return "", false
	}
	at := h.String() + ":" + strconv.FormatUint(port, 10)
	if addr := address(h); addr.IsValid() {
		at = netip.AddrPortFrom(addr, uint16(port)).String()
	}
	switch u.Scheme {
	case "http":
		return "PROXY " + at, true
	case "https":
		return "HTTPS " + at, true
	case "socks4":
		return "SOCKS " + at, true
	case "socks5":
		return "SOCKS5 " + at + "; SOCKS " + at, true // older engines know only the second one
	default:
		return "", false
	}
}
