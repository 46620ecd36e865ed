package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/netready/netready/examples/internal/clitest"
	"github.com/netready/netready/probe"
)

// small is a catalog with few endpoints.
const small = "testdata/catalog.json"

func call(ctx context.Context, env environment, args ...string) clitest.Outcome {
	return clitest.Run(func(stdout, stderr *strings.Builder) int {
		env.stdout, env.stderr = stdout, stderr
		return run(ctx, args, env)
	})
}

// isolated returns an environment in which any contact fails the test.
func isolated(t *testing.T) environment {
	t.Helper()
	return environment{
		network: probe.Network{
			Connect: func(_ context.Context, network, address string) (net.Conn, error) {
				t.Errorf("dialed %s %s", network, address)
				return nil, errors.New("contacted")
			},
		},
		system: func() ([]netip.AddrPort, error) {
			return []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}, nil
		},
	}
}

// golden compares a text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	// Keys are random, and so are certificate fingerprints.
	got = regexp.MustCompile(`[0-9a-f]{16}…`).ReplaceAllString(got, "0123456789abcdef…")
	got = regexp.MustCompile(`Traffic: .*`).ReplaceAllString(got, "Traffic: …") // signatures differ in length
	clitest.Golden(t, name, got)
}
