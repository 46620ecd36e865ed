package probe

import (
	"net/http"
	"strconv"
	"strings"
)

// firstByte is the value of Range for only the first byte, RFC 9110 section
// 14.1.2.
const firstByte = "bytes=0-0"

// RangeFacts is the result of requesting only the first byte; see
// [Target].Range.
//
// Servers may ignore a range request, RFC 9110 section 14.2, and do so for
// generated pages. So a complete response from one host proves nothing. From
// unrelated hosts that serve files, it means that something on the path removes
// the range, as scanning filters do. Someone else may also have sent the
// response, so first check who answered.
type RangeFacts struct {
	// Supported says that the response was 206 with exactly the first byte, as
	// RFC 9110 section 15.3.7 requires.
	Supported bool `json:"supported"`

	// ContentRange and AcceptRanges are the header fields of these names, RFC
	// 9110 sections 14.4 and 14.3.
	ContentRange string `json:"content_range,omitempty"`
	AcceptRanges string `json:"accept_ranges,omitempty"`

	// Length is the length of the whole in bytes, or 0 if the response does not
	// say.
	Length int64 `json:"length,omitempty"`

	// Code is [HTTPRangeUnsupported] if the response was complete, with 200 or
	// 203, and [HTTPMalformed] if it was 206 but not what was requested. If the
	// request failed and one for the whole succeeded, it is the code of the
	// failure. It is "" for all other responses, including those without a
	// body, which say nothing about ranges. It is never the error of the
	// observation.
	Code Code `json:"code,omitempty"`
}

// readRange reads the response to a request for the first byte. The body is the
// part that arrived; failed says that the rest did not.
func readRange(resp *http.Response, body []byte, known *secrets, failed bool) *RangeFacts {
	const maxValue = 128
	value := strings.Join(resp.Header.Values("Content-Range"), ", ")
	f := &RangeFacts{
		ContentRange: printable(known.hide(value), maxValue),
		AcceptRanges: printable(known.hide(strings.Join(resp.Header.Values("Accept-Ranges"), ", ")), maxValue),
	}
	got, ok := parseContentRange(value)
	switch resp.StatusCode {
	case http.StatusPartialContent:
		f.Length = got.length
		switch {
		case !ok || got.unsatisfied || got.first != 0 || got.last != 0:
			f.Code = HTTPMalformed
		case failed:
		case len(body) == 1:
			f.Supported = true
		default:
			f.Code = HTTPMalformed
		}
	case http.StatusRequestedRangeNotSatisfiable:
		f.Length = got.length
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		f.Length = max(0, resp.ContentLength)
		if len(body) > 0 {
			f.Code = HTTPRangeUnsupported
		}
	}
	return f
}

type contentRange struct {
	first, last int64 // zero if unsatisfied
	length      int64 // zero if unknown
	unsatisfied bool
}

// parseContentRange reads a Content-Range in bytes. RFC 9110 section 14.4: a
// range that ends before it begins, or reaches beyond the whole, is invalid.
func parseContentRange(value string) (contentRange, bool) {
	unit, rest, ok := strings.Cut(value, " ")
	if !ok || !strings.EqualFold(unit, "bytes") {
		return contentRange{}, false
	}
	span, length, ok := strings.Cut(rest, "/")
	if !ok {
		return contentRange{}, false
	}
	if span == "*" {
		n, ok := parsePosition(length)
		return contentRange{length: n, unsatisfied: ok}, ok
	}
	first, last, _ := strings.Cut(span, "-")
	var r contentRange
	if r.first, ok = parsePosition(first); !ok {
		return contentRange{}, false
	}
	if r.last, ok = parsePosition(last); !ok || r.last < r.first {
		return contentRange{}, false
	}
	if length == "*" {
		return r, true
	}
	if r.length, ok = parsePosition(length); !ok || r.last >= r.length {
		return contentRange{}, false
	}
	return r, true
}

// parsePosition reads a byte position. One too large for a file is invalid.
func parsePosition(s string) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err == nil
}
