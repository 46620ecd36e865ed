package readiness

import "fmt"

// CauseOneResponder means that one server answers plain HTTP in place of hosts
// of unrelated owners.
const CauseOneResponder CauseCode = "http.one_responder"

// oneResponder returns a cause for each distinct answer. If Windows' connectivity
// probe got the same one, it is explained as well.
func oneResponder(v *view) []found {
	type answer struct {
		status int
		body   string
	}
	var out []found
	answers := groupBy(v.coded(SameAnswer), func(i int) answer { return answer{v.obs[i].HTTP.Status, v.obs[i].HTTP.Body} })
	for a, checks := range answers.all() {
		checks = append(checks, v.open(func(i int, _ outcome) bool {
			f := v.obs[i].NCSI
			return f != nil && f.IPv4 != nil && f.IPv4.Status == a.status && f.IPv4.Body == a.body
		})...)
		names := v.names(checks)
		body := fmt.Sprintf("the same body from %s: %.120q", list(names), a.body)
		if a.body == "" {
			body = "no body from " + list(names)
		}
		evidence := []string{fmt.Sprintf("Status %d and %s", a.status, body)}
		for _, i := range checks {
			if f := v.outcomes.facts[i]; len(f.Statuses) > 0 && f.Statuses[0] != a.status {
				evidence = append(evidence, fmt.Sprintf("%s is known to answer with status %d%s", v.target(i).Addr(), f.Statuses[0], cited(f.Source)))
			}
		}
		out = append(out, found{Cause: Cause{
			Title:    "One server answers plain HTTP in place of " + countOrName(names, "host"),
			Evidence: firstLines(evidence, fewLines, "The same for %d more."),
			Remedy:   "Find the filter or proxy that answers on TCP port 80, and exempt " + these(v.exempt(checks)) + " from it: " + some(v.exempt(checks), fewNames) + ".",
			Names:    v.exempt(checks),
		}, explains: unreached(checks...)})
	}
	return out
}
