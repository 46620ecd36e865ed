package trafficreport

import (
	"fmt"
	"net/netip"
	"time"
)

// stamp formats a time of the log.
func stamp(t time.Time) string {
	if t.Year() < 1000 { // the log does not have it
		return t.Format("Jan _2 15:04:05")
	}
	return t.Format(time.DateTime)
}

// zone says in which time zone the times are.
func (r Report) zone() string {
	if r.Summary.Lines.LocalTime {
		return ", in the time zone of the log"
	}
	return ", UTC"
}

// span returns the first and last time in the log, or zero times. The phases
// have the times of unlisted hosts.
func (r Report) span() (first, last time.Time) {
	widen := func(from, to time.Time) {
		if !from.IsZero() && (first.IsZero() || from.Before(first)) {
			first = from
		}
		if to.After(last) {
			last = to
		}
	}
	for _, h := range r.Summary.Hosts {
		widen(h.First, h.Last)
	}
	for _, p := range r.Summary.Phases {
		widen(p.First, p.Last)
	}
	return first, last
}

// A ruler formats times relative to the first request, as in "02:01", or in
// full if the log covers more than a day.
type ruler struct{ first, last time.Time }

// between formats a time span, or returns "" if it is unknown.
func (u ruler) between(from, to time.Time) string {
	if from.IsZero() {
		return ""
	}
	write := func(t time.Time) string {
		if u.days() {
			return stamp(t)
		}
		d := t.Sub(u.first).Truncate(time.Second)
		if d >= time.Hour {
			return fmt.Sprintf("%d:%02d:%02d", d/time.Hour, d/time.Minute%60, d/time.Second%60)
		}
		return fmt.Sprintf("%02d:%02d", d/time.Minute, d/time.Second%60)
	}
	if a, b := write(from), write(to); a != b {
		return a + " to " + b
	}
	return write(from)
}

// clock formats a time span as on a clock, or in full if the log covers more
// than a day.
func (u ruler) clock(from, to time.Time) string {
	write := func(t time.Time) string {
		if u.days() {
			return stamp(t)
		}
		return t.Format(time.TimeOnly)
	}
	if a, b := write(from), write(to); a != b {
		return a + " to " + b
	}
	return write(from)
}

func (u ruler) days() bool { return u.last.Sub(u.first) >= 24*time.Hour }

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
