package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/endpoints/traffic"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/examples/internal/trafficreport"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run runs the command and returns its exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parse(args)
	if text, ok := cli.Help(err, "capture", usage); ok {
		_, err = io.WriteString(stdout, text)
		return exit(stderr, args, trafficreport.ExitClear, err)
	}
	if err != nil {
		return exit(stderr, args, trafficreport.ExitUnknown, err)
	}
	status, err := o.run(stdin, stdout)
	return exit(stderr, args, status, err)
}

func exit(stderr io.Writer, args []string, status int, err error) int {
	if err == nil {
		return status
	}
	_, _ = fmt.Fprintln(stderr, cli.ErrorLine("capture", err.Error(), args))
	return trafficreport.ExitUnknown
}

// run reads the capture and writes the report, also of everything before an
// error.
func (o *options) run(stdin io.Reader, stdout io.Writer) (status int, err error) {
	catalog, err := cli.Catalog(o.catalog)
	if err != nil {
		return 0, err
	}
	out, err := cli.OpenOutput("-o", o.output, stdout)
	if err != nil {
		return 0, err
	}
	defer out.Discard()
	file := stdin
	if o.file != "" && o.file != "-" {
		f, err := os.Open(o.file)
		if err != nil {
			return 0, err
		}
		defer f.Close() //nolint:errcheck // only read
		file = f
	}
	sum, err := annotate(file, catalog, o.scope)
	if sum == nil {
		return 0, err
	}
	r := trafficreport.Report{Summary: sum, Catalog: catalog, Scope: o.scope, Packets: true}
	if e := errors.Join(r.Write(out, o.format), out.Commit()); e != nil {
		return 0, errors.Join(err, fmt.Errorf("the report could not be written: %w", e))
	}
	return trafficreport.Status(sum), err
}

// annotate reads a capture. The summary is that of everything before the error.
func annotate(file io.Reader, catalog *endpoints.Catalog, scope endpoints.Scope) (*traffic.Summary, error) {
	a, err := traffic.NewAnnotator(catalog, scope)
	if err != nil {
		return nil, err
	}
	s, err := open(file)
	if err != nil {
		return nil, err
	}
	r := newReader(a.Add)
	err = r.read(s)
	sum := a.Summary()
	sum.Format, sum.Lines.Read = "packet capture", r.packets
	return sum, err
}
