package plain_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/internal/plain"
)

func TestBound(t *testing.T) {
	in := outer{Text: "abcdef", One: &inner{Word: "abcdef", Words: []word{"a", "b", "c"}, Err: errors.New("abcdef")}, Many: make([]inner, 5)}
	got, left := plain.Bound(in, 4, 2)
	if want := 1 + 1 + 1 + 3; left != want {
		t.Errorf("%d parts left out, want %d", left, want)
	}
	if got.Text != "abcd" || got.One.Word != "abcdef" || got.One.Err.Error() != "abcd" {
		t.Errorf("got %+v, %+v", got, got.One)
	}
	if diff := cmp.Diff([]word{"a", "b"}, got.One.Words); diff != "" || len(got.Many) != 2 || cap(got.Many) != 2 {
		t.Errorf("lists (-want +got):\n%s, %d", diff, len(got.Many))
	}
	if len(in.Many) != 5 || len(in.One.Words) != 3 {
		t.Error("what was given has changed")
	}
	if same, left := plain.Bound(in, 6, 5); left != 0 || same.One != in.One {
		t.Errorf("%d parts left out, none need be", left)
	}
}

// What is cut in a map counts once, however often the map is read.
func TestBoundMap(t *testing.T) {
	in := map[string][]string{"a": {"abcd"}, "b": {"abcdef", "abcdef"}, "c": nil}
	got, left := plain.Bound(in, 4, 2)
	if diff := cmp.Diff(map[string][]string{"a": {"abcd"}, "b": {"abcd", "abcd"}, "c": nil}, got); diff != "" || left != 2 {
		t.Errorf("%d parts left out, want 2; (-want +got):\n%s", left, diff)
	}
	if got := plain.Value(in, 6); reflect.ValueOf(got).Pointer() != reflect.ValueOf(in).Pointer() {
		t.Error("a map was copied without need")
	}
}

// The size is never below that of the JSON.
func TestSize(t *testing.T) {
	for name, v := range map[string]outer{
		"zero": {}, "short": dirty(), "escaped": {Text: strings.Repeat(`<"\&`, 100)},
		"long": {Many: make([]inner, 100), One: &inner{Words: make([]word, 100)}},
	} {
		v := plain.Value(v, plain.NoLimit)
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if got := plain.Size(v); got < len(b) {
			t.Errorf("%s: size %d of %d bytes", name, got, len(b))
		}
	}
}
