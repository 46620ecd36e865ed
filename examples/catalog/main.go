package main

import (
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/netready/netready/examples/internal/cli"
)

func main() {
	os.Exit(run(os.Args[1:], environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}))
}

// The exit statuses.
const (
	exitYes     = 0 // valid, covered, the same, or shown
	exitNo      = 1
	exitTrouble = 2 // the command failed
)

// An environment is what the command gets from outside.
type environment struct {
	given          []string // the arguments, which may hold credentials
	stdin          io.Reader
	stdout, stderr io.Writer

	http *http.Client // nil means one of the defaults
}

// run is the whole command, and returns its exit status.
func run(args []string, env environment) int {
	env.given = args
	o, err := parse(args)
	if text, ok := cli.Help(err, "catalog", usage); ok {
		_, err = io.WriteString(env.stdout, text)
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
	case verbDrift:
		status, err = c.drift()
	}
	return env.exit(status, err)
}

// exit reports an error, if any, and returns the exit status.
func (env environment) exit(status int, err error) int {
	if err == nil {
		return status
	}
	_, _ = fmt.Fprintln(env.stderr, cli.ErrorLine("catalog", err.Error(), env.given)) // an unwritable stderr does not change the status
	return exitTrouble
}
