package probetest

import (
	"net"
	"time"
)

// Errors of the test system's kernel.
const (
	ConnRefused = connRefused
	ConnReset   = connReset
	BrokenPipe  = brokenPipe
	NetUnreach  = netUnreach
	HostUnreach = hostUnreach
	TimedOut    = timedOut
)

// NewStream returns both ends of a stream.
func NewStream() (client, server net.Conn) {
	return newStream(&net.TCPAddr{}, &net.TCPAddr{}, 0)
}

// NewSlowStream returns both ends of a stream whose bytes take delay to arrive.
func NewSlowStream(delay time.Duration) (client, server net.Conn) {
	return newStream(&net.TCPAddr{}, &net.TCPAddr{}, delay)
}
