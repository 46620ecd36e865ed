package floor_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/netready/netready/endpoints"
	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

var large = flag.Bool("large", false, "also measure 10,000 checks, and 100,000 streamed")

func sizes() []int {
	if *large {
		return []int{100, 1_000, 10_000}
	}
	return []int{100, 1_000}
}

// A row is a client with what it used so far.
type row struct {
	name string
	run  client
	used usage
}

type usage struct {
	cpu, wall      time.Duration
	mallocs, bytes uint64
}

// measure runs a client and adds what it used, garbage collection included. A
// run in which a check fails, as on a machine without CPU time to spare, is
// measured again.
func (r *row) measure(b *testing.B, p place, n int) {
	b.Helper()
	const attempts = 3
	for attempt := 1; ; attempt++ {
		runtime.GC() // of what others left
		before := now(b)
		err := r.run(context.Background(), p, n) //nolint:usetesting // the context of a benchmark costs more
		after := now(b)
		switch {
		case err == nil:
			r.used.add(before, after)
			return
		case attempt == attempts:
			b.Fatalf("%s: %v", r.name, err)
		}
		b.Logf("%s: %v", r.name, err)
	}
}

func (u *usage) add(before, after usage) {
	u.cpu += after.cpu - before.cpu
	u.wall += after.wall - before.wall
	u.mallocs += after.mallocs - before.mallocs
	u.bytes += after.bytes - before.bytes
}

var began = time.Now() // any moment

func now(b *testing.B) usage {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{time.Duration(u.Utime.Nano() + u.Stime.Nano()), time.Since(began), m.Mallocs, m.TotalAlloc}
}

// BenchmarkCPU measures the CPU time of a check. The rows of one iteration
// follow each other, so that a busy machine changes their ratios little. The
// floor comes in microseconds, the others in floors.
func BenchmarkCPU(b *testing.B) {
	for _, n := range sizes() {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			rows := []*row{
				{name: "floor", run: floorClient(readiness.DefaultConcurrency)},
				{name: "nethttp", run: netHTTP},
				{name: "library", run: library(plain)},
				{name: "revocation", run: library(revocable)},
			}
			p := start(b, 0)
			compare(b, p, n, rows)
			floor := rows[0].used
			report(b, float64(floor.cpu.Microseconds())/float64(n), "floor-µs")
			for _, r := range rows[1:] {
				b.ReportMetric(float64(r.used.cpu)/float64(floor.cpu), r.name+"/floor")
			}
			for _, r := range rows[2:] {
				report(b, float64(r.used.mallocs)/float64(n), r.name+"-mallocs")
				report(b, float64(r.used.bytes)/float64(n)/1024, r.name+"-KiB")
			}
		})
	}
}

// BenchmarkDNS measures the CPU time of a query against one by miekg/dns alone.
// The library makes two for each name.
func BenchmarkDNS(b *testing.B) {
	const n = 1_000
	rows := []*row{
		{name: "floor", run: func(_ context.Context, p place, n int) error {
			return each(n, readiness.DefaultConcurrency, func(i int) error {
				_, err := floorLookup(p, name(i, plain))
				return err
			})
		}},
		{name: "library", run: func(ctx context.Context, p place, n int) error {
			network := p.network().Shared()
			return each(n, readiness.DefaultConcurrency, func(i int) error {
				o := network.Probe(ctx, probe.Target{Protocol: probe.DNS, Host: name(i, plain), Port: 53})
				if !o.OK() {
					return o.Error
				}
				return nil
			})
		}},
	}
	p := start(b, 0)
	compare(b, p, n, rows)
	report(b, float64(rows[0].used.cpu.Microseconds())/n, "floor-µs")
	b.ReportMetric(float64(rows[1].used.cpu)/2/float64(rows[0].used.cpu), "library/floor")
}

// BenchmarkWall measures how long checks take that wait for round trips of
// 50 ms. The floor begins all of them at once.
func BenchmarkWall(b *testing.B) {
	for _, n := range []int{100, 500} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			rows := []*row{
				{name: "floor", run: floorClient(n)},
				{name: "library", run: library(plain)},
				{name: "revocation", run: library(revocable)},
			}
			p := start(b, 50*time.Millisecond)
			compare(b, p, n, rows)
			report(b, float64(rows[0].used.wall.Milliseconds()), "floor-ms")
			for _, r := range rows[1:] {
				b.ReportMetric(float64(r.used.wall)/float64(rows[0].used.wall), r.name+"/floor")
			}
		})
	}
}

// BenchmarkHandshake compares the duration of handshakes that a report states with the
// true one, which is that of a single client without anything beside it.
func BenchmarkHandshake(b *testing.B) {
	const alone = 20
	for _, n := range []int{100, 500} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			p := start(b, 50*time.Millisecond)
			c, err := catalog(plain, n, p.Web.Port())
			if err != nil {
				b.Fatal(err)
			}
			r := readiness.Runner{Catalog: c, Network: p.network(), Deadline: time.Hour}
			var truth, reported []time.Duration
			for b.Loop() {
				for i := range alone {
					truth = append(truth, handshake(b, p, i))
				}
				report, err := r.Assess(b.Context(), endpoints.Scope{Scenario: endpoints.ScenarioAutopilot})
				if err != nil {
					b.Fatal(err)
				}
				for _, o := range report.Observations {
					for _, s := range o.Steps {
						if s.Op == probe.OpHandshake {
							reported = append(reported, s.Duration)
						}
					}
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(median(truth).Microseconds())/1000, "true-ms")
			b.ReportMetric(float64(median(reported))/float64(median(truth)), "reported/true")
		})
	}
}

// handshake returns how long a handshake with a host takes.
func handshake(b *testing.B, p place, i int) time.Duration {
	b.Helper()
	secure, err := floorConnect(b.Context(), p, p.roots(), name(i, plain))
	if err != nil {
		b.Fatal(err)
	}
	defer secure.NetConn().Close()
	began := time.Now()
	if err := secure.HandshakeContext(b.Context()); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// BenchmarkPeak measures the largest resident memory of a run that keeps its
// report and writes it as JSON, and of one that writes each observation as JSON
// and forgets it.
func BenchmarkPeak(b *testing.B) {
	for _, n := range sizes()[1:] {
		b.Run(fmt.Sprintf("kept/N=%d", n), func(b *testing.B) {
			measurePeak(b, start(b, 0), n, library(plain))
		})
	}
	for _, n := range sizes()[1:] {
		n *= 10
		b.Run(fmt.Sprintf("streamed/N=%d", n), func(b *testing.B) {
			p := start(b, 0)
			c, err := catalog(plain, n, p.Web.Port())
			if err != nil {
				b.Fatal(err)
			}
			measurePeak(b, p, n, streamed(c))
		})
	}
}

func measurePeak(b *testing.B, p place, n int, run client) {
	b.Helper()
	r := row{name: "library", run: run}
	for b.Loop() {
		debug.FreeOSMemory()
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // forget the peak so far
			b.Fatal(err)
		}
		before := peak(b)
		r.measure(b, p, n)
		b.ReportMetric(float64(before)/1024, "before-MiB")
	}
	b.ReportMetric(float64(peak(b))/1024, "peak-MiB") // of the last iteration
	b.ReportMetric(0, "ns/op")
}

// peak returns the largest resident memory, in KiB.
func peak(b *testing.B) int {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	var size int
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &size); err != nil {
		b.Fatal(err)
	}
	return size
}

// compare measures the rows in turn, after a run of each that does not count:
// it makes the servers' certificates and answers.
func compare(b *testing.B, p place, n int, rows []*row) {
	b.Helper()
	for _, r := range rows {
		r.measure(b, p, n)
		r.used = usage{}
	}
	for b.Loop() {
		for _, r := range rows {
			r.measure(b, p, n)
		}
	}
	b.ReportMetric(0, "ns/op") // of all rows together
}

// report adds a metric that is a sum over the iterations.
func report(b *testing.B, sum float64, unit string) {
	b.Helper()
	b.ReportMetric(sum/float64(b.N), unit)
}
