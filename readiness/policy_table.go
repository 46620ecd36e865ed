package readiness

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/netready/netready/endpoints"
)

//go:embed policy_table.txt
var policyText string

// policyTable is policy_table.txt. Malformed entries are Unjudged and block;
// tests make sure that there are none.
//
//nolint:gochecknoglobals // computed once, never changed
var policyTable = sync.OnceValue(func() table { return readTable(policyText) })

// A table says what losing part of a service means.
type table struct {
	scenarios []endpoints.Scenario // of the columns
	rows      map[tableKey]row
}

type tableKey struct {
	service endpoints.Service
	part    string
}

type row struct {
	cells   []cell // one for each scenario
	basis   endpoints.Basis
	sources []endpoints.Source
	loss    string
}

// A cell is an impact such as D|F, C>F or F*.
type cell struct {
	field      Impact
	documented Impact
	declared   Impact // of a conditional service, once the scope names what needs it
	inferred   bool   // even if the row's basis is documented
}

func readTable(text string) table {
	t := table{rows: make(map[tableKey]row)}
	var last tableKey
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case line[0] == ' ':
			r := t.rows[last]
			r.loss = strings.TrimSpace(line)
			t.rows[last] = r
		case t.scenarios == nil:
			t.scenarios = readColumns(words)
		default:
			service, part, _ := strings.Cut(words[0], "/")
			last = tableKey{endpoints.Service(service), part}
			t.rows[last] = readRow(words[1:], len(t.scenarios))
		}
	}
	return t
}

// readColumns returns the scenarios that the column headings abbreviate, up to
// the first heading that is not one.
func readColumns(head []string) []endpoints.Scenario {
	var out []endpoints.Scenario
	for _, word := range head[1:] {
		i := slices.IndexFunc(endpoints.Scenarios(), func(s endpoints.Scenario) bool { return strings.HasPrefix(string(s), word) })
		if i < 0 {
			break
		}
		out = append(out, endpoints.Scenarios()[i])
	}
	return out
}

func readRow(words []string, columns int) row {
	r := row{basis: endpoints.Basis(words[columns])}
	for _, word := range words[:columns] {
		r.cells = append(r.cells, readCell(word))
	}
	for _, key := range words[columns+1:] {
		if s, ok := endpoints.Embedded().Source(key); ok {
			r.sources = append(r.sources, s)
		}
	}
	return r
}

func readCell(word string) cell {
	word, inferred := strings.CutSuffix(word, "*")
	first, documented, both := strings.Cut(word, "|")
	first, declared, _ := strings.Cut(first, ">")
	c := cell{field: readImpact(first), declared: readImpact(declared), inferred: inferred}
	c.documented = c.field
	if both {
		c.documented = readImpact(documented)
	}
	return c
}

func readImpact(letter string) Impact {
	switch letter {
	case "F":
		return Fatal
	case "D":
		return Degrading
	case "C":
		return Conditional
	case "I":
		return Informational
	}
	return Unjudged
}

// find returns an endpoint's row and its cell for a scenario. The cell is zero
// if the scenario has no column. A service without a row is a custom one, and
// the endpoint's need then says how much it matters.
func (t table) find(e endpoints.Endpoint, s endpoints.Scenario) (row, cell) {
	r, ok := t.rows[tableKey{e.Service, e.Part}]
	if !ok {
		r, ok = t.rows[tableKey{e.Service, ""}]
	}
	if !ok {
		return row{basis: endpoints.BasisInferred}, needed(e.NeedFor(s))
	}
	if i := slices.Index(t.scenarios, s); i >= 0 {
		return r, r.cells[i]
	}
	return r, cell{}
}

// needed returns the cell of an endpoint of which only the need is known.
func needed(n endpoints.Need) cell {
	switch n {
	case endpoints.Conditional:
		return readCell("C>F")
	case endpoints.Optional, endpoints.FormerlyRequired:
		return readCell("D")
	case endpoints.Required, endpoints.NotNeeded:
	}
	return readCell("F")
}
