package probetest

import "io"

// A Stage is a point in the life of a connection.
type Stage int

// The stages, in order. A connection only reaches those of its protocol.
const (
	AfterAccept      Stage = iota // before anything was read
	AfterHello                    // the ClientHello was read, and so the name in it
	AfterCertificate              // the certificate was sent, and the client went on
	AfterHandshake                // the TLS handshake is complete
	AfterRequest                  // an HTTP request was read
	AfterHeader                   // an HTTP answer was begun: half of its body was sent
)

// A streamFault ends a connection at a stage.
type streamFault interface {
	stage() Stage

	// strike ends the connection. It writes to w.
	strike(w io.Writer, c *conn)
}

// Garbage sends something that is neither TLS nor HTTP, and closes the
// connection, at the [Stage] of an enclosing [At], or else [AfterAccept].
type Garbage struct {
	// Data is what is sent. Empty means a line of text.
	Data string
}

func (s Garbage) in(f flow) Fault { return garbage{s.Data, f.stage} }

type garbage struct {
	data string
	at   Stage
}

func (g garbage) in(flow) Fault { return g }
func (g garbage) stage() Stage  { return g.at }

func (g garbage) strike(w io.Writer, c *conn) {
	data := g.data
	if data == "" {
		data = "220 this is neither what you expected nor what you asked for\r\n"
	}
	_, _ = io.WriteString(w, data)
	_ = c.Close()
}

// interrupt applies the first fault of a stage to a connection. It reports
// whether the connection is over.
func (i *Internet) interrupt(s Stage, f flow, w io.Writer, c *conn) bool {
	for fault := range faults[streamFault](i, f) {
		if fault.stage() == s {
			fault.strike(w, c)
			return true
		}
	}
	return false
}
