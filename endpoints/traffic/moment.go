package traffic

import (
	"bytes"
	"time"
)

// maxEpoch is the last second that RFC 3339 can express, in year 9999.
const maxEpoch = 253402300799

// epoch parses seconds since 1970, with or without a fraction.
func epoch(b []byte) (time.Time, bool) {
	whole, fraction, dot := bytes.Cut(b, []byte("."))
	sec, ok := decimal(whole, 12)
	if !ok || sec > maxEpoch {
		return time.Time{}, false
	}
	var nsec int64
	if dot {
		if nsec, ok = decimal(fraction, 9); !ok {
			return time.Time{}, false
		}
		for range 9 - len(fraction) {
			nsec *= 10
		}
	}
	return time.Unix(sec, nsec).UTC(), true
}

// decimal parses at least one digit and at most the given number.
func decimal(b []byte, most int) (int64, bool) {
	if len(b) == 0 || len(b) > most {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// A clock parses times of one layout. It remembers the last one, because many
// lines have the same time.
type clock struct {
	text string
	t    time.Time
}

func (c *clock) parse(layout string, b []byte) (time.Time, bool) {
	if c.text != "" && string(b) == c.text {
		return c.t, true
	}
	text := string(b)
	t, err := time.Parse(layout, text)
	t = t.UTC()
	if err != nil || t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}, false
	}
	c.text, c.t = text, t
	return t, true
}

// statusCode parses a status as logs have it. "-" and "" mean 0, unknown.
func statusCode(b []byte) (int, bool) {
	if len(b) == 0 || string(b) == "-" {
		return 0, true
	}
	n, ok := decimal(b, 9)
	return int(n), ok
}
