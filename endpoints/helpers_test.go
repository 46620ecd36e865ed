package endpoints_test

import (
	"net/netip"
	"testing"

	"github.com/netready/netready/endpoints"
)

func sameAddr(a, b netip.Addr) bool { return a == b }

func mustHost(t *testing.T, s string) endpoints.Host {
	t.Helper()
	h, err := endpoints.ParseHost(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}
