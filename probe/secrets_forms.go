package probe

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// credentials are those of one user, in the forms that give them away, the longest
// first.
type credentials struct {
	user   string   // as in a URL
	exact  []string // base64
	folded []string // forms in lower case, which are hidden in upper case too
	plain  []string // the secrets in lower case, which no decoding of a text may have
}

func newCredentials(user *url.Userinfo) credentials {
	c := credentials{user: user.String()}
	name := user.Username()
	password, _ := user.Password()
	for _, s := range []string{name + ":" + password, c.user, name, password} {
		if len(s) < minSecret {
			continue
		}
		c.plain = append(c.plain, lower(s))
		c.exact = append(c.exact, base64Forms(s)...)
		for _, form := range []string{
			s, url.QueryEscape(s), strings.ReplaceAll(url.QueryEscape(s), "+", "%20"), url.PathEscape(s), (&url.URL{Path: "/" + s}).EscapedPath()[1:],
			html.EscapeString(s), namedEntities(s), escapedJSON(s), hex.EncodeToString([]byte(s)),
		} {
			c.folded = append(c.folded, lower(form), lower(quoted(form))) // errors quote what they reject
		}
	}
	for _, list := range []*[]string{&c.exact, &c.folded, &c.plain} {
		slices.SortFunc(*list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		*list = slices.Compact(*list)
	}
	return c
}

// base64Forms returns a text in base64, alone and as a part of a longer text,
// without the characters that depend on what is before and after it.
func base64Forms(s string) []string {
	const enough = 8 // characters; fewer are found in other texts as well
	var out []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		out = append(out, encoding.EncodeToString([]byte(s)))
		for before := range 3 {
			whole := (before + len(s)) / 3 * 4
			first := (before*8 + 5) / 6
			if part := encoding.EncodeToString([]byte(strings.Repeat("x", before) + s))[first:whole]; len(part) >= enough {
				out = append(out, part)
			}
		}
	}
	return out
}

// namedEntities escapes a text for HTML as most software does; package html
// writes quotes as numbers.
func namedEntities(s string) string {
	return strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(html.EscapeString(s))
}

// escapedJSON returns a text as JSON for HTML has it between quotes.
func escapedJSON(s string) string {
	return strings.NewReplacer(`"`, `\u0022`, "'", `\u0027`, "<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(s)
}

// quoted returns a text as it is between the quotes of %q.
func quoted(s string) string {
	s = strconv.Quote(s)
	return s[1 : len(s)-1]
}

// lower returns a text in lower case that is as long.
func lower(s string) string {
	if l := strings.ToLower(s); len(l) == len(s) {
		return l
	}
	return string(lowerASCII([]byte(s)))
}

// hide returns a text without the credentials.
func (c credentials) hide(text string) string {
	for _, form := range c.exact {
		text = strings.ReplaceAll(text, form, hidden)
	}
	low := lower(text)
	for _, form := range c.folded {
		if strings.Contains(low, form) {
			text = replaceFolded(text, low, form)
			low = lower(text)
		}
	}
	for _, decoded := range decodings(text) {
		low := lower(decoded)
		if slices.ContainsFunc(c.plain, func(secret string) bool { return strings.Contains(low, secret) }) {
			return hidden
		}
	}
	return text
}

// replaceFolded hides a form in a text, of which low is the lower case.
func replaceFolded(text, low, form string) string {
	var b strings.Builder
	for {
		i := strings.Index(low, form)
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		b.WriteString(hidden)
		text, low = text[i+len(form):], low[i+len(form):]
	}
	b.WriteString(text)
	return b.String()
}

// hideEnd hides the beginning of a secret at the end of a text.
func (c credentials) hideEnd(text string) string {
	for _, form := range c.exact {
		if n := begun(text, form); n > 0 {
			text = text[:len(text)-n] + hidden
		}
	}
	for _, form := range c.folded {
		if n := begun(lower(text), form); n > 0 {
			text = text[:len(text)-n] + hidden
		}
	}
	ends := decodings(text)
	const longest = len(`\U00000040`)
	if i := strings.LastIndexAny(text, `%&\`); i >= 0 && i > len(text)-longest { // an escape may be cut
		ends = append(append(ends, text[:i]), decodings(text[:i])...)
	}
	for _, end := range ends {
		low := lower(end)
		if slices.ContainsFunc(c.plain, func(secret string) bool { return begun(low, secret) > 0 }) {
			return hidden
		}
	}
	return text
}

// begun returns how much of a secret a text ends with.
func begun(text, secret string) int {
	for n := min(len(secret)-1, len(text)); n >= minSecret; n-- {
		if strings.HasSuffix(text, secret[:n]) {
			return n
		}
	}
	return 0
}

// without returns the forms that are not part of any of the texts.
func (c credentials) without(texts []string) credentials {
	given := func(form string) bool {
		return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(lower(t), lower(form)) })
	}
	for _, list := range []*[]string{&c.exact, &c.folded, &c.plain} {
		*list = slices.DeleteFunc(slices.Clone(*list), given)
	}
	return c
}
