// Exporter serves the readiness of networks to Prometheus, in the manner of the
// blackbox exporter: Prometheus names what to assess in the query of a scrape.
//
// Usage:
//
//	exporter [-addr host:port] [-concurrency n]
//
// A scrape of /probe?scenario=autopilot&resolver=10.0.0.53:53 assesses the
// network through that resolver, and answers with its metrics. The page /metrics
// has those of the exporter itself.
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

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/netready/netready/readiness"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "exporter:", err)
		os.Exit(2) //nolint:gocritic // stop only restores signals
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stderr io.Writer) error {
	fs := flag.NewFlagSet("exporter", flag.ContinueOnError)
	fs.SetOutput(stderr)
	addr := fs.String("addr", "localhost:9955", "listen at this `address`")
	concurrency := fs.Int("concurrency", 4, "assess at most this many networks at once")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *concurrency < 1 {
		return errors.New("-concurrency: want at least 1")
	}
	logger := slog.New(slog.NewTextHandler(stderr, nil))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	logger.InfoContext(ctx, "serving", "addr", listener.Addr().String())
	server := &http.Server{
		Handler:           handler(readiness.Runner{}, *concurrency, logger),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// handler serves probes with a runner, and the exporter's own metrics.
func handler(runner readiness.Runner, concurrency int, logger *slog.Logger) http.Handler {
	own := prometheus.NewRegistry()
	own.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(own, promhttp.HandlerOpts{}))
	mux.Handle("GET /probe", &prober{runner: runner, slots: make(chan struct{}, concurrency), log: logger})
	return mux
}
