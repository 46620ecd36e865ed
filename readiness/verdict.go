package readiness

import "fmt"

// A Status says what came of one check. The zero Status is NotRun: nothing
// passes by default.
type Status uint8

// The statuses of a check.
const (
	NotRun Status = iota // not measured, or interrupted before there was a result
	OK
	Failed
)

// String returns "not_run", "ok" or "failed".
func (s Status) String() string {
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
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// An Impact says what a failure means for provisioning. The zero Impact is
// Unjudged, and blocks: a policy that forgets a case does not wave it through.
type Impact uint8

// The impacts, from the mildest after Unjudged to the gravest.
const (
	Unjudged      Impact = iota // no policy has judged it; treated like Fatal
	Informational               // provisioning does not depend on it
	Conditional                 // matters only if a feature is used that the scope does not name
	Degrading                   // provisioning goes on, with a loss
	Fatal                       // provisioning cannot finish
)

// String returns "unjudged", "informational", "conditional", "degrading" or "fatal".
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
	for v := Unjudged; v <= Fatal; v++ {
		if v.String() == string(text) {
			*i = v
			return nil
		}
	}
	return fmt.Errorf("readiness: unknown impact %q", text)
}

// Blocks reports whether a failure with this impact keeps provisioning from
// finishing.
func (i Impact) Blocks() bool { return i == Fatal || i == Unjudged }

// rank orders impacts by gravity, Unjudged being the gravest.
func (i Impact) rank() int {
	if i == Unjudged {
		return int(Fatal) + 1
	}
	return int(i)
}

// A Basis says where a verdict comes from.
type Basis string

// The bases.
const (
	BasisDocumented Basis = "documented" // a document says so
	BasisInferred   Basis = "inferred"   // the documents are silent; it is our reading
)
