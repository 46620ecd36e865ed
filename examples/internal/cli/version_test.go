package cli_test

import (
	"flag"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/netready/netready/examples/internal/cli"
)

// TestHelp: -h and -version ask for a text, whatever else is wrong.
func TestHelp(t *testing.T) {
	const usage = "Usage: test [flags]\n"
	tests := []struct{ args, text, err string }{
		{args: "-h", text: regexp.QuoteMeta(usage)},
		{args: "--help", text: regexp.QuoteMeta(usage)},
		{args: "-version", text: `test \S.*, catalog 20\d\d-\d\d-\d\d\.\d+, ` + runtime.Version() + ` \w+/\w+\n`},
		{args: "-known x --version argument", text: `test .*\n`},
		{args: "-unknown", err: "flag provided but not defined: -unknown (test -h lists the flags)"},
		{args: "-known", err: "flag needs an argument: -known (test -h lists the flags)"},
		{args: "argument -version"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			fs := flag.NewFlagSet("test", flag.ContinueOnError)
			fs.SetOutput(io.Discard)
			fs.String("known", "", "")
			err := cli.Parse(fs, strings.Fields(tt.args))
			text, ok := cli.Help(err, "test", usage)
			if ok != (tt.text != "") || ok != cli.Asked(err) || !regexp.MustCompile("^(?:"+tt.text+")$").MatchString(text) {
				t.Errorf("text %q, %v; want %q", text, ok, tt.text)
			}
			if !ok && (err == nil) != (tt.err == "") || err != nil && !ok && err.Error() != tt.err {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}
