package probetest

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// A requestFault answers HTTP requests. It returns false for requests that it
// leaves to others.
type requestFault interface {
	answer(w http.ResponseWriter, r *http.Request) bool
}

// serveHTTP speaks HTTP on c.
func (i *Internet) serveHTTP(c *conn, f flow) { i.serveWeb(c, c, f, "http") }

// serveWeb speaks HTTP on c, which is raw or TLS on raw.
func (i *Internet) serveWeb(c net.Conn, raw *conn, f flow, scheme string) {
	serveOne(c, raw, func(w http.ResponseWriter, r *http.Request) {
		if host := hostOf(r.Host); host != "" {
			f.hosts = []string{host}
		}
		i.log.add(EventRequest, f, r.Method+" "+r.URL.RequestURI())
		if i.interruptRequest(w, f, raw) {
			return
		}
		w.Header().Set("Date", i.now().UTC().Format(http.TimeFormat))
		for fault := range faults[requestFault](i, f) {
			if fault.answer(w, r) {
				return
			}
		}
		if scheme == "http" && i.answerPKI(w, r, f) {
			return
		}
		i.origin(w, r, scheme)
	})
}

// serveOne runs an HTTP server for one connection.
func serveOne(c net.Conn, raw *conn, handler http.HandlerFunc) {
	server := &http.Server{
		Handler:           handler,
		ErrorLog:          log.New(io.Discard, "", 0),
		TLSNextProto:      map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ReadHeaderTimeout: 0, // the client decides when a connection ends
	}
	_ = server.Serve(&single{c: c, done: raw.done})
}

// interruptRequest applies a fault of the request's stages.
func (i *Internet) interruptRequest(w http.ResponseWriter, f flow, raw *conn) bool {
	for fault := range faults[streamFault](i, f) {
		stage := fault.stage()
		if stage != AfterRequest && stage != AfterHeader {
			continue
		}
		hijacker, ok := w.(http.Hijacker)
		if !ok {
			return false
		}
		c, _, err := hijacker.Hijack()
		if err != nil {
			return false
		}
		if stage == AfterHeader {
			half := strings.Repeat("half ", 20)
			_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s",
				i.now().UTC().Format(http.TimeFormat), 2*len(half), half)
		}
		fault.strike(c, raw)
		_ = raw.Close()
		return true
	}
	return false
}

// origin answers as the intended server.
func (i *Internet) origin(w http.ResponseWriter, r *http.Request, scheme string) {
	if i.Handler != nil {
		i.Handler.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Server", "probetest")
	w.Header().Set("Content-Type", "text/plain")
	body := ncsiBody(hostOf(r.Host), r.URL.Path, scheme)
	if body == "" {
		body = "This is " + hostOf(r.Host) + ".\n"
	}
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(body))
}

// ncsiBody returns what Windows expects for its connectivity probe, or "" for
// other requests.
func ncsiBody(host, path, scheme string) string {
	switch {
	case scheme != "http":
	case path == "/connecttest.txt" && (host == ncsiHost || host == ncsiHostIPv6):
		return "Microsoft Connect Test"
	case path == "/ncsi.txt" && host == ncsiOldHost:
		return "Microsoft NCSI"
	}
	return ""
}

// hostOf returns the name of a host and port, without brackets.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	return canonical(host)
}
