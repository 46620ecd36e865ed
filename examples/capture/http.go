package main

import (
	"bytes"
	"strconv"
)

// A request is the head of an HTTP request.
type request struct {
	method string
	target string // "host:port" of a CONNECT, a URL, or a path
	host   string // the header
}

// cutRequest cuts the head of a request off a stream. ok is false if the head is
// not complete.
func cutRequest(b []byte) (r request, rest []byte, ok bool) {
	head, rest, ok := bytes.Cut(b, []byte("\r\n\r\n"))
	if !ok {
		return request{}, b, false
	}
	first, fields, _ := bytes.Cut(head, []byte("\r\n"))
	words := bytes.Fields(first)
	if len(words) < 2 {
		return request{}, rest, true
	}
	r.method, r.target = string(words[0]), string(words[1])
	for line := range bytes.SplitSeq(fields, []byte("\r\n")) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("host")) {
			r.host = string(bytes.TrimSpace(value))
		}
	}
	return r, rest, true
}

// isRequest reports whether a stream begins with a method of HTTP.
func isRequest(b []byte) bool {
	for _, m := range []string{"GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "CONNECT ", "DELETE ", "PATCH "} {
		if bytes.HasPrefix(b, []byte(m)[:min(len(m), len(b))]) {
			return true
		}
	}
	return false
}

// statusOf returns the status at the beginning of a response, or 0.
func statusOf(b []byte) int {
	if !bytes.HasPrefix(b, []byte("HTTP/1.")) || len(b) < len("HTTP/1.1 200") {
		return 0
	}
	n, err := strconv.Atoi(string(b[9:12]))
	if err != nil {
		return 0
	}
	return n
}
