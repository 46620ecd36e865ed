package endpoints

import "fmt"

// String returns "required", "conditional" or "optional".
func (n Need) String() string {
	switch n {
	case Required:
		return "required"
	case Conditional:
		return "conditional"
	case Optional:
		return "optional"
	default:
		return fmt.Sprintf("Need(%d)", uint8(n))
	}
}

// MarshalText returns the text of [Need.String]. An unknown need is an error.
func (n Need) MarshalText() ([]byte, error) {
	if n > Optional {
		return nil, fmt.Errorf("endpoints: need %d: %w", uint8(n), BadValue)
	}
	return []byte(n.String()), nil
}

// UnmarshalText parses what [Need.String] returns. Nothing else is a need.
func (n *Need) UnmarshalText(text []byte) error {
	parsed, ok := parseNeed(string(text))
	if !ok {
		return fmt.Errorf("endpoints: need %q: %w", text, BadValue)
	}
	*n = parsed
	return nil
}

func parseNeed(s string) (Need, bool) {
	for n := Required; n <= Optional; n++ {
		if n.String() == s {
			return n, true
		}
	}
	return 0, false
}
