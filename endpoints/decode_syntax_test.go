package endpoints_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/netready/netready/endpoints"
)

func TestDecodeErrorNamesTheLine(t *testing.T) {
	data := strings.Replace(small, `"icmp ping"`, `"icmp/1 ping"`, 1)
	_, err := endpoints.Decode(strings.NewReader(data))
	want := `line 37: entry 3 (fabrikam "fabrikam.com"): ports[1]: icmp has no ports`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestDecodeRefusesWhatIsNoCatalogue(t *testing.T) {
	tests := []struct {
		name, in string
		code     string
	}{
		{"nothing", "", endpoints.BadSyntax},
		{"half of it", small[:len(small)/2], endpoints.BadSyntax},
		{"something behind it", small + "{}", endpoints.BadSyntax},
		{"not UTF-8", strings.Replace(small, "For tests", "For \xff", 1), endpoints.BadSyntax},
		{"a list", "[]", endpoints.WrongType},
		{"an empty object", "{}", endpoints.MissingField},
		{"very deep", strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), endpoints.BadSyntax},
		{"deep", strings.Repeat("[", 100) + strings.Repeat("]", 100), endpoints.TooLarge},
		{"very long", strings.Repeat(" ", 16<<20) + small, endpoints.TooLarge},
		{
			"a field twice in a large object",
			strings.Replace(small, `"list":`, manySources(40)+`"s39": {"title": "again"}, "list":`, 1), endpoints.Duplicate,
		},
		{"very many", strings.Replace(small, `{"host": "a.contoso.com"}`, many(50_001), 1), endpoints.TooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if c, err := endpoints.Decode(strings.NewReader(tt.in)); code(err) != tt.code || c != nil {
				t.Errorf("Decode = %v, %v, want %v", c, err, tt.code)
			}
		})
	}
	t.Run("a reader that fails", func(t *testing.T) {
		if c, err := endpoints.Decode(iotest.ErrReader(io.ErrClosedPipe)); !errors.Is(err, io.ErrClosedPipe) || c != nil {
			t.Errorf("Decode = %v, %v, want the reader's error", c, err)
		}
	})
}

// manySources returns n sources.
func manySources(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"s%d": {"title": "%d"},`, i, i)
	}
	return b.String()
}

// many returns n endpoints.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"host": "a%d.example"},`, i)
	}
	return strings.TrimSuffix(b.String(), ",")
}
