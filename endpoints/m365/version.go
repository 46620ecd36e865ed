package m365

import (
	"fmt"
	"time"
)

// A Version is the number of a publication, as in "2026103100": a date and a
// number of two digits, 00 for the first on that day. Of two versions the later
// is the greater string.
type Version string

// First is before all versions: changes since First are all changes.
const First Version = "0000000000"

const versionDigits = len(First)

// ParseVersion returns s as a version. An error finds [BadArgument] with
// errors.Is.
func ParseVersion(s string) (Version, error) {
	if !Version(s).Valid() {
		return "", fmt.Errorf("m365: version %q is not of ten digits, as in 2026103100: %w", s, BadArgument)
	}
	return Version(s), nil
}

// Valid reports whether v has ten digits, which is all that the service asks for.
func (v Version) Valid() bool {
	if len(v) != versionDigits {
		return false
	}
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return true
}

// Date returns the day of the version as in "2026-10-31", or "" if it has none.
func (v Version) Date() string {
	if !v.Valid() {
		return ""
	}
	date, _ := readDate(string(v[:8]))
	return date
}

// readDate reads a date of the form 20261031.
func readDate(s string) (date string, ok bool) {
	t, err := time.Parse("20060102", s)
	if err != nil {
		return "", false
	}
	return t.Format(time.DateOnly), true
}
