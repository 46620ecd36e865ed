// Healthz serves the readiness of this machine's network over HTTP, for load
// balancers, dashboards and people with a browser.
//
// Usage:
//
//	healthz [-addr host:port] [-keep duration] [-scenario name] [-cloud name]
//
// It answers every path with the report of the last run, as a page to browsers
// and as JSON to others, with status 200 if the network works and 503 if it does
// not. A request that finds no report, or one that is too old, starts a run and
// waits for it; others that come meanwhile wait for the same run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/examples/internal/cli"
	"github.com/netready/netready/readiness"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "healthz:", err)
		os.Exit(2) //nolint:gocritic // stop only restores signals
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stderr io.Writer) error {
	scope := endpoints.Scope{Scenario: endpoints.ScenarioAutopilot}
	fs := flag.NewFlagSet("healthz", flag.ContinueOnError)
	fs.SetOutput(stderr)
	addr := fs.String("addr", "localhost:8080", "listen at this `address`")
	keep := fs.Duration("keep", 5*time.Minute, "answer with a report until it is this old")
	cli.Scope(fs, &scope, "scenario", "cloud")
	if err := fs.Parse(args); err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(stderr, nil))
	h := &health{
		base: ctx, keep: *keep, log: logger,
		assess: func(ctx context.Context) (*readiness.Report, error) { return readiness.Runner{}.Assess(ctx, scope) },
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	logger.InfoContext(ctx, "serving", "addr", listener.Addr().String())
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn)}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
