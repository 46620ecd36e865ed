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

// PAC writes a proxy auto-configuration file: the hosts of the list go direct,
// around the proxy's authentication and inspection, and everything else goes to
// the proxies, in their order.
//
// A proxy is given as "proxy.contoso.com:3128", or as a URL whose scheme is
// http, https, socks4 or socks5. Without one, FindProxyForURL returns null for
// everything else; the function netreadyDirect(host) is then of use in a file
// that exists already.
//
// "*.x" does not cover x, as in documents. Hosts without HTTP or HTTPS are gaps,
// as are the other ports of hosts that have them: see [NotWeb]. The file wants
// no more than JavaScript as of 1999 and shExpMatch, since WinHTTP and others
// read it with old engines.
//
// An error that finds [endpoints.BadValue] with errors.Is says that a proxy is
// none; then nothing is written. Another one is that of w.
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
		case e.Host.Kind() == endpoints.Glob, strings.HasPrefix(name, "_"): // "__proto__" is no ordinary name to JavaScript
			expressions = append(expressions, "/"+expression(e.Host)+"/")
		default:
			names = append(names, strconv.Quote(name)+": true")
		}
	}
	gaps := l.gaps(own)
	p := page{mark: "//"}
	p.header(l, "Sends the hosts that Windows provisioning needs direct.", gaps)
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

// pacDirect is the function that all files have.
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

// block writes values between two lines, with commas between them alone: old
// engines take a comma at the end for one more value.
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

// pacNotes returns what is lost on the way around a proxy.
func (l *List) pacNotes() []string {
	var notes []string
	for _, e := range l.Entries {
		for _, f := range e.Endpoints {
			if f.Has(endpoints.TraitTenantRestrictions) {
				notes = append(notes, e.Host.String()+": a proxy that adds the headers of tenant restrictions does not see it any more.")
				break
			}
		}
	}
	return notes
}

// pacProxies returns proxies as an expression in JavaScript.
func pacProxies(proxies []string) (string, error) {
	if len(proxies) == 0 {
		return "null", nil
	}
	var words []string
	for i, p := range proxies {
		word, ok := pacProxy(p)
		if !ok {
			// The text may hold a password.
			return "", fmt.Errorf("allowlist: proxy %d: want a host and a port, as in proxy.contoso.com:3128, "+
				"or a URL of them with the scheme http, https, socks4 or socks5, without credentials: %w", i+1, endpoints.BadValue)
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
		return "SOCKS5 " + at + "; SOCKS " + at, true // older engines know the second one alone
	default:
		return "", false
	}
}
