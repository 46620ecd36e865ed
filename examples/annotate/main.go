package main

import (
	"fmt"
	"io"
	"os"

	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/examples/internal/trafficreport"
)

func main() {
	os.Exit(run(os.Args[1:], environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}))
}

// An environment is everything that the command gets from outside.
type environment struct {
	given          []string // the arguments, which may hold credentials
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run runs the command and returns its exit status.
func run(args []string, env environment) int {
	env.given = args
	o, err := parse(args)
	if text, ok := cli.Help(err, "annotate", usage); ok {
		_, err = io.WriteString(env.stdout, text)
		return env.exit(trafficreport.ExitClear, err)
	}
	if err != nil {
		return env.exit(trafficreport.ExitUnknown, err)
	}
	status, err := command{o, env}.run()
	return env.exit(status, err)
}

// exit reports an error, if any, and returns the exit status. Failing to write
// to stderr does not change it.
func (env environment) exit(status int, err error) int {
	if err == nil {
		return status
	}
	_, _ = fmt.Fprintln(env.stderr, cli.ErrorLine("annotate", err.Error(), env.given))
	return trafficreport.ExitUnknown
}
