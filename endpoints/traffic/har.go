package traffic

import (
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/netready/netready/endpoints"
)

// A harReader reads an HTTP archive, keeping only the current entry.
type harReader struct {
	*jsonScanner
	names   names
	stamps  clock
	current harEntry
	entries bool                               // a list of entries was found
	take    func(Entry, *endpoints.Error) bool // false to stop
}

// errStopped is returned when the caller of take wants no more entries.
var errStopped = errors.New("stopped")

func newHARReader(r io.Reader) *harReader { return &harReader{jsonScanner: newJSONScanner(r)} }

// run reads the archive. The error is an [*endpoints.Error] if the input is not
// a valid archive, and otherwise that of the reader.
//
// Concatenated archives are read as one.
func (h *harReader) run() error {
	err := h.archive()
	for err == nil {
		if _, err = h.peek(); err == nil {
			err = h.archive()
		}
	}
	switch {
	case errors.Is(err, errStopped):
		return nil
	case !errors.Is(err, io.EOF):
		return h.fault(err)
	case !h.entries:
		return &endpoints.Error{Code: endpoints.MissingField, Field: "log.entries", Reason: "want a list of entries"}
	default:
		return nil
	}
}

func (h *harReader) archive() error {
	_, err := h.object(func(key []byte) error {
		if string(key) != "log" {
			return h.skip()
		}
		_, err := h.object(func(key []byte) error {
			if c, err := h.peek(); string(key) != "entries" || err != nil || c != '[' {
				return h.skip()
			}
			h.entries = true
			return h.array(h.entry)
		})
		return err
	})
	return err
}

// entry reads an entry and passes it to take.
func (h *harReader) entry() error {
	if _, err := h.peek(); err != nil {
		return h.skip()
	}
	line := h.line
	x := &h.current
	x.started, x.method, x.url, x.status = x.started[:0], x.method[:0], x.url[:0], 0
	isObject, err := h.object(func(key []byte) error {
		switch string(key) {
		case "startedDateTime":
			return h.string(&x.started)
		case "request":
			return h.fields(func(key []byte) error {
				switch string(key) {
				case "method":
					return h.string(&x.method)
				case "url":
					return h.string(&x.url)
				default:
					return h.skip()
				}
			})
		case "response":
			return h.fields(func(key []byte) error {
				if string(key) == "status" {
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
		e, bad = h.make(x)
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

// fields is object for a caller that does not ask for the type.
func (h *harReader) fields(f func(key []byte) error) error {
	_, err := h.object(f)
	return err
}

// string reads a value, and sets b if it is a string.
func (h *harReader) string(b *[]byte) error {
	if c, err := h.peek(); err != nil || c != '"' {
		return h.skip()
	}
	_, _ = h.jsonScanner.take(`"`)
	if err := h.str(true); err != nil {
		return err
	}
	*b = append((*b)[:0], h.text...)
	return nil
}

// number reads a value, and sets n if it is a number.
func (h *harReader) number(n *float64) error {
	c, err := h.peek()
	if err != nil || c != '-' && (c < '0' || c > '9') {
		return h.skip()
	}
	if err := h.literal(); err != nil {
		return err
	}
	if f, err := strconv.ParseFloat(string(h.text), 64); err == nil {
		*n = f
	}
	return nil
}

// A harEntry holds the fields that are read from an entry.
type harEntry struct {
	started, method, url []byte
	status               float64
}

// make makes an entry.
func (h *harReader) make(x *harEntry) (e Entry, bad *endpoints.Error) {
	if len(x.url) == 0 {
		return Entry{}, noHost("request.url", "missing, or not a string")
	}
	if len(x.started) > 0 {
		t, ok := h.stamps.parse(time.RFC3339, x.started)
		if !ok {
			return Entry{}, badField("startedDateTime", "want a time as in 2019-09-14T02:00:10Z")
		}
		e.Time = t
	}
	if x.status > 0 && x.status < 1e6 {
		e.Status = int(x.status)
	}
	var reason string
	if e.Host, e.Port, reason = h.names.url(x.url); reason != "" {
		return Entry{}, badField("request.url", reason)
	}
	e.judge(isConnect(x.method), silent)
	return e, nil
}
