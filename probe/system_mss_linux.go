package probe

import "syscall"

// controlMSS returns a function for [net.Dialer].Control that limits the
// segments of a connection. The limit must be set before the connection is
// requested: it is told to the peer then.
func controlMSS(mss int) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		var failed error
		err := c.Control(func(fd uintptr) {
			failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, mss)
		})
		if err != nil {
			return err
		}
		return failed
	}
}
