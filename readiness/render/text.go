package render

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// width is the column at which text is wrapped.
const width = 100

// Text writes the report in plain text: the verdict, the causes, the services,
// the devices, and what could not be tested. It returns the first error of w.
func Text(w io.Writer, r *readiness.Report) error {
	var b bytes.Buffer
	head(&b, r)
	causes(&b, r)
	services(&b, r)
	device(&b, r)
	untested(&b, r)
	_, err := w.Write(b.Bytes())
	return err
}

func head(b *bytes.Buffer, r *readiness.Report) {
	fmt.Fprintf(b, "%s: %s\n\n", strings.ToUpper(r.Verdict.String()), answer(r))
	if waiting := unproven(r); waiting != "" {
		wrap(b, "Unproven: ", waiting)
	}
	if r.StopsAt != "" {
		fmt.Fprintf(b, "Stops at: %s (%s)\n", r.StopsAt.Title(), r.StopsAt)
	}
	if p := r.Plan; p != nil {
		s := p.Scope
		fmt.Fprintf(b, "Scope:    %s, %s\n", s.Scenario, scopeRest(s))
		for _, n := range p.Notes {
			wrap(b, "Note:     ", n)
		}
		ok, failed, notRun := counts(r)
		fmt.Fprintf(b, "Checks:   %d: %d ok, %d failed, %d not run, in %s\n", ok+failed+notRun, ok, failed, notRun, seconds(r.Duration))
		if v := p.Catalog.Version(); v != "" {
			fmt.Fprintf(b, "Data:     catalogue %s\n", v)
		}
	}
}

// answer puts the verdict into a sentence.
func answer(r *readiness.Report) string {
	switch r.Verdict {
	case readiness.Ready:
		return "everything that provisioning needs was reached."
	case readiness.ReadyDegraded:
		return "provisioning will finish, but something is lost or may be."
	case readiness.Blocked:
		return "provisioning cannot finish as things are."
	case readiness.Unproven:
	}
	return "not everything that provisioning needs was measured."
}

// unproven names the services for want of which a report is unproven.
func unproven(r *readiness.Report) string {
	if r.Verdict != readiness.Unproven {
		return ""
	}
	var out []string
	for _, s := range r.Services {
		switch {
		case s.Status != readiness.ServiceUnproven || !s.Impact.Blocks():
		case s.NotRun > 0:
			out = append(out, fmt.Sprintf("%s (%d checks were not made)", title(r, s.ID), s.NotRun))
		default:
			out = append(out, title(r, s.ID)+" (nothing that can be tested from here)")
		}
	}
	return strings.Join(out, ", ")
}

func scopeRest(s readiness.Scope) string {
	parts := []string{string(cmp.Or(s.Cloud, endpoints.CloudWorldwide))}
	if s.Tenant != "" {
		parts = append(parts, "tenant "+s.Tenant)
	}
	for _, domain := range s.Domains {
		parts = append(parts, "domain "+domain)
	}
	if s.ADDomain != "" {
		parts = append(parts, "Active Directory domain "+s.ADDomain)
	}
	if s.Region != "" {
		parts = append(parts, "region "+string(s.Region))
	}
	if s.TPM != "" {
		parts = append(parts, "TPM "+string(s.TPM))
	}
	if s.Windows != "" {
		parts = append(parts, "Windows "+string(s.Windows))
	}
	for _, f := range s.Features {
		parts = append(parts, string(f))
	}
	return strings.Join(parts, ", ")
}

// counts counts checks by status; a check of several services counts once.
func counts(r *readiness.Report) (ok, failed, notRun int) {
	status := make(map[int]readiness.Status)
	for _, f := range r.Findings {
		own := func(e int) bool { return r.Plan.Endpoints[e].Endpoint.Service == f.Service }
		if slices.ContainsFunc(r.Plan.Checks[f.Check].Endpoints, own) { // and not about what its certificate points to
			status[f.Check] = f.Status
		}
	}
	for i, c := range r.Plan.Checks {
		if len(c.Endpoints) == 0 {
			continue // made for comparison
		}
		switch status[i] {
		case readiness.OK:
			ok++
		case readiness.Failed:
			failed++
		case readiness.NotRun:
			notRun++
		}
	}
	return ok, failed, notRun
}

func causes(b *bytes.Buffer, r *readiness.Report) {
	if len(r.Causes) == 0 {
		return
	}
	fmt.Fprintf(b, "\nCAUSES\n")
	for i, c := range r.Causes {
		fmt.Fprintf(b, "\n%d. %s  [%s, %s]\n", i+1, c.Title, c.Code, c.Impact)
		for _, e := range c.Evidence {
			wrap(b, "   Seen:  ", e)
		}
		wrap(b, "   Do:    ", c.Remedy)
		if hits := titles(r, c); hits != "" {
			wrap(b, "   Hits:  ", hits)
		}
		for _, l := range losses(r, i) {
			wrap(b, "   Loss:  ", l)
		}
		for _, s := range c.Sources[:min(len(c.Sources), 3)] {
			wrap(b, "   Says:  ", s.Title+" ("+s.Date+")")
		}
	}
}

func titles(r *readiness.Report, c readiness.Cause) string {
	var out []string
	for _, s := range c.Services {
		out = append(out, title(r, s))
	}
	const few = 8
	if len(out) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(out[:few], ", "), len(out)-few)
	}
	return strings.Join(out, ", ")
}

func title(r *readiness.Report, s endpoints.Service) string {
	for _, res := range r.Services {
		if res.ID == s && res.Title != "" {
			return res.Title
		}
	}
	return string(s)
}

// losses returns the consequences of the gravest findings of a cause, each once.
func losses(r *readiness.Report, cause int) []string {
	const few = 3
	var out []string
	for _, f := range r.Findings {
		if f.Cause == cause && f.Status == readiness.Failed && f.Impact == r.Causes[cause].Impact &&
			!slices.Contains(out, f.Consequence) && len(out) < few {
			out = append(out, f.Consequence)
		}
	}
	return out
}

func services(b *bytes.Buffer, r *readiness.Report) {
	if len(r.Services) == 0 {
		return
	}
	fmt.Fprintf(b, "\nSERVICES\n\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, s := range ordered(r.Services) {
		line := fmt.Sprintf("  %s\t%s\t%s\t%d ok", s.Status, cmp.Or(s.Title, string(s.ID)), s.Impact, s.OK)
		if s.Failed > 0 {
			line += fmt.Sprintf(", %d failed", s.Failed)
		}
		if s.NotRun > 0 {
			line += fmt.Sprintf(", %d not run", s.NotRun)
		}
		if s.Untested > 0 {
			line += fmt.Sprintf(", %d not tested", s.Untested)
		}
		_, _ = fmt.Fprintf(t, "%s\n", line)
	}
	_ = t.Flush()
}

// ordered returns the services, the worst first.
func ordered(in []readiness.ServiceResult) []readiness.ServiceResult {
	rank := func(s readiness.ServiceResult) int {
		switch {
		case s.Status == readiness.ServiceBlocked:
			return 0
		case s.Status == readiness.ServiceUnproven && s.Impact.Blocks():
			return 1
		case s.Status == readiness.ServiceDegraded:
			return 2
		case s.Status == readiness.ServiceUnproven:
			return 3
		}
		return 4
	}
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b readiness.ServiceResult) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Impact, a.Impact))
	})
	return out
}

func untested(b *bytes.Buffer, r *readiness.Report) {
	if r.Plan == nil {
		return
	}
	type row struct{ service, reason string }
	hosts := make(map[row][]string)
	var order []row
	for _, p := range r.Plan.Endpoints {
		if p.Untested == "" {
			continue
		}
		k := row{title(r, p.Endpoint.Service), p.Untested}
		if hosts[k] == nil {
			order = append(order, k)
		}
		hosts[k] = append(hosts[k], p.Endpoint.Host.String())
	}
	if len(order) == 0 {
		return
	}
	fmt.Fprintf(b, "\nNOT TESTED: allow these by name\n\n")
	for _, k := range order {
		wrap(b, "  ", k.service+": "+strings.Join(hosts[k], ", ")+" ("+k.reason+")")
	}
}

func seconds(d time.Duration) string {
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// wrap writes a paragraph behind a label, its further lines indented alike.
func wrap(b *bytes.Buffer, label, text string) {
	indent := strings.Repeat(" ", len(label))
	col := len(label)
	b.WriteString(label)
	for i, word := range strings.Fields(text) {
		if i > 0 && col+1+len(word) > width {
			b.WriteString("\n" + indent)
			col = len(indent)
		} else if i > 0 {
			b.WriteByte(' ')
			col++
		}
		b.WriteString(word)
		col += len(word)
	}
	b.WriteByte('\n')
}
