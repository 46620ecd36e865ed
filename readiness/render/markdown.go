package render

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/netready/netready/readiness"
)

// remedyNames is how many names a remedy shows.
const remedyNames = 8

// Markdown writes the report for a ticket, in the Markdown of CommonMark with
// GitHub's tables: what [Text] says, and all names of each cause. Whatever the
// report quotes cannot become a link, a mention, an image or markup.
func Markdown(w io.Writer, r *readiness.Report) error {
	m := &markdown{}
	r = shown(r)
	m.head(r)
	for i := range r.Causes {
		m.cause(r, i)
	}
	m.services(r)
	m.device(r)
	m.untested(r)
	_, err := io.WriteString(w, m.String())
	return err
}

type markdown struct{ strings.Builder }

// item writes a list item with a label. Its text is escaped.
func (m *markdown) item(label, text string) {
	if text != "" {
		fmt.Fprintf(&m.Builder, "- **%s:** %s\n", label, inline(text))
	}
}

// paragraph writes a paragraph with a label.
func (m *markdown) paragraph(label, text string) {
	if text != "" {
		fmt.Fprintf(&m.Builder, "\n**%s:** %s\n", label, inline(text))
	}
}

func (m *markdown) head(r *readiness.Report) {
	fmt.Fprintf(&m.Builder, "## %s: %s\n\n", verdict(r), answer(r))
	if r.StopsAt != "" {
		m.item("Stops at", r.StopsAt.Title()+orEarlier(r))
	}
	m.item("Unproven", unproven(r))
	m.item("Missing", missing(r))
	if r.Plan != nil {
		m.item("Checks", counted(r))
		m.item("Traffic", traffic(r))
		m.item("Unknown", unknownNames(r))
		m.item("Scope", r.Plan.Scope.String())
		m.item("Devices", unknownDevices(r))
		m.item("Catalog", r.Catalog)
		m.item("Policy", r.Policy)
		if !r.Started.IsZero() {
			fmt.Fprintf(&m.Builder, "- **Measured:** %s\n", moment(r))
		}
	}
	for _, n := range r.Notes {
		m.item("Note", n)
	}
}

func (m *markdown) cause(r *readiness.Report, i int) {
	c := r.Causes[i]
	fmt.Fprintf(&m.Builder, "\n### %d. %s\n\n", i+1, inline(c.Title))
	fmt.Fprintf(&m.Builder, "%s, code %s\n", capital(c.Impact.String()), code(string(c.Code)))
	if len(c.Evidence) > 0 {
		m.WriteString("\n**Seen:**\n\n")
		for _, e := range c.Evidence {
			fmt.Fprintf(&m.Builder, "- %s\n", inline(e))
		}
	}
	m.paragraph("Do", c.Remedy)
	if len(c.Names) > remedyNames {
		m.WriteString("\n**All names:**\n\n")
		for _, n := range c.Names {
			fmt.Fprintf(&m.Builder, "    %s\n", n)
		}
	}
	m.paragraph("Affects", titles(r, c))
	m.paragraph("Impact", impact(r, i))
	if len(c.Sources) > 0 {
		m.paragraph("Source", c.Sources[0].Title+", "+c.Sources[0].Date)
	}
}

func (m *markdown) services(r *readiness.Report) {
	if len(r.Services) == 0 {
		return
	}
	m.WriteString("\n### Services\n\n| service | state | impact | checks |\n| --- | --- | --- | --- |\n")
	for _, s := range ordered(r.Services) {
		fmt.Fprintf(&m.Builder, "| %s | %s | %s | %s |\n", cell(cmp.Or(s.Name, string(s.Service))), state(s.Verdict), s.Impact, tally(s.Passed, s.Failed, s.NotRun))
	}
}

func (m *markdown) device(r *readiness.Report) {
	if !deviceKnown(r) {
		return
	}
	m.WriteString("\n### Devices\n\n| requirement | state | found | wanted |\n| --- | --- | --- | --- |\n")
	for _, p := range ranked(r.Device) {
		fmt.Fprintf(&m.Builder, "| %s | %s | %s | %s |\n", cell(p.Name), words(p.Outcome), cell(p.Found), cell(p.Wanted))
	}
}

func (m *markdown) untested(r *readiness.Report) {
	n := 0
	for range r.Untested() {
		n++
	}
	if n > 0 {
		fmt.Fprintf(&m.Builder, "\nNot tested: %d %s that no request can test. Allow %s by name.\n", n, plural(n, "endpoint", "endpoints"), plural(n, "it", "them"))
	}
}

// inline escapes a text for a place in a paragraph, not at the beginning of its
// line. It puts each word that could mean anything in Markdown into a code
// span, in which nothing does: markup, links and entities, and what ticket
// systems link by themselves, such as host names, @names and #numbers.
func inline(text string) string {
	list := strings.Fields(text)
	for i, word := range list {
		rest := strings.TrimLeft(word, `("'`)
		core := strings.TrimRight(rest, `)"'.,;:?!`)
		front, back := word[:len(word)-len(rest)], rest[len(core):]
		switch {
		case core == "":
			list[i] = code(word)
		case !harmless(core):
			list[i] = front + code(core) + back
		case i == 0 && front == "" && strings.Trim(core, "0123456789") == "" && strings.IndexAny(back, ".)") == 0: // a list would begin with it
			list[i] = code(word)
		}
	}
	return strings.Join(list, " ")
}

// harmless reports whether a word is text wherever it stands in a line.
func harmless(word string) bool {
	letters, dots := false, false
	for i, r := range word {
		switch {
		case r >= 0x80, r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			letters = letters || r > '9'
		case r == '.':
			dots = true
		case (r == '-' || r == '/' || r == '\'' || r == ',' || r == '%') && i > 0:
		default:
			return false
		}
	}
	return !letters || !dots // a number or an address, but no host name
}

// code returns text as a code span.
func code(text string) string {
	longest, run := 0, 0
	for _, r := range text {
		if run++; r != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// cell is inline for a table, where a bar ends a cell even in a code span.
func cell(text string) string { return strings.ReplaceAll(inline(text), "|", `\|`) }
