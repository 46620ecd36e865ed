package readiness

import "github.com/netready/netready/probe"

// CauseHTTPBlocked means that TCP port 80 is blocked for every host.
const CauseHTTPBlocked CauseCode = "egress.http_blocked"

func httpBlocked(v *view) []found { return v.blocked(v.blockedPort(probe.HTTP, 80)) }
