package readiness

import (
	"fmt"
	"slices"
	"time"

	"github.com/netready/netready/probe"
)

// tolerance is the clock error from which on it is worth a word: what Kerberos
// and Microsoft Entra ID still accept.
const tolerance = 5 * time.Minute

// A clockReading is an estimate of what has to be added to the local clock.
type clockReading struct {
	offset time.Duration
	known  bool
}

// off reports whether the reading is beyond the tolerance.
func (r clockReading) off() bool { return r.known && r.offset.Abs() > tolerance }

// agrees reports whether two readings may be of the same clock.
func (r clockReading) agrees(o clockReading) bool {
	return r.known && o.known && (r.offset-o.offset).Abs() <= tolerance
}

// clocks holds what the others say of the local clock.
type clocks struct {
	ntp   clockReading // the time servers
	dates clockReading // the dates that genuine web servers send
}

// clocksOf reads the clocks of a plan's observations.
func clocksOf(obs []probe.Observation) clocks { return clocks{ntpReading(obs), dateReading(obs)} }

// lying reports whether the time server contradicts everyone else.
func (c clocks) lying() bool { return c.ntp.known && c.dates.known && !c.ntp.agrees(c.dates) }

// clock finds a wrong local clock. Two clocks out of three decide: the local
// one, the time server's, and the dates that genuine web servers send.
func (d *diagnosis) clock() {
	c := clocksOf(d.obs)
	invalid := d.coded(probe.TLSExpired, probe.TLSNotYetValid)
	reading := c.ntp
	if c.lying() {
		d.lyingServer(c)
		reading = c.dates
	}
	if !reading.known {
		reading = c.dates
	}
	if !reading.off() {
		if !reading.known && d.zones(invalid) >= unrelated {
			d.wrongClock(clockReading{}, invalid)
		}
		return
	}
	explained := slices.DeleteFunc(slices.Clone(invalid), func(i int) bool { return !d.validAt(i, reading.offset) })
	d.wrongClock(reading, append(explained, d.coded(probe.NTPOffset)...))
}

// tells reports whether an observation holds a time server's usable answer.
func tells(o probe.Observation) bool {
	return o.NTP != nil && (o.OK() || o.Code() == probe.NTPOffset)
}

// ntpReading returns what the time servers say, if they say anything usable.
func ntpReading(obs []probe.Observation) clockReading {
	for _, o := range obs {
		if tells(o) {
			return clockReading{o.NTP.Offset, true}
		}
	}
	return clockReading{}
}

// dateReading returns the median of what the Date fields of genuine hosts say.
func dateReading(obs []probe.Observation) clockReading {
	const enough = 3
	var offsets []time.Duration
	for _, o := range obs {
		if o.HTTP == nil || o.HTTP.Date.IsZero() || o.TLS == nil ||
			o.TLS.VerifiedBy != "public" && o.TLS.VerifiedBy != "microsoft" {
			continue
		}
		for _, s := range o.Steps {
			if s.Op == probe.OpRequest {
				offsets = append(offsets, o.HTTP.Date.Sub(s.Start.Add(s.Duration/2)))
				break
			}
		}
	}
	if len(offsets) < enough {
		return clockReading{}
	}
	slices.Sort(offsets)
	return clockReading{offsets[len(offsets)/2], true}
}

// validAt reports whether the chain of a check was valid at the corrected time.
func (d *diagnosis) validAt(i int, offset time.Duration) bool {
	o := d.obs[i]
	if o.TLS == nil || o.TLS.ValidFrom.IsZero() {
		return false
	}
	now := o.Start.Add(offset)
	return !now.Before(o.TLS.ValidFrom) && !now.After(o.TLS.ValidUntil)
}

func (d *diagnosis) wrongClock(r clockReading, checks []int) {
	var evidence []string
	for i, o := range d.obs {
		if tells(o) {
			evidence = append(evidence, fmt.Sprintf("%s says that this clock is %s (± %s).",
				d.target(i).Addr(), wrongBy(o.NTP.Offset), o.NTP.Bound.Round(time.Millisecond)))
		}
	}
	if dates := dateReading(d.obs); dates.known {
		evidence = append(evidence, fmt.Sprintf("The dates that genuine web servers send say that it is %s.", wrongBy(dates.offset)))
	}
	for _, i := range checks {
		f := d.obs[i].TLS
		if f == nil || f.ValidFrom.IsZero() {
			continue
		}
		evidence = append(evidence, fmt.Sprintf("%s: a genuine certificate, valid from %s to %s, is not valid at local time %s.",
			d.target(i).Addr(), f.ValidFrom.UTC().Format(time.RFC3339), f.ValidUntil.UTC().Format(time.RFC3339),
			d.obs[i].Start.UTC().Format(time.RFC3339)))
		break
	}
	title := "The clock of this machine is wrong"
	if r.known {
		title = "The clock of this machine is " + wrongBy(r.offset)
	}
	remedy := "Set the clock of this machine and check again. Devices correct their clock from time.windows.com if it is off by less than 15 hours."
	if r.offset.Abs() > MaxPhaseCorrection {
		remedy = "Set the clock by hand, in the firmware if need be: Windows corrects no error of more than 15 hours by itself."
	}
	d.add(Cause{Code: CauseClockWrong, Title: title, Evidence: evidence, Remedy: remedy}, checks...)
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

// lyingServer reports a time server that contradicts everyone else.
func (d *diagnosis) lyingServer(c clocks) {
	checks := d.coded(probe.NTPOffset)
	if len(checks) == 0 {
		return
	}
	d.add(Cause{
		Code:  CauseNTPUnusable,
		Title: "The time server is wrong",
		Evidence: []string{fmt.Sprintf("%s says that this clock is %s, while the dates that genuine web servers send say that it is %s.",
			d.target(checks[0]).Addr(), wrongBy(c.ntp.offset), wrongBy(c.dates.offset))},
		Remedy: "Let UDP port 123 reach the real time.windows.com, or correct the time server that answers in its place.",
	}, checks...)
}

// ntp finds time servers whose answers cannot be used.
func (d *diagnosis) ntp() {
	checks := d.coded(probe.NTPKissOfDeath, probe.NTPUnsynchronized, probe.NTPInvalid, probe.NTPUnreachable, probe.NTPTimeout)
	if len(checks) == 0 {
		return
	}
	var evidence []string
	for _, i := range checks {
		s := fmt.Sprintf("%s: %s", d.target(i).Addr(), unusable(d.results[i].code))
		if f := d.obs[i].NTP; f != nil && f.KissCode != "" {
			s += fmt.Sprintf(", kiss code %q", f.KissCode)
		} else if f != nil {
			s += fmt.Sprintf(", stratum %d, leap indicator %d", f.Stratum, f.Leap)
		}
		evidence = append(evidence, s+fmt.Sprintf(" (%s).", d.results[i].code))
	}
	d.add(Cause{
		Code:     CauseNTPUnusable,
		Title:    "The time server gives no usable time",
		Evidence: evidence,
		Remedy: "Let UDP port 123 reach the real " + list(d.names(checks)) +
			". If a time server of your own answers in its place, have it synchronize and serve every client.",
	}, checks...)
}

// unusable puts a failure of a time server into words.
func unusable(c probe.Code) string {
	switch c {
	case probe.NTPKissOfDeath:
		return "the server refuses to serve this client"
	case probe.NTPUnsynchronized:
		return "the server says that its own clock is not synchronized"
	case probe.NTPUnreachable:
		return "the address answers that nothing listens there, or that there is no way to it"
	case probe.NTPTimeout:
		return "no answer, while another time server answers"
	}
	return "the answer is invalid"
}
