package probe

import (
	"bytes"
	"html"
	"strings"
	"unicode"
)

// maxTitle bounds the title of a page that is kept.
const maxTitle = 128

// title returns the title of an HTML page, or "" if there is none in what has
// been read of it. It is the same for all that one filter blocks, where the rest
// of the page is about the host and the time. Comments and scripts are not told
// from markup: whoever answered said it in either case.
func title(page []byte) string {
	const start, end = "<title", "</title"
	lower := lowerASCII(page)
	at := bytes.Index(lower, []byte(start))
	if at < 0 {
		return ""
	}
	at += len(start)
	if at == len(page) || page[at] != '>' && !isHTMLSpace(page[at]) {
		return "" // the name of another element
	}
	text := bytes.IndexByte(page[at:], '>')
	if text < 0 {
		return ""
	}
	at += text + 1
	length := bytes.Index(lower[at:], []byte(end))
	if length < 0 {
		return ""
	}
	words := strings.FieldsFunc(html.UnescapeString(string(page[at:at+length])), unicode.IsSpace)
	return strings.TrimSpace(printable(strings.Join(words, " "), maxTitle))
}

// lowerASCII keeps the length of what it is given, unlike [bytes.ToLower].
func lowerASCII(text []byte) []byte {
	lower := bytes.Clone(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

func isHTMLSpace(c byte) bool { return strings.IndexByte("\t\n\f\r ", c) >= 0 }
