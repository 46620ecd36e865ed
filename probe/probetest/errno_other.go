//go:build !windows

package probetest

import "syscall"

// What the kernel says. The names of the system calls are those that package
// net reports.
const (
	connRefused = syscall.ECONNREFUSED
	connReset   = syscall.ECONNRESET
	brokenPipe  = syscall.EPIPE
	netUnreach  = syscall.ENETUNREACH
	hostUnreach = syscall.EHOSTUNREACH
	timedOut    = syscall.ETIMEDOUT

	callConnect = "connect"
	callRead    = "read"
	callWrite   = "write"
)
