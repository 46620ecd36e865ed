package plain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/netready/netready/internal/plain"
)

func TestWrap(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		width int
		want  []string
	}{
		{"nothing", "", 10, []string{""}},
		{"what fits", "one two", 7, []string{"one two"}},
		{"what does not", "one two", 6, []string{"one", "two"}},
		{"a word longer than a line", "a 0123456789 b", 4, []string{"a", "0123", "4567", "89 b"}},
		{"characters, not bytes", "über öde", 8, []string{"über öde"}},
		{"line breaks from outside", "one\n\nREADY: two", 80, []string{"one READY: two"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, plain.Wrap(tt.text, tt.width)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParagraph(t *testing.T) {
	want := "Näme: one two\n      three\n"
	if diff := cmp.Diff(want, plain.Paragraph("Näme: ", "one two three", 16)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
