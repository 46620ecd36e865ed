package endpoints

// Known is what sources say about a statement. The zero Known, Unknown, is the
// safe default.
type Known uint8

// The values of Known.
const (
	Unknown      Known = iota // no source says
	Confirmed                 // a source confirms it
	Contradicted              // a source contradicts it
)

// String returns "unknown", "confirmed" or "contradicted".
func (k Known) String() string {
	switch k {
	case Confirmed:
		return "confirmed"
	case Contradicted:
		return "contradicted"
	case Unknown:
	}
	return "unknown"
}
