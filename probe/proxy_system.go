package probe

import "net/url"

// SystemProxy returns the proxy function of this machine, for the Proxy field
// of [Network]. It reads the setting once, when called. It returns nil, direct
// connections, if no proxy is set.
//
// On Windows it is the WinHTTP setting, which Windows services use before
// anyone signs in and which "netsh winhttp show proxy" shows. It is the value
// WinHttpSettings of
//
//	HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections
//
// with its proxies, for all targets or separately for HTTP and HTTPS, and its
// bypass list, in which "*" matches anything and "<local>" matches names
// without a dot. It does not read user settings, including those of Internet
// Explorer and Edge, policies or the environment. Elsewhere SystemProxy is
// [EnvironmentProxy].
//
// It never executes scripts that choose proxies, whether configured or found by
// WPAD. A setting that names a script is an error. SystemProxy does not say
// whether Windows discovers a proxy by itself; see [WPAD], and the Settings of
// [Network] for what the machine's own settings change.
//
// An error means that the setting cannot be read or understood, so the
// machine's behavior is unknown. Its text never holds credentials.
func SystemProxy() (func(Target) (*url.URL, error), error) { return systemProxy() }
