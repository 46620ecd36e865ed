package probetest

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Page answers every request with one page.
type Page struct {
	Status int // zero means 200
	Header http.Header
	Body   string
}

func (p Page) in(flow) Fault { return p }

func (p Page) answer(w http.ResponseWriter, _ *http.Request) bool {
	for name, values := range p.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	_, _ = fmt.Fprint(w, p.Body)
	return true
}

// Portal is a captive portal: it answers every plain HTTP request with a
// redirect to a sign-in page. It leaves TLS alone unless TLS is set. Real
// portals drop or reset it.
type Portal struct {
	// Status is the response: 302 and similar with Location, 200 with the page
	// itself, or 511 as in RFC 6585 section 6. Zero means 302.
	Status int

	// Location is the sign-in page, whose name exists. Empty means
	// "http://portal.example/login".
	Location string

	// TLS says that the portal also answers over TLS, with a certificate of an
	// unknown CA.
	TLS bool
}

func (p Portal) in(f flow) Fault {
	if f.addr.Port() == 443 && !p.TLS {
		return nil
	}
	return p
}

func (p Portal) certificate(s *leafSpec) {
	if !slices.Contains(s.names, p.host()) {
		s.organization = unknownOrganization
	}
}

func (p Portal) answer(w http.ResponseWriter, r *http.Request) bool {
	if hostOf(r.Host) == p.host() {
		return false
	}
	if p.Status == 0 {
		p.Status = http.StatusFound
	}
	w.Header().Set("Server", "portal")
	w.Header().Set("Cache-Control", "no-store")
	if p.Status >= 300 && p.Status < 400 {
		http.Redirect(w, r, p.location(), p.Status)
		return true
	}
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(p.Status)
	_, _ = fmt.Fprintf(w, "<html><head><meta http-equiv=refresh content=\"0; url=%s\"></head><body>Please sign in.</body></html>\n", p.location())
	return true
}

func (p Portal) location() string {
	if p.Location == "" {
		return "http://portal.example/login"
	}
	return p.Location
}

// host is the name of the sign-in page, which exists.
func (p Portal) host() string {
	u, err := url.Parse(p.location())
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// BlockPage is a filter that answers instead of the server, as the Squid proxy
// does. For TLS it needs [Inspect] too.
type BlockPage struct {
	Status int // zero means 403

	// By is the name of the filter. Empty means "filter.example".
	By string
}

func (b BlockPage) in(flow) Fault { return b }

func (b BlockPage) answer(w http.ResponseWriter, r *http.Request) bool {
	if b.Status == 0 {
		b.Status = http.StatusForbidden
	}
	if b.By == "" {
		b.By = "filter.example"
	}
	w.Header().Set("Server", "squid/6.13")
	w.Header().Set("Via", "1.1 "+b.By+" (squid/6.13)")
	w.Header().Set("X-Squid-Error", "ERR_ACCESS_DENIED 0")
	w.Header().Set("X-Cache", "NONE from "+b.By)
	w.Header().Set("Content-Type", "text/html;charset=utf-8")
	w.WriteHeader(b.Status)
	_, _ = fmt.Fprintf(w, "<html><head><title>Access denied</title></head><body>%s does not let you visit %s.</body></html>\n", b.By, hostOf(r.Host))
	return true
}

// LargeHeader answers with a header of at least this many bytes.
type LargeHeader struct {
	Bytes int // zero means 4 MiB
}

func (l LargeHeader) in(flow) Fault { return l }

func (l LargeHeader) answer(w http.ResponseWriter, _ *http.Request) bool {
	const line = 4 << 10
	if l.Bytes == 0 {
		l.Bytes = 4 << 20
	}
	for n := 0; n < l.Bytes; n += line {
		w.Header().Add("X-Large", strings.Repeat("x", line))
	}
	return true
}
