package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
)

// A symptom is how a host fails. Hosts with the same symptom may share a reason.
type symptom struct {
	what string
	own  bool // in the conversation of a custom prober
	cut  bool // in a body
	odd  bool // at an address that may not be the host's
}

func (v *view) symptom(check int) symptom {
	code := v.outcomes.each[check].code
	s := symptom{string(code), v.ownFailure([]int{check}), v.inBody([]int{check}), v.oddAddress(check) != ""}
	if mute(code) {
		s.what = behaved(code)
	}
	return s
}

// failedAlike returns the checks that no cause explains, in groups: those of one
// host with the same symptom, and those of several hosts of one owner, at one
// address, or of a service of which no host works. Hosts of many unrelated owners
// that all give the same wrong answer are a group as well; silence has too many
// reasons. A chain that may only be incomplete is left to a later diagnosis.
func (v *view) failedAlike() [][]int {
	type failure struct {
		host string
		symptom
	}
	type common struct {
		of string // a zone, an address, a service, or "" for everyone
		symptom
	}
	left := v.open(func(i int, r outcome) bool { return r.code != probe.TLSUntrusted || v.unfetched(i) == nil })
	symptoms := make(map[int]symptom)
	for _, i := range left {
		symptoms[i] = v.symptom(i)
	}
	lost := v.lostServices(symptoms)
	answers := groupBy(left, func(i int) symptom { return symptoms[i] })
	parts := partition{}
	hosts, shared := make(map[failure]int), make(map[common]int)
	for _, i := range left {
		s, code := symptoms[i], v.outcomes.each[i].code
		f := failure{v.target(i).Host, s}
		if first, ok := hosts[f]; ok {
			parts.join(first, i)
			continue
		}
		hosts[f] = i
		step, _, known := strings.Cut(string(code), ".")
		if s.own || s.cut || !known || !slices.Contains([]string{"dns", "tcp", "tls", "http"}, step) {
			continue
		}
		within := []common{{"." + zone(f.host), s}}
		if v.place(i) != "" {
			within = append(within, common{v.place(i), s})
		}
		if !mute(code) && !nameFails(code) && v.owners(answers.values[s]) >= unrelatedOwners {
			within = append(within, common{"", s})
		}
		for _, name := range v.services(i) {
			if lost[name] {
				within = append(within, common{string(name), s})
			}
		}
		for _, c := range within {
			if first, ok := shared[c]; ok {
				parts.join(first, i)
			} else {
				shared[c] = i
			}
		}
	}
	return parts.of(left)
}

// nameFails reports whether a code says that a resolver failed on a name.
func nameFails(c probe.Code) bool { return gone(c) || dead(c) && c != probe.Timeout }

// lostServices returns the services of which every host that was tested failed
// with the same symptom.
func (v *view) lostServices(failed map[int]symptom) map[endpoints.Service]bool {
	const enough = 3 // hosts; fewer may fail alike by chance
	works := make(map[endpoints.Service]bool)
	symptoms := make(map[endpoints.Service]map[symptom]bool)
	hosts := make(map[endpoints.Service]map[string]bool)
	for _, i := range v.everyTested() {
		for _, s := range v.services(i) {
			how, ok := failed[i]
			if !ok {
				works[s] = true
				continue
			}
			if hosts[s] == nil {
				symptoms[s], hosts[s] = make(map[symptom]bool), make(map[string]bool)
			}
			symptoms[s][how] = true
			hosts[s][v.target(i).Host] = true
		}
	}
	lost := make(map[endpoints.Service]bool)
	for s, of := range hosts {
		lost[s] = !works[s] && len(of) >= enough && len(symptoms[s]) == 1
	}
	return lost
}

// hostsCause words failures of several hosts that failed alike.
func (v *view) hostsCause(names []string, checks []int) Cause {
	code := v.outcomes.each[checks[0]].code
	evidence := v.hostEvidence(checks)
	if len(evidence) > fewLines {
		var others []string
		for _, i := range checks[fewLines-1:] {
			others = append(others, v.target(i).Host)
		}
		evidence = append(evidence[:fewLines-1:fewLines-1], "The same for: "+list(unique(others))+".")
	}
	allow, rules := v.allow(checks)
	c := Cause{Evidence: evidence, Names: rules}
	noun, none := "host", "can be reached"
	step, _, _ := strings.Cut(string(code), ".")
	switch {
	case gone(code):
		c.Remedy = "If the names still exist, have the DNS servers resolve them: " + some(names, fewNames) + "."
	case step == "dns":
		c.Remedy = "Find out why the DNS servers resolve other names but not these: " + some(names, fewNames) + "."
	case step == "tls" && !mute(code):
		c.Remedy = "Find out what presents these certificates in place of the hosts, and let devices reach the real ones: " + allow + "."
	case step == "tls":
		c.Remedy = "Let TLS 1.2 pass unchanged: " + allow + "."
	case step == "http" && !mute(code):
		c.Remedy = "Find out what answers in place of these hosts or changes their answers, and let them pass unchanged: " + allow + "."
	default:
		c.Remedy = "Allow outbound " + allow + "."
	}
	if step == "dns" {
		noun, none, c.Names = "name", "resolves", names
	}
	if v.oddAddress(checks[0]) != "" {
		var odd []string
		for _, i := range checks {
			odd = append(odd, v.oddAddress(i))
		}
		c.Evidence = append(c.Evidence, firstLines(unique(odd), fewLines, "The same for %d more.")...)
		c.Remedy = compareAnswers(list(names), "the hosts: "+allow)
	}
	if servers := v.overTCP(checks); servers != nil {
		c.Remedy = allowTCP(servers)
	}
	if unknown := slices.DeleteFunc(slices.Clone(checks), func(i int) bool { return !v.outcomes.unrecorded(v.plan, i) }); len(unknown) == len(checks) {
		c.Remedy += " No record shows that they answer on any network. Compare with a network that works."
	} else if len(unknown) > 0 {
		c.Remedy += " No record shows that these answer on any network: " + list(v.names(unknown)) + "."
	}
	of, all := v.sharedBy(names, checks)
	if all && (mute(code) || nameFails(code)) {
		c.Title = fmt.Sprintf("No %s %s %s (%s)", noun, of, none, v.codes(checks))
	} else {
		c.Title = fmt.Sprintf("%s %s (%s)", strings.TrimSpace(count(len(names), noun)+" "+of), faultOf(code).several, v.codes(checks))
	}
	return c
}

// sharedBy says what hosts have in common, as in "of Windows Update" or "in
// live.com", or "", and whether they are all hosts of it that were tested. For
// names that do not resolve, their domain says more than their service.
func (v *view) sharedBy(names []string, checks []int) (of string, all bool) {
	if place := v.place(checks[0]); place != "" && !slices.ContainsFunc(checks, func(i int) bool { return v.place(i) != place }) {
		return "at " + strings.Trim(place, "[]"), false
	}
	whole := func(part func(i int) bool) bool {
		return !slices.ContainsFunc(v.everyTested(), func(i int) bool { return part(i) && !slices.Contains(names, v.target(i).Host) })
	}
	service := v.services(checks[0])
	for _, i := range checks[1:] {
		has := v.services(i)
		service = slices.DeleteFunc(service, func(s endpoints.Service) bool { return !slices.Contains(has, s) })
	}
	service = slices.DeleteFunc(service, func(s endpoints.Service) bool {
		return !whole(func(i int) bool { return slices.Contains(v.services(i), s) })
	})
	domain := names[0]
	for _, name := range names[1:] {
		for domain != "" && name != domain && !below(name, domain) {
			domain = above(domain)
		}
	}
	inDomain := strings.Contains(domain, ".")
	switch {
	case len(service) > 0 && (!inDomain || !nameFails(v.outcomes.each[checks[0]].code)):
		return "of " + cmp.Or(v.plan.Catalog.Title(service[0]), string(service[0])), true
	case inDomain:
		return "in " + domain, whole(func(i int) bool { host := v.target(i).Host; return host == domain || below(host, domain) })
	}
	return "", false
}

// everyTested returns the checks of hosts that were made and that nothing
// excuses. A lookup of a zone or an alias contacts no host.
func (v *view) everyTested() []int {
	var out []int
	for i, r := range v.outcomes.each {
		if p := v.target(i).Protocol; r.status != NotRun && p != probe.SOA && p != probe.CNAME && v.outcomes.excuses[i] == unexcused {
			out = append(out, i)
		}
	}
	return out
}
