package readiness

import (
	"slices"
	"time"

	"github.com/netready/netready/probe"
)

// A clockReading is an estimate of what must be added to the local clock.
type clockReading struct {
	offset time.Duration
	known  bool
}

// off reports whether the reading is beyond the tolerance.
func (r clockReading) off() bool { return r.known && r.offset.Abs() > clockTolerance }

// agrees reports whether two readings may be of the same time.
func (r clockReading) agrees(o clockReading) bool {
	return r.known && o.known && (r.offset-o.offset).Abs() <= clockTolerance
}

// clocks holds what others say about the local clock.
type clocks struct {
	ntp   clockReading // the time servers
	dates clockReading // the Date headers of genuine web servers
}

func clocksOf(obs []probe.Observation) clocks { return clocks{ntpReading(obs), dateReading(obs)} }

// lying reports whether the time servers contradict the web servers.
func (c clocks) lying() bool { return c.ntp.known && c.dates.known && !c.ntp.agrees(c.dates) }

// tells reports whether an observation has a usable answer from a time server.
func tells(o probe.Observation) bool {
	return o.NTP != nil && (o.OK() || o.Code() == probe.NTPOffset)
}

func ntpReading(obs []probe.Observation) clockReading {
	for _, o := range obs {
		if tells(o) {
			return clockReading{o.NTP.Offset, true}
		}
	}
	return clockReading{}
}

// dateReading returns the median of the Date headers of genuine hosts.
func dateReading(obs []probe.Observation) clockReading {
	var offsets []time.Duration
	for i := range obs {
		o := &obs[i]
		if inconclusive(o.Code()) || o.HTTP == nil || o.HTTP.Date.IsZero() || !genuine(o.TLS) {
			continue
		}
		for _, s := range o.Steps {
			if s.Op == probe.OpRequest {
				offsets = append(offsets, o.HTTP.Date.Sub(s.Start.Add(s.Duration/2)))
				break
			}
		}
	}
	if len(offsets) < enoughDates {
		return clockReading{}
	}
	slices.Sort(offsets)
	return clockReading{offsets[len(offsets)/2], true}
}

// best returns the reading to use: that of the time servers, unless there is
// none or the dates contradict it.
func (c clocks) best() clockReading {
	if !c.ntp.known || c.lying() {
		return c.dates
	}
	return c.ntp
}
