// Package endpointservice has no code, only tests. They query the Microsoft 365
// endpoint service over an internet in memory, with real TLS and HTTP, and with
// everything that can go wrong on the path. The packages of the client and of
// the internet do not know each other.
package endpointservice
