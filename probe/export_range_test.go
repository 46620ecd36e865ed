package probe

import "net/http"

// ReadRange reads an answer to a request for the first byte.
func ReadRange(resp *http.Response, body []byte, failed bool) *RangeFacts {
	return readRange(resp, body, nil, failed)
}

// A ContentRange is a value of Content-Range.
type ContentRange struct {
	First, Last, Length int64
	Unsatisfied         bool
}

// ParseContentRange reads a value of Content-Range.
func ParseContentRange(value string) (ContentRange, bool) {
	r, ok := parseContentRange(value)
	return ContentRange{r.first, r.last, r.length, r.unsatisfied}, ok
}
