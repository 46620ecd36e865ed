package plain_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/netready/netready/internal/plain"
)

func TestCut(t *testing.T) {
	tests := []struct {
		name, in, want string
		limit          int
	}{
		{"text", "a b", "a b", 10},
		{"nothing", "", "", 10},
		{"line breaks and tabs", "a\r\nb\tc\n", "a b c", 10},
		{"a lone carriage return", "a\rb", "a b", 10},
		{"vertical tab and form feed", "a\vb\fc", "a b c", 10},
		{"the line separators of C1 and Unicode", "a\u0085b\u2028c\u2029d", "a b c d", 10},
		{"spaces of other widths", "a\u00a0b\u2003\u3000c", "a b c", 10},
		{"spaces at the ends and in a row", "  a   b  ", "a b", 10},
		{"white space alone", " \n\t", "", 10},
		{"controls", "\x1b[31m\x00\x7f", "\ufffd[31m\ufffd\ufffd", 20},
		{"controls of C1", "\u009b31m", "\ufffd31m", 10},
		{"text that runs backwards", "\u202ea\u2066b\u200fc", "\ufffda\ufffdb\ufffdc", 20},
		{"characters of no width", "a\u200bb\ufeffc\u2060d\u00ade", "a\ufffdb\ufffdc\ufffdd\ufffde", 20},
		{"tags and fillers that hide", "a\U000e0041b\u3164c\ufe0fd", "a\ufffdb\ufffdc\ufffdd", 20},
		{"private use and unassigned", "a\ue000b\U0010ffffc", "a\ufffdb\ufffdc", 20},
		{"a surrogate, encoded", "a\xed\xa0\x80", "a\ufffd\ufffd\ufffd", 20},
		{"not UTF-8", "\xffa\xc3", "\ufffda\ufffd", 10},
		{"a replacement that is there already", "a\ufffdb", "a\ufffdb", 10},
		{"too long", "abcdef", "abc", 3},
		{"too long, in the middle of a rune", "ab\u00e9", "ab", 3},
		{"too long by replacing", "\x00\x00\x00", "\ufffd", 3},
		{"too long, at a space", "abc def", "abc", 4},
		{"no room", "abc", "", 0},

		{"umlauts", "Müller & Söhne GmbH", "Müller & Söhne GmbH", 40},
		{"umlauts, decomposed", "Mu\u0308ller", "Mu\u0308ller", 40},
		{"Japanese", "東京ゲートウェイ株式会社", "東京ゲートウェイ株式会社", 40},
		{"Arabic", "شركة الاتصالات", "شركة الاتصالات", 40},
		{"Hindi", "दूरसंचार", "दूरसंचार", 40},
		{"Cyrillic", "пример.рф", "пример.рф", 40},
		{"an emoji", "ok 👍", "ok 👍", 40},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := plain.Cut(test.in, test.limit); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzCut: any input becomes a line, and a line stays unchanged.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"a b", "a\n\nREADY: b", "\x1b[31m\u009b\u202e\u2028\u0085", "\xff\xc3", "  é  "} {
		f.Add(s, 8)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = max(limit, 0)
		got := plain.Cut(s, limit)
		if len(got) > limit || !utf8.ValidString(got) || got != strings.Join(strings.Fields(got), " ") {
			t.Errorf("%q of %d bytes", got, len(got))
		}
		for _, r := range got {
			if !unicode.IsPrint(r) || unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) {
				t.Errorf("%q has %U", got, r)
			}
		}
		if again := plain.Cut(got, limit); again != got {
			t.Errorf("%q, and once more %q", got, again)
		}
		line := plain.Line(s)
		if !strings.HasPrefix(line, got) {
			t.Errorf("%q does not begin with %q", line, got)
		}
	})
}
