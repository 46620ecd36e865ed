package probe

import (
	"bytes"
	"html"
	"strings"
)

// maxTitle limits the title kept of a page, in bytes.
const maxTitle = 128

// title returns the title of an HTML page, or "" if the part that was read has
// none. One filter uses the same title for all that it blocks, while the rest
// of the page names the host and the time. Titles in comments and scripts count
// too: whoever answered wrote them.
func title(page []byte, known *secrets) string {
	const start, end = "<title", "</title"
	if bytes.IndexByte(page, '<') < 0 {
		return ""
	}
	lower := lowerASCII(page)
	at := bytes.Index(lower, []byte(start))
	if at < 0 {
		return ""
	}
	at += len(start)
	if at == len(page) || page[at] != '>' && !isHTMLSpace(page[at]) {
		return "" // the element has another name
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
	return printable(known.hide(html.UnescapeString(string(page[at:at+length]))), maxTitle)
}

// lowerASCII keeps the length of text, unlike [bytes.ToLower].
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
