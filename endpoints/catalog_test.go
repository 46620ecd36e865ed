package endpoints_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/netready/netready/endpoints"
)

func TestEmbeddedFileIsWhatEncodeWrites(t *testing.T) {
	want, err := os.ReadFile("catalog.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := endpoints.Decode(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := c.Encode(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got.Bytes()) {
		t.Error("catalog.json is not in the form that Encode writes: decode and encode it once")
	}
}
