package readiness

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/netready/netready/probe"
)

// CauseIntercepted means that something on or near this machine accepts
// connections in place of hosts, as agents of secure web gateways do. It is
// informational. A connection without a conversation then proves nothing, so
// such checks count as not run.
const CauseIntercepted CauseCode = "connect.intercepted"

const (
	// nearby is a round-trip time that no distant host has.
	nearby = 2 * time.Millisecond

	// farther is how many times as long any response takes, and at least
	// leastResponse, if the host is not what accepted the connection.
	farther       = 4
	leastResponse = 4 * time.Millisecond

	// manyTimes is the number of hosts on the internet from which their times
	// tell this.
	manyTimes = 10
)

// An interception is how fast connections are accepted if hosts cannot be what
// accepts them.
type interception struct {
	found   bool
	accepts time.Duration // nine of ten connections are accepted in this time
	answers time.Duration // no response takes less
	hosts   int
}

// interceptionOf compares how long connecting takes with how long responses
// take. Both take a round trip to the host, unless something closer accepts the
// connection.
func interceptionOf(p *Plan, obs []probe.Observation) interception {
	var accepts []time.Duration
	answers := time.Duration(math.MaxInt64)
	var timed []int
	for i := range obs {
		o := &obs[i]
		if o.Proxy != nil || o.TCP == nil || o.HTTP == nil || o.HTTP.Status == 0 || !o.OK() || onSite(o) {
			continue
		}
		connect, ok1 := lasted(o, probe.OpConnect)
		request, ok2 := lasted(o, probe.OpRequest)
		if !ok1 || !ok2 {
			continue
		}
		if request < leastResponse {
			return interception{}
		}
		accepts = append(accepts, connect)
		answers = min(answers, request)
		timed = append(timed, i)
	}
	if len(timed) < manyTimes {
		return interception{}
	}
	hosts, owners := make(map[string]bool), make(map[string]bool)
	for _, i := range timed {
		host := p.Checks[i].Target.Host
		hosts[host], owners[zone(host)] = true, true
	}
	if len(hosts) < manyTimes || len(owners) < unrelatedOwners {
		return interception{}
	}
	slices.Sort(accepts)
	x := interception{accepts: accepts[len(accepts)*9/10], answers: answers, hosts: len(hosts)}
	x.found = x.accepts <= nearby && x.answers >= farther*x.accepts
	return x
}

// onSite reports whether a host has an address that may be next to this
// machine.
func onSite(o *probe.Observation) bool {
	a := o.TCP.Remote.Addr()
	return !a.IsGlobalUnicast() || a.IsPrivate()
}

// lasted returns the duration of the last step of a kind, if it succeeded.
func lasted(o *probe.Observation, op string) (d time.Duration, ok bool) {
	for _, s := range o.Steps {
		if s.Op == op {
			d, ok = s.Duration, s.Error == nil
		}
	}
	return d, ok
}

// bare reports whether the success of a check is only that something accepted a
// connection.
func bare(t probe.Target) bool { return t.Protocol == probe.TCP || t.Protocol == probe.SRV }

func connectIntercepted(v *view) []found {
	x := v.outcomes.signs.intercepted
	if !x.found {
		return nil
	}
	skipped := v.notRun(func(i int, c probe.Code) bool { return c == probe.Skipped && bare(v.target(i)) && v.obs[i].OK() })
	evidence := []string{fmt.Sprintf("Nine of ten connections to %s were accepted within %v, but no response took less than %v.",
		count(x.hosts, "host"), x.accepts.Round(time.Microsecond), x.answers.Round(time.Microsecond))}
	if len(skipped) > 0 {
		evidence = append(evidence, fmt.Sprintf("A connection alone proves nothing here: %s not tested (%s).", checksWere(len(skipped)), list(v.names(skipped))))
	}
	return []found{{Cause: Cause{
		Title:    "Something on or near this machine accepts connections in place of hosts",
		Evidence: evidence,
		Remedy:   "Check from a machine without an agent that redirects connections, such as that of a secure web gateway: factory-fresh devices do not have it.",
	}, explains: unreached(skipped...)}}
}
