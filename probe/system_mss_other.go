//go:build !linux

package probe

import "syscall"

// controlMSS returns nil: these systems do not let programs limit the segments
// of a connection before it is requested.
func controlMSS(int) func(network, address string, c syscall.RawConn) error { return nil }
