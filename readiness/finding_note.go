package readiness

import "github.com/netready/netready/endpoints"

// unconfirmedAdvice says what to do if it is unknown whether the network causes
// a failure.
const unconfirmedAdvice = "No record shows that it answers on any network. Compare with a network that works."

// note says what is known about a failed host and port.
func (j *judgment) note(e endpoints.Endpoint, f Finding) string {
	fact := j.outcomes.facts[f.at]
	switch j.outcomes.excuses[f.at] {
	case byCatalog:
		return knownTo(fact)
	case byAnswer:
		return "The name no longer exists, according to the operator of its zone."
	case byAge:
		return "Only older documents require it" + newest(e, j.plan.Scope.Scenario) + ". No record shows that it still exists."
	case byBaseline:
		return "The same in " + j.policy.baseline.day() + "."
	case byDoubt:
		return unconfirmedAdvice
	case unexcused:
	}
	if f.Outcome == Failed && j.outcomes.unrecorded(j.plan, f.at) {
		return unconfirmedAdvice
	}
	return ""
}

// newest names the document that no longer requires an endpoint, if any.
func newest(e endpoints.Endpoint, s endpoints.Scenario) string {
	by, ok := e.DroppedBy[s]
	if !ok {
		return ""
	}
	return "; the newest (" + by.Title + ", " + by.Date + ") does not"
}

// knownTo says how a contradicted host and port are known to behave.
func knownTo(f endpoints.Fact) string {
	return "Known from networks with nothing wrong: " + does(f.How) + cited(f.Source)
}
