package device

import (
	"fmt"
	"strconv"
	"strings"
)

// A Build is a build of Windows, as in 26100.3323. The zero Build is not known.
type Build struct {
	Number   uint32 // as in 26100, which tells versions apart
	Revision uint32 // as in 3323, which rises with updates; 0 means not known
}

// ParseBuild parses a build such as "26100.3323". The prefix "10.0." and the
// revision are optional.
func ParseBuild(s string) (Build, error) {
	text, prefixed := strings.CutPrefix(s, "10.0.")
	number, revision, revised := strings.Cut(text, ".")
	n, err := strconv.ParseUint(number, 10, 32)
	var r uint64
	if err == nil && revised {
		r, err = strconv.ParseUint(revision, 10, 32)
	}
	if err != nil || n == 0 || !prefixed && n == 10 {
		return Build{}, fmt.Errorf("device: %q is not a build of Windows: want one like 26100.3323", s)
	}
	return Build{Number: uint32(n), Revision: uint32(r)}, nil
}

// String returns the build as in "26100.3323", or "" for the zero Build.
func (b Build) String() string {
	switch {
	case b == Build{}:
		return ""
	case b.Revision == 0:
		return strconv.FormatUint(uint64(b.Number), 10)
	default:
		return fmt.Sprintf("%d.%d", b.Number, b.Revision)
	}
}

// MarshalText returns b.String().
func (b Build) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText parses text as [ParseBuild] does. Empty text is the zero Build.
func (b *Build) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*b = Build{}
		return nil
	}
	parsed, err := ParseBuild(string(text))
	if err != nil {
		return err
	}
	*b = parsed
	return nil
}
