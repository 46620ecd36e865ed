package probe

import (
	"encoding/json"
	"errors"
)

// MarshalJSON encodes o with its duration as duration_ms, in milliseconds.
func (o Observation) MarshalJSON() ([]byte, error) { return encoded(typicalJSON, o.WriteJSON) }

// UnmarshalJSON decodes what [Observation.MarshalJSON] encoded.
func (o *Observation) UnmarshalJSON(b []byte) error {
	type plain Observation
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(o), (*milliseconds)(&o.Duration)})
}

// MarshalJSON encodes s with its duration as duration_ms, in milliseconds.
func (s Step) MarshalJSON() ([]byte, error) { return encoded(smallJSON, s.write) }

// UnmarshalJSON decodes what [Step.MarshalJSON] encoded.
func (s *Step) UnmarshalJSON(b []byte) error {
	type plain Step
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(s), (*milliseconds)(&s.Duration)})
}

// MarshalJSON encodes q with its duration as duration_ms, in milliseconds.
func (q DNSQuery) MarshalJSON() ([]byte, error) { return encoded(smallJSON, q.write) }

// UnmarshalJSON decodes what [DNSQuery.MarshalJSON] encoded.
func (q *DNSQuery) UnmarshalJSON(b []byte) error {
	type plain DNSQuery
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(q), (*milliseconds)(&q.Duration)})
}

// MarshalJSON encodes d with its duration as duration_ms, in milliseconds.
func (d Dial) MarshalJSON() ([]byte, error) { return encoded(smallJSON, d.write) }

// UnmarshalJSON decodes what [Dial.MarshalJSON] encoded.
func (d *Dial) UnmarshalJSON(b []byte) error {
	type plain Dial
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(d), (*milliseconds)(&d.Duration)})
}

// MarshalJSON encodes d with its duration as duration_ms, in milliseconds. An
// issuer's certificate is encoded as url, code and text alone.
func (d Document) MarshalJSON() ([]byte, error) { return encoded(smallJSON, d.write) }

// UnmarshalJSON decodes what [Document.MarshalJSON] encoded.
func (d *Document) UnmarshalJSON(b []byte) error {
	type plain Document
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(d), (*milliseconds)(&d.Duration)})
}

// jsonField is a value of a [Header] in JSON.
type jsonField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// MarshalJSON encodes h as a list of objects with name and value.
func (h Header) MarshalJSON() ([]byte, error) { return encoded(smallJSON, h.write) }

// UnmarshalJSON decodes what [Header.MarshalJSON] encoded.
func (h *Header) UnmarshalJSON(b []byte) error {
	var list []jsonField
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*h = make(Header, len(list))
	for _, f := range list {
		(*h)[f.Name] = append((*h)[f.Name], f.Value)
	}
	return nil
}

// ntpTimes are the durations of [NTPFacts]. They are omitted if nothing was
// measured, because an offset of zero would suggest an exact clock.
type ntpTimes struct {
	Offset       *milliseconds `json:"offset_ms,omitempty"`
	Bound        *milliseconds `json:"bound_ms,omitempty"`
	RTT          *milliseconds `json:"rtt_ms,omitempty"`
	RootDistance *milliseconds `json:"root_distance_ms,omitempty"`
}

func (f *NTPFacts) times() ntpTimes {
	return ntpTimes{
		Offset:       (*milliseconds)(&f.Offset),
		Bound:        (*milliseconds)(&f.Bound),
		RTT:          (*milliseconds)(&f.RTT),
		RootDistance: (*milliseconds)(&f.RootDistance),
	}
}

// MarshalJSON encodes f with offset_ms, bound_ms, rtt_ms and root_distance_ms,
// in milliseconds, unless nothing was measured.
func (f NTPFacts) MarshalJSON() ([]byte, error) {
	type plain NTPFacts
	var times ntpTimes
	if f.Bound != 0 {
		times = f.times()
	}
	return json.Marshal(struct {
		plain
		ntpTimes
	}{plain(f), times})
}

// UnmarshalJSON decodes what [NTPFacts.MarshalJSON] encoded.
func (f *NTPFacts) UnmarshalJSON(b []byte) error {
	type plain NTPFacts
	return json.Unmarshal(b, &struct {
		*plain
		ntpTimes
	}{(*plain)(f), f.times()})
}

// jsonError is an [Error] in JSON. Text is the text of Err alone.
type jsonError struct {
	Op   string `json:"op,omitempty"`
	Addr string `json:"addr,omitempty"`
	Code Code   `json:"code"`
	Text string `json:"text,omitempty"`
}

// MarshalJSON encodes e as an object with op, addr, code and, from e.Err, text.
func (e *Error) MarshalJSON() ([]byte, error) { return encoded(smallJSON, e.write) }

// UnmarshalJSON decodes what [Error.MarshalJSON] encoded. An error without a
// code is rejected, because it would be taken for success.
func (e *Error) UnmarshalJSON(b []byte) error {
	var j jsonError
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j.Code == "" {
		return errors.New("probe: error without a code")
	}
	*e = Error{Op: j.Op, Addr: j.Addr, Code: j.Code}
	if j.Text != "" {
		e.Err = decodedError(j.Text)
	}
	return nil
}

// A decodedError is the text of an error decoded from JSON.
type decodedError string

func (e decodedError) Error() string { return string(e) }
