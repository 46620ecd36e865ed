package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/probe"
)

var update = flag.Bool("update", false, "write the golden files")

// small is a catalogue of a handful of endpoints.
const small = "testdata/catalog.json"

// An outcome is what a call of the command came to.
type outcome struct {
	Status         int
	Stdout, Stderr string
}

// call runs the command.
func call(ctx context.Context, env environment, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	env.stdout, env.stderr = &stdout, &stderr
	status := run(ctx, args, env)
	return outcome{status, stdout.String(), stderr.String()}
}

// isolated is an environment in which every contact fails the test.
func isolated(t *testing.T) environment {
	t.Helper()
	return environment{
		network: probe.Network{
			DialContext: func(_ context.Context, network, address string) (net.Conn, error) {
				t.Errorf("dialed %s %s", network, address)
				return nil, errors.New("contacted")
			},
		},
		system: func() ([]netip.AddrPort, error) {
			return []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}, nil
		},
	}
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	// Keys are random, and so are the fingerprints of certificates.
	got = regexp.MustCompile(`[0-9a-f]{16}…`).ReplaceAllString(got, "0123456789abcdef…")
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update writes it):\n%s", path, diff)
	}
}
