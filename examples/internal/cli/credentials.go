package cli

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/netready/netready/internal/plain"
)

// ErrorLine returns a command's error as one line, without the credentials in the
// arguments, and with long words cut.
func ErrorLine(command, text string, args []string) string {
	return plain.Line(command + ": " + shortened(withoutCredentials(text, args)))
}

// maxWord is how many bytes of a word or quoted text an error shows. Nearly every
// file name is shorter.
const maxWord = 256

// shortened cuts words and quoted texts, except for the quote or colon at their end.
func shortened(text string) string {
	words := regexp.MustCompile(`"(\\.|[^"\\])*"|[^\s"]+`)
	return words.ReplaceAllStringFunc(text, func(s string) string {
		if len(s) <= maxWord {
			return s
		}
		last := s[len(s)-1:]
		if last != `"` && last != ":" {
			last = ""
		}
		return plain.Cut(s, maxWord) + "…" + last
	})
}

// withoutCredentials removes the user information of URLs from a text, and
// anything else before an @. It also removes by value what precedes an @ in the
// arguments, and the parts of it: an error may quote a part of an argument that
// was given to the wrong flag.
func withoutCredentials(text string, args []string) string {
	var secrets []string
	for _, arg := range args {
		secrets = append(secrets, secretsIn(arg)...)
	}
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, "…")
	}
	return regexp.MustCompile(`[^\s"]*@`).ReplaceAllString(text, "…@")
}

// secretsIn returns the user information in an argument, and its parts.
func secretsIn(arg string) []string {
	const least = 2 // a text without all of one letter cannot be read
	if strings.HasPrefix(arg, "-") {
		// A URL in place of the name may have an = of its own.
		if name, value, ok := strings.Cut(arg, "="); ok && !strings.ContainsAny(name, "@/: \t\"") {
			arg = value
		}
	}
	at := strings.LastIndex(arg, "@")
	if at < 0 {
		return nil
	}
	user := arg[:at]
	if _, rest, ok := strings.Cut(user, "//"); ok {
		user = rest
	}
	parts := strings.FieldsFunc(user, func(r rune) bool { return strings.ContainsRune(" \t:;,=/\\\"'?#&@", r) })
	var list []string
	for _, s := range append(parts, user) {
		if len(s) >= least {
			quoted := strconv.Quote(s)
			list = append(list, s, quoted[1:len(quoted)-1])
		}
	}
	return list
}
