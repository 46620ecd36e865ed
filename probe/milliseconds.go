package probe

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// milliseconds is a duration encoded in JSON as milliseconds, with up to six
// decimal places, so that nothing is lost.
type milliseconds time.Duration

// MarshalJSON returns the shortest exact form.
func (m milliseconds) MarshalJSON() ([]byte, error) { return m.append(nil), nil }

// append appends the shortest exact form to b.
func (m milliseconds) append(b []byte) []byte {
	abs := uint64(m)
	if m < 0 {
		b, abs = append(b, '-'), -abs
	}
	const places = 6
	ms := uint64(time.Millisecond)
	b = strconv.AppendUint(b, abs/ms, 10)
	if abs%ms == 0 {
		return b
	}
	point := len(b)
	b = strconv.AppendUint(b, ms+abs%ms, 10) // with a leading 1, whose place is the point's
	b[point] = '.'
	for b = b[:point+1+places]; b[len(b)-1] == '0'; {
		b = b[:len(b)-1]
	}
	return b
}

// UnmarshalJSON decodes any number in a duration's range. Null changes nothing.
func (m *milliseconds) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" {
		return nil
	}
	if strings.ContainsAny(s, "eE") {
		f, err := strconv.ParseFloat(s, 64)
		f = math.Round(f * float64(time.Millisecond))
		if err != nil || math.Abs(f) >= math.MaxInt64 {
			return errors.New("probe: not a number of milliseconds: " + s)
		}
		*m = milliseconds(f)
		return nil
	}
	// Without an exponent, moving the decimal point six digits to the right
	// gives nanoseconds.
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = (fraction + "000000")[:6]
	ns, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return errors.New("probe: not a number of milliseconds: " + s)
	}
	*m = milliseconds(ns)
	return nil
}
