package readiness

// An Outcome is the result of one check. The zero Outcome is NotRun, so nothing
// passes by default.
type Outcome uint8

// The outcomes of a check.
const (
	NotRun Outcome = iota // not measured, or interrupted before there was a result
	OK
	Failed
)

// String returns "not_run", "ok" or "failed".
func (s Outcome) String() string {
	switch s {
	case OK:
		return "ok"
	case Failed:
		return "failed"
	case NotRun:
	}
	return "not_run"
}

// MarshalText returns s.String().
func (s Outcome) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts what String returns.
func (s *Outcome) UnmarshalText(text []byte) error { return unmarshal(s, text, Failed, "outcome") }

// A Verdict says whether provisioning will finish, or whether one service
// works. The zero Verdict is Unproven, so nothing is ready by default.
type Verdict uint8

// The verdicts.
const (
	Unproven      Verdict = iota // something that provisioning needs was not measured
	Ready                        // it works
	Degraded                     // it works, with a loss
	Blocked                      // it does not work
	NotApplicable                // only of a service: the scope does not use it, so it does not count
)

// Works reports whether v is Ready or Degraded.
func (v Verdict) Works() bool { return v == Ready || v == Degraded }

// String returns "unproven", "ready", "degraded", "blocked" or
// "not_applicable".
func (v Verdict) String() string {
	switch v {
	case Ready:
		return "ready"
	case Degraded:
		return "degraded"
	case Blocked:
		return "blocked"
	case NotApplicable:
		return "not_applicable"
	case Unproven:
	}
	return "unproven"
}

// MarshalText returns v.String().
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText accepts what String returns.
func (v *Verdict) UnmarshalText(text []byte) error {
	return unmarshal(v, text, NotApplicable, "verdict")
}

// An Impact says what a failure means for provisioning. The zero Impact is
// Unjudged and blocks, so a policy that forgets a case does not let it pass.
type Impact uint8

// The impacts, from the mildest after Unjudged to the gravest.
const (
	Unjudged      Impact = iota // no policy has judged it; treated like Fatal
	Informational               // provisioning does not depend on it
	Conditional                 // matters only if the tenant uses a feature that the scope does not name
	Degrading                   // provisioning continues, with a loss
	Fatal                       // provisioning cannot finish
)

// String returns "unjudged", "informational", "conditional", "degrading" or
// "fatal".
func (i Impact) String() string {
	switch i {
	case Informational:
		return "informational"
	case Conditional:
		return "conditional"
	case Degrading:
		return "degrading"
	case Fatal:
		return "fatal"
	case Unjudged:
	}
	return "unjudged"
}

// MarshalText returns i.String().
func (i Impact) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText accepts what String returns.
func (i *Impact) UnmarshalText(text []byte) error {
	return unmarshal(i, text, Fatal, "impact")
}

// Blocks reports whether a failure with this impact stops provisioning.
func (i Impact) Blocks() bool { return i == Fatal || i == Unjudged }

// rank orders impacts by gravity, with Unjudged as the gravest.
func (i Impact) rank() int {
	if i == Unjudged {
		return int(Fatal) + 1
	}
	return int(i)
}
