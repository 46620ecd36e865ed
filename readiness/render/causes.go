package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/readiness"
)

// Limits that keep a report's head short.
const (
	maxOutline  = 12 // causes in the head; with what else is there, 24 lines
	maxSeen     = 3  // lines of evidence
	maxAffected = 5  // services
	maxLosses   = 3  // sentences
)

// outline lists the causes with their impacts, one line each.
func outline(p *page, r *readiness.Report) {
	label := "Causes:   "
	for i, c := range r.Causes {
		if i == maxOutline {
			p.wrap(label, fmt.Sprintf("and %d more", len(r.Causes)-i))
			return
		}
		start := p.Len()
		p.wrapAtMost(1, fmt.Sprintf("%s%2d. %-13s  ", label, i+1, c.Impact), c.Title)
		p.paint(start, c.Impact.String(), colorOfImpact(c.Impact))
		label = "          "
	}
}

// causes writes each cause with its evidence, remedy and affected services.
func causes(p *page, r *readiness.Report) {
	for i, c := range r.Causes {
		p.WriteByte('\n')
		start := p.Len()
		p.wrap(fmt.Sprintf("%d. ", i+1), c.Title+" ["+string(c.Code)+"]")
		p.paint(start, fmt.Sprintf("%d.", i+1), colorOfImpact(c.Impact))
		left := maxSeen
		for _, e := range c.Evidence {
			if left == 0 {
				break
			}
			left -= p.wrapAtMost(left, "   Seen:     ", e)
		}
		p.wrap("   Do:       ", c.Remedy)
		if affected := titles(r, c); affected != "" {
			p.wrap("   Affects:  ", affected)
		}
		p.wrap("   Impact:   ", impact(r, i))
		if len(c.Sources) > 0 {
			p.wrapAtMost(1, "   Source:   ", c.Sources[0].Title+", "+c.Sources[0].Date)
		}
	}
}

// impact says what a cause means, once for all causes that mean the same.
func impact(r *readiness.Report, cause int) string {
	lost := losses(r, cause)
	grade := capital(r.Causes[cause].Impact.String())
	for i := range cause {
		if lost != nil && r.Causes[i].Impact == r.Causes[cause].Impact && slices.Equal(losses(r, i), lost) {
			return fmt.Sprintf("%s, as for %d.", grade, i+1)
		}
	}
	return strings.Join(append([]string{grade + "."}, lost...), " ")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func titles(r *readiness.Report, c readiness.Cause) string {
	var out []string
	for _, s := range worstFirst(r, c.Services) {
		out = append(out, title(r, s))
	}
	if len(out) > maxAffected {
		return fmt.Sprintf("%s and %d more", strings.Join(out[:maxAffected], ", "), len(out)-maxAffected)
	}
	return strings.Join(out, ", ")
}

func title(r *readiness.Report, s endpoints.Service) string {
	for _, res := range r.Services {
		if res.Service == s && res.Name != "" {
			return res.Name
		}
	}
	return string(s)
}

// worstFirst returns services in the order of the table.
func worstFirst(r *readiness.Report, services []endpoints.Service) []endpoints.Service {
	at := make(map[endpoints.Service]int)
	for i, s := range ordered(r.Services) {
		at[s.Service] = i - len(r.Services)
	}
	out := slices.Clone(services)
	slices.SortStableFunc(out, func(a, b endpoints.Service) int { return cmp.Compare(at[a], at[b]) })
	return out
}

// losses returns the consequences of a cause's gravest findings, each once, the
// worst services first.
func losses(r *readiness.Report, cause int) []string {
	texts := make(map[endpoints.Service][]string)
	var services []endpoints.Service
	for _, f := range r.Findings {
		if f.Cause != &r.Causes[cause] || f.Outcome != readiness.Failed || f.Impact != r.Causes[cause].Impact {
			continue
		}
		if texts[f.Service] == nil {
			services = append(services, f.Service)
		}
		texts[f.Service] = append(texts[f.Service], f.Loss)
	}
	var out []string
	for _, s := range worstFirst(r, services) {
		for _, text := range texts[s] {
			for sentence := range strings.SplitAfterSeq(text, ". ") {
				sentence = strings.TrimSpace(sentence)
				if sentence != "" && !slices.Contains(out, sentence) && len(out) < maxLosses {
					out = append(out, sentence)
				}
			}
		}
	}
	return out
}
