package probe

import (
	"net/http"
	"strconv"
	"strings"
)

// firstByte is the value of Range that asks for the first byte alone, RFC 9110
// section 14.1.2.
const firstByte = "bytes=0-0"

// RangeFacts is what came of asking for the first byte alone, see
// [Target].Range.
//
// A server may ignore that a range is asked for, RFC 9110 section 14.2, and
// does so for pages that it makes up as it goes. The whole from one host proves
// nothing by itself; from unrelated hosts that serve files it means that
// something on the way takes ranges out, as filters do that scan what passes.
// And an answer may be somebody else's: what the other facts say of who
// answered comes first.
type RangeFacts struct {
	// Supported says that the answer was 206 with the first byte and nothing
	// else, as RFC 9110 section 15.3.7 wants it.
	Supported bool `json:"supported"`

	// ContentRange and AcceptRanges are the header fields of these names, RFC
	// 9110 sections 14.4 and 14.3.
	ContentRange string `json:"content_range,omitempty"`
	AcceptRanges string `json:"accept_ranges,omitempty"`

	// Length is the length of the whole in bytes, as far as the answer says it.
	// Zero means that it does not.
	Length int64 `json:"length,omitempty"`

	// Code is [HTTPRangeUnsupported] if the whole was answered, with 200 or 203,
	// and [HTTPMalformed] if the answer was 206 and is not what was asked for.
	// Other answers say nothing of ranges, and nor does one without a body: for
	// these it is "". It is not an error of the observation.
	Code Code `json:"code,omitempty"`
}

// readRange reads an answer to a request for the first byte. The body is what
// has come of it; failed says that it should have been more.
func readRange(resp *http.Response, body []byte, failed bool) *RangeFacts {
	const maxValue = 128
	value := strings.Join(resp.Header.Values("Content-Range"), ", ")
	f := &RangeFacts{
		ContentRange: printable(value, maxValue),
		AcceptRanges: printable(strings.Join(resp.Header.Values("Accept-Ranges"), ", "), maxValue),
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

// A contentRange is a value of Content-Range.
type contentRange struct {
	first, last int64 // zero if unsatisfied
	length      int64 // zero if it is not known
	unsatisfied bool
}

// parseContentRange reads a value of Content-Range for bytes. By RFC 9110
// section 14.4 one is not valid if its end is before its beginning, or not
// within the whole.
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

// parsePosition reads a number of bytes. One too large for a file is none.
func parsePosition(s string) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err == nil
}
