package endpoints

import "strings"

// Match reports whether h covers a host name or address. It ignores case and
// one trailing dot.
//
//   - An exact host covers itself. Addresses are compared as addresses.
//   - "*.x" covers every name below x, at any depth, but not x itself.
//   - An asterisk inside a label matches any characters of that label, or none:
//     "payloadprod*.blob.core.windows.net".
//   - An asterisk that is a whole label in the middle matches exactly one
//     label: "autodiscover.*.onmicrosoft.com" does not cover
//     "autodiscover.contoso.mail.onmicrosoft.com", which documents list
//     separately. As the first label of such a pattern it matches one or more.
//   - {tenant} matches one or more characters of its label, and {domain} a
//     domain of at least two labels.
//   - A placeholder and the zero Host cover nothing.
func (h Host) Match(name string) bool {
	if h.cannotMatch(name) {
		return false
	}
	name, ok := cleanName(name)
	return ok && h.match(name)
}

// cannotMatch reports whether a name does not end as those do that h covers.
// Almost no name does, and this check is cheap.
func (h Host) cannotMatch(name string) bool {
	if h.kind == Suffix {
		return !endsIn(name, h.text[1:])
	}
	return h.kind == Exact && !endsIn(name, h.text) && !strings.Contains(name, ":") // an address may have several forms
}

// endsIn reports whether a name ends in a text in lower case, regardless of the
// name's case and a trailing dot.
func endsIn(name, end string) bool {
	name = strings.TrimSuffix(name, ".")
	return len(name) >= len(end) && lower(name[len(name)-len(end):]) == end
}

// cleanName returns a name in the form of [Host.String]. It reports false for
// anything that [ParseHost] does not read as an exact host.
func cleanName(name string) (string, bool) {
	h, _ := parseHost(name)
	return h.text, h.kind == Exact
}

// match is Match for a clean name.
func (h Host) match(name string) bool {
	switch h.kind {
	case Exact:
		return h.text == name
	case Suffix:
		return strings.HasSuffix(name, h.text[1:]) // the dot included, which no name begins with
	case Glob:
		return matchLabels(h.text, name)
	case Tenant:
		return h.matchBlank(name)
	case Placeholder:
		return false
	default:
		return false
	}
}

func matchLabels(pattern, name string) bool {
	if rest, ok := strings.CutPrefix(pattern, "*."); ok {
		// The name needs at least one label more than the rest of the pattern.
		surplus := strings.Count(name, ".") - strings.Count(rest, ".")
		if surplus < 1 {
			return false
		}
		for range surplus {
			_, name, _ = strings.Cut(name, ".")
		}
		pattern = rest
	}
	for {
		var p, n string
		var moreP, moreN bool
		p, pattern, moreP = strings.Cut(pattern, ".")
		n, name, moreN = strings.Cut(name, ".")
		if moreP != moreN || !matchLabel(p, n) {
			return false
		}
		if !moreP {
			return true
		}
	}
}

// matchLabel matches within one label, where an asterisk stands for any
// characters or none. A label that is one asterisk matches every label.
func matchLabel(pattern, label string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	label, ok := strings.CutPrefix(label, first)
	if !ok || !wild {
		return ok && label == ""
	}
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(label, part)
		}
		i := strings.Index(label, part)
		if i < 0 {
			return false
		}
		label, rest = label[i+len(part):], after
	}
}

func (h Host) matchBlank(name string) bool {
	if before, ok := strings.CutSuffix(h.text, blankDomain); ok {
		domain, ok := strings.CutPrefix(name, before)
		return ok && strings.Contains(domain, ".")
	}
	before, after, _ := strings.Cut(h.text, blankTenant)
	tenant, ok := strings.CutPrefix(name, before)
	if !ok {
		return false
	}
	tenant, ok = strings.CutSuffix(tenant, after)
	return ok && tenant != "" && !strings.Contains(tenant, ".")
}

// initialDomains are the suffixes of the initial domains of tenants in the
// clouds. A tenant cannot create names below its initial domain.
func initialDomains() []string {
	return []string{".partner.onmschina.cn", ".onmicrosoft.com", ".onmicrosoft.us"}
}

// Expand fills in the blank of a [Tenant] host. The tenant is an initial name
// ("contoso") or a domain. An initial name or initial domain
// ("contoso.onmicrosoft.com") fills {tenant}. One of the tenant's verified
// domains ("contoso.com") fills {domain}.
//
// It reports false if the blank cannot be filled: tenant is empty, is not a
// host name, or is the wrong kind. A host without blanks is returned unchanged,
// with true.
func (h Host) Expand(tenant string) (Host, bool) {
	if h.kind != Tenant {
		return h, true
	}
	t, err := ParseHost(tenant)
	if err != nil || t.kind != Exact {
		return Host{}, false
	}
	if _, ok := parseAddr(t.text); ok {
		return Host{}, false
	}
	name, domain := t.text, ""
	if strings.Contains(name, ".") {
		name, domain = "", t.text
		for _, suffix := range initialDomains() {
			if initial, ok := strings.CutSuffix(t.text, suffix); ok && initial != "" && !strings.Contains(initial, ".") {
				name, domain = initial, ""
			}
		}
	}
	blank, value := blankTenant, name
	if strings.HasSuffix(h.text, blankDomain) {
		blank, value = blankDomain, domain
	}
	if value == "" {
		return Host{}, false
	}
	filled, err := ParseHost(strings.Replace(h.text, blank, value, 1))
	return filled, err == nil
}
