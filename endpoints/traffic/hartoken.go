package traffic

import (
	"encoding/json"

	"github.com/netready/netready/endpoints"
)

// token returns the next token.
func (h *harReader) token() (json.Token, error) {
	t, err := h.dec.Token()
	h.line = h.squeezer.lineAt(h.dec.InputOffset() - 1)
	if d, ok := t.(json.Delim); ok {
		switch d {
		case '{', '[':
			h.depth++
		default:
			h.depth--
		}
	}
	if err == nil && h.depth > maxDepth {
		return nil, &endpoints.Error{Code: endpoints.TooLarge, Reason: "too deeply nested"}
	}
	return t, err
}

// object reads a value, and calls f for each key if it is an object. f must
// read the key's value.
func (h *harReader) object(f func(key string) error) error {
	t, err := h.token()
	if err != nil {
		return err
	}
	_, err = h.objectFrom(t, f)
	return err
}

// objectFrom is object for a value that begins with t. It reports whether the
// value is an object.
func (h *harReader) objectFrom(t json.Token, f func(key string) error) (ok bool, err error) {
	if t != json.Delim('{') {
		return false, h.rest(t)
	}
	for h.dec.More() {
		t, err := h.token()
		if err != nil {
			return true, err
		}
		key, _ := t.(string) // the decoder allows nothing else
		if err := f(key); err != nil {
			return true, err
		}
	}
	_, err = h.token()
	return true, err
}

// array reads a value, and calls f before each of its values if it is an array.
func (h *harReader) array(f func() error) error {
	t, err := h.token()
	if err != nil {
		return err
	}
	if t != json.Delim('[') {
		return h.rest(t)
	}
	h.entries = true
	for h.dec.More() {
		if err := f(); err != nil {
			return err
		}
	}
	_, err = h.token()
	return err
}

// text reads a value, and sets s if it is a string.
func (h *harReader) text(s *string) error {
	t, err := h.token()
	if err != nil {
		return err
	}
	if text, ok := t.(string); ok {
		*s = text
	}
	return h.rest(t)
}

// number reads a value, and sets n if it is a number.
func (h *harReader) number(n *float64) error {
	t, err := h.token()
	if err != nil {
		return err
	}
	if number, ok := t.(json.Number); ok {
		if f, err := number.Float64(); err == nil {
			*n = f
		}
	}
	return h.rest(t)
}

func (h *harReader) skip() error {
	t, err := h.token()
	if err != nil {
		return err
	}
	return h.rest(t)
}

// rest reads the rest of a value that begins with t.
func (h *harReader) rest(t json.Token) error {
	if d, ok := t.(json.Delim); !ok || d == '}' || d == ']' {
		return nil
	}
	for depth := h.depth; h.depth >= depth; {
		if _, err := h.token(); err != nil {
			return err
		}
	}
	return nil
}
