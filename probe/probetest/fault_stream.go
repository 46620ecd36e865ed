package probetest

import "io"

// A Stage is a moment in the life of a connection.
type Stage int

// The stages, in order. A connection only has those of the protocol spoken on it.
const (
	AfterAccept    Stage = iota // before anything was read
	AfterHello                  // the ClientHello was read, and so the name in it
	AfterHandshake              // the TLS handshake is complete
	AfterRequest                // an HTTP request was read
	AfterHeader                 // an HTTP answer was begun: half of its body was sent
)

// A streamFault ends a connection at a stage.
type streamFault interface {
	stage() Stage

	// strike ends the connection. What it says, it says to w.
	strike(w io.Writer, c *conn)
}

// Silence says nothing more, and keeps the connection open until the other end
// closes it.
type Silence struct{ Stage Stage }

func (s Silence) in(flow) Fault             { return s }
func (s Silence) stage() Stage              { return s.Stage }
func (Silence) strike(_ io.Writer, c *conn) { c.drain() }

// Close closes the connection, without a TLS alert.
type Close struct{ Stage Stage }

func (s Close) in(flow) Fault             { return s }
func (s Close) stage() Stage              { return s.Stage }
func (Close) strike(_ io.Writer, c *conn) { _ = c.Close() }

// Reset resets the connection.
type Reset struct{ Stage Stage }

func (s Reset) in(flow) Fault             { return s }
func (s Reset) stage() Stage              { return s.Stage }
func (Reset) strike(_ io.Writer, c *conn) { c.reset() }

// Garbage answers what is neither TLS nor HTTP, and closes the connection.
type Garbage struct {
	Stage Stage

	// Data is what is answered. Empty means a line of text.
	Data string
}

func (s Garbage) in(flow) Fault { return s }
func (s Garbage) stage() Stage  { return s.Stage }

func (s Garbage) strike(w io.Writer, c *conn) {
	data := s.Data
	if data == "" {
		data = "220 this is neither what you expected nor what you asked for\r\n"
	}
	_, _ = io.WriteString(w, data)
	_ = c.Close()
}

// interrupt lets the first fault of a stage happen to a connection. It returns
// true once the connection is over.
func (i *Internet) interrupt(s Stage, f flow, w io.Writer, c *conn) bool {
	for fault := range faults[streamFault](i, f) {
		if fault.stage() == s {
			fault.strike(w, c)
			return true
		}
	}
	return false
}
