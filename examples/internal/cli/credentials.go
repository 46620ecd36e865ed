package cli

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// WithoutCredentials removes the user information of URLs from a text, and
// anything else before an @. It also removes by value what precedes an @ in the
// arguments, and the parts of it: an error may quote a part of an argument that
// was given to the wrong flag.
func WithoutCredentials(text string, args []string) string {
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
		if _, value, ok := strings.Cut(arg, "="); ok {
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
