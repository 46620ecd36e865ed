package probe

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// EnvironmentProxy returns the proxy function set by this process's
// environment, for the Proxy field of [Network]. It reads the environment once,
// when called. If no variable names a proxy, it returns nil, which means direct
// connections.
//
// HTTP_PROXY applies to HTTP targets, HTTPS_PROXY to HTTPS targets, and
// ALL_PROXY to both if they have none of their own. NO_PROXY lists hosts,
// domains, addresses and prefixes that bypass the proxy, as localhost and
// loopback addresses always do. Lower-case variable names take precedence. A
// proxy is a URL with a scheme that Network supports, or a host and port, which
// means http. See [httpproxy.Config] for details.
//
// Components of Windows ignore these variables.
//
// The error names the invalid variable. It never quotes the value, which may
// hold credentials.
func EnvironmentProxy() (func(Target) (*url.URL, error), error) {
	c := httpproxy.FromEnvironment()
	all := cmp.Or(os.Getenv("all_proxy"), os.Getenv("ALL_PROXY"))
	for _, v := range []struct{ name, value string }{
		{"HTTP_PROXY", c.HTTPProxy},
		{"HTTPS_PROXY", c.HTTPSProxy},
		{"ALL_PROXY", all},
	} {
		if err := checkSetting(v.value); err != nil {
			return nil, fmt.Errorf("probe: %s: %w", v.name, err)
		}
	}
	c.HTTPProxy = cmp.Or(c.HTTPProxy, all)
	c.HTTPSProxy = cmp.Or(c.HTTPSProxy, all)
	if c.HTTPProxy == "" && c.HTTPSProxy == "" {
		return nil, nil
	}
	choose := c.ProxyFunc()
	return func(t Target) (*url.URL, error) { return choose(targetURL(t)) }, nil
}

// checkSetting returns an error unless a setting is empty or names a proxy.
// Package httpproxy ignores nonsense or guesses.
func checkSetting(s string) error {
	if s == "" {
		return nil
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("not a proxy URL")
	}
	return checkProxy(u)
}

// targetURL returns the URL by which to choose a proxy.
func targetURL(t Target) *url.URL {
	u := &url.URL{Scheme: "http", Host: t.Addr(), Path: "/"}
	if t.Protocol == HTTPS {
		u.Scheme = "https"
	}
	return u
}
