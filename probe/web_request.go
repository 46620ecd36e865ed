package probe

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
)

// A request is a GET, or a POST of an OCSP request, over HTTP/1.1 and without
// state.
type request struct {
	url    *url.URL
	agent  string
	ranged bool   // request only the first byte
	keep   bool   // the connection may serve another request
	post   []byte // an OCSP request, or nil to GET
}

// send sends a request to where a route leads, in one piece.
func (r request) send(conn net.Conn, to *route) error {
	_, err := conn.Write(r.text(to))
	return err
}

// text returns a request as it is sent. A proxy wants the whole URL.
func (r request) text(to *route) []byte {
	const usual = 512
	b := make([]byte, 0, usual+len(r.post))
	line := func(parts ...string) {
		for _, part := range parts {
			b = append(b, part...)
		}
		b = append(b, "\r\n"...)
	}
	method, target := http.MethodGet, r.url.RequestURI()
	if r.post != nil {
		method = http.MethodPost
	}
	if to.proxy != nil {
		target = r.url.Scheme + "://" + r.url.Host + target
	}
	line(method, " ", target, " HTTP/1.1")
	line("Host: ", r.url.Host)
	line("User-Agent: ", r.agent)
	if !r.keep {
		line("Connection: close")
	}
	line("Accept: */*")
	line("Accept-Encoding: identity")
	if credentials := to.credentials(); credentials != "" {
		line("Proxy-Authorization: ", credentials)
	}
	if r.ranged {
		line("Range: ", firstByte)
	}
	if r.post != nil {
		line("Content-Type: application/ocsp-request")
		line("Content-Length: ", strconv.Itoa(len(r.post)))
	}
	line()
	return append(b, r.post...)
}
