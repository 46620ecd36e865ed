package floor_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// BenchmarkStart measures the CPU time of the command from its start to its
// first packet, which is a query to a resolver, and next to it that of its help,
// which only starts and ends.
func BenchmarkStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "preflight")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "github.com/netready/netready/examples/preflight").CombinedOutput(); err != nil { //nolint:gosec // this module
		b.Fatalf("%v\n%s", err, out)
	}
	resolver, err := new(net.ListenConfig).ListenPacket(b.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer resolver.Close()
	var packet, help []time.Duration
	for b.Loop() {
		packet = append(packet, untilPacket(b, program, resolver))
		cmd := exec.CommandContext(b.Context(), program, "-h") //nolint:gosec // built above
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		help = append(help, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	}
	for name, times := range map[string][]time.Duration{"packet": packet, "help": help} {
		slices.Sort(times)
		b.ReportMetric(float64(times[0].Microseconds())/1000, name+"-least-ms")
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, name+"-median-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// untilPacket runs a program until its first packet, and returns the CPU time that
// it used.
func untilPacket(b *testing.B, program string, resolver net.PacketConn) time.Duration {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-resolver", resolver.LocalAddr().String()) //nolint:gosec // built above
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	packet := make([]byte, 512)
	if _, _, err := resolver.ReadFrom(packet); err != nil {
		b.Fatal(err)
	}
	used := cpuOf(b, cmd.Process.Pid)
	cancel()
	_ = cmd.Wait()            // it was killed
	for more := true; more; { // what it sent next
		_ = resolver.SetReadDeadline(time.Now().Add(time.Millisecond))
		_, _, err := resolver.ReadFrom(packet)
		more = err == nil
	}
	_ = resolver.SetReadDeadline(time.Time{})
	return used
}

// cpuOf returns the CPU time of all threads of a process.
func cpuOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		b.Fatal("no threads", err)
	}
	var sum time.Duration
	for _, file := range threads {
		text, err := os.ReadFile(file) //nolint:gosec // of the kernel
		if err != nil {
			b.Fatal(err)
		}
		var ns int64
		if _, err := fmt.Sscan(string(text), &ns); err != nil {
			b.Fatal(err)
		}
		sum += time.Duration(ns)
	}
	return sum
}
