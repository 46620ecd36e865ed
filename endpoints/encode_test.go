package endpoints_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/endpoints"
)

func TestEncodeRoundTrip(t *testing.T) {
	c, err := endpoints.Decode(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	var once, twice bytes.Buffer
	if err := c.Encode(&once); err != nil {
		t.Fatal(err)
	}
	again, err := endpoints.Decode(bytes.NewReader(once.Bytes()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, once.Bytes())
	}
	if !slices.EqualFunc(c.Endpoints(), again.Endpoints(), same) {
		t.Errorf("decoded again, endpoints differ:\n%s", once.Bytes())
	}
	if again.Version() != c.Version() || again.Date() != c.Date() || !cmp.Equal(again.Notes(), c.Notes()) ||
		!cmp.Equal(again.Services(), c.Services()) || again.Title("contoso") != c.Title("contoso") ||
		support(again) != support(c) {
		t.Error("decoded again, the catalog itself differs")
	}
	if err := again.Encode(&twice); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(once.String(), twice.String()); diff != "" {
		t.Errorf("encoded again (-want +got):\n%s", diff)
	}
}

func TestEncodeReportsTheWriter(t *testing.T) {
	r, w := io.Pipe()
	_ = r.Close()
	if err := endpoints.Embedded().Encode(w); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Encode = %v, want the writer's error", err)
	}
}
