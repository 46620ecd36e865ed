package probe

import "time"

// An Observation is what a probe saw of one target, as typed facts, step by
// step. It does not judge whether a failure matters.
//
// The zero Observation means that nothing was measured. Unknown facts are nil.
// An Observation survives encoding to JSON and back, except for the dynamic
// type of Error.Err, of which only the text remains.
//
// Text from hosts and other programs, errors included, is one line of at most
// 1024 bytes, with single spaces and with U+FFFD in place of control
// characters, format characters and invalid UTF-8. The target is as the caller
// gave it.
type Observation struct {
	Target Target `json:"target"`

	// Attempts counts how often the probe started. Zero means that nothing was
	// sent. More than one means that an earlier attempt failed and was
	// repeated; its steps are in Steps too.
	Attempts int `json:"attempts"`

	Start    time.Time     `json:"start,omitzero"`
	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Steps are the steps taken, in order of their start.
	Steps []Step `json:"steps,omitempty"`

	// Through a proxy, DNS and TCP describe the connection to the proxy.
	DNS   *DNSFacts   `json:"dns,omitempty"`
	TCP   *TCPFacts   `json:"tcp,omitempty"`
	Proxy *ProxyFacts `json:"proxy,omitempty"`
	TLS   *TLSFacts   `json:"tls,omitempty"`
	HTTP  *HTTPFacts  `json:"http,omitempty"`
	NTP   *NTPFacts   `json:"ntp,omitempty"`
	NCSI  *NCSIFacts  `json:"ncsi,omitempty"`
	WPAD  *WPADFacts  `json:"wpad,omitempty"`
	SRV   *SRVFacts   `json:"srv,omitempty"`

	// Revocation is nil unless the target allows the check, the chain is
	// genuine and the host responded. It lists all sources, even those for
	// which the probe did not wait.
	Revocation *RevocationFacts `json:"revocation,omitempty"`

	// LeftOut counts the texts that were shortened and the list elements that
	// were dropped because an observation keeps at most 16 KiB, which only a
	// broken or hostile network exceeds.
	LeftOut int `json:"left_out,omitempty"`

	// Forgotten says that facts were dropped after the check, because they
	// decide nothing: what is missing or zero may have been seen. The built-in probers
	// never set it; see Runner.Forget of package readiness.
	Forgotten bool `json:"forgotten,omitempty"`

	// Error is why the probe failed, or nil. It is the error of the step that
	// ended the probe; errors of other steps are only in Steps.
	Error *Error `json:"error,omitempty"`
}

// OK reports whether the target was measured without failure. The zero
// Observation is not OK.
func (o Observation) OK() bool { return o.Attempts > 0 && o.Error == nil }

// Code returns the code of o.Error, or "" if there is none.
func (o Observation) Code() Code {
	if o.Error == nil {
		return ""
	}
	return o.Error.Code
}

// A Step is one part of a probe, such as a lookup, a connection or a handshake.
type Step struct {
	Op string `json:"op"`

	// Addr is the name, address or URL that the step was about.
	Addr string `json:"addr,omitempty"`

	// Duration is how long the step took, without the time that a handshake
	// waited for a processor of this machine while the network was not at work.
	Start    time.Time     `json:"start,omitzero"`
	Duration time.Duration `json:"-"` // duration_ms in JSON

	// Error is how the step failed, or nil.
	Error *Error `json:"error,omitempty"`
}
