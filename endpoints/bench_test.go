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
	s := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot, Region: endpoints.RegionEurope}
	for b.Loop() {
		if _, err := c.Select(s); err != nil {
			b.Fatal(err)
		}
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

func BenchmarkFact(b *testing.B) {
	c := endpoints.Embedded()
	for b.Loop() {
		c.Fact("fef.msua01.manage.microsoft.com", 443)
	}
}

func BenchmarkDecodeFacts(b *testing.B) {
	data, err := os.ReadFile("facts.json")
	if err != nil {
		b.Fatal(err)
	}
	text := bytes.Replace(data, []byte(`"sources"`), []byte(`"version": "1", "date": "2026-11-22", "services": [{"service": "a", "groups": []}], "sources"`), 1)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := endpoints.Decode(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
