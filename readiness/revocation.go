package readiness

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// revocation reports whether a finding is about the revocation lists that the
// certificates of a host refer to, and not about the host.
func (f Finding) revocation() bool {
	switch f.Code {
	case probe.RevocationUnreachable, probe.RevocationStale, probe.RevocationBadSignature, probe.RevocationMalformed, probe.RevocationUnknown:
		return f.Service == endpoints.ServiceCRL
	case probe.Timeout:
		return f.Service == endpoints.ServiceCRL && f.Status == NotRun
	}
	return false
}

// revocationOf says whether the revocation of a chain could not be checked, and
// how that failed, or that there was no time to find out.
func (j *judgement) revocationOf(check int) result {
	o := j.obs[check]
	if o.Revocation == nil || !o.OK() || j.results[check].status != OK {
		return result{OK, ""}
	}
	switch c := o.Revocation.Code; c {
	case probe.RevocationUnreachable, probe.RevocationStale, probe.RevocationBadSignature, probe.RevocationMalformed, probe.RevocationUnknown:
		return result{Failed, c}
	case probe.Timeout:
		if !j.askedElsewhere(o.Revocation) {
			return result{NotRun, c}
		}
	}
	return result{OK, ""}
}

// askedElsewhere reports whether each source that there was no time for gave an
// answer to another check.
func (j *judgement) askedElsewhere(f *probe.RevocationFacts) bool {
	answers := func(url string) bool {
		return slices.ContainsFunc(j.obs, func(o probe.Observation) bool {
			return o.Revocation != nil && slices.ContainsFunc(o.Revocation.Sources, func(s probe.RevocationSource) bool {
				return s.URL == url && s.Code == ""
			})
		})
	}
	return !slices.ContainsFunc(f.Sources, func(s probe.RevocationSource) bool {
		return s.Code == probe.Timeout && !answers(s.URL)
	})
}

// revocations judges the hosts whose chains could not be checked, for the
// service of revocation lists: those of a host that decides over its service
// decide over this one.
func (j *judgement) revocations() []Finding {
	if !slices.ContainsFunc(j.groups, func(g group) bool { return g.service == endpoints.ServiceCRL }) {
		return nil
	}
	var out []Finding
	for i, c := range j.plan.Checks {
		r := j.revocationOf(i)
		if r.status == OK || len(c.Endpoints) == 0 {
			continue
		}
		v := j.policy(Case{
			Scope:    j.plan.Scope,
			Endpoint: endpoints.Endpoint{Service: endpoints.ServiceCRL},
			Target:   c.Target, Status: r.status, Code: r.code, Observation: j.obs[i],
		})
		if v.Impact.Blocks() && !j.decides(c) {
			v.Impact = Degrading
		}
		f := Finding{
			Check: i, Service: endpoints.ServiceCRL, Status: r.status, Code: r.code,
			Impact: v.Impact, Basis: v.Basis, Consequence: v.Consequence, Phase: endpoints.PhaseNetworkBringUp, Cause: -1,
		}
		for _, s := range v.Sources {
			if s != (endpoints.Source{}) {
				f.Sources = append(f.Sources, s)
			}
		}
		out = append(out, f)
	}
	return out
}

// decides reports whether a check is of an endpoint whose failure would be fatal.
func (j *judgement) decides(c Check) bool {
	return slices.ContainsFunc(c.Endpoints, func(e int) bool {
		v := j.policy(Case{Scope: j.plan.Scope, Endpoint: j.plan.Endpoints[e].Endpoint})
		return v.Decisive && v.Impact.Blocks()
	})
}

// revocations finds out why chains could not be checked: as a consequence of
// another cause, or because their sources are out of reach.
func (d *diagnosis) revocations(findings []Finding) {
	d.unchecked = make(map[int]int)
	var left []int
	for _, f := range findings {
		if !f.revocation() {
			continue
		}
		if owner := d.behind(f); owner >= 0 {
			d.unchecked[f.Check] = owner
			if c := &d.causes[owner]; !slices.Contains(c.Checks, f.Check) {
				c.Checks = append(c.Checks, f.Check)
				slices.Sort(c.Checks)
			}
			continue
		}
		if f.Status == Failed {
			left = append(left, f.Check)
		}
	}
	if len(left) == 0 {
		return
	}
	for _, i := range left {
		d.unchecked[i] = len(d.causes)
	}
	evidence, urls := d.sourceEvidence(left)
	d.causes = append(d.causes, Cause{
		Code:     CauseRevocation,
		Title:    "The certificates of " + count(len(d.names(left)), "host") + " cannot be checked for revocation",
		Evidence: evidence,
		Remedy:   d.revocationRemedy(left, urls),
		Checks:   left,
	})
}

// revocationRemedy says what to change, by how the sources failed.
func (d *diagnosis) revocationRemedy(checks []int, urls []string) string {
	failed := make(map[probe.Code]bool)
	for _, i := range checks {
		failed[d.obs[i].Revocation.Code] = true
	}
	var parts []string
	if failed[probe.RevocationUnreachable] || failed[probe.RevocationUnknown] {
		parts = append(parts, "Allow TCP port 80 outbound, without a proxy that asks for credentials, to "+list(urls)+
			". Windows waits 15 seconds for each, and 20 for all of a chain.")
	}
	if failed[probe.RevocationBadSignature] || failed[probe.RevocationMalformed] {
		parts = append(parts, "Find what changes these answers on their way, or answers in the place of the authority, and let them pass unchanged: "+list(urls)+".")
	}
	if failed[probe.RevocationStale] {
		parts = append(parts, "Find what serves these lists although they are out of date, as a cache does, and have it fetch them anew: "+list(urls)+
			". If the authority itself is late, only it can help.")
	}
	return strings.Join(parts, " ")
}

// behind returns the cause that a chain that could not be checked follows from, or -1.
func (d *diagnosis) behind(f Finding) int {
	var urls []string
	codes := make(map[CauseCode]bool)
	for _, s := range d.obs[f.Check].Revocation.Sources {
		if s.Code != "" && s.Code != probe.Skipped {
			urls = append(urls, s.URL)
			codes[CauseCode(s.Code)] = true
		}
	}
	if k := d.behindFetch(urls, codes); k >= 0 {
		return k
	}
	if f.Code != probe.RevocationStale || !d.currentElsewhen(f.Check) {
		return -1
	}
	return slices.IndexFunc(d.causes, func(c Cause) bool { return c.Code == CauseClockWrong })
}

// currentElsewhen reports whether what is out of date by the local clock is
// current by the others'. What is signed when it is asked for is a moment younger
// than the check.
func (d *diagnosis) currentElsewhen(check int) bool {
	c := clocksOf(d.obs)
	reading := c.ntp
	if !reading.known || c.lying() {
		reading = c.dates
	}
	now := d.obs[check].Start.Add(reading.offset)
	return reading.known && !slices.ContainsFunc(d.obs[check].Revocation.Sources, func(s probe.RevocationSource) bool {
		return s.Code == probe.RevocationStale && (s.ThisUpdate.Sub(now) > tolerance || !s.NextUpdate.IsZero() && now.Sub(s.NextUpdate) > tolerance)
	})
}

// behindFetch returns the cause because of which documents that certificates
// point to could not be fetched, or -1. The codes are how that failed.
func (d *diagnosis) behindFetch(urls []string, codes map[CauseCode]bool) int {
	if len(urls) == 0 {
		return -1
	}
	for k, c := range d.causes {
		switch c.Code {
		case CauseHTTPBlocked, CauseCaptivePortal:
			return k
		case CauseBlockPage, CauseProxyAuthRequired, CauseProxyDenied, CauseProxyUnreachable:
			if codes[c.Code] { // these have the names of the codes
				return k
			}
			if c.Code == CauseProxyUnreachable && slices.ContainsFunc(c.Checks, func(i int) bool { return d.target(i).Protocol == probe.ProtocolHTTP }) {
				return k // what is fetched over plain HTTP goes the same way
			}
		}
	}
	hosts := make(map[string]bool)
	for _, raw := range urls {
		if u, err := url.Parse(raw); err == nil {
			hosts[u.Hostname()] = true
		}
	}
	for i, owner := range d.owner {
		if owner >= 0 && hosts[d.target(i).Host] {
			return owner
		}
	}
	return -1
}

// sourceEvidence says what came of each source, and returns their URLs.
func (d *diagnosis) sourceEvidence(checks []int) (evidence, urls []string) {
	var bad []probe.RevocationSource
	count := make(map[string]int)
	for _, i := range checks {
		for _, s := range d.obs[i].Revocation.Sources {
			if s.URL == "" || s.Code == "" || s.Code == probe.Skipped || s.Code == probe.NotTestable {
				continue
			}
			if count[s.URL] == 0 {
				bad = append(bad, s)
				urls = append(urls, s.URL)
			}
			count[s.URL]++
		}
	}
	for _, s := range bad {
		line := fmt.Sprintf("%s (%s)", s.URL, s.Code)
		switch s.Code {
		case probe.RevocationStale:
			line += fmt.Sprintf(", of %s, to be replaced by %s", s.ThisUpdate.UTC().Format(time.RFC3339), s.NextUpdate.UTC().Format(time.RFC3339))
		default:
			line += detail(s.Text)
		}
		evidence = append(evidence, line)
	}
	slices.Sort(urls)
	return evidence, urls
}
