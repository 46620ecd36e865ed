package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/netready/netready/endpoints/allowlist"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/internal/plain"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// The exit statuses.
const (
	exitWritten    = 0
	exitNotWritten = 2
)

// run is the whole command, and returns its exit status.
func run(args []string, stdout, stderr io.Writer) int {
	err := write(args, stdout, stderr)
	if text, ok := cli.Help(err, "allowlist", usage); ok {
		_, err = io.WriteString(stdout, text)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, cli.ErrorLine("allowlist", err.Error(), args))
		return exitNotWritten
	}
	return exitWritten
}

func write(args []string, stdout, stderr io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	catalog, err := cli.Catalog(o.catalog)
	if err != nil {
		return err
	}
	list, err := allowlist.New(catalog, o.scope)
	if err != nil {
		return err
	}
	if note := cli.UnusedTenant(catalog, o.scope); note != "" {
		_, _ = fmt.Fprintln(stderr, plain.Line("allowlist: "+note))
	}
	list.NoComments = o.noComments
	if len(list.Entries) == 0 && len(list.Gaps) == 0 {
		return fmt.Errorf("the catalog has nothing for %s", o.scope)
	}
	var text bytes.Buffer
	gaps, err := o.render(&text, list)
	if err != nil {
		return err
	}
	if err := o.save(text.Bytes(), stdout); err != nil {
		return err
	}
	return report(stderr, gaps)
}

func (o options) render(w io.Writer, l *allowlist.List) ([]allowlist.Gap, error) {
	switch o.dialect {
	case "hosts":
		return allowlist.Hosts(w, l)
	case "csv":
		return allowlist.CSV(w, l)
	case "squid":
		return allowlist.Squid(w, l)
	case "pac":
		return allowlist.PAC(w, l, o.proxies...)
	case "nft":
		return allowlist.NFT(w, l)
	default: // parse accepts no others
		return allowlist.EDL(w, l)
	}
}

// save writes the list to the file that -o names, or to stdout.
func (o options) save(list []byte, stdout io.Writer) error {
	out, err := cli.OpenOutput("-o", o.output, stdout)
	if err != nil {
		return err
	}
	defer out.Discard()
	if _, err = out.Write(list); err == nil {
		err = out.Commit()
	}
	if err != nil {
		return fmt.Errorf("the list could not be written: %w", err)
	}
	return nil
}

// report lists the gaps.
func report(w io.Writer, gaps []allowlist.Gap) error {
	if len(gaps) == 0 {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "allowlist: gaps in the list: %d\n", len(gaps))
	for _, g := range gaps {
		fmt.Fprintf(&b, "  %s\n", g)
	}
	_, err := w.Write(b.Bytes())
	return err
}
