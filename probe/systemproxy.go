package probe

import "net/url"

// SystemProxy returns the choice of proxies that is set for this machine as a
// whole, for [Network]'s field Proxy. It reads the setting once, when it is
// called. If it names no proxy, the choice is nil: everything is direct.
//
// On Windows it is the setting of WinHTTP, which the services of Windows use
// before anyone has signed in: what "netsh winhttp show proxy" shows. It is the
// value WinHttpSettings of
//
//	HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections
//
// with its list of proxies, for all targets or for those of HTTP and HTTPS apart,
// and its list of hosts to ask directly, in which "*" stands for anything and
// "<local>" for names without a dot. The settings of users, those of Internet
// Explorer and Edge, policies, and the environment are not read. Elsewhere
// SystemProxy is [EnvironmentProxy].
//
// Scripts that choose proxies are never executed, whether they are set or found
// by WPAD. A setting that names one is an error; that Windows looks for one by
// itself is not seen here, see [WPAD].
//
// An error means that the setting cannot be read or understood, so that what the
// machine does is not known. Its text never holds credentials.
func SystemProxy() (func(Target) (*url.URL, error), error) { return systemProxy() }
