package probe

import (
	"context"
	"io"
)

// closeWithContext closes c when ctx ends, so that a blocked read returns. The
// caller must end or release the result.
func closeWithContext(ctx context.Context, c io.Closer) closing {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		c.Close()
	})
	return closing{c, stop, done}
}

// A closing closes something when a context ends.
type closing struct {
	conn io.Closer
	stop func() bool
	done chan struct{}
}

// end closes it now, and leaves nothing running.
func (c closing) end() {
	c.release()
	c.conn.Close()
}

// release leaves nothing running, and reports whether it is still open.
func (c closing) release() bool {
	open := c.stop()
	if !open {
		<-c.done
	}
	return open
}
