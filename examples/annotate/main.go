package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], environment{os.Stdin, os.Stdout, os.Stderr}))
}

// The exit statuses.
const (
	exitFine   = 0
	exitDenied = 1 // requests for what is required
	exitUnread = 2
)

// An environment is what the command gets from outside.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run is the whole command, and returns its exit status.
func run(args []string, env environment) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(env.stdout, usage)
		return env.exit(exitFine, err)
	}
	if err != nil {
		return env.exit(exitUnread, err)
	}
	status, err := command{o, env}.run()
	return env.exit(status, err)
}

// exit says what went wrong, if anything did, and returns the exit status. That
// stderr cannot be written is not worth one.
func (env environment) exit(status int, err error) int {
	if err == nil {
		return status
	}
	_, _ = fmt.Fprintln(env.stderr, "annotate: "+err.Error())
	return exitUnread
}
