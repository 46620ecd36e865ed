package probe

import "time"

// An Observation is what a probe saw of one target, as typed facts, step by
// step. It holds no opinion: whether a failure matters is for others to judge.
//
// The zero Observation means that nothing was measured. Facts that were never
// learned are nil. An Observation survives encoding to JSON and back, but for
// the dynamic type of Error.Err, of which only the text is kept.
type Observation struct {
	Target Target `json:"target"`

	// Attempts counts how often the probe began anew. Zero means that nothing
	// was sent. More than one means that an earlier attempt was lost: its steps
	// are in Steps too.
	Attempts int `json:"attempts"`

	Start    time.Time     `json:"start,omitzero"`
	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Steps are the steps taken, in order of their start.
	Steps []Step `json:"steps,omitempty"`

	// Through a proxy, DNS and TCP are about the way to the proxy.
	DNS   *DNSFacts   `json:"dns,omitempty"`
	TCP   *TCPFacts   `json:"tcp,omitempty"`
	Proxy *ProxyFacts `json:"proxy,omitempty"`
	TLS   *TLSFacts   `json:"tls,omitempty"`
	HTTP  *HTTPFacts  `json:"http,omitempty"`
	NTP   *NTPFacts   `json:"ntp,omitempty"`
	NCSI  *NCSIFacts  `json:"ncsi,omitempty"`
	WPAD  *WPADFacts  `json:"wpad,omitempty"`
	SRV   *SRVFacts   `json:"srv,omitempty"`

	// Revocation is nil unless it was asked for, the chain is genuine and the
	// request did not fail. What was not waited for says so there.
	Revocation *RevocationFacts `json:"revocation,omitempty"`

	// Error is why the probe failed, or nil. It is the error of the step that
	// ended the probe; errors of steps that did not are in Steps alone.
	Error *Error `json:"error,omitempty"`
}

// OK reports whether the target was measured and nothing failed. The zero
// Observation is not OK.
func (o Observation) OK() bool { return o.Attempts > 0 && o.Error == nil }

// Code returns the code of o.Error, or "" if there is none.
func (o Observation) Code() Code {
	if o.Error == nil {
		return ""
	}
	return o.Error.Code
}

// A Step is one part of a probe: a look-up, a connection, a handshake.
type Step struct {
	Op Op `json:"op"`

	// Addr is the name, address or URL that the step was about.
	Addr string `json:"addr,omitempty"`

	Start    time.Time     `json:"start,omitzero"`
	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Error is how the step failed, or nil.
	Error *Error `json:"error,omitempty"`
}
