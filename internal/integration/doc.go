// Package integration has no code, only tests: they run the preflight command
// against servers that other people wrote, over the network stack of the
// kernel.
//
// Each test makes two network namespaces of its own and a cable between them.
// In one is an internet: unbound answers for every name of the plan, nginx for
// every host, with certificates of an authority made for the test, openssl says
// which of them are revoked, and chronyd gives the time. In the other is the
// command, alone. Neither has a way to anywhere else. Faults are made as in real
// life: a server is stopped or configured badly, BIND or dnsmasq is told to keep
// names from the client, squid or microsocks stands in between, or a firewall
// drops a port. That the clock of the client is wrong is the one thing that
// cannot be had: libfaketime has all others live at another time.
//
// The tests need root on Linux, and the programs of the Debian packages bind9,
// chrony, dnsmasq-base, faketime, iproute2, microsocks, nftables, nginx-light, openssl,
// squid-openssl and unbound. Where something is missing they are skipped, and
// with go test -short. With NETREADY_INTEGRATION=require in the environment they
// fail instead if something is missing.
package integration
