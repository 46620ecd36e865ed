package main

import (
	"flag"
	"strings"
	"testing"
)

// The URL of a proxy may be given to any flag. No error tells its credentials, not
// even in part.
func TestCredentialsInAnyFlag(t *testing.T) {
	const proxy = `http://alice:s3,cr et"x1y2@proxy.example:3128`
	check := func(args ...string) {
		t.Helper()
		var out, errs strings.Builder
		if got := run(t.Context(), args, environment{stdout: &out, stderr: &errs}); got != exitUnproven {
			t.Errorf("%q: status %d, want %d", args, got, exitUnproven)
		}
		for _, part := range []string{"alice", "s3", "cr et", "x1y2"} {
			if strings.Contains(out.String()+errs.String(), part) {
				t.Errorf("%q: %q is in\n%s%s", args, part, out.String(), errs.String())
			}
		}
	}
	check(proxy)
	new(options).flags().VisitAll(func(f *flag.Flag) {
		if f.Name != "o" && f.Name != "field" && f.Name != "proxy" { // the file would be written; the proxy would be used
			check("-list", "-"+f.Name, proxy)
			check("-list", "-"+f.Name+"="+proxy)
		}
	})
}
