package allowlist

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

// csvColumns are the names in the first row. They are only ever added to.
func csvColumns() []string {
	return []string{
		"service", "host", "ports", "need", "inspection_exemption", "proxy_exemption",
		"source", "source_reference", "source_date", "gap", "scope", "catalogue",
	}
}

// CSV writes a table with a row for each service and host, in the form of RFC
// 4180: a row of names first, commas, and CRLF at the end of a row. It is UTF-8.
// Columns are only ever added, behind those that are there.
//
//   - inspection_exemption is "required" where a document forbids TLS inspection
//     or the client's certificates make it fail, and "recommended" where it is
//     better left.
//   - proxy_exemption says what a proxy must not do: carry the traffic at all, or
//     ask for credentials.
//   - gap is the [Reason] of a row that is no host yet, and empty elsewhere.
//   - scope and catalogue, the version and date of the catalogue, are the same in
//     all rows: the format has no comments.
//
// No cell begins with a character that makes a spreadsheet take it for a
// formula: an apostrophe comes before it. Semicolons become commas, since some
// spreadsheets divide rows there.
//
// It returns the gaps of the list; it has none of its own. An error is that of w.
func CSV(w io.Writer, l *List) ([]Gap, error) {
	var b bytes.Buffer
	t := csv.NewWriter(&b)
	t.UseCRLF = true
	if err := t.Write(csvColumns()); err != nil {
		return nil, err
	}
	for _, row := range l.rows() {
		for i, cell := range row {
			row[i] = plain(cell)
		}
		if err := t.Write(row); err != nil {
			return nil, err
		}
	}
	t.Flush()
	_, err := w.Write(b.Bytes())
	return l.gaps(nil), err
}

// rows returns what is in the list and what no dialect can say.
func (l *List) rows() [][]string {
	scope, catalogue := l.Scope.String(), l.Version+" "+l.Date
	var rows [][]string
	for _, e := range l.Entries {
		for _, f := range e.Endpoints {
			rows = append(rows, []string{
				string(f.Service), e.Host.String(), portList(f.Ports), f.NeedFor(l.Scope.Query.Scenario).String(),
				exemption(f), proxyExemption(f), f.Source.Title, f.Source.Ref, f.Source.Date, "", scope, catalogue,
			})
		}
	}
	for _, g := range l.Gaps {
		for _, s := range g.Services {
			rows = append(rows, []string{
				string(s), g.Host.String(), portList(g.Ports), "", "", "", "", "", "", string(g.Reason), scope, catalogue,
			})
		}
	}
	return rows
}

// plain returns a text that a spreadsheet shows as it is, in one line.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == ';':
			return ','
		case !unicode.IsPrint(r) && r != ' ':
			return ' '
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if text == "" || !strings.ContainsRune("=+-@"+"=+-@", []rune(text)[0]) {
		return text
	}
	return "'" + text
}
