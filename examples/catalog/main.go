package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}))
}

// The exit statuses.
const (
	exitYes     = 0 // valid, covered, the same, or shown
	exitNo      = 1
	exitTrouble = 2 // it could not be done
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
		return env.exit(exitYes, err)
	}
	if err != nil {
		return env.exit(exitTrouble, fmt.Errorf("%w (catalog -h prints the usage)", err))
	}
	c := command{o, env}
	var status int
	switch o.verb {
	case verbValidate:
		status, err = c.validate()
	case verbFormat:
		err = c.reformat()
	case verbShow:
		status, err = c.show()
	case verbMatch:
		status, err = c.match()
	case verbDiff:
		status, err = c.diff()
	}
	return env.exit(status, err)
}

// exit says what went wrong, if anything did, and returns the exit status.
func (env environment) exit(status int, err error) int {
	if err == nil {
		return status
	}
	_, _ = fmt.Fprintln(env.stderr, "catalog: "+err.Error()) // that stderr is gone is not worth a status
	return exitTrouble
}
