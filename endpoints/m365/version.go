package m365

import (
	"time"

	"github.com/netready/netready/endpoints"
)

// A Version identifies a publication, as in "2026103100": a date and two
// digits, 00 for the first of that day. Later versions compare greater as
// strings.
type Version string

// First precedes all versions: the changes since First are all changes.
const First Version = "0000000000"

const versionDigits = len(First)

// ParseVersion returns s as a version. An error is an [*endpoints.Error].
func ParseVersion(s string) (Version, error) {
	if !Version(s).Valid() {
		return "", &endpoints.Error{Code: endpoints.BadValue, Field: "version", Value: s, Reason: "want ten digits, as in 2026103100"}
	}
	return Version(s), nil
}

// Valid reports whether v has ten digits, as the service requires.
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

// Date returns the day of the version, as in "2026-10-31", or "" if it has
// none.
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
