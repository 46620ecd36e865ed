package allowlist

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

// csvColumns are the names in the first row. New columns go last.
func csvColumns() []string {
	return []string{
		"service", "host", "ports", "need", "inspection_exemption", "proxy_exemption",
		"source", "source_reference", "source_date", "gap", "scope", "catalogue", "status",
	}
}

// CSV writes a table with a row for each service and host. The format is RFC
// 4180 in UTF-8: a header row first, commas, and CRLF line ends. New columns
// are only ever added at the end.
//
//   - inspection_exemption is "required" if a document forbids TLS inspection
//     or inspection breaks client certificates, and "recommended" if inspection
//     is better avoided.
//   - proxy_exemption says what a proxy must not do: carry the traffic at all,
//     or request credentials.
//   - gap is the [Reason] if the row is not a usable host, and otherwise empty.
//   - status is that of the endpoint: a "legacy" one is still listed, and no
//     device needs it (need "none").
//   - scope and catalogue, the version and date of the catalog, repeat in every
//     row, because CSV has no comments.
//
// No cell becomes a formula in a spreadsheet: an apostrophe precedes characters
// that would start one. Semicolons become commas, because some spreadsheets
// split at semicolons.
//
// CSV returns the gaps of the list; it has none of its own. Errors come from w.
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

// rows returns the entries of the list and its gaps.
func (l *List) rows() [][]string {
	scope, catalog := l.scope(), l.Version+" "+l.Date
	var rows [][]string
	for _, e := range l.Entries {
		for _, f := range e.Endpoints {
			rows = append(rows, []string{
				string(f.Service), e.Host.String(), portList(f.Ports), l.Scope.Need(f).String(),
				exemption(f), proxyExemption(f), f.Source.Title, f.Source.Ref, f.Source.Date, "", scope, catalog, string(f.Status),
			})
		}
	}
	for _, g := range l.Gaps {
		for _, s := range g.Services {
			rows = append(rows, []string{
				string(s), g.Host.String(), portList(g.Ports), "", "", "", "", "", "", string(g.Reason), scope, catalog, "",
			})
		}
	}
	return rows
}

// plain returns a text that a spreadsheet shows unchanged, on one line.
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
