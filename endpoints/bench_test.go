package endpoints_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/netready/netready/endpoints"
)

func BenchmarkDecodeEmbedded(b *testing.B) {
	data, err := os.ReadFile("catalog.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := endpoints.Decode(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	c := endpoints.Embedded()
	for b.Loop() {
		if err := c.Encode(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSelect(b *testing.B) {
	c := endpoints.Embedded()
	q := endpoints.Query{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope}
	for b.Loop() {
		c.Select(q)
	}
}

func BenchmarkMatch(b *testing.B) {
	c := endpoints.Embedded()
	for b.Loop() {
		c.Match("fef.msua01.manage.microsoft.com", 443)
	}
}

func BenchmarkEndpoints(b *testing.B) {
	c := endpoints.Embedded()
	for b.Loop() {
		c.Endpoints()
	}
}
