package readiness

import "github.com/netready/netready/endpoints"

// A Prerequisite is a documented requirement for devices or their users, not
// for the network, and what is known about it. Package device returns them.
type Prerequisite struct {
	// ID is stable, as in "windows.edition". IDs are only ever added.
	ID   string
	Name string // for people

	// Outcome is NotRun if too little is known to tell. Reason then says why;
	// it is empty otherwise.
	Outcome Outcome
	Reason  string

	Found  string // what is known, in words; empty if nothing
	Wanted string // what the documents require, in words

	// Ruling says what the failure means or, if there is none, what a failure
	// would mean.
	Ruling
}

type jsonPrerequisite struct {
	Prerequisite string          `json:"prerequisite"`
	Title        string          `json:"title"`
	Status       Outcome         `json:"status"`
	Reason       string          `json:"reason,omitempty"`
	Found        string          `json:"found"`
	Wanted       string          `json:"wanted"`
	Impact       Impact          `json:"impact"`
	Basis        endpoints.Basis `json:"basis"`
	Consequence  string          `json:"consequence,omitempty"`
	Sources      []jsonSource    `json:"sources"`
}

func jsonPrerequisites(in []Prerequisite) []jsonPrerequisite {
	out := make([]jsonPrerequisite, len(in))
	for i, p := range in {
		out[i] = jsonPrerequisite{p.ID, p.Name, p.Outcome, p.Reason, p.Found, p.Wanted, p.Impact, p.Basis, p.Loss, jsonSources(p.Sources)}
		if p.Outcome == OK {
			out[i].Consequence = ""
		}
	}
	return out
}
