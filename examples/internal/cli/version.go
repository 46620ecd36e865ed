package cli

import (
	"errors"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/netready/netready/endpoints"
)

// errVersion is the error of parsing arguments with -version.
var errVersion = errors.New("version requested")

// Parse parses arguments. It adds the flag -version to fs, which is not called
// again. An error is one for [Help], or names the flag that lists the others.
func Parse(fs *flag.FlagSet, args []string) error {
	version := fs.Bool("version", false, "")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return fmt.Errorf("%w (%s -h lists the flags)", err, fs.Name())
	case *version:
		return errVersion
	}
	return nil
}

// Asked reports whether an error of parsing arguments means that they ask for a
// text instead of a run: -h or -version.
func Asked(err error) bool { return errors.Is(err, flag.ErrHelp) || errors.Is(err, errVersion) }

// Help returns the text that arguments ask for, given the error of parsing them.
func Help(err error, name, usage string) (text string, ok bool) {
	switch {
	case errors.Is(err, flag.ErrHelp):
		return usage, true
	case errors.Is(err, errVersion):
		return version(name), true
	}
	return "", false
}

// version returns the line that -version prints: what the program was built
// from and with, and the version of its catalog.
func version(name string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	return fmt.Sprintf("%s %s, catalog %s, %s %s/%s\n",
		name, built(info), endpoints.Embedded().Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// built says which source a program was built from: a module's version, the
// commit of a clone, or neither.
func built(info *debug.BuildInfo) string {
	version := info.Main.Version
	if version != "" && version != "(devel)" { // Go puts the commit of a clone into it
		return version
	}
	return "(unknown version)"
}
