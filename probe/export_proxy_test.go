package probe

import (
	"context"
	"io"
	"net/url"
)

// WinHTTPProxy is what [SystemProxy] makes of the setting of Windows.
func WinHTTPProxy(value []byte) (func(Target) (*url.URL, error), error) {
	w, err := parseWinHTTP(value)
	return w.choose, err
}

func ParseSearch(r io.Reader) ([]string, error) { return parseSearch(r) }

func DomainList(lists ...string) []string { return domainList(lists...) }

func WPADNames(domain string) []string { return wpadNames(domain) }

func Mentions(script string) []string { return mentions(script) }

// FetchWPAD fetches a file from a host that has been found.
func FetchWPAD(ctx context.Context, n Network, host string) Observation {
	return n.observe(ctx, Target{}, func(ctx context.Context, n Network, o *Observation) *Error {
		o.WPAD = new(WPADFacts)
		return n.fetchWPAD(ctx, host, o)
	})
}
