package readiness

import (
	"fmt"
	"slices"
	"time"

	"github.com/netready/netready/probe"
)

// CauseClockWrong means that the local clock is wrong.
const CauseClockWrong CauseCode = "clock.wrong"

// clockWrong goes by two clocks out of three: the local one, the time server's,
// and the Date headers of genuine web servers.
func clockWrong(v *view) []found {
	invalid := v.coded(probe.TLSExpired, probe.TLSNotYetValid)
	reading := v.outcomes.signs.clocks.best()
	if !reading.off() {
		if !reading.known && v.owners(invalid) >= unrelatedOwners {
			return v.wrongClock(clockReading{}, invalid)
		}
		return nil
	}
	explained := slices.DeleteFunc(invalid, func(i int) bool { return !v.validAt(i, reading.offset) })
	return v.wrongClock(reading, append(explained, v.coded(probe.NTPOffset)...))
}

// validAt reports whether the chain of a check was valid at the corrected time.
func (v *view) validAt(i int, offset time.Duration) bool {
	o := v.obs[i]
	if o.TLS == nil || o.TLS.ValidFrom.IsZero() {
		return false
	}
	now := o.Start.Add(offset)
	return !now.Before(o.TLS.ValidFrom) && !now.After(o.TLS.ValidUntil)
}

func (v *view) wrongClock(r clockReading, checks []int) []found {
	var evidence []string
	for i, o := range v.obs {
		if tells(o) {
			evidence = append(evidence, fmt.Sprintf("%s says this clock is %s (± %s).",
				v.target(i).Addr(), wrongBy(o.NTP.Offset), o.NTP.Bound.Round(time.Millisecond)))
		}
	}
	if dates := v.outcomes.signs.clocks.dates; dates.known {
		evidence = append(evidence, fmt.Sprintf("The Date headers of genuine web servers say it is %s.", wrongBy(dates.offset)))
	} else if r.known && len(v.inTime(checks)) == 0 {
		evidence = append(evidence, "Too few web servers with a genuine certificate told the time to confirm this.")
	}
	if expired := v.inTime(checks); len(expired) > 0 {
		i := expired[0]
		f := v.obs[i].TLS
		evidence = append(evidence, fmt.Sprintf("%s: a genuine certificate, valid from %s to %s, is not valid at local time %s.",
			v.target(i).Addr(), f.ValidFrom.UTC().Format(time.RFC3339), f.ValidUntil.UTC().Format(time.RFC3339),
			v.obs[i].Start.UTC().Format(time.RFC3339)))
	}
	title := "This machine's clock is wrong"
	if r.known {
		title = "This machine's clock is " + wrongBy(r.offset)
	}
	remedy := "Set this machine's clock and check again. Devices correct an error of up to 15 hours from time.windows.com."
	if r.offset.Abs() > MaxPhaseCorrection {
		remedy = "Set the clock manually, in the firmware if necessary: Windows does not correct an error of more than 15 hours."
	}
	return []found{{Cause: Cause{Title: title, Evidence: evidence, Remedy: remedy}, explains: unreached(checks...)}}
}

// inTime returns those of some checks whose chains were valid at some time.
func (v *view) inTime(checks []int) []int {
	return slices.DeleteFunc(slices.Clone(checks), func(i int) bool {
		f := v.obs[i].TLS
		return f == nil || f.ValidFrom.IsZero()
	})
}

// wrongBy puts an offset into words.
func wrongBy(offset time.Duration) string {
	if offset < 0 {
		return span(-offset) + " ahead"
	}
	return span(offset) + " behind"
}

// span writes a duration in the units that suit it.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return count(int(d.Round(day)/day), "day")
	case d >= 2*time.Hour:
		d = d.Round(time.Minute)
		s := count(int(d/time.Hour), "hour")
		if m := int(d % time.Hour / time.Minute); m > 0 {
			s += " " + count(m, "minute")
		}
		return s
	case d >= 2*time.Minute:
		return count(int(d.Round(time.Minute)/time.Minute), "minute")
	}
	return d.Round(time.Second).String()
}
