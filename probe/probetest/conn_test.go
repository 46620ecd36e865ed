package probetest_test

import (
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/nettest"

	"github.com/netready/netready/probe/probetest"
)

// TestStream runs the conformance test of golang.org/x/net on the streams.
func TestStream(t *testing.T) {
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		c1, c2 = probetest.NewStream()
		return c1, c2, func() { c1.Close(); c2.Close() }, nil
	})
}

// TestSlowStream shows when bytes and ends arrive.
func TestSlowStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := probetest.NewSlowStream(30 * time.Millisecond)
		defer client.Close()
		start := time.Now()
		if _, err := server.Write([]byte("late")); err != nil {
			t.Fatal(err)
		}
		server.Close()
		got, err := io.ReadAll(client)
		if string(got) != "late" || err != nil {
			t.Errorf("read %q, %v", got, err)
		}
		if d := time.Since(start); d != 30*time.Millisecond {
			t.Errorf("took %v, want 30ms", d)
		}
	})
}

// When the client closes, the server learns it at once and gets all data sent
// before.
func TestCloseOfClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := probetest.NewSlowStream(time.Hour)
		start := time.Now()
		if _, err := client.Write([]byte("bye")); err != nil {
			t.Fatal(err)
		}
		client.Close()
		got, err := io.ReadAll(server)
		if string(got) != "bye" || err != nil || time.Since(start) != 0 {
			t.Errorf("read %q, %v after %v", got, err, time.Since(start))
		}
		server.Close()
	})
}

func TestAfterClose(t *testing.T) {
	client, server := probetest.NewStream()
	server.Close()
	if _, err := client.Write([]byte("x")); err != nil {
		t.Errorf("the first write to who is gone: %v", err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, probetest.BrokenPipe) {
		t.Errorf("the second write to who is gone: %v", err)
	}
	if _, err := client.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("read: %v", err)
	}
	client.Close()
	for name, err := range map[string]error{
		"read":  second(client.Read(make([]byte, 1))),
		"write": second(client.Write(make([]byte, 1))),
		"close": client.Close(),
	} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: %v, want that it is closed", name, err)
		}
	}
}

// A writer without a reader waits until the reader closes, be it after much or
// after many small pieces.
func TestFullStream(t *testing.T) {
	for _, size := range []int{1 << 20, 6} {
		synctest.Test(t, func(t *testing.T) {
			client, server := probetest.NewStream()
			defer client.Close()
			time.AfterFunc(time.Minute, func() { server.Close() })
			start := time.Now()
			for written := 0; written < 1<<20 && time.Since(start) == 0; written += size {
				if n, err := client.Write(make([]byte, size)); n != size || err != nil {
					t.Fatalf("wrote %d of %d, %v", n, size, err)
				}
				if pieces := written / size; pieces > 2000 {
					t.Fatalf("wrote %d pieces without a pause", pieces)
				}
			}
			if d := time.Since(start); d != time.Minute {
				t.Errorf("pieces of %d bytes: took %v, want a minute", size, d)
			}
		})
	}
}

func second(_ int, err error) error { return err }
