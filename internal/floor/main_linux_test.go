package floor_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"testing"
	"time"
)

// serving makes the test program be the servers: its value is how long a round
// trip takes.
const serving = "NETREADY_FLOOR_SERVERS"

func TestMain(m *testing.M) {
	if delay, ok := os.LookupEnv(serving); ok {
		serve(delay)
		return
	}
	os.Exit(m.Run())
}

// A place is where the servers are. The names that they serve are those of
// names. The servers are another process, so that its work does not count.
type place struct {
	DNS, Web, OCSP netip.AddrPort
	Root           []byte // in DER
}

// start starts the servers. They end with the benchmark.
func start(b *testing.B, roundTrip time.Duration) place {
	b.Helper()
	cmd := exec.Command(os.Args[0]) //nolint:gosec,noctx // this program
	cmd.Env = append(os.Environ(), serving+"="+roundTrip.String())
	cmd.Stderr = os.Stderr
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		b.Fatal(err1, err2)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	var p place
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &p)
	}
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// serve is the servers' process. It ends when its input does.
func serve(delay string) {
	roundTrip, err := time.ParseDuration(delay)
	if err != nil {
		panic(err)
	}
	p, err := newServers(roundTrip)
	if err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(p); err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}
