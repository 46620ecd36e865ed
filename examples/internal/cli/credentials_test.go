package cli_test

import (
	"testing"

	"github.com/netready/netready/examples/internal/cli"
)

func TestWithoutCredentials(t *testing.T) {
	for _, tt := range []struct {
		text, arg, want string
	}{
		{"http://user:secret@proxy.example:3128", "", "…@proxy.example:3128"},
		{`value "user:secret@x" of -proxy`, "", `value "…@x" of -proxy`},
		{"no one", "-tenant=contoso", "no one"},
		{`unknown fault "http://alice:s3"`, "http://alice:s3,cret@proxy.example", `unknown fault "http://…:…"`},
		{`"cret@proxy.example" is not an address`, "-resolver=http://alice:s3,cret@proxy.example", `"…@proxy.example" is not an address`},
		{`open http:/alice:p w@proxy: no such file`, "http://alice:p w@proxy", `open …@proxy: no such file`},
	} {
		if got := cli.WithoutCredentials(tt.text, []string{"-x", tt.arg}); got != tt.want {
			t.Errorf("%q given %q: %q, want %q", tt.text, tt.arg, got, tt.want)
		}
	}
}
