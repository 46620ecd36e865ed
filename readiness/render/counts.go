package render

import (
	"fmt"
	"strings"

	"github.com/netready/netready/probe"
	"github.com/netready/netready/readiness"
)

// counted returns the number of checks by outcome.
func counted(r *readiness.Report) string {
	ok, failed, notRun := r.Count(readiness.OK), r.Count(readiness.Failed), r.Count(readiness.NotRun)
	return fmt.Sprintf("%d: %s, in %.1f s", ok+failed+notRun, tally(ok, failed, notRun), r.Duration.Seconds())
}

// traffic returns what the run cost the network, or "" if that is unknown.
func traffic(r *readiness.Report) string {
	t := r.Traffic
	if t == (probe.Traffic{}) {
		return ""
	}
	return fmt.Sprintf("%d %s, %d %s; %s sent, %s received", t.Connections, plural(t.Connections, "connection", "connections"),
		t.Datagrams, plural(t.Datagrams, "datagram", "datagrams"), size(t.Sent), size(t.Received))
}

// size writes a number of bytes.
func size(n int64) string {
	const kilo, mega = 1_000, 1_000_000
	switch {
	case n < kilo:
		return fmt.Sprintf("%d %s", n, plural(int(n), "byte", "bytes"))
	case n < mega:
		return fmt.Sprintf("%d kB", n/kilo)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/mega)
}

// tally writes numbers of checks without those that are zero.
func tally(ok, failed, notRun int) string {
	parts := []string{fmt.Sprintf("%d ok", ok)}
	if failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", failed))
	}
	if notRun > 0 {
		parts = append(parts, fmt.Sprintf("%d not run", notRun))
	}
	return strings.Join(parts, ", ")
}

// unanswered counts the failed names that are not known to answer on any
// network.
func unanswered(r *readiness.Report) int {
	failed := failedNames(r)
	n := 0
	for _, name := range r.Unconfirmed {
		if failed[name] {
			n++
		}
	}
	return n
}

func unanswering(n int) string {
	return fmt.Sprintf("%d documented %s did not answer", n, plural(n, "name", "names"))
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// untried counts the untested names that are not known to answer on any
// network.
func untried(r *readiness.Report) int {
	return len(r.Unconfirmed) - unanswered(r)
}

func failedNames(r *readiness.Report) map[string]bool {
	out := make(map[string]bool)
	for f := range r.Failures() {
		out[f.Check.Target.Host] = true
	}
	return out
}
