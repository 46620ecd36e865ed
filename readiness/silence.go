package readiness

import (
	"sync"
	"time"

	"github.com/netready/netready/probe"
)

// hurriedTimeout is what checks of a port get on which no host has answered.
const hurriedTimeout = 2 * time.Second

// A silence keeps, during a run, on which TCP ports a host has not answered a
// connection within the time of a check, and no other has either. The checks
// that are left of such a port are made as well, but with less patience, so that
// a network that drops everything is known after little more than one time-out.
type silence struct {
	mu     sync.Mutex
	silent map[uint16]bool // by port
	spoke  map[uint16]bool
}

// note takes in what came of a check.
func (s *silence) note(o probe.Observation) {
	if o.Proxy != nil || o.TCP == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent == nil {
		s.silent, s.spoke = make(map[uint16]bool), make(map[uint16]bool)
	}
	if o.Code() == probe.TCPTimeout {
		s.silent[o.Target.Port] = true
	} else {
		s.spoke[o.Target.Port] = true
	}
}

// reigns reports whether nobody has answered on a port, and somebody should have.
func (s *silence) reigns(port uint16) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.silent[port] && !s.spoke[port]
}
