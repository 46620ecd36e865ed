package traffic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/netready/netready/endpoints"
)

// maxDepth limits how deeply an archive's values may be nested.
const maxDepth = 64

// A harReader reads an HTTP archive token by token, keeping only the current
// entry.
type harReader struct {
	squeezer *squeezer
	dec      *json.Decoder
	names    names
	depth    int
	line     int // of the last token

	entries bool                               // a list of entries was found
	take    func(Entry, *endpoints.Error) bool // false to stop
}

// errStopped is returned when the caller of take wants no more entries.
var errStopped = errors.New("stopped")

func newHARReader(r io.Reader) *harReader {
	s := newSqueezer(r)
	dec := json.NewDecoder(s)
	dec.UseNumber() // numbers too large for a float are still valid JSON
	return &harReader{squeezer: s, dec: dec}
}

// run reads the archive. The error is an [*endpoints.Error] if the input is not
// a valid archive, and otherwise that of the reader.
//
// Concatenated archives are read as one.
func (h *harReader) run() error {
	err := h.archive()
	for err == nil && h.dec.More() {
		err = h.archive()
	}
	if err == nil && !errors.Is(h.squeezer.err, io.EOF) {
		err = h.squeezer.err
	}
	switch {
	case errors.Is(err, errStopped):
		return nil
	case err != nil:
		return h.fault(err)
	case !h.entries:
		return &endpoints.Error{Code: endpoints.MissingField, Field: "log.entries", Reason: "want a list of entries"}
	default:
		return nil
	}
}

func (h *harReader) archive() error {
	return h.object(func(key string) error {
		if key != "log" {
			return h.skip()
		}
		return h.object(func(key string) error {
			if key != "entries" {
				return h.skip()
			}
			return h.array(h.entry)
		})
	})
}

// fault returns the error for broken JSON, or of the underlying reader.
func (h *harReader) fault(err error) error {
	line := max(h.squeezer.lineAt(h.dec.InputOffset()), h.line)
	if bad, ok := errors.AsType[*endpoints.Error](err); ok {
		bad.Line = line
		return bad
	}
	if torn := h.squeezer.err; torn != nil && !errors.Is(torn, io.EOF) {
		return fmt.Errorf("traffic: line %d: %w", line, torn)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &endpoints.Error{Code: endpoints.BadSyntax, Line: line, Reason: "invalid JSON from here on"}
	}
	return &endpoints.Error{Code: endpoints.BadSyntax, Line: line, Reason: "the JSON is incomplete"}
}

// entry reads an entry and passes it to take.
func (h *harReader) entry() error {
	t, err := h.token()
	if err != nil {
		return err
	}
	line := h.line
	x := harEntry{}
	isObject, err := h.objectFrom(t, func(key string) error {
		switch key {
		case "startedDateTime":
			return h.text(&x.started)
		case "request":
			return h.object(x.request(h))
		case "response":
			return h.object(func(key string) error {
				if key == "status" {
					return h.number(&x.status)
				}
				return h.skip()
			})
		default:
			return h.skip()
		}
	})
	if err != nil {
		return err
	}
	var e Entry
	bad := badSyntax("", "no object")
	if isObject {
		e, bad = x.entry(&h.names)
	}
	if bad != nil {
		bad.Line = line
	}
	e.Line = line
	if !h.take(e, bad) {
		return errStopped
	}
	return nil
}

// A harEntry holds the fields that are read from an entry.
type harEntry struct {
	started, method, url string
	status               float64
}

func (x *harEntry) request(h *harReader) func(key string) error {
	return func(key string) error {
		switch key {
		case "method":
			return h.text(&x.method)
		case "url":
			return h.text(&x.url)
		default:
			return h.skip()
		}
	}
}

func (x *harEntry) entry(n *names) (e Entry, bad *endpoints.Error) {
	if x.url == "" {
		return Entry{}, noHost("request.url", "missing, or not a string")
	}
	if x.started != "" {
		t, err := time.Parse(time.RFC3339, x.started)
		if t = t.UTC(); err != nil || t.Year() < 0 || t.Year() > 9999 {
			return Entry{}, badField("startedDateTime", "want a time as in 2019-09-14T02:00:10Z")
		}
		e.Time = t
	}
	if x.status > 0 && x.status < 1e6 {
		e.Status = int(x.status)
	}
	var reason string
	if e.Host, e.Port, reason = n.url([]byte(x.url)); reason != "" {
		return Entry{}, badField("request.url", reason)
	}
	e.judge(x.method == "CONNECT", silent)
	return e, nil
}
