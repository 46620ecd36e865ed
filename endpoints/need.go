package endpoints

import "fmt"

// String returns "required", "conditional", "optional", "formerly-required" or
// "none".
func (n Need) String() string {
	switch n {
	case Required:
		return "required"
	case Conditional:
		return "conditional"
	case Optional:
		return "optional"
	case FormerlyRequired:
		return "formerly-required"
	case NotNeeded:
		return "none"
	default:
		return fmt.Sprintf("Need(%d)", uint8(n))
	}
}

// MarshalText returns the text of [Need.String]. An unknown need is an error.
func (n Need) MarshalText() ([]byte, error) {
	if n > NotNeeded {
		return nil, unknown("need", n.String(), needWords())
	}
	return []byte(n.String()), nil
}

// UnmarshalText parses the text of [Need.String]. Anything else is an [*Error].
func (n *Need) UnmarshalText(text []byte) error {
	parsed, ok := parseNeed(string(text))
	if !ok {
		return unknown("need", string(text), append(needWords(), NotNeeded.String()))
	}
	*n = parsed
	return nil
}

// needWords returns the texts of the needs that an endpoint may have.
func needWords() []string {
	return []string{Required.String(), Conditional.String(), Optional.String(), FormerlyRequired.String()}
}

func parseNeed(s string) (Need, bool) {
	for n := Required; n <= NotNeeded; n++ {
		if n.String() == s {
			return n, true
		}
	}
	return 0, false
}
