//go:build !windows

package probetest

import "syscall"

// Errors of the kernel. The names of the system calls are those in package
// net's errors.
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
