package probe

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decodings returns what up to three decoders in a row make of a text: those of
// URLs, of HTML, and of strings in JSON and programs.
func decodings(text string) []string {
	if !strings.ContainsAny(text, `%&\`) {
		return nil
	}
	decoders := [...]func(string) string{
		unescapePercent,
		html.UnescapeString,
		unescapeBackslash,
		func(s string) string { return strings.ReplaceAll(s, "+", " ") },
	}
	all := []string{text}
	last := all
	for range 3 {
		done := len(all)
		for _, t := range last {
			for _, decode := range decoders {
				if d := decode(t); !slices.Contains(all, d) {
					all = append(all, d)
				}
			}
		}
		last = all[done:]
	}
	return all[1:]
}

// unescapePercent decodes percent-encoded bytes (RFC 3986 section 2.1), and the
// characters that old software writes as %u and four digits. What is neither stays.
func unescapePercent(s string) string {
	return unescape(s, '%', func(rest string) (string, int) {
		if len(rest) > 0 && (rest[0] == 'u' || rest[0] == 'U') {
			return hexRune(rest[1:], 4, 1)
		}
		return hexByte(rest, 0)
	})
}

// unescapeBackslash decodes the escapes of JSON, JavaScript, C and Go that stand
// for visible characters.
func unescapeBackslash(s string) string {
	return unescape(s, '\\', func(rest string) (string, int) {
		switch {
		case rest == "":
		case rest[0] == 'u':
			return hexRune(rest[1:], 4, 1)
		case rest[0] == 'U':
			return hexRune(rest[1:], 8, 1)
		case rest[0] == 'x':
			return hexByte(rest[1:], 1)
		case strings.IndexByte(`"'/\`, rest[0]) >= 0:
			return rest[:1], 1
		}
		return "", 0
	})
}

// unescape replaces escapes that begin with a byte. decode returns what an escape
// means, of which it gets the rest of the text, and its length there, or 0 if that
// is none.
func unescape(s string, start byte, decode func(rest string) (string, int)) string {
	i := strings.IndexByte(s, start)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, start) {
		b.WriteString(s[:i])
		means, n := decode(s[i+1:])
		if n == 0 {
			means = s[i : i+1]
		}
		b.WriteString(means)
		s = s[i+1+n:]
	}
	b.WriteString(s)
	return b.String()
}

// hexByte decodes two hexadecimal digits to a byte, and hexRune so many to a
// character. They return the length of an escape that has others before.
func hexByte(s string, after int) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	v, err := strconv.ParseUint(s[:2], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(v)}), after + 2
}

func hexRune(s string, digits, after int) (string, int) {
	if len(s) < digits {
		return "", 0
	}
	v, err := strconv.ParseUint(s[:digits], 16, 32)
	if err != nil || v > utf8.MaxRune {
		return "", 0
	}
	return string(rune(v)), after + digits
}
