package probe

import (
	"encoding/json"
	"errors"
)

// MarshalJSON encodes o with its duration as duration_ms, in milliseconds.
func (o Observation) MarshalJSON() ([]byte, error) {
	type plain Observation
	return json.Marshal(struct {
		plain
		Duration milliseconds `json:"duration_ms"`
	}{plain(o), milliseconds(o.Duration)})
}

// UnmarshalJSON decodes what [Observation.MarshalJSON] encoded.
func (o *Observation) UnmarshalJSON(b []byte) error {
	type plain Observation
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(o), (*milliseconds)(&o.Duration)})
}

// MarshalJSON encodes s with its duration as duration_ms, in milliseconds.
func (s Step) MarshalJSON() ([]byte, error) {
	type plain Step
	return json.Marshal(struct {
		plain
		Duration milliseconds `json:"duration_ms"`
	}{plain(s), milliseconds(s.Duration)})
}

// UnmarshalJSON decodes what [Step.MarshalJSON] encoded.
func (s *Step) UnmarshalJSON(b []byte) error {
	type plain Step
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(s), (*milliseconds)(&s.Duration)})
}

// MarshalJSON encodes q with its duration as duration_ms, in milliseconds.
func (q DNSQuery) MarshalJSON() ([]byte, error) {
	type plain DNSQuery
	return json.Marshal(struct {
		plain
		Duration milliseconds `json:"duration_ms"`
	}{plain(q), milliseconds(q.Duration)})
}

// UnmarshalJSON decodes what [DNSQuery.MarshalJSON] encoded.
func (q *DNSQuery) UnmarshalJSON(b []byte) error {
	type plain DNSQuery
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(q), (*milliseconds)(&q.Duration)})
}

// MarshalJSON encodes d with its duration as duration_ms, in milliseconds.
func (d Dial) MarshalJSON() ([]byte, error) {
	type plain Dial
	return json.Marshal(struct {
		plain
		Duration milliseconds `json:"duration_ms"`
	}{plain(d), milliseconds(d.Duration)})
}

// UnmarshalJSON decodes what [Dial.MarshalJSON] encoded.
func (d *Dial) UnmarshalJSON(b []byte) error {
	type plain Dial
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(d), (*milliseconds)(&d.Duration)})
}

// MarshalJSON encodes s with its duration as duration_ms, in milliseconds.
func (s RevocationSource) MarshalJSON() ([]byte, error) {
	type plain RevocationSource
	return json.Marshal(struct {
		plain
		Duration milliseconds `json:"duration_ms"`
	}{plain(s), milliseconds(s.Duration)})
}

// UnmarshalJSON decodes what [RevocationSource.MarshalJSON] encoded.
func (s *RevocationSource) UnmarshalJSON(b []byte) error {
	type plain RevocationSource
	return json.Unmarshal(b, &struct {
		*plain
		Duration *milliseconds `json:"duration_ms"`
	}{(*plain)(s), (*milliseconds)(&s.Duration)})
}

// ntpTimes are the durations of [NTPFacts]. They are left out if nothing was
// measured, because an offset of zero would look like a good clock.
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

// jsonError is an [Error] in JSON. Its text is that of the cause alone.
type jsonError struct {
	Op   Op     `json:"op,omitempty"`
	Addr string `json:"addr,omitempty"`
	Code Code   `json:"code"`
	Text string `json:"text,omitempty"`
}

// MarshalJSON encodes e as an object with op, addr, code and, from e.Err, text.
func (e *Error) MarshalJSON() ([]byte, error) {
	j := jsonError{Op: e.Op, Addr: e.Addr, Code: e.Code}
	if e.Err != nil {
		j.Text = e.Err.Error()
	}
	return json.Marshal(j)
}

// UnmarshalJSON decodes what [Error.MarshalJSON] encoded. An error without a
// code is rejected, because it would be taken for success.
func (e *Error) UnmarshalJSON(b []byte) error {
	var j jsonError
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j.Code == "" {
		return errors.New("probe: an error without a code")
	}
	*e = Error{Op: j.Op, Addr: j.Addr, Code: j.Code}
	if j.Text != "" {
		e.Err = decodedError(j.Text)
	}
	return nil
}

// A decodedError is what is left of an error after JSON.
type decodedError string

func (e decodedError) Error() string { return string(e) }
