package render

import (
	"encoding/json"
	"io"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

type jsonDiff struct {
	Schema  string       `json:"schema"`
	Before  jsonSide     `json:"before"`
	After   jsonSide     `json:"after"`
	Added   []jsonCause  `json:"causes_added"`
	Gone    []jsonCause  `json:"causes_gone"`
	Changes []jsonChange `json:"changes"`
}

type jsonSide struct {
	Verdict readiness.Verdict `json:"verdict"`
	StopsAt endpoints.Phase   `json:"stops_at,omitempty"`
	Catalog string            `json:"catalog"`
	Policy  string            `json:"policy"`
	Started time.Time         `json:"started,omitzero"`
}

type jsonCause struct {
	Code   readiness.CauseCode `json:"code"`
	Title  string              `json:"title"`
	Impact readiness.Impact    `json:"impact"`
	Names  []string            `json:"names"`
}

type jsonChange struct {
	Change  readiness.Change  `json:"change"`
	Check   string            `json:"check"`
	Service endpoints.Service `json:"service"`
	Was     *jsonResult       `json:"was"` // null if the report does not have the check
	Is      *jsonResult       `json:"is"`
}

type jsonResult struct {
	Status readiness.Outcome `json:"status"`
	Code   probe.Code        `json:"code,omitempty"`
	Impact readiness.Impact  `json:"impact"`
}

// DiffJSON writes what [Diff] says as an indented JSON document, with every
// change, even one without consequences. Its schema is "netready-diff/1".
func DiffJSON(w io.Writer, before, after *readiness.Report) error {
	before, after = shown(before), shown(after)
	added, gone := causeChanges(before, after)
	doc := jsonDiff{
		Schema: "netready-diff/1", Before: side(before), After: side(after), Added: jsonCauses(added), Gone: jsonCauses(gone), Changes: []jsonChange{},
	}
	for was, is := range readiness.Diff(before, after) {
		change := is.Since(was)
		if change == readiness.Unchanged {
			continue
		}
		f := is
		if f.Check.ID() == "" {
			f = was
		}
		doc.Changes = append(doc.Changes, jsonChange{change, f.Check.ID(), f.Service, resultOf(was), resultOf(is)})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

func side(r *readiness.Report) jsonSide {
	return jsonSide{r.Verdict, r.StopsAt, r.Catalog, r.Policy, r.Started}
}

func jsonCauses(in []readiness.Cause) []jsonCause {
	out := []jsonCause{}
	for _, c := range in {
		out = append(out, jsonCause{c.Code, c.Title, c.Impact, append([]string{}, c.Names...)})
	}
	return out
}

func resultOf(f readiness.Finding) *jsonResult {
	if f.Check.ID() == "" {
		return nil
	}
	return &jsonResult{f.Outcome, f.Code, f.Impact}
}
