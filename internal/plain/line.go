package plain

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line of visible text: words with single spaces between
// them, and U+FFFD for each invisible character and each byte that is not
// UTF-8. Line breaks, tabs and other white space separate words. Letters,
// marks, digits and symbols of every script stay.
//
// Invisible are control characters, format characters, such as those that hide
// or reorder text, and unassigned and private-use characters.
func Line(s string) string { return Cut(s, NoLimit) }

// NoLimit does not limit a text.
const NoLimit = math.MaxInt

// Cut returns the beginning of [Line] of s, at most limit bytes.
func Cut(s string, limit int) string {
	if len(s) <= limit && isLine(s) {
		return s
	}
	var b strings.Builder
	gap := 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = min(b.Len(), 1)
			continue
		}
		if !visible(r) {
			r = utf8.RuneError
		}
		if b.Len()+gap+utf8.RuneLen(r) > limit {
			break
		}
		if gap > 0 {
			b.WriteByte(' ')
			gap = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// IsText reports whether s can be shown unchanged on a line: it is UTF-8, and
// each character is visible or an ordinary space.
func IsText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' {
			return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !visible(r) })
		}
	}
	return true
}

// isLine reports whether Line would return s unchanged.
func isLine(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if '!' <= c && c <= '~' { // nearly every byte
			space = false
			continue
		}
		switch {
		case c >= utf8.RuneSelf:
			return isLineOfRunes(s)
		case c != ' ' || space:
			return false
		}
		space = true
	}
	return s == "" || !space
}

// isLineOfRunes is isLine for any characters; most texts have ASCII alone.
func isLineOfRunes(s string) bool {
	space := true
	for i, r := range s {
		switch {
		case r == ' ' && space, !visible(r):
			return false
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			return false
		}
		space = r == ' '
	}
	return s == "" || !space
}

// visible reports whether a character shows, and only in its own place.
func visible(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r != 0x7f
	}
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
