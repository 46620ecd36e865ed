// Package endpointservice has no code, only tests: they ask the Microsoft 365
// endpoint service over an internet in memory, with real TLS and real HTTP, and
// everything on the way that can go wrong. The packages of the client and of the
// internet know nothing of each other.
package endpointservice
