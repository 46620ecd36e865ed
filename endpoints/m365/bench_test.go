package m365_test

import (
	"testing"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/m365"
)

func BenchmarkParseSets(b *testing.B) {
	data := stored(b, endpoints.CloudWorldwide)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := m365.ParseSets(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMerge(b *testing.B) {
	base := endpoints.Embedded()
	a := &m365.Answer{Cloud: endpoints.CloudWorldwide, Version: "2025120100", Sets: storedSets(b, endpoints.CloudWorldwide)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := base.With(a.Endpoints(base)...); err != nil {
			b.Fatal(err)
		}
	}
}
