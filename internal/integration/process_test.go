//go:build linux

package integration_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// run runs a command and returns its output. The command must succeed.
func run(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// inside returns the command line that runs args in a network namespace. The
// process stays the same, because nice and ip netns exec replace themselves. It
// goes before the tests of other packages, which would make servers look silent.
func inside(namespace string, args ...string) []string {
	return append([]string{"nice", "-n", "-15", "ip", "netns", "exec", namespace}, args...)
}

// alone returns the command line that runs args inside a network namespace with
// its own shared memory, so that leftovers there disappear with it.
func alone(args ...string) []string {
	return append([]string{"sh", "-c", `mount -t tmpfs shm /dev/shm && exec "$@"`, "sh"}, args...)
}

// dieWithParent ends a process if the test crashes, because nothing else would.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}

// A process is a server that runs until it is stopped, or the test ends.
type process struct {
	args []string
	cmd  *exec.Cmd
	log  logBuffer
	done chan struct{} // closed when it has ended
}

// start starts a server and waits until ready reports that it serves. The
// caller stops it.
func start(t *testing.T, ready func() bool, args ...string) *process {
	t.Helper()
	p := &process{args: args, done: make(chan struct{})}
	p.cmd = exec.Command(args[0], args[1:]...) //nolint:noctx // stop ends it
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.cmd.SysProcAttr = dieWithParent()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		p.cmd.Wait() //nolint:errcheck // how a server ends does not matter
	}()
	p.await(t, ready)
	return p
}

func (p *process) await(t *testing.T, ready func() bool) {
	t.Helper()
	const patience = 20 * time.Second
	for begin := time.Now(); !ready(); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.done:
			t.Fatalf("%s ended at once:\n%s", strings.Join(p.args, " "), p.log.String())
		default:
		}
		if time.Since(begin) > patience {
			p.stop()
			t.Fatalf("%s does not serve:\n%s", strings.Join(p.args, " "), p.log.String())
		}
	}
}

// awaitSo waits until so returns true.
func awaitSo(t *testing.T, so func() bool) {
	t.Helper()
	const patience = 20 * time.Second
	for begin := time.Now(); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Error("waited in vain")
			return
		}
	}
}

// stop stops the server and waits for its end. It may be called again, and on
// nil.
func (p *process) stop() {
	if p == nil {
		return
	}
	const patience = 5 * time.Second
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		p.signal(syscall.SIGKILL)
		<-p.done
	}
}

// signal sends a signal, unless the process has ended and been waited for.
func (p *process) signal(s os.Signal) {
	select {
	case <-p.done:
	default:
		p.cmd.Process.Signal(s) //nolint:errcheck // it may be ending right now
	}
}

// A logBuffer keeps a server's output.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// try runs a command and returns its output and whether it succeeded.
func try(ctx context.Context, args ...string) (string, bool) {
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).CombinedOutput()
	return string(out), err == nil
}
