// Package integration has no code, only tests. They run the preflight command
// against real servers of other projects, over the kernel's network stack.
//
// Each test makes two network namespaces and a cable between them. One is an
// internet: unbound resolves every name of the plan, nginx answers for every
// host with certificates of a CA made for the test, openssl says which of them
// are revoked, and chronyd gives the time. The other one has only the command.
// Neither can reach anything else. Faults are made as in real life: a server is
// stopped or misconfigured, BIND or dnsmasq withholds names from the client,
// squid or microsocks is in between, or a firewall drops a port. Only the
// client's clock cannot be wrong, so libfaketime makes everyone else's wrong.
//
// The tests need root on Linux, and the programs in the Debian packages bind9,
// chrony, dnsmasq-base, faketime, iproute2, knot-resolver, microsocks, nftables,
// nginx-light, nsd, openssl, squid-openssl and unbound. They are skipped if something is missing,
// and with go test -short. With NETREADY_INTEGRATION=require in the
// environment, they fail if something is missing.
package integration
