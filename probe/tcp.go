package probe

import (
	"context"
	"errors"
)

func measureTCP(ctx context.Context, n Network, o *Observation) *Error {
	t := o.Target
	if err := checkHost(t.Host); err != nil {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: err}
	}
	if t.Port == 0 {
		return &Error{Addr: t.Addr(), Code: NotTestable, Err: errors.New("no port")}
	}
	how := dialing{all: t.AllAddresses, side: besides(t, nil)}
	conn, err := n.connect(ctx, t, how, o)
	if err == nil {
		conn.Close()
	}
	how.side.finish(o, err)
	return err
}
