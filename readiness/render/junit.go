package render

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/internal/plain"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

type junitSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Time     string   `xml:"time,attr"`
	Suites   []*junitSuite
}

type junitSuite struct {
	XMLName    xml.Name `xml:"testsuite"`
	Name       string   `xml:"name,attr"`
	ID         string   `xml:"id,attr,omitempty"`
	Tests      int      `xml:"tests,attr"`
	Failures   int      `xml:"failures,attr"`
	Errors     int      `xml:"errors,attr"`
	Skipped    int      `xml:"skipped,attr"`
	Timestamp  string   `xml:"timestamp,attr,omitempty"`
	Properties *junitProperties
	Cases      []junitCase
}

type junitProperties struct {
	XMLName    xml.Name        `xml:"properties"`
	Properties []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	XMLName   xml.Name     `xml:"testcase"`
	Name      string       `xml:"name,attr"`
	ClassName string       `xml:"classname,attr"`
	Time      string       `xml:"time,attr,omitempty"`
	Failure   *junitResult `xml:"failure"`
	Error     *junitResult `xml:"error"`
	Skipped   *junitResult `xml:"skipped"`
	Out       string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the report as JUnit XML, for CI servers. The first suite has one
// test, the verdict: a failure if it is blocked, and an error if it is
// unproven. Then each service is a suite, each of its checks a test, and each
// failure has the cause and its remedy. Checks that were not run and endpoints
// that nothing can test are skipped. A check that failed without consequences
// passes, and its output says so.
func JUnit(w io.Writer, r *readiness.Report) error {
	r = shown(r)
	all := junitSuites{Name: "netready", Time: seconds(r.Duration)}
	all.Suites = append(all.Suites, junitVerdict(r))
	all.Suites = append(all.Suites, junitServices(r)...)
	if len(r.Device) > 0 {
		all.Suites = append(all.Suites, junitDevice(r))
	}
	for _, s := range all.Suites {
		s.count()
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		if !r.Started.IsZero() {
			s.Timestamp = r.Started.UTC().Format("2006-01-02T15:04:05")
		}
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(xml.Header + string(text) + "\n"))
	return err
}

func (s *junitSuite) count() {
	s.Tests = len(s.Cases)
	for _, c := range s.Cases {
		switch {
		case c.Failure != nil:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
}

func junitVerdict(r *readiness.Report) *junitSuite {
	c := junitCase{Name: "verdict", ClassName: "report"}
	switch r.Verdict {
	case readiness.Ready, readiness.Degraded:
		c.Out = last(r)
	case readiness.Blocked:
		c.Failure = &junitResult{Type: r.Verdict.String(), Message: answer(r), Text: last(r)}
	case readiness.Unproven, readiness.NotApplicable:
		c.Error = &junitResult{Type: readiness.Unproven.String(), Message: answer(r), Text: cmp.Or(missing(r), unproven(r))}
	}
	s := &junitSuite{Name: "Report", ID: "report", Cases: []junitCase{c}, Properties: new(junitProperties)}
	add := func(name, value string) {
		if value != "" {
			s.Properties.Properties = append(s.Properties.Properties, junitProperty{name, value})
		}
	}
	if r.Plan != nil {
		add("scope", r.Plan.Scope.String())
	}
	add("catalog", r.Catalog)
	add("policy", r.Policy)
	add("stops_at", string(r.StopsAt))
	for _, n := range r.Notes {
		add("note", n)
	}
	return s
}

func junitServices(r *readiness.Report) []*junitSuite {
	at := make(map[endpoints.Service]*junitSuite)
	var out []*junitSuite
	suite := func(id endpoints.Service, name string) *junitSuite {
		if at[id] == nil {
			at[id] = &junitSuite{Name: cmp.Or(name, string(id)), ID: string(id)}
			out = append(out, at[id])
		}
		return at[id]
	}
	for _, s := range r.Services {
		suite(s.Service, s.Name)
	}
	named := make(map[string]bool)
	for _, f := range r.Findings {
		c := junitFinding(f)
		key := string(f.Service) + " " + c.Name
		if named[key] { // the check of a revocation list and that of the chain it is served with
			c.Name += " (revocation)"
		}
		named[key] = true
		s := suite(f.Service, "")
		s.Cases = append(s.Cases, c)
	}
	for e, reason := range r.Untested() {
		s := suite(e.Service, "")
		s.Cases = append(s.Cases, junitCase{
			Name: plain.Line(e.Host.String()), ClassName: string(e.Service), Skipped: &junitResult{Type: string(probe.NotTestable), Message: plain.Line(reason)},
		})
	}
	return out
}

func junitFinding(f readiness.Finding) junitCase {
	c := junitCase{Name: f.Check.ID(), ClassName: string(f.Service)}
	if f.Observation != nil {
		c.Time = seconds(f.Observation.Duration)
	}
	switch f.Outcome {
	case readiness.OK:
	case readiness.NotRun:
		c.Skipped = &junitResult{Type: string(f.Code), Message: "not run (" + string(f.Code) + ")"}
	case readiness.Failed:
		if f.Impact == readiness.Informational {
			c.Out = strings.TrimSpace(fmt.Sprintf("failed (%s), which is informational. %s", f.Code, f.Note))
			break
		}
		c.Failure = &junitResult{Type: string(f.Code), Message: fmt.Sprintf("%s (%s)", f.Code, f.Impact), Text: f.Loss}
		if f.Cause != nil {
			c.Failure.Message = fmt.Sprintf("%s (%s)", f.Cause.Title, f.Impact)
			lines := []string{"Cause: " + string(f.Cause.Code)}
			for _, e := range f.Cause.Evidence[:min(len(f.Cause.Evidence), maxSeen)] {
				lines = append(lines, "Seen: "+e)
			}
			lines = append(lines, "Do: "+f.Cause.Remedy, "Impact: "+f.Loss)
			c.Failure.Text = strings.Join(lines, "\n")
		}
	}
	return c
}

func junitDevice(r *readiness.Report) *junitSuite {
	s := &junitSuite{Name: "Devices", ID: "devices"}
	for _, p := range r.Device {
		c := junitCase{Name: p.Name, ClassName: "devices"}
		switch {
		case p.Outcome == readiness.NotRun:
			c.Skipped = &junitResult{Message: cmp.Or(p.Reason, "not checked")}
		case p.Outcome == readiness.Failed && p.Impact == readiness.Informational:
			c.Out = "failed, which is informational: " + p.Found
		case p.Outcome == readiness.Failed:
			c.Failure = &junitResult{Type: p.ID, Message: fmt.Sprintf("%s; wanted: %s (%s)", p.Found, p.Wanted, p.Impact), Text: p.Loss}
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

// seconds writes a duration as XML and metrics do.
func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
