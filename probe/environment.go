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

// EnvironmentProxy returns the choice of proxies that the environment of this
// process describes, for [Network]'s field Proxy. It reads the environment once,
// when it is called. If no variable names a proxy, the choice is nil: everything
// is direct.
//
// HTTP_PROXY is for HTTP targets and HTTPS_PROXY for HTTPS targets. ALL_PROXY is
// for both where they have none of their own. NO_PROXY is a list of hosts, domains,
// addresses and prefixes that are asked directly, as are localhost and loopback
// addresses. The lower-case names of the variables come first. A proxy is a URL
// of the schemes that Network takes, or a host and port, which means http. See
// [httpproxy.Config] for the details.
//
// Windows' own components do not look at these variables. Only programs such as
// this one do.
//
// The error says which variable is no proxy, and never quotes it, as it may hold
// credentials.
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
// Package httpproxy passes over what makes no sense, or makes sense of it.
func checkSetting(s string) error {
	if s == "" {
		return nil
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("not the URL of a proxy")
	}
	return checkProxy(u)
}

// targetURL returns what a choice of proxies goes by.
func targetURL(t Target) *url.URL {
	u := &url.URL{Scheme: "http", Host: t.Addr(), Path: "/"}
	if t.Protocol == ProtocolHTTPS {
		u.Scheme = "https"
	}
	return u
}
