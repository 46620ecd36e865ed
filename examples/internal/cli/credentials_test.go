package cli_test

import (
	"strings"
	"testing"

	"github.com/netready/netready/examples/internal/cli"
)

func TestErrorLine(t *testing.T) {
	most := strings.Repeat("a", 255)
	for _, tt := range []struct {
		text, arg, want string
	}{
		{"http://user:secret@proxy.example:3128", "", "…@proxy.example:3128"},
		{`value "user:secret@x" of -proxy`, "", `value "…@x" of -proxy`},
		{"no one", "-tenant=contoso", "no one"},
		{`unknown fault "http://alice:s3"`, "http://alice:s3,cret@proxy.example", `unknown fault "http://…:…"`},
		{`"cret@proxy.example" is not an address`, "-resolver=http://alice:s3,cret@proxy.example", `"…@proxy.example" is not an address`},
		{`open http:/alice:p w@proxy: no such file`, "http://alice:p w@proxy", `open …@proxy: no such file`},
		{`no flag -vhttp://alice:s3 "cret@proxy.example`, `-vhttp://alice:s3 "cret@proxy.example=`, `no flag …@proxy.example`},
		{`no flag -vhttp://alice:s3 cret`, `-vhttp://alice:s3 cret=t@proxy.example`, `no flag -vhttp://…:… …`},
		{most + ": no such file", "", most + ": no such file"},
		{most + "ab: no such file", "", most + "a…: no such file"},
		{most + "ab", "", most + "a…"},
		{`value "` + most + `bc" of -x`, "", `value "` + most + `…" of -x`},
		{`value "` + strings.Repeat(`a \"`, 100) + `" of -x`, "", `value "` + strings.Repeat(`a \"`, 63) + `a \…" of -x`},
		{`"a"` + strings.Repeat(" b", 300) + ` "c"`, "", `"a"` + strings.Repeat(" b", 300) + ` "c"`},
	} {
		if got := cli.ErrorLine("x", tt.text, []string{"-x", tt.arg}); got != "x: "+tt.want {
			t.Errorf("%q given %q: %q, want %q", tt.text, tt.arg, got, tt.want)
		}
	}
}
