package render

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/readiness"
)

// Limits of a line.
const (
	maxLine      = 2048 // bytes; what Intune keeps of a script's output
	maxLineNames = 3    // of each cause
	maxLineWord  = 64   // bytes of a name, a version and the like
)

// A jsonLine is a report on one line.
type jsonLine struct {
	Schema     string             `json:"schema"`
	Verdict    readiness.Verdict  `json:"verdict"`
	StopsAt    endpoints.Phase    `json:"stops_at,omitempty"`
	CutOff     bool               `json:"cut_off"`
	Checks     lineCounts         `json:"checks"`
	Causes     []lineCause        `json:"causes"` // the gravest first
	MoreCauses int                `json:"more_causes,omitempty"`
	Scenario   endpoints.Scenario `json:"scenario"`
	Cloud      endpoints.Cloud    `json:"cloud"`
	Catalog    string             `json:"catalog"`
	Policy     string             `json:"policy"`
	Started    time.Time          `json:"started,omitzero"`
	DurationMS int64              `json:"duration_ms"`
}

type lineCounts struct {
	OK     int `json:"ok"`
	Failed int `json:"failed"`
	NotRun int `json:"not_run"`
}

type lineCause struct {
	Code   readiness.CauseCode `json:"code"`
	Impact readiness.Impact    `json:"impact"`
	Checks int                 `json:"checks"`          // how many it explains
	Names  []string            `json:"names,omitempty"` // the most important ones
}

// Line writes the report's outcome as one JSON object on one line of at most
// 2,048 bytes, line break included, for log collectors and for Intune, which
// keeps so much of the output of a remediation script. It holds the verdict,
// the phase at which provisioning stops, the causes with their codes and first
// names, the versions, and the time. If there are too many causes, it omits
// names first, and then the mildest causes, which it counts.
func Line(w io.Writer, r *readiness.Report) error {
	r = shown(r)
	for names := maxLineNames; names >= 0; names-- {
		if text, err := line(r, len(r.Causes), names); err != nil || len(text) <= maxLine {
			return write(w, text, err)
		}
	}
	// The rest is bounded, so that at least one cause fits.
	for causes := min(len(r.Causes), maxLine/lineCauseSize); ; causes-- {
		if text, err := line(r, causes, 0); err != nil || len(text) <= maxLine || causes == 0 {
			return write(w, text, err)
		}
	}
}

// lineCauseSize is less than the size of any cause on a line.
const lineCauseSize = 40

func write(w io.Writer, text []byte, err error) error {
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// line returns a line with so many causes, each with at most so many names.
func line(r *readiness.Report, causes, names int) ([]byte, error) {
	doc := jsonLine{
		Schema: "netready-line/1", Verdict: r.Verdict, StopsAt: word(r.StopsAt), CutOff: r.CutOff,
		Checks: lineCounts{r.Count(readiness.OK), r.Count(readiness.Failed), r.Count(readiness.NotRun)},
		Causes: []lineCause{}, MoreCauses: len(r.Causes) - causes,
		Catalog: word(r.Catalog), Policy: word(r.Policy), Started: r.Started.UTC().Truncate(time.Second), DurationMS: r.Duration.Milliseconds(),
	}
	if r.Plan != nil {
		doc.Scenario, doc.Cloud = word(r.Plan.Scope.Scenario), word(cloud(r.Plan.Scope))
	}
	for _, c := range r.Causes[:causes] {
		out := lineCause{Code: word(c.Code), Impact: c.Impact, Checks: len(c.Checks)}
		for _, n := range c.Names[:min(names, len(c.Names))] {
			out.Names = append(out.Names, word(n))
		}
		doc.Causes = append(doc.Causes, out)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(doc)
	return b.Bytes(), err
}

// word cuts a text that is short in every report that this module makes.
func word[T ~string](s T) T { return T(plain.Cut(string(s), maxLineWord)) }
